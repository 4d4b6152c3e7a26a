/*
 * subscription.c
 *	  Kind: subscriptions of this database.
 *
 * Plans never connect to a publisher if they can help it: a subscription is
 * created without, its publications are set without a refresh, and one that is
 * dropped leaves its slot there, which the plan says.
 *
 * The connection string is for superusers; naming its column fails the whole
 * query of anybody else.  So it is asked for by a query of its own, inside a
 * function that only runs where it may.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "base/text.h"
#include "kind/options.h"
#include "model/plan.h"

/* what query_to_xml() gives, back as text; that it is no markup needs no parser */
#define FROM_XML(xml) \
	"pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(" \
	"pg_catalog.regexp_replace((" xml ")::pg_catalog.text, '^.*<c>(.*)</c>.*$', '\\1')," \
	" '&lt;', '<'), '&gt;', '>'), '&#x0d;', E'\\r'), '&amp;', '&')"

#define CONNECTION \
	"CASE WHEN pg_catalog.has_column_privilege('pg_catalog.pg_subscription'::pg_catalog.regclass," \
	" 'subconninfo', 'SELECT') THEN " \
	FROM_XML("pg_catalog.query_to_xml('SELECT subconninfo AS c FROM pg_catalog.pg_subscription" \
			 " where oid = ' || s.oid, true, true, '')") " END"

/* In a URL a parameter ends at the next "&"; its name may hide behind percent signs. */
#define MASKED \
	"CASE WHEN k.conninfo ~ '^postgres(ql)?://' THEN pg_catalog.regexp_replace(pg_catalog.regexp_replace(" \
	"k.conninfo, '([?&][^=&]*(?:%|" SD_SECRET_WORDS ")[^=&]*=)[^&]*', '\\1" SD_MASK "', 'gi')," \
	" '^([^:]*://[^:/@?#]*:)[^@/]*@', '\\1" SD_MASK "@')" \
	" ELSE " SD_MASKED("k.conninfo") " END"

static const SdProperty properties[] = {
	{.name = "connection",
		.expr = "CASE WHEN k.conninfo IS NULL THEN '" SD_UNREADABLE "' ELSE " MASKED " END",
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_OWN | SD_P_GUARDED | SD_P_REQUIRED},
	{.name = "secret",
		.expr = "CASE WHEN pg_catalog.strpos(" MASKED ", '" SD_MASK "') > 0 THEN k.conninfo END",
		.class = SD_CLASS_SECURITY,
		.flags = SD_P_SECRET},
	{.name = "publications",
		.expr = "(SELECT pg_catalog.string_agg(pg_catalog.quote_ident(p.name), ', ' ORDER BY p.i)"
		" FROM pg_catalog.unnest(s.subpublications) WITH ORDINALITY p(name, i))",
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_OWN},
	{.name = "slot_name",
		.expr = "s.subslotname",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN},
	{.name = "enabled",
		.expr = SD_FLAG("s.subenabled"),
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_OWN},
	{.name = "binary",
		.expr = SD_FLAG("s.subbinary"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN},
	/* a boolean up to 15, a letter from 16 on */
	{.name = "streaming",
		.expr = "CASE s.substream::pg_catalog.text WHEN 'true' THEN 'on' WHEN 't' THEN 'on'"
		" WHEN 'p' THEN 'parallel' ELSE 'off' END",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN},
	/* a letter too: not yet granted by the publisher is asked for all the same */
	{.name = "two_phase",
		.expr = SD_FLAG("s.subtwophasestate <> 'd'"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{.name = "disable_on_error",
		.expr = SD_FLAG("s.subdisableonerr"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN},
	{.name = "synchronous_commit",
		.expr = "s.subsynccommit",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN},
	{.name = "origin",
		.expr = "NULLIF(s.suborigin, 'any')",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN,
		.since = 160000},
	{.name = "password_not_required",
		.expr = SD_FLAG("NOT s.subpasswordrequired"),
		.class = SD_CLASS_SECURITY,
		.flags = SD_P_OWN,
		.since = 160000},
	{.name = "run_as_owner",
		.expr = SD_FLAG("s.subrunasowner"),
		.class = SD_CLASS_SECURITY,
		.flags = SD_P_OWN,
		.since = 160000},
	{.name = "failover",
		.expr = SD_FLAG("s.subfailover"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN,
		.since = 170000},
	{NULL}
};

/* The parameters of WITH and SET that need no connection to the publisher. */
typedef struct Parameter
{
	const char *property;
	const char *value;			/* of one that is set; NULL: the property's */
	const char *unset;			/* of one that is not */
	const char *name;			/* NULL: the property's */
} Parameter;

static const Parameter parameters[] = {
	{"slot_name", NULL, "NONE", NULL},
	{"binary", "true", "false", NULL},
	{"streaming", NULL, NULL, NULL},
	{"disable_on_error", "true", "false", NULL},
	{"synchronous_commit", NULL, NULL, NULL},
	{"origin", NULL, "any", NULL},
	{"password_not_required", "false", "true", "password_required"},
	{"run_as_owner", "true", "false", NULL}
};

static char *
setting(const SdObject *object, const Parameter *parameter)
{
	const char *value = sd_object_value(object, parameter->property);
	const char *text = value == NULL ? parameter->unset : parameter->value ? parameter->value : sd_literal(value);

	return psprintf("%s = %s", parameter->name ? parameter->name : parameter->property, text);
}

/* The connection as a literal; what is missing of it is said. */
static char *
connection(SdDdl *ddl, const SdObject *object)
{
	const char *text = sd_object_value(object, "connection");

	if (sd_object_unreadable(object, "connection"))
		sd_ddl_impossible(ddl, "The connection of the subscription %s could not be read; write it in the place of %s.",
						  object->identity, SD_UNREADABLE);
	else if (strstr(text, SD_MASK))
		sd_ddl_impossible(ddl, "The connection of the subscription %s has a secret, which is kept nowhere;"
						  " write it in the place of %s.", object->identity, SD_MASK);
	return sd_literal(text);
}

static void
create(SdDdl *ddl, const SdObject *object)
{
	StringInfoData buf;
	int			i;

	initStringInfo(&buf);
	appendStringInfo(&buf, "CREATE SUBSCRIPTION %s CONNECTION %s PUBLICATION %s WITH (connect = false",
					 object->identity, connection(ddl, object), sd_object_value(object, "publications"));
	for (i = 0; i < lengthof(parameters); i++)
	{
		/* without the slot's name it would have that of the subscription */
		if (i == 0 || sd_object_value(object, parameters[i].property))
			appendStringInfo(&buf, ", %s", setting(object, &parameters[i]));
	}
	if (sd_object_flag(object, "two_phase"))
		appendStringInfoString(&buf, ", two_phase = true");
	if (sd_object_flag(object, "failover"))
		appendStringInfoString(&buf, ", failover = true");
	appendStringInfoChar(&buf, ')');
	sd_ddl_add(ddl, buf.data);
	if (sd_object_flag(object, "enabled"))
		sd_ddl_latef(ddl, "ALTER SUBSCRIPTION %s ENABLE", object->identity);
}

static void
disable(SdDdl *ddl, const SdObject *object)
{
	sd_ddl_addf(ddl, "ALTER SUBSCRIPTION %s DISABLE", object->identity);
}

/* DROP would connect to the publisher to drop the slot. */
static void
drop(SdDdl *ddl, const SdObject *object)
{
	const char *slot = sd_object_value(object, "slot_name");

	if (sd_object_flag(object, "enabled"))
		disable(ddl, object);
	if (slot)
	{
		sd_ddl_addf(ddl, "ALTER SUBSCRIPTION %s SET (slot_name = NONE)", object->identity);
		if (ddl->other && sd_snapshot_find(ddl->other, object->key) == NULL)
			sd_ddl_impossible(ddl, "The replication slot %s of the subscription %s is left on the publisher.",
							  sd_literal(slot), object->identity);
	}
	sd_ddl_addf(ddl, "DROP SUBSCRIPTION %s", object->identity);
}

static void
alter_parameters(SdDdl *ddl, const SdChange *change)
{
	List	   *settings = NIL;
	int			i;

	for (i = 0; i < lengthof(parameters); i++)
		if (sd_change_has(change, parameters[i].property))
			settings = lappend(settings, setting(change->to, &parameters[i]));
	if (settings)
		sd_ddl_addf(ddl, "ALTER SUBSCRIPTION %s SET (%s)", change->to->identity, sd_join(settings, ", "));
}

/* Slot and failover are only changed at rest; failover also at the publisher. */
static bool
alter(SdDdl *ddl, const SdChange *change)
{
	const SdObject *to = change->to;
	bool		was_enabled = sd_object_flag(change->from, "enabled");
	bool		rests = sd_change_has(change, "slot_name") || sd_change_has(change, "failover");

	if (was_enabled && (rests || !sd_object_flag(to, "enabled")))
		disable(ddl, change->from);
	if (sd_change_has(change, "connection"))
		sd_ddl_addf(ddl, "ALTER SUBSCRIPTION %s CONNECTION %s", to->identity, connection(ddl, to));
	if (sd_change_has(change, "publications"))
		sd_ddl_addf(ddl, "ALTER SUBSCRIPTION %s SET PUBLICATION %s WITH (refresh = false)",
					to->identity, sd_object_value(to, "publications"));
	alter_parameters(ddl, change);
	if (sd_change_has(change, "failover"))
		sd_ddl_add(ddl, psprintf("ALTER SUBSCRIPTION %s SET (failover = %s)", to->identity,
								 sd_object_flag(to, "failover") ? "true" : "false"))->no_transaction = true;
	if (sd_object_flag(to, "enabled") && (rests || !was_enabled))
		sd_ddl_latef(ddl, "ALTER SUBSCRIPTION %s ENABLE", to->identity);
	return true;
}

SdKind		sd_kind_subscription = {
	.name = "subscription",
	.keyword = "SUBSCRIPTION",
	.catalog = "pg_subscription",
	.from = "FROM pg_catalog.pg_subscription s"
	" CROSS JOIN LATERAL (SELECT " CONNECTION " AS conninfo OFFSET 0) k"
	" WHERE s.subdbid = (SELECT d.oid FROM pg_catalog.pg_database d"
	" WHERE d.datname = pg_catalog.current_database())",
	.oid = "s.oid",
	.identity = "pg_catalog.quote_ident(s.subname)",
	.owner = "s.subowner",
	.has_comment = true,
	.has_label = true,
	.shared_label = true,
	.own = properties,
	.form = 2,
	.removed = SD_CLASS_BREAKING,
	.create = create,
	.drop = drop,
	.alter = alter,
};
