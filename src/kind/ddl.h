/*
 * ddl.h
 *	  Collects the DDL statements that kinds write.
 *
 * Templates paste an object's properties into a statement:
 *		{identity}		the object's identity
 *		{parent}		its whole's identity
 *		{name}			any property by its name; empty where it has none
 *		{value}			the new value of the property concerned
 *		{value:literal}	the same as an SQL string literal
 *		{old}			the old value
 */
#ifndef SD_DDL_H
#define SD_DDL_H

#include "postgres.h"

#include "nodes/pg_list.h"

#include "model/object.h"
#include "model/snapshot.h"

typedef struct SdDdl
{
	const SdSnapshot *snapshot; /* the side that the object comes from */
	const SdSnapshot *other;	/* the plan's other side, NULL = no plan */
	List	   *statements;		/* SdStatement * */
	List	   *late;			/* SdStatement *: run when all late dependencies
								 * are there */
	List	   *first;			/* SdStatement *: run before anything is dropped */
	List	   *last;			/* SdStatement *: run when all else is done */
	List	   *impossible;		/* char *: sentences */
	List	   *notes;			/* char *: sentences, what is to be known before
								 * the plan is run */
	const char *key;			/* object that statements are about */
	bool		to_late;		/* where sd_ddl_add() puts its statement now */
	bool		to_first;
	bool		to_last;
	bool		no_cascade;		/* something else cannot be freed from what is
								 * dropped, and must not go with it */
	bool		is_detached;	/* the partition, or the one that the object is a
								 * part of, was taken from its table first */
	bool		inlined;		/* the whole's CREATE wrote the object already */
	const SdObject *whole_before;	/* on creating a part: its whole as it stands
									 * already, NULL = new too */
} SdDdl;

extern void sd_ddl_init(SdDdl *ddl, const SdSnapshot *snapshot, const char *key);

/* Version of the server that is to run the statements, as far as is known. */
extern int	sd_ddl_server(const SdDdl *ddl);

/* Add one statement, without semicolon; it is kept, not copied. */
extern struct SdStatement *sd_ddl_add(SdDdl *ddl, char *sql);
extern struct SdStatement *sd_ddl_addf(SdDdl *ddl, const char *format,...) pg_attribute_printf(2, 3);

/* The same, to run once all late dependencies of the object exist. */
extern void sd_ddl_late(SdDdl *ddl, char *sql);
extern void sd_ddl_latef(SdDdl *ddl, const char *format,...) pg_attribute_printf(2, 3);

/* Say in a sentence what cannot be done. */
extern void sd_ddl_impossible(SdDdl *ddl, const char *format,...) pg_attribute_printf(2, 3);

/* Say in a sentence what is to be known before the plan is run. */
extern void sd_ddl_note(SdDdl *ddl, const char *format,...) pg_attribute_printf(2, 3);

/* A template filled in; value and old may be NULL. */
extern char *sd_ddl_fill(const char *template, const SdObject *object,
						 const char *value, const char *old);

/*
 * "prefix SET (…)" and "prefix RESET (…)" for two option lists as SD_OPTIONS
 * gives them; label goes before each name ("toast.").
 */
extern void sd_ddl_options(SdDdl *ddl, const char *prefix, const char *label,
						   const char *from, const char *to);

/* Identity of the object's whole, "" when it is none's part. */
extern const char *sd_object_parent_identity(const SdObject *object);

#endif							/* SD_DDL_H */
