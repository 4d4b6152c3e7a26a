/*
 * severities.c
 *	  SQL functions on findings, and how grave each is.
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/json.h"
#include "base/text.h"
#include "compare/classify.h"
#include "sqlapi/arguments.h"
#include "store/incident.h"
#include "store/severity.h"

PG_FUNCTION_INFO_V1(sd_sql_severity_set);
PG_FUNCTION_INFO_V1(sd_sql_severity_reset);
PG_FUNCTION_INFO_V1(sd_sql_findings);
PG_FUNCTION_INFO_V1(sd_sql_incident_payload);

static const SdFinding *
finding_argument(FunctionCallInfo fcinfo)
{
	const char *name = sd_required_text(fcinfo, 0, "finding");
	const SdFinding *finding = sd_finding(name);

	if (finding == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("finding \"%s\" does not exist", sd_display(name, false)),
				 errhint("SELECT * FROM drift_severities() lists them.")));
	return finding;
}

/* drift_severity_set(finding, severity, class) */
Datum
sd_sql_severity_set(PG_FUNCTION_ARGS)
{
	const SdFinding *finding = finding_argument(fcinfo);
	const char *severity_name = sd_required_text(fcinfo, 1, "severity");
	const char *class_name = sd_text_argument(fcinfo, 2);
	bool		is_unattributed = finding->class == SD_CLASS_UNATTRIBUTED;
	SdClass		class = finding->class;
	SdSeverity	severity;

	if (!sd_severity_parse(severity_name, &severity))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("severity \"%s\" does not exist", sd_display(severity_name, false)),
				 errhint("The severities are info, warning, error and critical.")));
	if (class_name && (!sd_class_parse(class_name, &class) || (class == SD_CLASS_UNATTRIBUTED) != is_unattributed))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("class \"%s\" cannot be given to finding \"%s\"", sd_display(class_name, false),
						finding->name),
				 is_unattributed ? errdetail("What nothing explains is unattributed.") : 0,
				 errhint("The classes to be given are additive, risky, breaking and security.")));
	sd_severity_store(finding->name, class, severity);
	sd_incident_recheck();
	PG_RETURN_VOID();
}

/* drift_severity_reset(finding) → had it been changed? */
Datum
sd_sql_severity_reset(PG_FUNCTION_ARGS)
{
	bool		was_changed = sd_severity_delete(finding_argument(fcinfo)->name);

	if (was_changed)
		sd_incident_recheck();
	PG_RETURN_BOOL(was_changed);
}

/* schemadrift.findings() → place, finding, class, severity, meaning as built in */
Datum
sd_sql_findings(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result;
	int			i;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	result = (ReturnSetInfo *) fcinfo->resultinfo;
	for (i = 0; i < sd_nfindings; i++)
	{
		Datum		values[5];
		bool		nulls[5] = {0};

		values[0] = Int32GetDatum(i + 1);
		values[1] = CStringGetTextDatum(sd_findings[i].name);
		values[2] = CStringGetTextDatum(sd_class_name(sd_findings[i].class));
		values[3] = CStringGetTextDatum(sd_severity_name(sd_findings[i].severity));
		values[4] = CStringGetTextDatum(sd_findings[i].meaning);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* schemadrift.incident_payload(id) */
Datum
sd_sql_incident_payload(PG_FUNCTION_ARGS)
{
	PG_RETURN_JSONB_P(sd_jsonb_parse(sd_incident_payload(PG_GETARG_INT64(0), NULL, NULL, GetCurrentTimestamp())));
}
