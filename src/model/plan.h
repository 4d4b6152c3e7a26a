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
	bool		loses_data;		/* drops something that holds data */
} SdStatement;

typedef struct SdPlan
{
	List	   *statements;		/* SdStatement *, in order */
	List	   *impossible;		/* char *, sentences: what the plan cannot do */
	List	   *notes;			/* char *, sentences: what it does not know */
} SdPlan;

#endif							/* SD_PLAN_H */
