/*
 * noise.c
 *	  What maintenance tools make for themselves while they are at work.
 *
 * Names alone prove nothing, since anybody can give them: what is called so is
 * hidden only while there is a sign of the work, a lock of the tool or a
 * progress report of the server, and where a tool gives none, for
 * schemadrift.leftover_after from when it was first seen.  What the work comes
 * to in the end bears no such name and is drift, or a deploy, as ever.
 */
#include "postgres.h"

#include "base/settings.h"
#include "base/spi.h"
#include "kind/kind.h"
#include "workflow/noise.h"

/* The rule for what is being built; it hides what has no event yet, too. */
#define BUILDING_RULE (-2)

/* How long what has no event is hidden while a command CONCURRENTLY is at work, s. */
#define LONGEST_MOMENT 60

typedef struct Noise
{
	int64		rule;
	bool		(*is_it) (const SdItem *item);
	bool		(*is_going_on) (int64 age, const SdItem *item);
} Noise;

/* Begins a part of the identity with that?  Parts follow a dot, a quote or nothing. */
static bool
has_part(const SdItem *item, const char *prefix)
{
	const char *p = item->object;

	while ((p = strstr(p, prefix)) != NULL)
	{
		if (p == item->object || p[-1] == '.' || p[-1] == '"')
			return true;
		p++;
	}
	return false;
}

static bool
is_kind(const SdItem *item, const char *kind)
{
	return strcmp(item->object_type, kind) == 0;
}

/* -- pg_repack ---------------------------------------------------------------- */

/* Its log and new tables, their types and indexes, and the trigger on the table itself. */
static bool
is_of_repack(const SdItem *item)
{
	static const char *const names[] = {"repack.log_", "repack.pk_", "repack.table_", "repack.index_"};
	int			i;

	for (i = 0; i < lengthof(names); i++)
		if (strstr(item->object, names[i]))
			return true;
	if (is_kind(item, "trigger"))
		return has_part(item, "repack_trigger ON ");
	return is_kind(item, "index") && has_part(item, "index_");
}

/* It holds an advisory lock of its own class on each table that it works on. */
static bool
is_repacking(int64 age, const SdItem *item)
{
	return sd_spi_query("SELECT FROM pg_catalog.pg_locks AS l"
						"  JOIN pg_catalog.pg_database AS d ON d.oid = l.database"
						" WHERE l.locktype = 'advisory' AND l.classid = 16185446"
						"   AND d.datname = pg_catalog.current_database() LIMIT 1", 0, NULL)->nrows > 0;
}

/* -- indexes that are being built ----------------------------------------------- */

static bool
is_unfinished_index(const SdItem *item)
{
	const SdObject *index = item->source ? item->source->to : NULL;

	return index && is_kind(item, "index") &&
		(sd_object_flag(index, "invalid") || sd_object_flag(index, "not_ready"));
}

/* Rebuilt ones change places with their copies, so all that is called so counts. */
static bool
is_being_built(int64 age, const SdItem *item)
{
	SdRows	   *rows = sd_spi_queryv("SELECT FROM pg_catalog.pg_stat_progress_create_index AS p"
									 " WHERE p.datid = (SELECT d.oid FROM pg_catalog.pg_database AS d"
									 "                   WHERE d.datname = pg_catalog.current_database())"
									 "   AND p.command LIKE '%CONCURRENTLY'"
									 "   AND (p.index_relid = $1::pg_catalog.oid OR $2 ~ '_cc(new|old)[0-9]*\"?$')"
									 " LIMIT 1", psprintf("%u", item->source->to->objid), item->object);

	return rows->nrows > 0;
}

/* -- tools that change tables online ---------------------------------------------- */

static bool
is_of_pg_osc(const SdItem *item)
{
	return has_part(item, "pgosc_st_") || has_part(item, "pgosc_at_") || has_part(item, "pgosc_op_table_") ||
		has_part(item, "primary_to_audit_table_trigger");
}

static bool
is_of_pgroll(const SdItem *item)
{
	return has_part(item, "_pgroll_new_") || has_part(item, "_pgroll_del_") || has_part(item, "_pgroll_dup_") ||
		has_part(item, "_pgroll_needs_backfill") || has_part(item, "_pgroll_trigger_");
}

static bool
is_recent(int64 age, const SdItem *item)
{
	return age < sd_leftover_after;
}

/* -- all of it ------------------------------------------------------------------ */

/* As schemadrift.noise_rules() has them. */
static const Noise noises[] = {
	{-1, is_of_repack, is_repacking},
	{BUILDING_RULE, is_unfinished_index, is_being_built},
	{-3, is_of_pg_osc, is_recent},
	{-4, is_of_pgroll, is_recent}
};

/*
 * Anybody can have the word in a query that goes on for ever, so but for an
 * index it hides only for a moment.
 */
static bool
awaits_event(const SdItem *item, int64 age)
{
	return item->unattributed && (is_kind(item, "index") || age < LONGEST_MOMENT);
}

bool
sd_noise_is_building(void)
{
	return sd_spi_query("SELECT FROM pg_catalog.pg_stat_activity"
						" WHERE datname = pg_catalog.current_database() AND state = 'active'"
						"   AND pid <> pg_catalog.pg_backend_pid() AND query ~* '\\mconcurrently\\M'"
						" LIMIT 1", 0, NULL)->nrows > 0;
}

void
sd_noise_hide(const SdCheck *check, const SdKnownDrifts *known, SdItem *item)
{
	int64		age = sd_drift_age(known, item);
	int			i;

	if (item->is_self || item->change == SD_CHANGE_REMOVED)
		return;
	if (check->is_building && awaits_event(item, age) && !sd_drift_is_open(known, item))
		item->rule_id = BUILDING_RULE;
	for (i = 0; item->rule_id == 0 && i < lengthof(noises); i++)
		if (noises[i].is_it(item) && noises[i].is_going_on(age, item))
			item->rule_id = noises[i].rule;
}
