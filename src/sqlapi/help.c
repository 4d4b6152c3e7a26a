/*
 * help.c
 *	  drift_help(topic): what to type next.
 *
 * The list of kinds comes from the registry and functions from the catalog, so
 * that neither can be out of date.
 */
#include "postgres.h"

#include "fmgr.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"

#include "base/spi.h"
#include "base/text.h"
#include "kind/kind.h"

PG_FUNCTION_INFO_V1(sd_sql_help);

typedef struct HelpTopic
{
	const char *name;
	const char *text;
} HelpTopic;

static const HelpTopic topics[] = {
	{"start",
		"SELECT * FROM drift_check();        compare this database with its baseline; the first call records one\n"
		"SELECT drift_report();              the same as a report; SELECT drift_help('reports') has more\n"
		"SELECT drift_sql('live','baseline'); the DDL that takes the differences back\n"
		"SELECT drift_watch();               capture who changes the schema, and check as soon as DDL commits\n"
	"SELECT * FROM drift_health();       is everything as it should be?\n"},
	{"watch",
		"SELECT drift_watch(channel => 'oncall');\n"
		"  arms DDL capture, records the baseline where there is none, and tells the channel; a worker checks,\n"
		"  with pg_cron and schedule => '*/5 * * * *' a schedule does, too.\n"
		"SELECT drift_unwatch();             stops capturing; baselines, drifts and events stay\n"
		"SELECT * FROM drift_log();          captured DDL commands and who ran them\n"
		"SELECT * FROM drift_verify_log();   what of that was removed or altered later; no row is good\n"
	"SET schemadrift.capture = 'notice'; tells whoever runs DDL outside a deploy; block refuses it\n"},
	{"decide",
		"SELECT * FROM drift_check();        the open drifts, each with a number\n"
		"SELECT drift_explain(7);            what, who, when, by which statement, how to take it back\n"
		"SELECT drift_accept(7, 'reason');   take it into the baseline\n"
		"SELECT drift_accept_all('reason');  take all open drifts; also by class and by pattern\n"
		"SELECT drift_revert_sql('{7,8}');   DDL that takes just these back; drift_adopt_sql() makes them elsewhere\n"
		"SELECT drift_ack(7, 'note');        silent until it changes; drift_snooze(7, '2 hours') for a while\n"
		"SELECT drift_ignore('public.tmp_*', 'reason', until => now() + interval '30 days');\n"
		"SELECT * FROM drift_ignored();      what ignore rules hide now\n"
		"SELECT * FROM drift_decisions();    who decided what and why; SELECT drift_undo(12); takes one back\n"
	"SELECT drift_baseline_set(reason => 'release 4.2'); record the schema as it is now\n"},
	{"patterns",
		"Which objects a rule, a route or a choice is about; objects as drift_check() names them:\n"
		"  public.tmp_*                   * and ? stand for characters of one part of a name\n"
		"  public.**                      ** for more parts too: tables and their columns\n"
		"  public.\"Odd, *name*\"           in quotes each character is itself; so is one behind a backslash\n"
		"  public.f(integer, text)        dots and commas in parentheses separate nothing\n"
		"  [kind=view,matview] reports.*  also [class=…], [change=added] and [attribute=comment]; all must hold\n"
		"  [kind=statistics]              every object of a kind\n"
	"  public.*, !public.orders       a list, by commas or lines; the last that matches decides, ! excepts\n"},
	{"reports",
		"SELECT drift_report();                       from baseline to live, as text\n"
		"psql -AtXqc \"SELECT drift_report(format => 'html')\" > drift.html   a page for people\n"
		"SELECT drift_report('baseline@3', 'baseline@7', 'markdown');  any two sides; also json\n"
		"SELECT * FROM drift_diff('baseline', 'live'); a row for each difference\n"
		"SELECT drift_sql('baseline', 'live');        DDL that turns the first side into the second\n"
	"SELECT drift_gate();                         an error for pipelines when something differs\n"},
	{"gate",
		"psql -X -d shop -c \"SELECT drift_gate()\"            status 1 when something differs\n"
		"  or cannot be told; with more than one -c, with -f or standard input also give -v ON_ERROR_STOP=1\n"
		"SELECT * FROM drift_check();                 what fails it; acknowledged drift does, ignored does not\n"
		"SELECT drift_gate('info', 'baseline@7', 'live', '90 days');  any two sides; the age of the baseline\n"
	"SQLSTATE: SD001 drift, SD002 no baseline, SD003 a side cannot be reached or is too old, SD004 it kept changing\n"},
	{"incidents",
		"SELECT * FROM drift_incidents();             what was told together, and what is to be told when\n"
		"SELECT * FROM drift_severities();            every finding and how grave it is\n"
		"SELECT drift_severity_set('index_removed', 'critical');  otherwise than built in; drift_severity_reset()\n"
		"COMMENT ON TABLE t IS '@owner: team';        incidents of their own for a team\n"
		"SELECT drift_route_add('watch', 'oncall', pattern => 'public.**', min_severity => 'error');\n"
	"SELECT * FROM drift_routes_explain(7);       why drift 7 went where it went\n"},
	{"baselines",
		"SELECT * FROM drift_baselines();             all versions of all baselines\n"
		"SELECT drift_baseline_set(reason => 'release 4.2');  the schema as it is now is the next version\n"
		"SELECT drift_baseline_rollback();            the version before the newest is the newest again\n"
		"SELECT drift_baseline_export('default');     a document that another database can import:\n"
	"SELECT drift_baseline_import('{…}');         as the next version there; superusers only\n"},
	{"sides",
		"A side of drift_diff, drift_sql and drift_report is one of:\n"
		"  live                     this database\n"
		"  baseline                 the newest version of the default baseline\n"
		"  baseline@7               that version\n"
		"  baseline:NAME            another baseline, also with @VERSION\n"
		"  asof:2026-11-01          this database as the last check up to then saw it; also asof:-2 days\n"
		"  host=… dbname=…          a libpq connection string or URL; superusers only\n"
	"Differences are told from the first side to the second.\n"},
	{"history",
		"SELECT * FROM drift_blame('public.orders');  who gave a table and its columns each value, and when\n"
		"SELECT * FROM drift_timeline(now() - interval '1 day');  commands, changes, drifts, decisions, pages\n"
		"SELECT * FROM drift_timeline(name => 'public.orders*', role => 'bob');  only about that, only by him\n"
		"SELECT * FROM drift_diff('asof:-2 days', 'live');  what is otherwise than two days ago, and who did it\n"
		"SELECT drift_sql('live', 'asof:2026-11-01');  the DDL back to that day\n"
	"SELECT * FROM drift_log(object => 'public.%');  captured DDL commands; also by role, deploy, command, drift\n"},
	{"deploys",
		"SELECT drift_deployer_add('migrator');   who may deploy\n"
		"PGOPTIONS='-c schemadrift.deploy=PR-812' alembic upgrade head   any tool, no change to it\n"
		"SELECT drift_tool_add('alembic');        or recognise it by the history it keeps\n"
		"SELECT drift_deployer_add('migrator', 'flyway%', implied => true);  or by who runs it\n"
		"SELECT drift_deploy_begin('release 4.2', ttl => '30 minutes', scope => 'database');\n"
		"SELECT drift_deploy_end();               a report of what it changed\n"
		"SELECT * FROM drift_deploys();           windows, and what came of them\n"
		"SELECT drift_window_add('0 0 20 12 *', '14 days', 'deny', 'Christmas');  no deploy counts\n"
	"What a recognised deploy changed enters the baseline; what others change meanwhile stays unexpected.\n"},
	{"channels",
		"SELECT drift_channel_add('oncall', 'pagerduty', secret => 'pagerduty_key');\n"
		"  the secret is the name of a file in schemadrift.secrets_directory, mode 0600\n"
		"SELECT drift_channel_test('oncall');     sends a test and resolves it\n"
		"SELECT drift_route_add('watch', 'oncall'); tells it what watching finds\n"
	"SELECT * FROM drift_deliveries;          the outbox\n"},
	{"noise",
		"SELECT drift_partition_policy('public.events', 'structure', 'made by pg_partman');\n"
		"  partitions come and go as long as they are like their parent; also strict and ignore\n"
		"SELECT * FROM drift_partition_policies();    all of them; drift_partition_policy_drop() takes one back\n"
		"SELECT drift_window_add('0 20 * * *', '12 hours', 'quiet');  what is less than error waits until its end\n"
	"SELECT drift_ignore('public.tmp_*', 'reason', now() + interval '30 days');  hides what a pattern is about\n"},
	{"roles",
		"SELECT drift_create_roles();                 makes these, and grants them what is new after an update\n"
		"GRANT drift_reader TO rita;                  looks: checks, reports, the log\n"
		"GRANT drift_operator TO olga;                also decides: accept, ignore, acknowledge, snooze, undo\n"
		"GRANT drift_admin TO adam;                   also configures: watch, channels, routes, deployers, windows\n"
	"GRANT drift_deployer, drift_reader TO dora;  deploys, and may look; no other role includes drift_deployer\n"},
	{NULL, NULL}
};

/* Every kind with the properties that are compared. */
static void
append_kinds(StringInfo buf)
{
	SdKind	   *const *kinds = sd_kinds();
	int			i;
	int			p;

	for (i = 0; i < sd_kind_count(); i++)
	{
		const char *separator = " ";

		appendStringInfo(buf, "%s:", kinds[i]->name);
		for (p = 0; p < kinds[i]->nproperties; p++)
		{
			if (kinds[i]->properties[p].flags & SD_P_DETAIL)
				continue;
			appendStringInfo(buf, "%s%s", separator, kinds[i]->properties[p].name);
			separator = ", ";
		}
		appendStringInfoChar(buf, '\n');
	}
}

static void
append_topic_names(StringInfo buf)
{
	const HelpTopic *topic;

	appendStringInfoString(buf, "Topics: ");
	for (topic = topics; topic->name != NULL; topic++)
		appendStringInfo(buf, "%s, ", topic->name);
	appendStringInfoString(buf, "kinds, functions, and the name of each function.  SELECT drift_help('watch');\n");
}

/* The functions for users: members of the extension that do not stand in its own schema. */
static SdRows *
find_functions(const char *name)
{
	return sd_spi_queryv("SELECT p.proname || '(' || pg_catalog.pg_get_function_arguments(p.oid) || ')'"
						 "       || COALESCE(' RETURNS ' || pg_catalog.pg_get_function_result(p.oid), '') AS signature,"
						 "       pg_catalog.obj_description(p.oid, 'pg_proc') AS comment"
						 "  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_depend d"
						 "    ON d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid"
						 "   AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.deptype = 'e'"
						 "  JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid AND e.extname = 'schemadrift'"
						 " WHERE p.pronamespace <> 'schemadrift'::pg_catalog.regnamespace"
						 "   AND (p.proname = $1 OR $1 IS NULL)"
						 " ORDER BY p.proname COLLATE pg_catalog.\"C\", p.oid", name);
}

static void
append_functions(StringInfo buf, const SdRows *rows)
{
	int			r;

	for (r = 0; r < rows->nrows; r++)
		appendStringInfo(buf, "%s\n  %s\n", sd_rows_value(rows, r, "signature"), sd_rows_value(rows, r, "comment"));
}

/* drift_help(topic) → text */
Datum
sd_sql_help(PG_FUNCTION_ARGS)
{
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	StringInfoData buf;
	const HelpTopic *topic;

	initStringInfo(&buf);
	if (strcmp(name, "kinds") == 0)
	{
		append_kinds(&buf);
		PG_RETURN_TEXT_P(cstring_to_text(buf.data));
	}
	for (topic = topics; topic->name != NULL; topic++)
		if (strcmp(topic->name, name) == 0)
			break;
	if (topic->name == NULL)
		append_functions(&buf, find_functions(strcmp(name, "functions") == 0 ? NULL : name));
	if (topic->name == NULL && buf.len > 0)
		PG_RETURN_TEXT_P(cstring_to_text(buf.data));
	if (topic->name == NULL)
	{
		append_topic_names(&buf);
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("there is no help on \"%s\"", sd_display(name, false)),
				 errhint("%s", buf.data)));
	}
	appendStringInfoString(&buf, topic->text);
	if (topic == topics)
		append_topic_names(&buf);
	PG_RETURN_TEXT_P(cstring_to_text(buf.data));
}
