/*
 * caller.h
 *	  Which role called a SECURITY DEFINER function of ours.
 */
#ifndef SD_CALLER_H
#define SD_CALLER_H

#include "postgres.h"

/*
 * The role whose rights decide.  Raises an error where it cannot be told: in
 * an index expression, a REFRESH MATERIALIZED VIEW and the like, the session
 * belongs to whoever maintains the object and not to who wrote the call.
 */
extern Oid	sd_caller(void);

/* A worker runs a scheduled command as this role; InvalidOid = no longer. */
extern void sd_caller_set(Oid role);

#endif							/* SD_CALLER_H */
