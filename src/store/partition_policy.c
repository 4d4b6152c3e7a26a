/*
 * partition_policy.c
 *	  How partitions of a parent are watched.
 */
#include "postgres.h"

#include "base/spi.h"
#include "store/partition_policy.h"

List *
sd_partition_policy_load(void)
{
	SdRows	   *rows = sd_spi_query("SELECT parent, policy FROM schemadrift.partition_policy"
									" ORDER BY added_at DESC, parent", 0, NULL);
	List	   *policies = NIL;
	int			r;

	for (r = 0; r < rows->nrows; r++)
	{
		SdPartitionPolicy *policy = palloc(sizeof(SdPartitionPolicy));

		policy->parent = sd_rows_value(rows, r, "parent");
		policy->policy = sd_rows_value(rows, r, "policy");
		policies = lappend(policies, policy);
	}
	return policies;
}

void
sd_partition_policy_save(const char *parent, const char *policy, const char *note)
{
	sd_spi_commandv("INSERT INTO schemadrift.partition_policy (parent, policy, note) VALUES ($1, $2, $3)"
					" ON CONFLICT (parent) DO UPDATE SET policy = excluded.policy, note = excluded.note,"
					" added_at = pg_catalog.clock_timestamp(), added_by = SESSION_USER",
					parent, policy, note);
}

bool
sd_partition_policy_delete(const char *parent)
{
	return sd_spi_commandv("DELETE FROM schemadrift.partition_policy"
						   " WHERE parent OPERATOR(pg_catalog.=) $1", parent) > 0;
}
