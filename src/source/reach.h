/*
 * reach.h
 *	  What a change in this database's catalogs may show in, by pg_depend.
 */
#ifndef SD_REACH_H
#define SD_REACH_H

#include "postgres.h"

#include "utils/hsearch.h"

/* A row of some catalog, whether it is an object to us or not. */
typedef struct SdReached
{
	Oid			classid;		/* hash key, with objid */
	Oid			objid;
} SdReached;

/* A table of entries that start with classid and objid. */
extern HTAB *sd_reach_create(const char *name, Size entry);

/* Does it exist in no schema but one for temporary objects, or not at all? */
extern bool sd_reach_is_passing(Oid classid, Oid objid);

/*
 * What sort of row it is: relkind of a relation, typtype of a type but for
 * arrays and rows of tables (' '), contype of a domain's constraint is 'd', of a
 * table's 'r'; '\0' when there is none, '?' of other catalogs.
 */
extern char sd_reach_sort(const SdReached *address);

/*
 * Is any of them what changed_privileges and changed_member are about: an
 * extension's, the server's own, or the sequence of an identity column?
 */
extern bool sd_reach_has_borrowed(HTAB *reached);

/*
 * The given addresses (entries that start with classid and objid), everything
 * that depends on them, directly or not, the wholes that any of those are parts
 * of, and what they need.  NULL when they are more than limit.
 */
extern HTAB *sd_reach(HTAB *from, int limit);

#endif							/* SD_REACH_H */
