/*
 * kind.h
 *	  kind: what schemadrift knows about one sort of schema object.
 *
 * A kind is one struct in one file plus one line in kind_list.h.  Its property
 * table drives the catalog query, the stored form, the comparison, the plan
 * and the reference page, so a new property is one line.  Owner, privileges,
 * comment and security label are aspects: a kind only says where they are,
 * aspects.c does the rest.
 *
 * SQL expressions are written over the kind's from clause.  They run with an
 * empty search_path on servers of any supported version, through SPI and
 * libpq alike; every name is qualified pg_catalog.  Text they give is final
 * SQL (identifiers quoted, types formatted), so that templates only paste.
 */
#ifndef SD_KIND_H
#define SD_KIND_H

#include "postgres.h"

#include "kind/ddl.h"
#include "model/change.h"
#include "model/object.h"
#include "model/snapshot.h"

/* What a difference in a property takes. */
#define SD_P_DETAIL		0x01	/* not compared: only helps create and alter */
#define SD_P_RECREATE	0x02	/* drop and create the object */
#define SD_P_REBUILD	0x04	/* the alter is refused while rules, views,
								 * triggers or policies use the object: those
								 * are dropped before and created after it */
#define SD_P_LATE		0x08	/* its statement waits for late dependencies */
#define SD_P_OWN		0x10	/* kind->alter writes the statements */
#define SD_P_SECRET		0x20	/* read only of this database; what is kept is a
								 * keyed digest that stays out of fingerprints
								 * and that no statement can be made of */
#define SD_P_TEXT		0x40	/* a text of the user's, not SQL of the server's */
#define SD_P_GUARDED	0x80	/* not everybody may read it: can be SD_UNREADABLE */
#define SD_P_REQUIRED	0x100	/* never without a value; the kind relies on it */

/*
 * Instead of a value that who looks may not read.  It equals nothing, not even
 * itself: what was not read is never "the same".  Only where SD_P_GUARDED says so;
 * elsewhere it is what some user wrote.
 */
#define SD_UNREADABLE	"(not readable)"

typedef struct SdProperty
{
	const char *name;			/* key in the stored form: lower_case */
	const char *expr;			/* SQL giving text or NULL */
	SdClass		class;			/* of a difference */
	int			flags;			/* SD_P_* */

	/*
	 * Templates of the ALTER for a new value and for none; see ddl.h.  Without
	 * set the difference recreates the object (or is SD_P_OWN); without unset,
	 * set is used with an empty value.
	 */
	const char *set;
	const char *unset;

	int			since;			/* first server_version_num that has it, 0 = all */
	const char *older;			/* its value on older servers, NULL = none */

	/*
	 * What the value is in the canonical form, NULL as for none, where servers
	 * print one thing differently.  NULL: the value itself.
	 */
	const char *(*normal) (const SdObject *object, int property);

	int			form;			/* first version of the canonical form that has
								 * it as it is now, 0 = the kind's */

	/* Are two values the same although their text differs?  NULL: no. */
	bool		(*equal) (const SdObject *from, const SdObject *to, int property);
} SdProperty;

/* Traits of a kind. */
#define SD_K_INLINE		0x01	/* created by its whole's CREATE */
#define SD_K_WITH_WHOLE	0x02	/* dropped by its whole's DROP */
#define SD_K_TEXT_BOUND	0x04	/* stored text names columns and types: is
								 * recreated around an SD_P_REBUILD */
#define SD_K_HOLDS_DATA	0x08	/* dropping it loses data; never recreated as
								 * a mere dependent */
#define SD_K_CARRIER	0x10	/* is there only while something is set on what
								 * another object defines */
#define SD_K_TWO_PHASE	0x20	/* where its own functions take it: declared
								 * first, defined by its late statements, and
								 * dropped together with them */
#define SD_K_BORROWS	0x80	/* its address is that of an object that another
								 * one stands for (an extension for its members) */
#define SD_K_LOCAL		0x40	/* a matter of this one database, which no dump of
								 * its schema carries: compared with its own
								 * past alone, and not in the fingerprint */
#define SD_K_OPTIONAL	0x100	/* collected only while schemadrift.roles is on, and
								 * compared only where both sides have it */

typedef struct SdKind
{
	const char *name;			/* one lower_case word: "matview" */
	const char *keyword;		/* SQL's: "MATERIALIZED VIEW" */
	int			traits;			/* SD_K_* */

	const char *catalog;		/* "pg_class": comments, dependencies, addresses */
	const char *classid;		/* expression: its oid, NULL = of catalog */
	bool		shared;			/* of the whole cluster, and so are its comments
								 * and labels */
	bool		shared_label;	/* only its labels are the whole cluster's */
	const char *sorts;			/* relkinds, typtypes, … that it may have; NULL:
								 * any (see source/reach.h) */
	const char *from;			/* "FROM … WHERE …" */
	const char *oid;			/* expression: its oid in that catalog */
	const char *subid;			/* expression: its column number, NULL = 0 */
	const char *identity;		/* expression */
	const char *parent;			/* expression: key of its whole, NULL = none */
	const char *member;			/* "catalog oid-expression" whose extension
								 * membership leaves it out; NULL: itself;
								 * "": none does */

	/* aspects; NULL or false where the kind has none */
	const char *owner;			/* expression: role's oid */
	const char *acl;			/* expression: aclitem[] */
	const char *acl_type;		/* acldefault()'s letter: "r" */
	const char *acl_keyword;	/* GRANT … ON what, NULL = keyword */
	const char *acl_identity;	/* template: GRANT … ON which, NULL = identity */
	const char *acl_owner;		/* expression: role that owns it where the kind
								 * has no owner of its own (columns) */
	bool		has_comment;
	bool		has_label;

	/*
	 * What SQL calls the object where that is not its identity; NULL: it is.
	 * The other side of a plan is the one on which the statement is run.
	 */
	const char *(*sql_name) (const SdDdl *ddl, const SdObject *object);

	const SdProperty *own;		/* its properties, ends with name NULL */
	int			form;			/* first version of the canonical form that has
								 * the kind, 0 = all */

	/* Classes of its coming and going; zero is additive. */
	SdClass		added;
	SdClass		removed;

	/*
	 * Statements that create the object as it is; aspects follow by
	 * themselves.  With ddl->inlined the CREATE of the whole has written the
	 * part already, and only what does not fit into it remains.
	 */
	void		(*create) (SdDdl *ddl, const SdObject *object);

	/* NULL: DROP keyword identity. */
	void		(*drop) (SdDdl *ddl, const SdObject *object);

	/*
	 * Statements for the changed properties flagged SD_P_OWN; false: cannot be
	 * altered, recreate.  NULL where no property has the flag.
	 */
	bool		(*alter) (SdDdl *ddl, const SdChange *change);

	/*
	 * For objects that hold data and so are never built anew as dependents:
	 * statements that free the object from one that is, and those that take it
	 * back, but for what its own change (or NULL) does.  Release answers false
	 * where that cannot be done, adding nothing.
	 */
	bool		(*release) (SdDdl *ddl, const SdObject *object, const SdObject *needed);
	void		(*restore) (SdDdl *ddl, const SdObject *object, const SdChange *change);

	/* Filled in by the registry: own properties followed by aspects. */
	const SdProperty *properties;
	int			nproperties;
	int			index;			/* place in kind_list.h, = order in plans */
} SdKind;

/* Not a SQL fragment to repeat in every kind. */
#define SD_USER_SCHEMA(n) \
	"(" n ".nspname !~ '^pg_' AND " n ".nspname <> 'information_schema')"
/* objects without a schema that initdb did not make: pg_dump's rule */
#define SD_NOT_BUILTIN(oid) oid " >= 16384"
#define SD_QUALIFIED(n, name) \
	"pg_catalog.quote_ident(" n ".nspname) || '.' || pg_catalog.quote_ident(" name ")"
/* a type as pg_dump writes it */
#define SD_TYPE(oid, typmod) "pg_catalog.format_type(" oid ", " typmod ")"
/* a collation, or NULL where it is the type's own */
#define SD_COLLATION(oid, fallback) \
	"(SELECT " SD_QUALIFIED("cn", "co.collname") \
	" FROM pg_catalog.pg_collation co JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace" \
	" WHERE co.oid = " oid " AND " oid " <> " fallback ")"
/* text[] options as "a='b', c='d'", NULL when empty; most objects have none,
 * and a subselect run for each row in vain would be half of a query's cost */
#define SD_OPTIONS(array) SD_OPTIONS_BUT(array, "true")
#define SD_OPTIONS_BUT(array, condition) \
	"CASE WHEN " array " IS NOT NULL THEN (SELECT pg_catalog.string_agg(" \
	"pg_catalog.quote_ident(pg_catalog.split_part(o, '=', 1)) || '='" \
	" || pg_catalog.quote_literal(pg_catalog.substr(o, pg_catalog.strpos(o, '=') + 1)), ', '" \
	" ORDER BY o COLLATE pg_catalog.\"C\")" \
	" FROM pg_catalog.unnest(" array ") o WHERE " condition ") END"
/* a boolean as 'true' or NULL, so that false is the absence of a value */
#define SD_FLAG(condition) "CASE WHEN " condition " THEN 'true' END"

/* All kinds, in the order of kind_list.h. */
extern SdKind *const *sd_kinds(void);
extern int	sd_kind_count(void);

/* The kind of that name, NULL when there is none. */
extern const SdKind *sd_kind_find(const char *name);

/* Is it collected now? */
extern bool sd_kind_is_on(const SdKind *kind);

/* Place of a property; -1 when the kind has none of that name. */
extern int	sd_kind_property(const SdKind *kind, const char *name);

/* The value of the named property; an internal error for an unknown name. */
extern const char *sd_object_value(const SdObject *object, const char *property);

/* What SQL calls the object. */
extern const char *sd_object_name(const SdDdl *ddl, const SdObject *object);

/* Is that value of the property the mark of what could not be read? */
extern bool sd_is_unreadable(const SdProperty *property, const char *value);
extern bool sd_object_unreadable(const SdObject *object, const char *property);

/* A value as a truth value: "true" is true, everything else is not. */
extern bool sd_object_flag(const SdObject *object, const char *property);

/* A property as the canonical form has it; NULL for what is not part of it. */
extern const char *sd_object_normal(const SdObject *object, int property);

/* Is the named property among those that differ? */
extern bool sd_change_has(const SdChange *change, const char *property);

/*
 * The query that collects the kind's objects from a server of that version:
 * columns classid, oid, subid, identity, parent, then each property by its name;
 * those that are secret only of this database, so that none crosses a network.
 */
extern char *sd_kind_query(const SdKind *kind, int server_version, bool is_local);

/* The same for some of them: oids in the kind's catalog, as "{1,2}". */
extern char *sd_kind_query_some(const SdKind *kind, int server_version, const char *oids);

/*
 * What is wrong with an object that was not collected but handed in, as a
 * sentence; NULL: nothing.  Its snapshot is complete.
 */
extern char *sd_kind_problem(const SdSnapshot *snapshot, const SdObject *object);

/* The class of one changed property. */
extern SdClass sd_kind_class(const SdKind *kind, int property);

/*
 * DDL of a whole change.  Create: the object's own statements (unless inline
 * asks to leave them to its whole) and its aspects.  Alter: false when the
 * object must be recreated; then nothing was added.
 */
extern void sd_kind_create(SdDdl *ddl, const SdObject *object, bool inlined);
extern void sd_kind_drop(SdDdl *ddl, const SdObject *object);
extern bool sd_kind_alter(SdDdl *ddl, const SdChange *change);

/* The object as DDL, for people: statements joined by semicolons. */
extern char *sd_kind_definition(const SdSnapshot *snapshot, const SdObject *object);

/* Every kind's struct, each defined in its own file. */
#define SD_KIND(x) extern SdKind sd_kind_##x;
#include "kind/kind_list.h"
#undef SD_KIND

#endif							/* SD_KIND_H */
