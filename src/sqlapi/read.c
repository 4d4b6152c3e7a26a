/*
 * read.c
 *	  SQL functions that only look: drift_diff, drift_sql, drift_report,
 *	  drift_fingerprint, drift_objects.
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"

#include "compare/collect.h"
#include "compare/diff.h"
#include "compare/form.h"
#include "compare/plan.h"
#include "compare/render.h"
#include "kind/kind.h"
#include "kind/query_text.h"
#include "sqlapi/items.h"
#include "workflow/comparison.h"
#include "workflow/side.h"

PG_FUNCTION_INFO_V1(sd_sql_diff);
PG_FUNCTION_INFO_V1(sd_sql_plan);
PG_FUNCTION_INFO_V1(sd_sql_report);
PG_FUNCTION_INFO_V1(sd_sql_fingerprint);
PG_FUNCTION_INFO_V1(sd_sql_objects);
PG_FUNCTION_INFO_V1(sd_sql_canonical_query);

static SdSnapshot *
side_argument(FunctionCallInfo fcinfo, int n)
{
	return sd_side_snapshot(text_to_cstring(PG_GETARG_TEXT_PP(n)), CurrentMemoryContext);
}

/* drift_diff(from_side, to_side) */
Datum
sd_sql_diff(PG_FUNCTION_ARGS)
{
	ListCell   *cell;

	sd_items_begin(fcinfo);
	foreach(cell, sd_compare_sides(text_to_cstring(PG_GETARG_TEXT_PP(0)),
								   text_to_cstring(PG_GETARG_TEXT_PP(1)), true)->items)
		sd_items_add(fcinfo, lfirst(cell));
	return (Datum) 0;
}

/* drift_sql(from_side, to_side) */
Datum
sd_sql_plan(PG_FUNCTION_ARGS)
{
	SdSnapshot *from;
	SdSnapshot *to;

	sd_side_snapshots(text_to_cstring(PG_GETARG_TEXT_PP(0)), text_to_cstring(PG_GETARG_TEXT_PP(1)), false,
					  &from, &to, CurrentMemoryContext);
	PG_RETURN_TEXT_P(cstring_to_text(sd_plan_script(sd_plan(from, to, sd_diff(from, to)))));
}

/* drift_report(from_side, to_side, format) */
Datum
sd_sql_report(PG_FUNCTION_ARGS)
{
	SdRenderFormat format = sd_render_format(text_to_cstring(PG_GETARG_TEXT_PP(2)));
	SdComparison *comparison = sd_compare_sides(text_to_cstring(PG_GETARG_TEXT_PP(0)),
												text_to_cstring(PG_GETARG_TEXT_PP(1)), false);
	SdReport	report = {0};

	report.from = sd_side_describe(comparison->from_name, comparison->from);
	report.to = sd_side_describe(comparison->to_name, comparison->to);
	report.items = comparison->items;
	report.plan = sd_plan(comparison->to, comparison->from, sd_diff(comparison->to, comparison->from));
	report.script = sd_plan_script(report.plan);
	PG_RETURN_TEXT_P(cstring_to_text(sd_render(&report, format)));
}

/* drift_fingerprint(side) */
Datum
sd_sql_fingerprint(PG_FUNCTION_ARGS)
{
	SdSnapshot *snapshot = sd_side_snapshot_unless(text_to_cstring(PG_GETARG_TEXT_PP(0)),
												   SD_KNOWN_ANY, CurrentMemoryContext);

	PG_RETURN_TEXT_P(cstring_to_text(snapshot->fingerprint));
}

/* drift_objects(side): kind, identity, definition, fingerprint */
Datum
sd_sql_objects(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result;
	SdSnapshot *snapshot;
	int			i;

	sd_items_begin(fcinfo);
	result = (ReturnSetInfo *) fcinfo->resultinfo;
	snapshot = side_argument(fcinfo, 0);
	for (i = 0; i < snapshot->nobjects; i++)
	{
		const SdObject *object = snapshot->objects[i];
		Datum		values[4];
		bool		nulls[4] = {false};

		values[0] = CStringGetTextDatum(object->kind->name);
		values[1] = CStringGetTextDatum(object->identity);
		values[2] = CStringGetTextDatum(sd_kind_definition(snapshot, object));
		values[3] = CStringGetTextDatum(sd_digest_hex(sd_object_open_digest(object)));
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* schemadrift.canonical_query(query) */
Datum
sd_sql_canonical_query(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(sd_query_text(text_to_cstring(PG_GETARG_TEXT_PP(0)))));
}
