/*
 * known.h
 *	  What the launcher knows about the databases of this cluster.
 */
#ifndef SD_KNOWN_H
#define SD_KNOWN_H

#include "postgres.h"

#include "nodes/pg_list.h"

#include "worker/shared.h"

/* Look over pg_database, unless that was done within the poll interval. */
extern void sd_known_refresh(void);

/* Oids of databases a worker should go to now, the longest waiting first. */
extern List *sd_known_due(bool (*is_attached) (Oid database));

/* Milliseconds until the next one is due. */
extern long sd_known_next(bool (*is_attached) (Oid database));

/* A worker left that database. */
extern void sd_known_left(Oid database, SdOutcome outcome);

/* May a worker attach to it, by what pg_database says at this moment? */
extern bool sd_known_still_there(Oid database);

extern void sd_known_forget(Oid database);

#endif							/* SD_KNOWN_H */
