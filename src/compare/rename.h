/*
 * rename.h
 *	  What bears another name on two sides that come from one database.
 */
#ifndef SD_RENAME_H
#define SD_RENAME_H

#include "postgres.h"

#include "utils/hsearch.h"

#include "kind/ddl.h"
#include "model/change.h"
#include "model/snapshot.h"

/*
 * SdChange * (SD_CHANGE_RENAMED) of each object that has the same address and
 * another name of its own; NIL unless both sides come from the same database.
 * What only stands in something renamed, or names it, is not among them.
 */
extern List *sd_renames_find(const SdSnapshot *from, const SdSnapshot *to);

/* The "from" side as it looks once renames were carried out. */
typedef struct SdRebase
{
	const SdSnapshot *before;	/* the side as it is */
	SdSnapshot *after;			/* under the new names; before itself where
								 * nothing was renamed */
	List	   *renames;		/* SdChange *: those asked for, and those that
								 * move what is to be dropped out of their way */
	HTAB	   *by_before;		/* old key → object of after */
	HTAB	   *by_after;		/* new key → object of before */
} SdRebase;

/*
 * Carry out renames among the changes given, in thought.  With labels, what
 * names an enum's label follows its renaming as well.
 */
extern SdRebase *sd_rebase(const SdSnapshot *from, const SdSnapshot *to, List *changes, bool labels);

/* An object of before as it is in after, and the way back. */
extern const SdObject *sd_rebase_after(const SdRebase *rebase, const SdObject *object);
extern const SdObject *sd_rebase_before(const SdRebase *rebase, const SdObject *object);

/* The changes with their "from" objects as they are in after. */
extern List *sd_rebase_changes(const SdRebase *rebase, List *changes);

/*
 * Statements that carry the renames out: those of schemas, and then the others,
 * which may need schemas that are created in between.
 */
extern void sd_rename_statements(const SdRebase *rebase, SdDdl *schemas, SdDdl *others);

#endif							/* SD_RENAME_H */
