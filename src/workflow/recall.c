/*
 * recall.c
 *	  What the last check knew, and what of that no longer holds.
 *
 * A check of part of the schema must end as one of everything would.  What it
 * leaves out has neither changed since the last check nor differed then, so it
 * does not differ now.  Wherever that is not sure, everything is looked at:
 * another baseline, another library, drifts that somebody else wrote, a change
 * that pg_depend does not follow, and after schemadrift.full_check_interval in
 * any case.
 */
#include "postgres.h"

#include "catalog/pg_namespace.h"
#include "utils/lsyscache.h"

#include "base/json.h"
#include "base/settings.h"
#include "capture/arm.h"
#include "capture/problem.h"
#include "compare/collect.h"
#include "compare/form.h"
#include "kind/kind.h"
#include "model/change.h"
#include "source/pages.h"
#include "source/reach.h"
#include "store/event.h"
#include "store/object_state.h"
#include "workflow/recall.h"

/* Beyond this many addresses everything is read as quickly. */
#define SD_MOST_REACHED 4000

/* What differs that is kept in mind. */
#define SD_MOST_OPEN 1000

SdRecall *
sd_recall(void)
{
	SdRecall   *recall = palloc0(sizeof(SdRecall));

	/* first of all: a command that commits later is the next check's */
	recall->horizon = sd_event_last_id();
	recall->form = sd_form_version();
	recall->state = sd_check_state_load(recall->form, sd_full_check_interval);
	if (recall->state == NULL)
		return NULL;
	if (sd_full_check_interval == 0)
		return recall;
	if (!recall->state->is_known)
		sd_page_state_forget();
	recall->news = sd_page_state_compare();
	return recall;
}

/*
 * Temporary objects come and go all the time.  What was none of our objects
 * last time and is gone or temporary now, is none of them now.
 */
static void
drop_passing(HTAB *touched)
{
	HASH_SEQ_STATUS scan;
	SdTouched  *entry;

	if (hash_get_num_entries(touched) == 0 || hash_get_num_entries(touched) > SD_MOST_REACHED ||
		sd_object_state_keys(touched) != NIL)
		return;
	hash_seq_init(&scan, touched);
	while ((entry = hash_seq_search(&scan)) != NULL)
		if (sd_reach_is_passing(entry->classid, entry->objid))
			(void) hash_search(touched, entry, HASH_REMOVE, NULL);
}

/* Is what the last check left comparable with how things are now? */
static bool
is_usable(const SdRecall *recall)
{
	const SdCheckState *state = recall->state;

	return recall->news && !recall->news->everywhere && state->is_known && state->is_recent &&
		state->same_baseline && state->same_drifts;
}

/*
 * Where drifts are open, a command that changed nothing may still tell
 * something about them.  A rule that came or ended hides or shows what differed
 * before, and no catalog changes by that.
 */
bool
sd_recall_stands(SdRecall *recall)
{
	const SdCheckState *state = recall->state;

	if (!is_usable(recall) || (state->nstanding > 0 && !state->same_events) || state->is_capture_open ||
		state->has_claims || !state->same_rules)
		return false;
	drop_passing(recall->news->touched);
	return hash_get_num_entries(recall->news->touched) == 0 &&
		(!state->is_watching || sd_capture_problem() == NULL);
}

/* The touched addresses and those of open differences. */
static HTAB *
starting_points(const SdRecall *recall)
{
	HTAB	   *points = sd_reach_create("schemadrift news", sizeof(SdReached));
	HASH_SEQ_STATUS scan;
	SdTouched  *touched;
	const char *p;

	hash_seq_init(&scan, recall->news->touched);
	while ((touched = hash_seq_search(&scan)) != NULL)
		(void) hash_search(points, touched, HASH_ENTER, NULL);
	for (p = recall->state->open_addresses; *p;)
	{
		SdReached	address;
		char	   *end;

		address.classid = (Oid) strtoul(p, &end, 10);
		address.objid = (Oid) strtoul(end, &end, 10);
		(void) hash_search(points, &address, HASH_ENTER, NULL);
		p = *end == ',' ? end + 1 : end;
	}
	return points;
}

/* Some roles alone cannot tell whether a side has roles at all. */
static bool
has_optional_open(const SdCheckState *state)
{
	ListCell   *cell;

	foreach(cell, state->open_keys)
	{
		const char *key = lfirst(cell);
		const SdKind *kind = sd_kind_find(pnstrdup(key, strcspn(key, " ")));

		if (kind && (kind->traits & SD_K_OPTIONAL))
			return true;
	}
	return false;
}

bool
sd_recall_sides(SdRecall *recall, SdSnapshot **baseline, SdSnapshot **live)
{
	List	   *keys = recall->state->open_keys;
	int			i;

	if (!is_usable(recall) || recall->state->open_addresses == NULL ||
		hash_get_num_entries(recall->news->touched) > SD_MOST_REACHED || has_optional_open(recall->state))
		return false;
	recall->reached = sd_reach(starting_points(recall), SD_MOST_REACHED);
	if (recall->reached == NULL)
		return false;
	elog(DEBUG1, "check looks at %ld addresses", hash_get_num_entries(recall->reached));
	*live = sd_collect_some(recall->reached, CurrentMemoryContext);
	if (*live == NULL)
	{
		recall->reached = NULL;
		return false;
	}
	keys = list_concat(keys, sd_object_state_keys(recall->reached));
	for (i = 0; i < (*live)->nobjects; i++)
		keys = lappend(keys, (*live)->objects[i]->key);
	recall->keys = keys;
	*baseline = sd_baseline_load_some(recall->state->baseline, keys, *live, CurrentMemoryContext);
	return true;
}

/* What a new state of an object needs was collected with it. */
static bool
has_needed(const SdSnapshot *baseline, const SdObject *from)
{
	ListCell   *cell;

	foreach(cell, from->depends)
	{
		const char *key = ((SdDepend *) lfirst(cell))->key;

		if (strncmp(key, "schema ", 7) != 0 && strncmp(key, "extension ", 10) != 0 &&
			sd_snapshot_find(baseline, key) == NULL)
			return false;
	}
	return true;
}

/* Kinds of global catalogs look at others of their kind in their DDL. */
static bool
is_local(const SdObject *object)
{
	return sd_catalog_oid_is_local(OidIsValid(object->classid) ? object->classid :
								   get_relname_relid(object->kind->catalog, PG_CATALOG_NAMESPACE));
}

bool
sd_recall_suffices(const SdSnapshot *baseline, List *changes)
{
	ListCell   *cell;

	foreach(cell, changes)
	{
		const SdChange *change = lfirst(cell);

		if (!is_local(change->to ? change->to : change->from))
			return false;
		if (change->from && !has_needed(baseline, change->from))
			return false;
	}
	return true;
}

/* -- for the next time ----------------------------------------------------- */

/* What differs: "class oid,…" and keys as a JSON array. */
typedef struct Open
{
	StringInfoData addresses;
	StringInfoData keys;
	int			count;
} Open;

static void
add_address(Open *open, const SdObject *object)
{
	appendStringInfo(&open->addresses, "%s%u %u", open->addresses.len ? "," : "", object->classid, object->objid);
	open->count++;
}

static void
add_key(Open *open, const SdObject *object)
{
	sd_json_text(&open->keys, object->key);
	open->count++;
}

/* A part that is gone is found again by its whole. */
static void
add_changes(Open *open, const SdSnapshot *live, List *changes)
{
	ListCell   *cell;

	foreach(cell, changes)
	{
		const SdChange *change = lfirst(cell);
		const SdObject *object = change->to;

		if (object == NULL && change->from->parent)
			object = sd_snapshot_find(live, change->from->parent);
		if (object)
			add_address(open, object);
		if (change->from)
			add_key(open, change->from);
		else if (change->to->kind->traits & SD_K_OPTIONAL)
			add_key(open, change->to);
	}
}

/* What one side does not have by that name: not a change where it follows one. */
static void
add_unpaired(Open *open, const SdSnapshot *baseline, const SdSnapshot *live)
{
	int			i;

	for (i = 0; i < baseline->nobjects && open->count <= SD_MOST_OPEN; i++)
		if (!(baseline->objects[i]->kind->traits & SD_K_OPTIONAL) &&
			sd_snapshot_find(live, baseline->objects[i]->key) == NULL)
			add_key(open, baseline->objects[i]);
	for (i = 0; i < live->nobjects && open->count <= SD_MOST_OPEN; i++)
		if (!(live->objects[i]->kind->traits & SD_K_OPTIONAL) &&
			sd_snapshot_find(baseline, live->objects[i]->key) == NULL)
			add_address(open, live->objects[i]);
}

void
sd_recall_save(SdRecall *recall, const SdSnapshot *baseline, const SdSnapshot *live, List *changes)
{
	Open		open = {{0}};

	if (recall->news == NULL)
		return;
	if (recall->reached)
		sd_object_state_update(recall->reached, live);
	else if (!recall->state->is_known || recall->news->everywhere ||
			 hash_get_num_entries(recall->news->touched) > 0)
		sd_object_state_replace(live);
	initStringInfo(&open.addresses);
	initStringInfo(&open.keys);
	sd_json_begin(&open.keys, '[');
	if (changes)
	{
		add_changes(&open, live, changes);
		add_unpaired(&open, baseline, live);
	}
	sd_json_end(&open.keys, ']');
	sd_check_state_save(recall->form, recall->reached == NULL,
						open.count <= SD_MOST_OPEN ? open.addresses.data : NULL, open.keys.data);
}
