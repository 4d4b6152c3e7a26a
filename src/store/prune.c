/*
 * prune.c
 *	  Deletes what is too old to keep.
 *
 * In batches, oldest first, and only rows that nothing else needs: what refers
 * to another row goes before it, if need be in the next batch.
 */
#include "postgres.h"

#include "base/spi.h"
#include "store/prune.h"

/* $1 = age in minutes, $2 = rows */
#define IS_OLD(time) \
	time " < pg_catalog.now() - $1::pg_catalog.int4 * '1 minute'::pg_catalog.interval"
#define SOME " LIMIT $2::pg_catalog.int8)"

static uint64
prune(const char *sql, int minutes, int batch)
{
	return sd_spi_commandv(sql, psprintf("%d", minutes), psprintf("%d", batch));
}

static const char history_sql[] =
"DELETE FROM schemadrift.history WHERE id IN ("
" SELECT h.id FROM schemadrift.history h WHERE " IS_OLD("h.seen_at")
" ORDER BY h.seen_at" SOME;

/* The last one before that time says what there was at that time. */
static const char observation_sql[] =
"DELETE FROM schemadrift.observation WHERE id IN ("
" SELECT o.id FROM schemadrift.observation o"
"  WHERE o.id < (SELECT l.id FROM schemadrift.observation l WHERE " IS_OLD("l.seen_at")
"                 ORDER BY l.seen_at DESC, l.id DESC LIMIT 1)"
" ORDER BY o.id" SOME;

static const char observed_sql[] =
"DELETE FROM schemadrift.observed_object WHERE ctid = ANY (ARRAY("
" SELECT w.ctid FROM schemadrift.observed_object w"
"  WHERE w.until <= (SELECT pg_catalog.min(id) FROM schemadrift.observation)"
" LIMIT $1::pg_catalog.int8))";

static const char drift_sql[] =
"DELETE FROM schemadrift.drift WHERE id IN ("
" SELECT d.id FROM schemadrift.drift d"
"  WHERE d.state IN ('accepted', 'gone') AND " IS_OLD("d.closed_at")
"    AND NOT EXISTS (SELECT FROM schemadrift.drift c WHERE c.cause_id = d.id)"
" ORDER BY d.closed_at" SOME;

static const char incident_sql[] =
"DELETE FROM schemadrift.incident WHERE id IN ("
" SELECT i.id FROM schemadrift.incident i"
"  WHERE i.state = 'resolved' AND " IS_OLD("i.resolved_at")
"    AND NOT EXISTS (SELECT FROM schemadrift.drift d WHERE d.incident_id = i.id)"
"    AND NOT EXISTS (SELECT FROM schemadrift.delivery m"
"                     WHERE m.incident_id = i.id AND m.state IN ('pending', 'sending'))"
" ORDER BY i.resolved_at" SOME;

static const char decision_sql[] =
"DELETE FROM schemadrift.decision WHERE id IN ("
" SELECT c.id FROM schemadrift.decision c"
"  WHERE " IS_OLD("c.at")
"    AND NOT EXISTS (SELECT FROM schemadrift.drift d WHERE d.id = c.drift_id)"
"    AND NOT EXISTS (SELECT FROM schemadrift.ignore_rule r"
"                     WHERE r.id = c.rule_id AND r.removed_at IS NULL AND r.until > pg_catalog.now())"
"    AND NOT EXISTS (SELECT FROM schemadrift.decision u WHERE u.undoes = c.id)"
" ORDER BY c.at" SOME;

static const char deploy_sql[] =
"DELETE FROM schemadrift.deploy WHERE id IN ("
" SELECT p.id FROM schemadrift.deploy p"
"  WHERE " IS_OLD("p.closed_at")
"    AND NOT EXISTS (SELECT FROM schemadrift.baseline b WHERE b.deploy_id = p.id)"
" ORDER BY p.closed_at" SOME;

uint64
sd_prune_history(int older_than_minutes, int batch)
{
	uint64		deleted = prune(history_sql, older_than_minutes, batch);

	deleted += prune(observation_sql, older_than_minutes, batch);
	return deleted + sd_spi_commandv(observed_sql, psprintf("%d", batch));
}

uint64
sd_prune_closed(int older_than_minutes, int batch)
{
	uint64		deleted = prune(drift_sql, older_than_minutes, batch);

	deleted += prune(incident_sql, older_than_minutes, batch);
	deleted += prune(decision_sql, older_than_minutes, batch);
	return deleted + prune(deploy_sql, older_than_minutes, batch);
}
