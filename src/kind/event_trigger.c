/*
 * event_trigger.c
 *	  Kind: event triggers.
 *
 * Capture's own two are left out: whether a database is watched is no
 * difference of its schema, and that capture is off is reported by itself.
 * They are known by what they call, a member of the extension, and by their
 * names; whatever only bears such a name, or only calls such a function, is
 * somebody else's and counts.
 */
#include "postgres.h"

#include "kind/kind.h"

/* Names as in capture/, which is above. */
#define IS_OURS \
	"(e.evtname IN ('schemadrift_capture_ddl', 'schemadrift_capture_drop')" \
	" AND EXISTS (SELECT FROM pg_catalog.pg_depend o JOIN pg_catalog.pg_extension x ON x.oid = o.refobjid" \
	" WHERE o.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND o.objid = e.evtfoid" \
	" AND o.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass" \
	" AND o.deptype = 'e' AND x.extname = 'schemadrift'))"

static const SdProperty properties[] = {
	{.name = "event",
		.expr = "pg_catalog.quote_ident(e.evtevent)",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{.name = "tags",
		.expr = "(SELECT pg_catalog.string_agg(pg_catalog.quote_literal(g.tag), ', ' ORDER BY g.i)"
		" FROM pg_catalog.unnest(e.evttags) WITH ORDINALITY g(tag, i))",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{.name = "function",
		.expr = SD_QUALIFIED("fn", "f.proname") " || '()'",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{.name = "enabled",
		.expr = "CASE e.evtenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA'"
		" WHEN 'A' THEN 'ENABLE ALWAYS' END",
		.class = SD_CLASS_RISKY,
		.set = "ALTER EVENT TRIGGER {identity} {value}",
		.unset = "ALTER EVENT TRIGGER {identity} ENABLE"},
	{NULL}
};

static void
create(SdDdl *ddl, const SdObject *object)
{
	const char *tags = sd_object_value(object, "tags");

	sd_ddl_addf(ddl, "CREATE EVENT TRIGGER %s ON %s%s%s%s EXECUTE FUNCTION %s", object->identity,
				sd_object_value(object, "event"), tags ? " WHEN TAG IN (" : "", tags ? tags : "",
				tags ? ")" : "", sd_object_value(object, "function"));
	if (sd_object_value(object, "enabled"))
		sd_ddl_add(ddl, sd_ddl_fill("ALTER EVENT TRIGGER {identity} {enabled}", object, NULL, NULL));
}

SdKind		sd_kind_event_trigger = {
	.name = "event_trigger",
	.keyword = "EVENT TRIGGER",
	.catalog = "pg_event_trigger",
	.from = "FROM pg_catalog.pg_event_trigger e"
	" JOIN pg_catalog.pg_proc f ON f.oid = e.evtfoid"
	" JOIN pg_catalog.pg_namespace fn ON fn.oid = f.pronamespace"
	" WHERE NOT " IS_OURS,
	.oid = "e.oid",
	.identity = "pg_catalog.quote_ident(e.evtname)",
	.owner = "e.evtowner",
	.has_comment = true,
	.has_label = true,
	.own = properties,
	.form = 2,
	.added = SD_CLASS_RISKY,
	.removed = SD_CLASS_BREAKING,
	.create = create,
};
