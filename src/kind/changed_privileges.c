/*
 * changed_privileges.c
 *	  Kind: privileges that differ from what they were at first, of objects that
 *	  no kind lists by themselves: those of the server (in pg_catalog), members
 *	  of extensions, and the sequences of identity columns.
 *
 * How they were at first the server keeps in pg_init_privs, as pg_dump knows
 * them; without a row there they are what the server gives by default.  The
 * object is there while they differ, so dropping it sets them back.
 */
#include "postgres.h"

#include "kind/acl.h"

#define MEMBER_OF(class, oid) \
	" LEFT JOIN (pg_catalog.pg_depend m JOIN pg_catalog.pg_extension e ON e.oid = m.refobjid)" \
	" ON m.classid = 'pg_catalog." class "'::pg_catalog.regclass AND m.objid = " oid \
	" AND m.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND m.deptype = 'e'"
#define CLASS(name) "'pg_catalog." name "'::pg_catalog.regclass::pg_catalog.oid"
#define IN_CATALOG "n.nspname = 'pg_catalog'"
#define COLUMNS(class, oid, subid, type, owner, acl) \
	"SELECT " CLASS(class) " AS classid, " oid " AS oid, " subid " AS subid, " type "::pg_catalog.\"char\" AS type, " \
	owner " AS owner, " acl " AS acl, "
#define RELATION_KEYWORD "CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END"
#define PARENT \
	"CASE WHEN e.oid >= 16384 THEN 'extension ' || pg_catalog.quote_ident(e.extname) END"

#define OBJECTS \
	COLUMNS("pg_class", "c.oid", "0", "CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END", "c.relowner", "c.relacl") \
	RELATION_KEYWORD " AS keyword, " SD_QUALIFIED("n", "c.relname") " AS name, NULL::pg_catalog.text AS column_name," \
	" COALESCE(" PARENT ", 'column ' || " SD_QUALIFIED("ton", "town.relname") \
	" || '.' || pg_catalog.quote_ident(ta.attname)) AS parent" \
	" FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace" \
	MEMBER_OF("pg_class", "c.oid") \
	" LEFT JOIN (pg_catalog.pg_depend i JOIN pg_catalog.pg_class town ON town.oid = i.refobjid" \
	" JOIN pg_catalog.pg_namespace ton ON ton.oid = town.relnamespace" \
	" JOIN pg_catalog.pg_attribute ta ON ta.attrelid = i.refobjid AND ta.attnum = i.refobjsubid)" \
	" ON c.relkind = 'S' AND i.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND i.objid = c.oid" \
	" AND i.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND i.refobjsubid > 0 AND i.deptype = 'i'" \
	" WHERE c.relacl IS NOT NULL AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')" \
	" AND (" IN_CATALOG " OR i.objid IS NOT NULL OR e.extname <> 'schemadrift')" \
	" UNION ALL " \
	COLUMNS("pg_class", "c.oid", "a.attnum", "'c'", "c.relowner", "a.attacl") \
	"'TABLE', " SD_QUALIFIED("n", "c.relname") ", pg_catalog.quote_ident(a.attname), " PARENT \
	" FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid" \
	" JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace" \
	MEMBER_OF("pg_class", "c.oid") \
	" WHERE a.attacl IS NOT NULL AND NOT a.attisdropped" \
	" AND (" IN_CATALOG " OR e.extname <> 'schemadrift')" \
	" UNION ALL " \
	COLUMNS("pg_proc", "p.oid", "0", "'f'", "p.proowner", "p.proacl") \
	"CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, " SD_QUALIFIED("n", "p.proname") \
	" || '(' || pg_catalog.oidvectortypes(p.proargtypes) || ')', NULL, " PARENT \
	" FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace" \
	MEMBER_OF("pg_proc", "p.oid") \
	" WHERE p.proacl IS NOT NULL AND (" IN_CATALOG " OR e.extname <> 'schemadrift')" \
	" UNION ALL " \
	COLUMNS("pg_type", "t.oid", "0", "'T'", "t.typowner", "t.typacl") \
	"'TYPE', " SD_QUALIFIED("n", "t.typname") ", NULL, " PARENT \
	" FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace" \
	MEMBER_OF("pg_type", "t.oid") \
	" WHERE t.typacl IS NOT NULL AND (" IN_CATALOG " OR e.extname <> 'schemadrift')" \
	" UNION ALL " \
	COLUMNS("pg_namespace", "n.oid", "0", "'n'", "n.nspowner", "n.nspacl") \
	"'SCHEMA', pg_catalog.quote_ident(n.nspname), NULL, " PARENT \
	" FROM pg_catalog.pg_namespace n" \
	MEMBER_OF("pg_namespace", "n.oid") \
	" WHERE n.nspacl IS NOT NULL AND (" IN_CATALOG " OR e.extname <> 'schemadrift')" \
	" UNION ALL " \
	COLUMNS("pg_language", "l.oid", "0", "'l'", "l.lanowner", "l.lanacl") \
	"'LANGUAGE', pg_catalog.quote_ident(l.lanname), NULL, " PARENT \
	" FROM pg_catalog.pg_language l" \
	MEMBER_OF("pg_language", "l.oid") \
	" WHERE l.lanacl IS NOT NULL AND (l.oid < 16384 OR e.extname <> 'schemadrift')" \
	" UNION ALL " \
	COLUMNS("pg_foreign_data_wrapper", "w.oid", "0", "'F'", "w.fdwowner", "w.fdwacl") \
	"'FOREIGN DATA WRAPPER', pg_catalog.quote_ident(w.fdwname), NULL, " PARENT \
	" FROM pg_catalog.pg_foreign_data_wrapper w" \
	MEMBER_OF("pg_foreign_data_wrapper", "w.oid") \
	" WHERE w.fdwacl IS NOT NULL AND e.extname <> 'schemadrift'" \
	" UNION ALL " \
	COLUMNS("pg_foreign_server", "f.oid", "0", "'S'", "f.srvowner", "f.srvacl") \
	"'FOREIGN SERVER', pg_catalog.quote_ident(f.srvname), NULL, " PARENT \
	" FROM pg_catalog.pg_foreign_server f" \
	MEMBER_OF("pg_foreign_server", "f.oid") \
	" WHERE f.srvacl IS NOT NULL AND e.extname <> 'schemadrift'"

#define DEFAULTS "pg_catalog.acldefault(obj.type, obj.owner)"
#define INITIAL "COALESCE(i.initprivs, " DEFAULTS ")"
#define WHOLE "CASE obj.type WHEN 'c' THEN 4 ELSE " SD_ACL_WHOLE(DEFAULTS, "obj.owner") " END"

static const SdProperty properties[] = {
	{.name = "target",
		.expr = "obj.keyword || ' ' || obj.name",
		.flags = SD_P_DETAIL},
	{.name = "column",
		.expr = "obj.column_name",
		.flags = SD_P_DETAIL},
	{.name = "role",
		.expr = "pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(obj.owner))",
		.flags = SD_P_DETAIL},
	{.name = "initial",
		.expr = SD_ACL_TEXT(INITIAL, "obj.owner", WHOLE),
		.flags = SD_P_DETAIL},
	{.name = "privileges",
		.expr = SD_ACL_TEXT("obj.acl", "obj.owner", WHOLE),
		.class = SD_CLASS_SECURITY,
		.flags = SD_P_OWN},
	{NULL}
};

static void
change_privileges(SdDdl *ddl, const SdObject *object, const char *from, const char *to)
{
	SdAclTarget target = {
		.prefix = "",
		.on = sd_object_value(object, "target"),
		.column = sd_object_value(object, "column"),
		.owner = sd_object_value(object, "role"),
		.initial = sd_object_value(object, "initial")
	};

	sd_acl_change(ddl, &target, from, to);
}

static void
create(SdDdl *ddl, const SdObject *object)
{
	change_privileges(ddl, object, NULL, sd_object_value(object, "privileges"));
}

static void
drop(SdDdl *ddl, const SdObject *object)
{
	change_privileges(ddl, object, sd_object_value(object, "privileges"), NULL);
}

static bool
alter(SdDdl *ddl, const SdChange *change)
{
	change_privileges(ddl, change->to, sd_object_value(change->from, "privileges"),
					  sd_object_value(change->to, "privileges"));
	return true;
}

SdKind		sd_kind_changed_privileges = {
	.name = "changed_privileges",
	.form = 2,
	.keyword = "PRIVILEGES",
	.traits = SD_K_WITH_WHOLE | SD_K_CARRIER | SD_K_BORROWS | SD_K_NAMELESS,
	.catalog = "pg_class",
	.classid = "obj.classid",
	.from = "FROM (" OBJECTS ") obj"
	" LEFT JOIN pg_catalog.pg_init_privs i"
	" ON i.classoid = obj.classid AND i.objoid = obj.oid AND i.objsubid = obj.subid"
	" WHERE NOT (obj.acl @> " INITIAL " AND " INITIAL " @> obj.acl)",
	.oid = "obj.oid",
	.subid = "obj.subid",
	.identity = "obj.keyword || ' ' || obj.name || COALESCE('.' || obj.column_name, '')",
	.parent = "obj.parent",
	.member = "",
	.own = properties,
	.added = SD_CLASS_SECURITY,
	.removed = SD_CLASS_SECURITY,
	.create = create,
	.drop = drop,
	.alter = alter,
};
