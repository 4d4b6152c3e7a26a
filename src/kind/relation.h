/*
 * relation.h
 *	  What tables and foreign tables have in common: columns, parents,
 *	  partitions.
 */
#ifndef SD_RELATION_H
#define SD_RELATION_H

#include "postgres.h"

#include "lib/stringinfo.h"

#include "kind/kind.h"

/* over pg_class c: the key of the table or foreign table */
#define SD_RELATION_KEY(n, c) \
	"CASE " c ".relkind WHEN 'f' THEN 'foreign_table ' ELSE 'table ' END || " SD_QUALIFIED(n, c ".relname")

/* over pg_class c; the kind hands their changes to sd_relation_alter() */
#define SD_RELATION_PROPERTIES \
	{.name = "partition_of", \
		.expr = "CASE WHEN c.relispartition THEN (SELECT " SD_QUALIFIED("rn", "r.relname") \
		" FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class r ON r.oid = h.inhparent" \
		" JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace WHERE h.inhrelid = c.oid) END", \
		.class = SD_CLASS_BREAKING, \
		.flags = SD_P_OWN}, \
	{.name = "partition_bound", \
		.expr = "CASE WHEN c.relispartition THEN pg_catalog.pg_get_expr(c.relpartbound, c.oid) END", \
		.class = SD_CLASS_BREAKING, \
		.flags = SD_P_OWN}, \
	{.name = "inherits", \
		.expr = "CASE WHEN NOT c.relispartition THEN (SELECT pg_catalog.string_agg(" \
		SD_QUALIFIED("rn", "r.relname") ", ', ' ORDER BY h.inhseqno)" \
		" FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class r ON r.oid = h.inhparent" \
		" JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace WHERE h.inhrelid = c.oid) END", \
		.class = SD_CLASS_BREAKING, \
		.flags = SD_P_OWN}, \
	{.name = "column_order", \
		.expr = "COALESCE((SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum)" \
		" FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped" \
		" AND (a.attinhcount = 0 OR c.relispartition)), '')", \
		.class = SD_CLASS_RISKY, \
		.flags = SD_P_OWN, \
		.equal = sd_relation_same_order}

/*
 * Only the order of the columns that both sides have counts: a column that
 * comes or goes is a difference of its own.  Where inherited columns stand is
 * history, and another one after dump and restore; but a partition has its
 * parent's columns in an order of its own, which a dump keeps.
 */
extern bool sd_relation_same_order(const SdObject *from, const SdObject *to, int property);

/* Does a column, constraint or trigger belong to a foreign table? */
extern bool sd_relation_is_foreign(const SdObject *part);

/*
 * " (a integer, b text)": for an inheriting table only what is its own;
 * nothing for a typed table that adds nothing.
 */
extern void sd_relation_append_columns(StringInfo buf, const SdDdl *ddl, const SdObject *object);

/*
 * Is it to be created without its parents, which it gets when it is there?
 * That keeps columns that it shares with them where they stand; it can be where
 * all those are its own as well, and no check of a parent demands another one.
 */
extern bool sd_relation_gets_parents_later(const SdSnapshot *snapshot, const SdObject *object);

/* " INHERITS (public.a)" or nothing */
extern void sd_relation_append_parents(StringInfo buf, const SdDdl *ddl, const SdObject *object);

/* For a new one: late, its parents where CREATE did not name them, or the table it is a partition of. */
extern void sd_relation_attach(SdDdl *ddl, const SdObject *object);

/* Take a partition from its table. */
extern void sd_relation_detach(SdDdl *ddl, const SdObject *object);

/* Statements for the properties above that changed. */
extern void sd_relation_alter(SdDdl *ddl, const SdChange *change);

#endif							/* SD_RELATION_H */
