/*
 * owner.h
 *	  Which team a difference belongs to: "@owner: team" in a comment.
 */
#ifndef SD_OWNER_H
#define SD_OWNER_H

#include "postgres.h"

#include "model/change.h"
#include "model/snapshot.h"

/* Longest name of a team, in bytes; what is longer is cut. */
#define SD_MAX_OWNER 63

/* The team that a comment names, palloc'd; NULL = none. */
extern char *sd_owner_in(const char *comment);

/* The comment of an object, by its key, that neither side holds; NULL = none. */
typedef const char *(*SdCommentOf) (const char *key, void *arg);

/*
 * Set the owner of the items (SdItem *): the nearest comment that names one,
 * of the object, of what it is a part of, of their schema.  What was agreed on
 * counts: the comments of the side before, where it has the object.
 */
extern void sd_owners_find(const SdSnapshot *from, const SdSnapshot *to, List *items,
						   SdCommentOf elsewhere, void *arg);

#endif							/* SD_OWNER_H */
