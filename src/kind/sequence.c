/*
 * sequence.c
 *	  Kind: sequences, but not those of identity columns (column.c).
 *
 * The position of a sequence is data, not schema.  It is touched only where it
 * never was used and its start would lie outside the new bounds, since the
 * server refuses the new bounds otherwise; a used position outside them stays
 * an error that somebody must decide about.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "base/text.h"
#include "kind/kind.h"
#include "kind/loss.h"
#include "kind/sequence.h"
#include "model/plan.h"

static const SdProperty properties[] = {
	{.name = "type",
		.expr = SD_TYPE("s.seqtypid", "NULL"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN | SD_P_REQUIRED,
		.set = " AS {value}"},
	{.name = "increment",
		.expr = "s.seqincrement",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN | SD_P_REQUIRED,
		.set = " INCREMENT BY {value}"},
	{.name = "min",
		.expr = "s.seqmin",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN | SD_P_REQUIRED,
		.set = " MINVALUE {value}"},
	{.name = "max",
		.expr = "s.seqmax",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN | SD_P_REQUIRED,
		.set = " MAXVALUE {value}"},
	{.name = "start",
		.expr = "s.seqstart",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN | SD_P_REQUIRED,
		.set = " START WITH {value}"},
	{.name = "cache",
		.expr = "s.seqcache",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN | SD_P_REQUIRED,
		.set = " CACHE {value}"},
	{.name = "cycle",
		.expr = SD_FLAG("s.seqcycle"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN,
		.set = " CYCLE",
		.unset = " NO CYCLE"},
	{.name = "unlogged",
		.expr = SD_FLAG("c.relpersistence = 'u'"),
		.class = SD_CLASS_RISKY,
		.set = "ALTER SEQUENCE {identity} SET UNLOGGED",
		.unset = "ALTER SEQUENCE {identity} SET LOGGED"},
	{.name = "owned_by",
		.expr = "CASE WHEN d.refobjid IS NOT NULL THEN " SD_QUALIFIED("tn", "tc.relname")
		" || '.' || pg_catalog.quote_ident(ta.attname) END",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_LATE,
		.set = "ALTER SEQUENCE {identity} OWNED BY {value}",
		.unset = "ALTER SEQUENCE {identity} OWNED BY NONE"},
	{NULL}
};

/* The properties that are options of CREATE and ALTER SEQUENCE come first. */
#define NOPTIONS 7

static SdSequenceBounds
bounds(const SdObject *object)
{
	SdSequenceBounds result;

	result.start = strtoll(sd_object_value(object, "start"), NULL, 10);
	result.min = strtoll(sd_object_value(object, "min"), NULL, 10);
	result.max = strtoll(sd_object_value(object, "max"), NULL, 10);
	return result;
}

/* All options, also those with default values: min and max follow the type. */
static void
append_options(StringInfo buf, const SdObject *object, bool no_cycle)
{
	int			i;

	for (i = 0; i < NOPTIONS; i++)
	{
		if (object->values[i])
			appendStringInfoString(buf, sd_ddl_fill(properties[i].set, object, object->values[i], NULL));
		else if (no_cycle)
			appendStringInfoString(buf, properties[i].unset);
	}
}

static void
create(SdDdl *ddl, const SdObject *object)
{
	StringInfoData buf;
	const char *owned_by = sd_object_value(object, "owned_by");

	initStringInfo(&buf);
	appendStringInfo(&buf, "CREATE %sSEQUENCE %s",
					 sd_object_flag(object, "unlogged") ? "UNLOGGED " : "", object->identity);
	append_options(&buf, object, false);
	sd_ddl_add(ddl, buf.data);
	if (owned_by)
		sd_ddl_latef(ddl, "ALTER SEQUENCE %s OWNED BY %s", object->identity, owned_by);
}

static bool
is_within(int64 value, SdSequenceBounds bounds)
{
	return value >= bounds.min && value <= bounds.max;
}

const char *
sd_sequence_move(SdDdl *ddl, const char *sequence, SdSequenceBounds from, SdSequenceBounds to)
{
	int64		start = to.start;

	if (is_within(from.start, to))
		return "";
	if (to.min > from.max || to.max < from.min)
		return " RESTART";
	if (!is_within(start, from))
		start = is_within(to.min, from) ? to.min : to.max;
	sd_ddl_addf(ddl, "SELECT pg_catalog.setval(%s, " INT64_FORMAT ", false) FROM %s WHERE NOT is_called",
				sd_literal(sequence), start, sequence);
	return "";
}

static bool
alter(SdDdl *ddl, const SdChange *change)
{
	StringInfoData buf;
	const SdObject *to = change->to;
	int			i;
	const char *restart = sd_sequence_move(ddl, to->identity, bounds(change->from), bounds(to));

	initStringInfo(&buf);
	if (sd_change_has(change, "type"))
		append_options(&buf, to, true);
	else
		for (i = 0; i < NOPTIONS; i++)
			if (bms_is_member(i, change->properties))
				appendStringInfoString(&buf, sd_ddl_fill(to->values[i] ? properties[i].set : properties[i].unset,
														 to, to->values[i], NULL));
	sd_ddl_addf(ddl, "ALTER SEQUENCE %s%s%s", to->identity, buf.data, restart)->loses_data =
		*restart ? sd_loss_of_position(to->identity) : NULL;
	return true;
}

SdKind		sd_kind_sequence = {
	.name = "sequence",
	.keyword = "SEQUENCE",
	.traits = SD_K_HOLDS_DATA,
	.catalog = "pg_class",
	.sorts = "S",
	.from = "FROM pg_catalog.pg_sequence s"
	" JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid"
	" JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
	" LEFT JOIN (pg_catalog.pg_depend d"
	" JOIN pg_catalog.pg_class tc ON tc.oid = d.refobjid"
	" JOIN pg_catalog.pg_namespace tn ON tn.oid = tc.relnamespace"
	" JOIN pg_catalog.pg_attribute ta ON ta.attrelid = d.refobjid AND ta.attnum = d.refobjsubid)"
	" ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = s.seqrelid AND d.objsubid = 0"
	" AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjsubid > 0"
	" AND d.deptype IN ('a', 'i')"
	" WHERE d.deptype IS DISTINCT FROM 'i' AND " SD_USER_SCHEMA("n"),
	.oid = "c.oid",
	.identity = SD_QUALIFIED("n", "c.relname"),
	.owner = "c.relowner",
	.acl = "c.relacl",
	.acl_type = "s",
	.has_comment = true,
	.has_label = true,
	.own = properties,
	.removed = SD_CLASS_BREAKING,
	.create = create,
	.alter = alter,
};
