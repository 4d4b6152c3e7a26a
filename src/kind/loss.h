/*
 * loss.h
 *	  What statements destroy of the data: rows, values, positions.
 *
 * All texts name what is lost for people, "column a of table s.t"; NULL where
 * nothing is.  Whatever the server refuses loses nothing, nor does what can be
 * computed again: a generated column, an index, a materialized view.
 */
#ifndef SD_LOSS_H
#define SD_LOSS_H

#include "kind/kind.h"

/* By a DROP of the object; of a column, whether by itself or with its parent's. */
extern char *sd_loss_of_drop(const SdDdl *ddl, const SdObject *object);

/*
 * By a new type of the column, as the plan's build has the two sides.  With a
 * cast a text that is too long is cut, which the server by itself refuses.
 */
extern char *sd_loss_of_type(const SdDdl *ddl, const SdObject *column, const char *from, const char *to,
							 bool is_cast);

/* By a sequence that is dropped, or begins again. */
extern char *sd_loss_of_position(const char *sequence);

/*
 * The columns of tables that keep values of the type: also in arrays, and by
 * way of domains, ranges and composite types.  Those are not among them that
 * are computed, or stand for their parent's.
 */
extern List *sd_loss_keepers(const SdSnapshot *snapshot, const char *type);

/* The columns of tables made of the composite type that are the attribute's. */
extern List *sd_loss_made_of(const SdSnapshot *snapshot, const SdObject *attribute);

/* "s.t.a, s.t.b and 7 more" */
extern char *sd_loss_names(List *columns);

#endif							/* SD_LOSS_H */
