/*
 * privileges.h
 *	  Which privileges are surely those that the server keeps as initial.
 */
#ifndef SD_PRIVILEGES_H
#define SD_PRIVILEGES_H

#include "postgres.h"

#include "source/scan.h"

/* Read pg_init_privs; call after the members are known and before the rest. */
extern void sd_privileges_load(SdCatalog *catalog);

/* A relation, or a column, that has privileges; the relation's row comes first. */
extern void sd_privileges_note_class(SdCatalog *catalog, HeapTuple tuple, TupleDesc desc);
extern void sd_privileges_note_column(SdCatalog *catalog, HeapTuple tuple, TupleDesc desc);

/* Leave to the query of changed_privileges whatever may be one. */
extern void sd_privileges_find(SdScan *scan);

#endif							/* SD_PRIVILEGES_H */
