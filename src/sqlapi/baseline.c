/*
 * baseline.c
 *	  SQL functions on baselines and their versions.
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "base/caller.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "sqlapi/arguments.h"
#include "store/baseline.h"
#include "store/decision.h"
#include "workflow/document.h"
#include "workflow/baselines.h"

PG_FUNCTION_INFO_V1(sd_sql_baseline_set);
PG_FUNCTION_INFO_V1(sd_sql_baseline_export);
PG_FUNCTION_INFO_V1(sd_sql_baseline_import);
PG_FUNCTION_INFO_V1(sd_sql_baseline_rollback);

/* A name that a side can be written with: baseline:name@7. */
static const char *
baseline_name(const char *name)
{
	if (strlen(name) >= NAMEDATALEN || strchr(name, '@') || strcmp(name, sd_display(name, false)) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_NAME),
				 errmsg("\"%s\" cannot be the name of a baseline", sd_display(name, false)),
				 errhint("Names have 1 to %d bytes, no @ and no control characters.", NAMEDATALEN - 1)));
	return name;
}

/* Who made this version is kept with what else people decided. */
static Datum
decided(const char *name, const char *reason, int version)
{
	SdDecision	decision = {.action = SD_DECIDED_BASELINE};

	decision.object = name;
	decision.reason = reason;
	decision.baseline_version = version;
	(void) sd_decision_record(&decision);
	return Int32GetDatum(version);
}

/* drift_baseline_set(name, reason, side) → version */
Datum
sd_sql_baseline_set(PG_FUNCTION_ARGS)
{
	const char *name = baseline_name(sd_required_text(fcinfo, 0, "name"));
	const char *reason = sd_text_argument(fcinfo, 1);
	const char *side = sd_required_text(fcinfo, 2, "side");

	sd_refuse_on_standby("drift_baseline_set()");
	return decided(name, reason, sd_baselines_set(name, reason, side));
}

/* drift_baseline_export(name, version) → document */
Datum
sd_sql_baseline_export(PG_FUNCTION_ARGS)
{
	const char *name = baseline_name(sd_required_text(fcinfo, 0, "name"));
	SdBaseline *baseline = PG_ARGISNULL(1) ? sd_baseline_latest(name) :
		sd_baseline_version(name, PG_GETARG_INT32(1));

	if (baseline == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_SD_NO_BASELINE),
				 PG_ARGISNULL(1) ? errmsg("there is no baseline \"%s\"", name) :
				 errmsg("there is no version %d of baseline \"%s\"", PG_GETARG_INT32(1), name),
				 errhint("SELECT * FROM drift_baselines() lists the baselines there are.")));
	PG_RETURN_TEXT_P(cstring_to_text(sd_document_write(baseline)));
}

/*
 * drift_baseline_import(document, name, reason) → version
 *
 * Forms are values that our own queries made; the kinds rely on how these are
 * written.  A document that somebody wrote by hand can break that, and its
 * text ends up in DDL that others run: so it takes a superuser.
 */
Datum
sd_sql_baseline_import(PG_FUNCTION_ARGS)
{
	Jsonb	   *document;
	SdSnapshot *snapshot;
	const char *name = sd_text_argument(fcinfo, 1);
	const char *reason = sd_text_argument(fcinfo, 2);

	sd_refuse_on_standby("drift_baseline_import()");
	if (!superuser_arg(sd_caller()))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("only superusers may import a baseline")));
	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("document must be given")));
	document = DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(sd_text_argument(fcinfo, 0))));
	name = name ? name : sd_jsonb_text(document, "name");
	name = baseline_name(name ? name : SD_DEFAULT_BASELINE);
	snapshot = sd_document_read(document, CurrentMemoryContext);
	return decided(name, reason, sd_baselines_import(name, reason, snapshot));
}

/* drift_baseline_rollback(name, version, reason) → version */
Datum
sd_sql_baseline_rollback(PG_FUNCTION_ARGS)
{
	const char *name = baseline_name(sd_required_text(fcinfo, 0, "name"));
	const char *reason = sd_text_argument(fcinfo, 2);

	sd_refuse_on_standby("drift_baseline_rollback()");
	return decided(name, reason, sd_baselines_rollback(name, PG_ARGISNULL(1) ? 0 : PG_GETARG_INT32(1), reason));
}
