/*
 * pattern.c
 *	  schemadrift.pattern_matches(), for tests of a pattern.
 */
#include "postgres.h"

#include "fmgr.h"

#include "compare/choose.h"
#include "sqlapi/arguments.h"

PG_FUNCTION_INFO_V1(sd_sql_pattern_matches);

/* pattern_matches(pattern, object, kind, class, change, attribute) */
Datum
sd_sql_pattern_matches(PG_FUNCTION_ARGS)
{
	SdPattern  *pattern = sd_choose_pattern(sd_required_text(fcinfo, 0, "pattern"));
	SdPatternSubject subject;

	subject.object = sd_required_text(fcinfo, 1, "object");
	subject.kind = sd_text_argument(fcinfo, 2);
	subject.class = sd_text_argument(fcinfo, 3);
	subject.change = sd_text_argument(fcinfo, 4);
	subject.attribute = sd_text_argument(fcinfo, 5);
	PG_RETURN_BOOL(sd_pattern_matches(pattern, &subject));
}
