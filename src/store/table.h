/*
 * table.h
 *	  Our own tables without SQL: for capture, which runs inside somebody
 *	  else's DDL and may neither wait nor depend on that user's privileges.
 *
 * A table that is missing, locked or of another shape raises an error; the
 * caller runs guarded (capture/guard.h).
 */
#ifndef SD_TABLE_H
#define SD_TABLE_H

#include "postgres.h"

#include "access/attnum.h"
#include "nodes/pg_list.h"
#include "storage/lockdefs.h"
#include "utils/rel.h"

typedef struct SdTableColumn
{
	const char *name;
	Oid			type;
} SdTableColumn;

/*
 * Open schemadrift.NAME, its indexes and its TOAST table locked as well, with
 * locks that were free at once.  Close with table_close(rel, NoLock): locks
 * stay to the end of the transaction, as DML's do.
 */
extern Relation sd_table_open(const char *name, LOCKMODE mode);

/* The same for a sequence, which is only locked: its oid. */
extern Oid	sd_table_lock_sequence(const char *name);

/* Raise an error unless the first count columns, and no more, are these. */
extern void sd_table_check(Relation rel, const SdTableColumn *columns, int count);

/*
 * All rows under a fresh snapshot, through an index if it is named and exists:
 * what add() makes of each is the list.  Index scans may be replaced by the
 * heap, so rows that a partial index leaves out can come as well.
 */
typedef List *(*SdTableAdd) (List *list, Datum *values, bool *nulls);
extern List *sd_table_scan(const char *name, const SdTableColumn *columns, int count,
						   const char *index_name, SdTableAdd add);

/* The value as text, NULL for SQL NULL. */
extern char *sd_table_text(Datum value, bool is_null);

/* Oid of the named index of an open table, InvalidOid when there is none. */
extern Oid	sd_table_index(Relation rel, const char *name);

#endif							/* SD_TABLE_H */
