/*
 * partition_policy.c
 *	  SQL functions for how partitions are watched.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "base/text.h"
#include "base/wake.h"
#include "compare/choose.h"
#include "sqlapi/arguments.h"
#include "store/check_state.h"
#include "store/partition_policy.h"

PG_FUNCTION_INFO_V1(sd_sql_partition_policy);
PG_FUNCTION_INFO_V1(sd_sql_partition_policy_drop);

static void
check_policy(const char *policy)
{
	if (strcmp(policy, "strict") == 0 || strcmp(policy, "structure") == 0 || strcmp(policy, "ignore") == 0)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("partitions cannot be watched by policy \"%s\"", sd_display(policy, false)),
			 errhint("Policies are strict (as any table), structure (coming and going as long as they are like"
					 " their parent) and ignore.")));
}

/* What the last check left open may be none of our business now, or the other way round. */
static void
look_again(void)
{
	sd_check_state_forget();
	sd_wake_request();
}

/* drift_partition_policy(parent, policy, note) */
Datum
sd_sql_partition_policy(PG_FUNCTION_ARGS)
{
	const char *parent = sd_required_text(fcinfo, 0, "parent");
	const char *policy = sd_required_text(fcinfo, 1, "policy");

	sd_refuse_on_standby("drift_partition_policy()");
	(void) sd_choose_pattern(parent);
	check_policy(policy);
	sd_partition_policy_save(parent, policy, sd_text_argument(fcinfo, 2));
	look_again();
	PG_RETURN_TEXT_P(cstring_to_text(psprintf("partitions of %s: %s", sd_display(parent, false), policy)));
}

/* drift_partition_policy_drop(parent) */
Datum
sd_sql_partition_policy_drop(PG_FUNCTION_ARGS)
{
	const char *parent = sd_required_text(fcinfo, 0, "parent");

	sd_refuse_on_standby("drift_partition_policy_drop()");
	if (!sd_partition_policy_delete(parent))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("there is no policy for partitions of \"%s\"", sd_display(parent, false)),
				 errhint("SELECT * FROM drift_partition_policies() lists them.")));
	look_again();
	PG_RETURN_TEXT_P(cstring_to_text(psprintf("no policy of its own for partitions of %s", sd_display(parent, false))));
}
