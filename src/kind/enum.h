/*
 * enum.h
 *	  Labels of enumerated types that only have another name.
 */
#ifndef SD_ENUM_H
#define SD_ENUM_H

#include "kind/kind.h"

/* One label before and after, both as SQL literals. */
typedef struct SdLabelName
{
	const char *before;
	const char *after;
} SdLabelName;

/*
 * SdLabelName * of the labels that ALTER TYPE … RENAME VALUE renamed.  Both
 * objects must come from the same database.
 */
extern List *sd_enum_renamed(const SdObject *from, const SdObject *to);

#endif							/* SD_ENUM_H */
