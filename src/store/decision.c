/*
 * decision.c
 *	  Who decided what, when and why.
 *
 * The role is the one that logged in: what SET ROLE makes of it does not
 * decide.  Type, object and attribute are copied from the drift, for a
 * decision outlives what it is about.
 */
#include "postgres.h"

#include "base/spi.h"
#include "store/decision.h"

static const char *
number(int64 value)
{
	return value ? psprintf(INT64_FORMAT, value) : NULL;
}

int64
sd_decision_record(const SdDecision *decision)
{
	static const char sql[] =
		"INSERT INTO schemadrift.decision (action, drift_id, rule_id, object_type, object, attribute,"
		" reason, until, baseline_version, undoes)"
		" SELECT $1, $2::pg_catalog.int8, $3::pg_catalog.int8, d.object_type, COALESCE(d.object, $4),"
		" d.attribute, $5, $6::pg_catalog.timestamptz, $7::pg_catalog.int4, $8::pg_catalog.int8"
		" FROM (SELECT $2::pg_catalog.int8) AS v(id) LEFT JOIN schemadrift.drift d ON d.id = v.id"
		" RETURNING id";
	SdRows	   *rows = sd_spi_queryv(sql, decision->action, number(decision->drift_id),
									 number(decision->rule_id), decision->object, decision->reason,
									 decision->until, number(decision->baseline_version),
									 number(decision->undoes));

	return sd_rows_int(rows, 0, "id");
}

SdRows *
sd_decision_one(int64 id)
{
	return sd_spi_queryv("SELECT d.id, d.by, d.action, d.drift_id, d.rule_id, d.object_type, d.object,"
						 " d.attribute, d.baseline_version,"
						 " (SELECT pg_catalog.min(u.id) FROM schemadrift.decision u WHERE u.undoes = d.id) AS undone_by"
						 " FROM schemadrift.decision d WHERE d.id = $1::pg_catalog.int8",
						 psprintf(INT64_FORMAT, id));
}

SdRows *
sd_decision_of_drift(int64 drift_id)
{
	return sd_spi_queryv("SELECT id, at, by, action, reason, until FROM schemadrift.decision"
						 " WHERE drift_id = $1::pg_catalog.int8 ORDER BY id",
						 psprintf(INT64_FORMAT, drift_id));
}
