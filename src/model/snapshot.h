/*
 * snapshot.h
 *	  snapshot: all objects of one database at one moment.
 *
 * Objects are kept in canonical order (bytes of their keys) once
 * sd_snapshot_finish() ran; their digests must be set before.
 */
#ifndef SD_SNAPSHOT_H
#define SD_SNAPSHOT_H

#include "postgres.h"

#include "utils/hsearch.h"

#include "model/object.h"

/*
 * Version of the canonical form that this library writes; it is the number in
 * the prefix of fingerprints.  doc/canonical_form.md says what belongs to which.
 */
#define SD_FORM 2

/* Texts of which another one is likely to come soon; see sd_snapshot_text(). */
#define SD_RECENT_TEXTS 1024

typedef struct SdSnapshot
{
	MemoryContext context;		/* owns everything below */
	char	   *free_start;		/* of the block that objects are put into */
	char	   *free_end;
	char	   *recent[SD_RECENT_TEXTS];
	SdObject  **objects;		/* [nobjects] */
	int			nobjects;
	int			capacity;
	HTAB	   *by_key;			/* key → SdObject */
	HTAB	   *by_parent;		/* parent's key → its parts, set by finish */
	char	   *fingerprint;	/* "sd2:" + hex, set by finish */
	char	   *local_fingerprint;	/* the same of the local objects, which
									 * fingerprint leaves out */
	const char *database;		/* which one it is of: "system identifier/oid";
								 * NULL = not known, then addresses mean nothing */
	int			form;			/* version of the canonical form it is in */
	bool		inexact;		/* the fingerprint does not tell all: there are
								 * secrets, or what could not be read */
	int			server_version;	/* of the server it was taken from, as
								 * server_version_num; 0 = stored */
} SdSnapshot;

extern SdSnapshot *sd_snapshot_create(MemoryContext parent);

/* "sd2:" + hex of a digest in that form; palloc'd. */
extern char *sd_fingerprint(int form, const uint8 *digest);

/*
 * Memory for objects, zeroed, and copies of texts (NULL of NULL), without the
 * price of a chunk for each: nothing of it can be freed.  Short texts are often
 * the same one, so none of them may be written to.
 */
extern void *sd_snapshot_alloc(SdSnapshot *snapshot, size_t size);
extern char *sd_snapshot_text(SdSnapshot *snapshot, const char *text);
extern char *sd_snapshot_key(SdSnapshot *snapshot, const char *kind, const char *identity);

/* Add an object allocated in snapshot->context; duplicates are an error. */
extern void sd_snapshot_add(SdSnapshot *snapshot, SdObject *object);

/* The object with this key, or NULL. */
extern SdObject *sd_snapshot_find(const SdSnapshot *snapshot, const char *key);

/* Its objects of one kind, in canonical order. */
extern List *sd_snapshot_of_kind(const SdSnapshot *snapshot, const char *kind);

/* The parts of an object, of one kind or (NULL) all, in canonical order. */
extern List *sd_snapshot_parts(const SdSnapshot *snapshot, const char *key, const char *kind);

/* Are both of one database, so that their local objects can be compared? */
extern bool sd_snapshot_same_database(const SdSnapshot *a, const SdSnapshot *b);

/* Do both have the same objects, as far as they can be compared? */
extern bool sd_snapshot_equal(const SdSnapshot *a, const SdSnapshot *b);

/* Sort, file parts under their wholes, compute the fingerprints. */
extern void sd_snapshot_finish(SdSnapshot *snapshot);

#endif							/* SD_SNAPSHOT_H */
