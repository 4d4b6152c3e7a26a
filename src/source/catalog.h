/*
 * catalog.h
 *	  The rows of this database's catalogs that several scans need.
 *
 * Read once for a collection, under its snapshot, straight from the catalogs:
 * no lock on and no cache entry for anything of the user's.  Only relations of
 * user schemas are kept, with what scan_*.c print; whatever is rare is a mark
 * that leaves the relation to the query of its kind.
 */
#ifndef SD_CATALOG_H
#define SD_CATALOG_H

#include "postgres.h"

#include "access/htup.h"
#include "access/tupdesc.h"
#include "nodes/pg_list.h"
#include "utils/hsearch.h"
#include "utils/snapshot.h"

typedef struct SdSchemaRow
{
	Oid			oid;			/* hash key */
	const char *quoted;
	bool		is_user;
} SdSchemaRow;

typedef struct SdColumnRow
{
	const char *name;			/* NULL: dropped, or not read */
	const char *quoted;
	const char *expression;		/* of its default or generation, NULL = none */
	Oid			type;
	int32		typmod;
	Oid			collation;
	char		storage;
	char		compression;
	char		generated;
	bool		not_null;
	const char *not_null_name;	/* quoted; NULL: no constraint, or a rare one */
	bool		is_local;
	bool		is_inherited;
	int			statistics;		/* -1 = default */
} SdColumnRow;

typedef struct SdClassRow
{
	Oid			oid;			/* hash key */
	const char *name;
	const char *quoted;
	const char *identity;		/* quoted and qualified */
	const SdSchemaRow *schema;
	SdColumnRow *columns;		/* [ncolumns]; NULL where they are not kept */
	int			ncolumns;
	char		kind;			/* relkind */
	char		persistence;
	char		replica_identity;
	bool		row_security;
	bool		force_row_security;
	Oid			owner;
	Oid			access_method;
	Oid			toast;
	Oid			parent;			/* what it is a partition, or an attached index, of */
	bool		is_partition;
	const char *bound;			/* of a partition, as SQL */

	/* marks of what only the query prints */
	bool		is_odd;			/* options, privileges, parents, a type, … */
	bool		has_odd_column;
	bool		has_odd_not_null;
	bool		has_odd_index;	/* clustered on one, or identified by one */

	bool		is_member;		/* of an extension */

	/* of an index */
	bool		backs_constraint;
	bool		is_plain_key;	/* neither INCLUDE nor NULLS NOT DISTINCT */
	const char *options;		/* "a='x', b='y'", NULL = none */
} SdClassRow;

/* A member of an extension. */
typedef struct SdMember
{
	struct
	{
		Oid			classid;
		Oid			objid;
	}			key;			/* hash key */
	Oid			extension;
	Oid			owner;			/* of the extension */
	bool		is_ours;		/* the extension is this one */
} SdMember;

/* A relation of another sort than those above: a view, a sequence, … */
typedef struct SdOtherClass
{
	Oid			oid;
	Oid			type;
	char		kind;			/* relkind */
} SdOtherClass;

typedef struct SdSequenceRow
{
	Oid			oid;			/* hash key */
	const char *identity;		/* quoted and qualified */
	Oid			owner;
	bool		is_unlogged;
	bool		is_odd;			/* privileges or labels, which only the query prints */
} SdSequenceRow;

typedef struct SdCatalog
{
	MemoryContext context;		/* owns everything below */
	Snapshot	snapshot;
	HTAB	   *schemas;
	HTAB	   *classes;
	HTAB	   *comments;
	HTAB	   *types;
	HTAB	   *roles;
	HTAB	   *texts;			/* deparsed expressions, see deparse.h */
	HTAB	   *opclasses;		/* see scan_index.c */
	SdClassRow **all;			/* [nall], in the order of reading */
	int			nall;
	int			capacity;
	HTAB	   *sequences;		/* SdSequenceRow, of user schemas */
	List	   *others;			/* SdOtherClass *, of user schemas */
	HTAB	   *with_column_marks;	/* oids of such that have something set on a column:
									 * a default, privileges, a comment, a label */
	List	   *domain_checks;	/* oids of constraints */
	Oid			column_relation;	/* of the column read last, and its class */
	SdClassRow *column_class;
	HTAB	   *members;		/* SdMember, of all extensions */
	HTAB	   *initial;		/* see privileges.h */
	List	   *changed_privileges; /* oids of relations */
} SdCatalog;

extern SdCatalog *sd_catalog_load(MemoryContext parent);

/* Call for each row of that catalog; what is palloc'd is gone after the call. */
typedef void (*SdCatalogCallback) (HeapTuple tuple, TupleDesc desc, void *arg);
extern void sd_catalog_scan(const SdCatalog *catalog, Oid relation, SdCatalogCallback callback, void *arg);

/* NULL when it is not among the kept. */
extern SdClassRow *sd_catalog_class(const SdCatalog *catalog, Oid oid);

/*
 * Identity of what it is a partition, or an attached index, of; NULL: of
 * nothing.  False when that is not among the kept.
 */
extern bool sd_catalog_parent(const SdCatalog *catalog, const SdClassRow *class, const char **identity);

/* NULL when it is not a member of an extension. */
extern SdMember *sd_catalog_member(const SdCatalog *catalog, Oid classid, Oid objid);

/* Has a relation that is not kept anything set on a column? */
extern bool sd_catalog_has_column_marks(const SdCatalog *catalog, Oid relation);

/* Is it a schema whose objects are collected? */
extern bool sd_catalog_is_user_schema(const SdCatalog *catalog, Oid schema);

/* NULL when it is no sequence in a user schema. */
extern SdSequenceRow *sd_catalog_sequence(const SdCatalog *catalog, Oid oid);

/* The column of that number; NULL when there is none. */
extern SdColumnRow *sd_catalog_column(const SdClassRow *class, int number);

/* Memoized texts, as SQL has them; a comment is NULL where there is none. */
extern const char *sd_catalog_type(SdCatalog *catalog, Oid type, int32 typmod);
extern const char *sd_catalog_role(SdCatalog *catalog, Oid role);
extern const char *sd_catalog_comment(const SdCatalog *catalog, Oid classid, Oid objid, int32 objsubid);

#endif							/* SD_CATALOG_H */
