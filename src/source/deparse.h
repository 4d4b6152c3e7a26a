/*
 * deparse.h
 *	  Text of expressions over one relation, letter by letter as pg_get_expr(),
 *	  pg_get_constraintdef() and pg_get_indexdef() write it.
 *
 * Those look the relation up: they wait for whoever locks it, leave a cache
 * entry for each table, and take time that grows with the square of its
 * columns.  Here the server's deparser is given the names of the columns that
 * the expression uses, and is asked once for all expressions of one text.
 */
#ifndef SD_DEPARSE_H
#define SD_DEPARSE_H

#include "postgres.h"

#include "nodes/pg_list.h"

#include "source/catalog.h"

typedef struct SdExpression
{
	const char *text;
	Oid			type;
	Oid			collation;
	bool		is_call;		/* stands without parentheses in an index */
} SdExpression;

/*
 * The expressions of a stored node tree, which is one or a list of them, over
 * the columns of the relation (NULL: none); SdExpression *.  NIL for what only
 * the server's own functions can write.
 */
extern List *sd_deparse_list(SdCatalog *catalog, const char *nodes, const SdClassRow *class);

/* Text of a single one, NULL for the like. */
extern const char *sd_deparse(SdCatalog *catalog, const char *nodes, const SdClassRow *class);

#endif							/* SD_DEPARSE_H */
