/*
 * not_null.h
 *	  NOT NULL of a table's column: a flag before 18, a constraint from 18 on.
 *
 * A kind of columns puts the properties into its table and the joins, on the
 * column a of the table c, into its FROM; the rest writes the DDL.
 */
#ifndef SD_NOT_NULL_H
#define SD_NOT_NULL_H

#include "postgres.h"

#include "lib/stringinfo.h"

#include "kind/kind.h"

#define SD_NOT_NULL_JOINS \
	" LEFT JOIN pg_catalog.pg_constraint nn ON nn.conrelid = a.attrelid AND nn.contype = 'n'" \
	" AND nn.conkey[1] = a.attnum" \
	" LEFT JOIN pg_catalog.pg_description nnd ON nnd.objoid = nn.oid AND nnd.objsubid = 0" \
	" AND nnd.classoid = 'pg_catalog.pg_constraint'::pg_catalog.regclass"

#define SD_NOT_NULL_PROPERTIES \
	{.name = "not_null", \
		.expr = SD_FLAG("a.attnotnull"), \
		.class = SD_CLASS_BREAKING, \
		.flags = SD_P_OWN}, \
	{.name = "not_null_name", \
		.expr = "pg_catalog.quote_ident(nn.conname)", \
		.class = SD_CLASS_ADDITIVE, \
		.flags = SD_P_OWN, \
		.since = 180000, \
		.normal = sd_not_null_name_normal, \
		.form = 2}, \
	/* the parent's constraint bears the same name, and gave it */ \
	{.name = "not_null_parents_name", \
		.expr = "CASE WHEN nn.coninhcount > 0 THEN (SELECT 'true' FROM pg_catalog.pg_inherits nh" \
		" JOIN pg_catalog.pg_constraint pn ON pn.conrelid = nh.inhparent AND pn.contype = 'n'" \
		" AND pn.conname = nn.conname WHERE nh.inhrelid = nn.conrelid LIMIT 1) END", \
		.flags = SD_P_DETAIL, \
		.since = 180000}, \
	{.name = "not_null_no_inherit", \
		.expr = SD_FLAG("nn.connoinherit"), \
		.class = SD_CLASS_RISKY, \
		.flags = SD_P_OWN, \
		.since = 180000, \
		.form = 2}, \
	{.name = "not_null_not_valid", \
		.expr = SD_FLAG("NOT nn.convalidated"), \
		.class = SD_CLASS_RISKY, \
		.flags = SD_P_OWN, \
		.since = 180000, \
		.form = 2}, \
	/* its own besides being inherited; a partition's always is the parent's alone */ \
	{.name = "not_null_local", \
		.expr = SD_FLAG("nn.conislocal AND nn.coninhcount > 0 AND NOT c.relispartition"), \
		.class = SD_CLASS_ADDITIVE, \
		.flags = SD_P_OWN, \
		.since = 180000, \
		.form = 2}, \
	{.name = "not_null_comment", \
		.expr = "nnd.description", \
		.class = SD_CLASS_ADDITIVE, \
		.flags = SD_P_OWN | SD_P_TEXT, \
		.since = 180000, \
		.form = 2}

/* The constraint's name, NULL where it is one that a server chooses by itself. */
extern const char *sd_not_null_name_normal(const SdObject *column, int property);

/* The same of a domain's NOT NULL, and the name by which to call that. */
extern const char *sd_not_null_domain_normal(const SdObject *domain, int property);
extern const char *sd_not_null_domain_name(const SdObject *domain);

/* What a column's definition in CREATE TABLE or ADD COLUMN says, if anything. */
extern void sd_not_null_append(StringInfo buf, const SdDdl *ddl, const SdObject *column);

/* The constraint for a column that CREATE TABLE does not write, NULL = none. */
extern char *sd_not_null_element(const SdDdl *ddl, const SdObject *column);

/* What remains once the column is there; written: its definition was. */
extern void sd_not_null_create(SdDdl *ddl, const SdObject *column, bool written);

/*
 * The statements of a change, in two parts: what has to come before the other
 * ones about the column (identity demands NOT NULL), and what comes after.
 */
extern void sd_not_null_alter_first(SdDdl *ddl, const SdChange *change);
extern void sd_not_null_alter_last(SdDdl *ddl, const SdChange *change);

#endif							/* SD_NOT_NULL_H */
