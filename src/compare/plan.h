/*
 * plan.h
 *	  The plan that makes one snapshot equal the other.
 */
#ifndef SD_COMPARE_PLAN_H
#define SD_COMPARE_PLAN_H

#include "postgres.h"

#include "model/plan.h"
#include "model/snapshot.h"

/*
 * Statements that, applied to from, give to; changes as sd_diff() gave them
 * (or a subset).  Ordered by dependency; dependents that PostgreSQL would not
 * let stand are dropped before and created again after.
 */
extern SdPlan *sd_plan(const SdSnapshot *from, const SdSnapshot *to, List *changes);

/*
 * The plan as a script for psql, settings first.  Where it cannot run in one
 * transaction, it says so and holds its own BEGIN and COMMIT.
 */
extern char *sd_plan_script(const SdPlan *plan);

#endif							/* SD_COMPARE_PLAN_H */
