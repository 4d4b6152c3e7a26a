/*
 * partition_policy.h
 *	  The only SQL on schemadrift.partition_policy.
 */
#ifndef SD_STORE_PARTITION_POLICY_H
#define SD_STORE_PARTITION_POLICY_H

#include "postgres.h"

#include "nodes/pg_list.h"

typedef struct SdPartitionPolicy
{
	const char *parent;			/* identity of a table, or a pattern of them */
	const char *policy;			/* strict, structure, ignore */
} SdPartitionPolicy;

/* All of them, the newest first. */
extern List *sd_partition_policy_load(void);

/* Set one, instead of what was there for the same parent. */
extern void sd_partition_policy_save(const char *parent, const char *policy, const char *note);

/* False when there was none. */
extern bool sd_partition_policy_delete(const char *parent);

#endif							/* SD_STORE_PARTITION_POLICY_H */
