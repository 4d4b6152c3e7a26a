/*
 * plan.h
 *	  plan: ordered DDL statements that make one side equal the other.
 */
#ifndef SD_PLAN_H
#define SD_PLAN_H

#include "postgres.h"

#include "nodes/pg_list.h"

#include "model/change.h"

/* One statement, without its semicolon. */
typedef struct SdStatement
{
	const char *sql;
	const char *key;			/* of the object it is about */
	bool		no_transaction;	/* cannot run inside a transaction block */
	const char *commit_before;	/* what a later statement cannot name before a
								 * COMMIT (a new label), NULL = nothing */
	const char *loses_data;		/* what of the data it destroys, for people:
								 * "column a of table s.t"; NULL = nothing */
} SdStatement;

typedef struct SdPlan
{
	List	   *statements;		/* SdStatement *, in order */
	List	   *impossible;		/* char *, sentences: what the plan cannot do */
	List	   *notes;			/* char *, sentences: what it does not know, and what
								 * is to be known before it is run */
} SdPlan;

#endif							/* SD_PLAN_H */
