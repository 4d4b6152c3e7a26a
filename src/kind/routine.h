/*
 * routine.h
 *	  What functions and procedures have in common.
 */
#ifndef SD_ROUTINE_H
#define SD_ROUTINE_H

#include "postgres.h"

#include "lib/stringinfo.h"

#include "kind/kind.h"
#include "kind/setting.h"

/* "schema.name(integer, text)": input types only, as every ALTER takes them */
#define SD_ROUTINE_IDENTITY \
	SD_QUALIFIED("n", "p.proname") " || '(' || pg_catalog.oidvectortypes(p.proargtypes) || ')'"

/*
 * Properties that both have, the keyword being SQL's.  Flagged SD_P_OWN: their
 * templates are used by sd_routine_alter() when no CREATE OR REPLACE is due,
 * and a property without one makes it due.  The three details tell what CREATE
 * OR REPLACE cannot change.
 */
#define SD_ROUTINE_PROPERTIES(keyword) \
	{.name = "name", \
		.expr = SD_QUALIFIED("n", "p.proname"), \
		.flags = SD_P_DETAIL}, \
	{.name = "arguments", \
		.expr = "pg_catalog.pg_get_function_arguments(p.oid)", \
		.class = SD_CLASS_BREAKING, \
		.flags = SD_P_OWN}, \
	{.name = "argument_names", \
		.expr = "p.proargnames", \
		.flags = SD_P_DETAIL}, \
	{.name = "outputs", \
		.expr = "CASE WHEN p.proargmodes IS NOT NULL THEN pg_catalog.concat_ws(' '," \
		" p.proallargtypes::pg_catalog.regtype[], p.proargmodes, p.proargnames) END", \
		.flags = SD_P_DETAIL}, \
	{.name = "default_count", \
		.expr = "p.pronargdefaults", \
		.flags = SD_P_DETAIL | SD_P_REQUIRED}, \
	{.name = "language", \
		.expr = "pg_catalog.quote_ident(l.lanname)", \
		.class = SD_CLASS_RISKY, \
		.flags = SD_P_OWN}, \
	{.name = "transforms", \
		.expr = "CASE WHEN p.protrftypes IS NOT NULL THEN (SELECT pg_catalog.string_agg('FOR TYPE '" \
		" || " SD_TYPE("u.t", "NULL") ", ', ' ORDER BY u.i)" \
		" FROM pg_catalog.unnest(p.protrftypes) WITH ORDINALITY u(t, i)) END", \
		.class = SD_CLASS_RISKY, \
		.flags = SD_P_OWN}, \
	{.name = "security_definer", \
		.expr = SD_FLAG("p.prosecdef"), \
		.class = SD_CLASS_SECURITY, \
		.flags = SD_P_OWN, \
		.set = "ALTER " keyword " {identity} SECURITY DEFINER", \
		.unset = "ALTER " keyword " {identity} SECURITY INVOKER"}, \
	{.name = "config", \
		.expr = SD_ROUTINE_CONFIG, \
		.class = SD_CLASS_SECURITY, \
		.flags = SD_P_OWN, \
		.set = "ALTER " keyword " {identity} RESET ALL {value}", \
		.unset = "ALTER " keyword " {identity} RESET ALL"}, \
	{.name = "library", \
		.expr = "p.probin", \
		.class = SD_CLASS_RISKY, \
		.flags = SD_P_OWN}, \
	{.name = "body", \
		.expr = "CASE WHEN p.prosqlbody IS NULL THEN p.prosrc" \
		" ELSE pg_catalog.pg_get_function_sqlbody(p.oid) END", \
		.normal = sd_routine_body_normal, \
		.class = SD_CLASS_RISKY, \
		.flags = SD_P_OWN | SD_P_TEXT | SD_P_REQUIRED}, \
	{.name = "parsed_body", \
		.expr = SD_FLAG("p.prosqlbody IS NOT NULL"), \
		.class = SD_CLASS_RISKY, \
		.flags = SD_P_OWN}, \
	{.name = "extensions", \
		.expr = "xd.names", \
		.class = SD_CLASS_RISKY, \
		.flags = SD_P_OWN}

/* "SET a TO 'x' SET b TO 'y', 'z'" in the order in which they are kept. */
#define SD_ROUTINE_CONFIG \
	"CASE WHEN p.proconfig IS NOT NULL THEN (SELECT pg_catalog.string_agg(" \
	"'SET ' || pg_catalog.quote_ident(o.name) || ' TO ' || " SD_SETTING_VALUE("o.name", "o.value") "," \
	" ' ' ORDER BY o.i)" \
	" FROM (SELECT c.i, pg_catalog.split_part(c.setting, '=', 1) AS name," \
	" pg_catalog.substr(c.setting, pg_catalog.strpos(c.setting, '=') + 1) AS value" \
	" FROM pg_catalog.unnest(p.proconfig) WITH ORDINALITY c(setting, i)) o) END"

/* Routines made for a type (a range's constructors) are that type's affair. */
#define SD_ROUTINE_FROM(condition) \
	"FROM pg_catalog.pg_proc p" \
	" JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace" \
	" JOIN pg_catalog.pg_language l ON l.oid = p.prolang" \
	" LEFT JOIN (SELECT x.objid, pg_catalog.string_agg(pg_catalog.quote_ident(ex.extname), ', '" \
	" ORDER BY ex.extname COLLATE pg_catalog.\"C\") AS names" \
	" FROM pg_catalog.pg_depend x JOIN pg_catalog.pg_extension ex ON ex.oid = x.refobjid" \
	" AND x.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass" \
	" AND x.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND x.deptype = 'x'" \
	" GROUP BY x.objid) xd ON xd.objid = p.oid" \
	" WHERE " condition " AND " SD_USER_SCHEMA("n") \
	" AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend made" \
	" WHERE made.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass" \
	" AND made.objid = p.oid AND made.deptype = 'i')"

/* The clauses between RETURNS and the body that only functions have. */
typedef void (*SdRoutineClauses) (StringInfo buf, const SdObject *routine);

/* A parsed body as all versions print it; any other is the user's text. */
extern const char *sd_routine_body_normal(const SdObject *routine, int property);

/* kind->create and kind->alter with the clauses of the kind. */
extern void sd_routine_create(SdDdl *ddl, const SdObject *routine, SdRoutineClauses clauses);
extern bool sd_routine_alter(SdDdl *ddl, const SdChange *change, SdRoutineClauses clauses);

#endif							/* SD_ROUTINE_H */
