/*
 * setting.h
 *	  Configuration parameters that are set on a database, a role or a routine.
 */
#ifndef SD_SETTING_H
#define SD_SETTING_H

#include "postgres.h"

#include "kind/kind.h"
#include "kind/options.h"

/*
 * The value as SET … TO takes it.  The settings that are lists of names are
 * kept as such and have to be given as separate literals, an empty name
 * included (pg_dump's list of them).
 */
#define SD_SETTING_VALUE(name, value) \
	"CASE WHEN " name " IN ('local_preload_libraries', 'search_path', 'session_preload_libraries'," \
	" 'shared_preload_libraries', 'temp_tablespaces', 'unix_socket_directories')" \
	" AND " value " ~ '[^[:space:],]' THEN" \
	" (SELECT pg_catalog.string_agg(pg_catalog.quote_literal(CASE WHEN e.m[1] ~ '^\"'" \
	" THEN pg_catalog.replace(pg_catalog.substr(e.m[1], 2, pg_catalog.length(e.m[1]) - 2), '\"\"', '\"')" \
	" ELSE e.m[1] END), ', ' ORDER BY e.i)" \
	" FROM pg_catalog.regexp_matches(" value ", '(\"(?:[^\"]|\"\")*\"|[^\",[:space:]]+)', 'g')" \
	" WITH ORDINALITY e(m, i))" \
	" ELSE pg_catalog.quote_literal(" value ") END"

/* One row for each setting: s.setdatabase, s.setrole, o.name, o.value. */
#define SD_SETTING_FROM \
	"FROM pg_catalog.pg_db_role_setting s" \
	" CROSS JOIN LATERAL (SELECT pg_catalog.split_part(c.setting, '=', 1) AS name," \
	" pg_catalog.substr(c.setting, pg_catalog.strpos(c.setting, '=') + 1) AS value" \
	" FROM pg_catalog.unnest(s.setconfig) c(setting)) o"

/*
 * Applications keep secrets in settings of their own making.  What looks like
 * one is masked.
 */
#define SD_SETTING_IS_SECRET(name) \
	name " ~ '[.]' AND " name " ~* '(" SD_SECRET_WORDS ")'"

/* The properties of a setting that has these as its name and value. */
#define SD_SETTING_PROPERTIES(name_expr, value_expr) \
	{.name = "name", \
		.expr = "pg_catalog.quote_ident(" name_expr ")", \
		.flags = SD_P_DETAIL}, \
	{.name = "value", \
		.expr = "CASE WHEN " SD_SETTING_IS_SECRET(name_expr) " THEN '''" SD_MASK "'''"\
		" ELSE " SD_SETTING_VALUE(name_expr, value_expr) " END", \
		.class = SD_CLASS_RISKY, \
		.flags = SD_P_OWN}, \
	{.name = "secret", \
		.expr = "CASE WHEN " SD_SETTING_IS_SECRET(name_expr) " THEN " value_expr " END", \
		.class = SD_CLASS_SECURITY, \
		.flags = SD_P_SECRET}

/* "prefix SET name TO value", or why it cannot be; or RESET. */
extern void sd_setting_set(SdDdl *ddl, const char *prefix, const SdObject *setting, bool set);

/* The database that a plan is run on, quoted. */
extern const char *sd_database_name(const SdDdl *ddl, const SdObject *object);

#endif							/* SD_SETTING_H */
