/*
 * tools.c
 *	  Migration tools that are recognised by the history they keep.
 *
 * Most tools write a row about a migration in the transaction that runs it: a
 * row whose xmin is the event's transaction is their signature.  Others write
 * when it began and ended.  Either is evidence only: whoever may write the
 * table can make it up, so it counts only for a role that may deploy, or that
 * was named with the tool.
 *
 * Sqitch logs a change after the script that another session ran, and keeps
 * its table locked from before the one until after the other; the lock is
 * looked at first, so that it is either held or the row is there.
 */
#include "postgres.h"

#include "access/transam.h"
#include "catalog/pg_type.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#include "base/settings.h"
#include "base/text.h"
#include "capture/deploy.h"
#include "capture/window.h"
#include "model/event.h"
#include "source/history_rows.h"
#include "store/event.h"
#include "store/tool.h"
#include "workflow/tools.h"

/* Longest label, in characters. */
#define SD_LABEL_MAX 200

/* Clocks of a tool and of the server may differ by so much, µs. */
#define CLOCK_SLACK (5 * USECS_PER_SEC)

typedef enum Evidence
{
	SAME_TRANSACTION,			/* xmin is the event's transaction */
	BETWEEN,					/* times: began, ended (null = still runs),
								 * taken back */
	BEFORE						/* time when it was logged, after the one before
								 * it; the table is locked meanwhile */
} Evidence;

enum
{
	VERSION, DESCRIPTION, FIRST_TIME, SECOND_TIME, UNDONE, NCOLUMNS
};

/* Text is anything that can be printed; a time must be one. */
static const Oid column_types[NCOLUMNS] = {
	InvalidOid, InvalidOid, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID
};

typedef struct Tool
{
	const char *name;
	const char *table;			/* that it keeps by default, as an identifier */
	Evidence	evidence;
	const char *columns[NCOLUMNS];	/* NULL = none */
	const char *locked;			/* table beside it that is locked meanwhile */
} Tool;

static const Tool tools[] = {
	{"alembic", "alembic_version", SAME_TRANSACTION, {"version_num"}},
	{"dbmate", "schema_migrations", SAME_TRANSACTION, {"version"}},
	{"diesel", "__diesel_schema_migrations", SAME_TRANSACTION, {"version"}},
	{"django", "django_migrations", SAME_TRANSACTION, {"app", "name"}},
	{"ecto", "schema_migrations", SAME_TRANSACTION, {"version"}},
	{"entityframework", "\"__EFMigrationsHistory\"", SAME_TRANSACTION, {"MigrationId"}},
	{"flyway", "flyway_schema_history", SAME_TRANSACTION, {"version", "description"}},
	{"goose", "goose_db_version", SAME_TRANSACTION, {"version_id"}},
	{"knex", "knex_migrations", SAME_TRANSACTION, {"name"}},
	{"liquibase", "databasechangelog", SAME_TRANSACTION, {"id", "filename"}},
	{"prisma", "_prisma_migrations", BETWEEN, {"migration_name", NULL, "started_at", "finished_at", "rolled_back_at"}},
	{"rails", "schema_migrations", SAME_TRANSACTION, {"version"}},
	{"sqitch", "sqitch.events", BEFORE, {"change", NULL, "committed_at"}, "changes"},
	{"sqlx", "_sqlx_migrations", SAME_TRANSACTION, {"version", "description"}},
	{"typeorm", "migrations", SAME_TRANSACTION, {"name"}}
};

static const Tool *
find_tool(const char *name)
{
	int			i;

	for (i = 0; i < (int) lengthof(tools); i++)
		if (strcmp(tools[i].name, name) == 0)
			return &tools[i];
	return NULL;
}

const char *
sd_tools_table(const char *name)
{
	const Tool *tool = find_tool(name);
	List	   *names = NIL;
	int			i;

	if (tool)
		return tool->table;
	for (i = 0; i < (int) lengthof(tools); i++)
		names = lappend(names, unconstify(char *, tools[i].name));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("the history of tool \"%s\" is not known", sd_display(name, false)),
			 errdetail("Known are %s.", sd_join(names, ", ")),
			 errhint("Any other is recognised by who runs it: drift_deployer_add(…, implied => true).")));
}

/* -- evidence -------------------------------------------------------------- */

/* One table of one tool, as it is now. */
typedef struct History
{
	const Tool *tool;
	const char *role;			/* NULL = whoever may deploy */
	const char *name;			/* of the table, quoted and qualified */
	bool		is_locked;
	List	   *rows;			/* SdHistoryRow * */
} History;

static bool
time_of(const SdHistoryRow *row, int column, TimestampTz *time)
{
	if (row->values[column] == NULL)
		return false;
	*time = DatumGetTimestampTz(DirectFunctionCall3(timestamptz_in, CStringGetDatum(row->values[column]),
													ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
	return true;
}

static TimestampTz
longest(void)
{
	return (TimestampTz) sd_deploy_max_ttl * USECS_PER_SEC;
}

/* What began, runs for no longer than any deploy may, and was not over. */
static bool
is_between(const SdHistoryRow *row, const SdEvent *event)
{
	TimestampTz began;
	TimestampTz ended;
	TimestampTz undone;

	if (!time_of(row, FIRST_TIME, &began) || event->at < began - CLOCK_SLACK)
		return false;
	if (time_of(row, UNDONE, &undone) && event->at > undone)
		return false;
	return time_of(row, SECOND_TIME, &ended) ? event->at <= ended + CLOCK_SLACK : event->at <= began + longest();
}

/* The row that was logged next after the event. */
static const SdHistoryRow *
logged_next(const List *rows, const SdEvent *event)
{
	const SdHistoryRow *next = NULL;
	TimestampTz next_time = 0;
	ListCell   *cell;

	foreach(cell, rows)
	{
		TimestampTz time;

		if (time_of(lfirst(cell), FIRST_TIME, &time) && time >= event->at &&
			time - event->at <= longest() && (next == NULL || time < next_time))
		{
			next = lfirst(cell);
			next_time = time;
		}
	}
	return next;
}

static const SdHistoryRow *
find_row(const History *history, const SdEvent *event)
{
	ListCell   *cell;

	if (history->tool->evidence == BEFORE)
		return logged_next(history->rows, event);
	foreach(cell, history->rows)
	{
		const SdHistoryRow *row = lfirst(cell);

		if (history->tool->evidence == SAME_TRANSACTION ?
			TransactionIdIsNormal(row->xmin) && row->xmin == (TransactionId) event->xid :
			is_between(row, event))
			return row;
	}
	return NULL;
}

/*
 * Is it the history's table, the one beside it that a tool locks, or what is
 * named for either as the server names what belongs to a table?
 */
static bool
is_named_for(const char *identity, const char *type, const History *history)
{
	size_t		length = strlen(history->name);
	const char *rest = identity + length;

	if (strncmp(identity, history->name, length) != 0)
		return false;
	if (strncmp(rest, "lock", 4) == 0 || strncmp(rest, "_lock", 5) == 0)
		rest = strstr(rest, "lock") + 4;
	return *rest == '\0' || *rest == '.' ||
		(*rest == '_' && type && (strcmp(type, "index") == 0 || strcmp(type, "sequence") == 0));
}

/* Making the history's table, and what belongs to it, is a migration, too. */
static bool
is_of_table(const History *history, const SdEvent *event)
{
	ListCell   *cell;

	foreach(cell, event->objects)
	{
		const SdEventObject *object = lfirst(cell);
		const char *on = object->identity ? strstr(object->identity, " on ") : NULL;

		if (object->identity == NULL ||
			(!is_named_for(object->identity, object->type, history) &&
			 (on == NULL || !is_named_for(on + 4, NULL, history))))
			return false;
	}
	return event->objects != NIL;
}

static const char *
label_of(const History *history, const SdHistoryRow *row)
{
	const char *version = row ? row->values[VERSION] : NULL;
	const char *description = row ? row->values[DESCRIPTION] : NULL;

	return sd_cut(psprintf("%s%s%s%s%s", history->tool->name, version ? " " : "", version ? version : "",
						   description ? " " : "", description ? description : ""), SD_LABEL_MAX);
}

/* Note what the histories show the event to be. */
static void
recognise(const List *histories, const SdEvent *event)
{
	SdOpenWindow freeze;
	ListCell   *cell;

	foreach(cell, histories)
	{
		const History *history = lfirst(cell);
		const SdHistoryRow *row = find_row(history, event);
		const char *label;

		if (row == NULL && !history->is_locked && !is_of_table(history, event))
			continue;
		if (!sd_deploy_was_allowed(event, history->role))
			continue;
		label = label_of(history, row);
		if (sd_window_is_open(SD_WINDOW_DENY, get_role_oid(event->session_role, true), event->at, &freeze))
			sd_tool_recognise(event->id, NULL, psprintf(SD_IN_FREEZE "%s: %s", freeze.label, label));
		else
			sd_tool_recognise(event->id, label, NULL);
		return;
	}
}

/* -- reading --------------------------------------------------------------- */

/* "schema.events" → "schema.changes" */
static const char *
beside(const char *name, const char *table, const char *other)
{
	return psprintf("%.*s%s", (int) (strlen(name) - strlen(quote_identifier(table))), name, quote_identifier(other));
}

static List *
read_histories(List *histories, const SdRows *list, int r)
{
	const Tool *tool = find_tool(sd_rows_value(list, r, "tool"));
	const char *names[NCOLUMNS];
	const char *table = sd_rows_value(list, r, "history_name");
	SdRows	   *tables;
	int			i;

	if (tool == NULL)
		return histories;
	for (i = 0; i < NCOLUMNS; i++)
		names[i] = tool->columns[i] ? tool->columns[i] : "";
	tables = sd_tool_tables(sd_rows_value(list, r, "history_schema"), table);
	for (i = 0; i < tables->nrows; i++)
	{
		History    *history = palloc(sizeof(History));

		history->tool = tool;
		history->role = sd_rows_value(list, r, "role");
		history->name = sd_rows_value(tables, i, "name");
		history->is_locked = tool->locked && sd_tool_is_locked(beside(history->name, table, tool->locked));
		history->rows = sd_history_rows((Oid) sd_rows_int(tables, i, "oid"), names, column_types,
										NCOLUMNS);
		histories = lappend(histories, history);
	}
	return histories;
}

void
sd_tools_recognise(int64 horizon)
{
	SdRows	   *list = sd_tool_list();
	List	   *histories = NIL;
	List	   *events;
	ListCell   *cell;
	int			r;

	if (list->nrows == 0)
		return;
	events = sd_event_load_since(horizon);
	for (r = 0; r < list->nrows; r++)
		histories = read_histories(histories, list, r);
	foreach(cell, events)
	{
		const SdEvent *event = lfirst(cell);

		if (event->deploy == NULL && event->refused_claim == NULL)
			recognise(histories, event);
	}
}
