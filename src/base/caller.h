/*
 * caller.h
 *	  Which role called a SECURITY DEFINER function of ours, and what it is a
 *	  member of.
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

/*
 * Is this role, superuser or not, a member of the one with that name?  As
 * granted, not as inherited; false when there is no such role.
 */
extern bool sd_is_member_of(Oid member, const char *role_name);

/* This session's address, SD_LOCAL_CLIENT for a socket, NULL without a client. */
#define SD_LOCAL_CLIENT "[local]"
extern const char *sd_client_address(void);

#endif							/* SD_CALLER_H */
