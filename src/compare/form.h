/*
 * form.h
 *	  The canonical form of an object (what its digest covers) and its stored
 *	  form (jsonb of a baseline).
 *
 * Canonical form, version 1: the SHA-256 over
 *		key LF [parent LF] name=value LF …
 * of the compared properties that have a value, in the order of their names,
 * so that neither a new property without a value nor a new order of the
 * property table changes a digest.
 *
 * Stored form: {"parent": key, "address": [classid, objid, objsubid],
 * "values": {name: text, …}, "depends": [key, …]}; the address means something
 * only in the database that stored it, and a dependency's key starts with "late ",
 * "last " or "owner " when it is not needed early.  Unknown properties and kinds of a later version are left
 * out when read.
 */
#ifndef SD_FORM_H
#define SD_FORM_H

#include "postgres.h"

#include "model/snapshot.h"

/*
 * Library, server and definition of all kinds in one word, the same for as
 * long as the same catalogs give the same forms.
 */
extern const char *sd_form_version(void);

/* Compute object->digest, and with it open_digest and unread, in the current memory context. */
extern void sd_form_digest(SdObject *object);

/* The same for many objects, at a fraction of the cost. */
typedef struct SdFormWriter SdFormWriter;
extern SdFormWriter *sd_form_writer(void);
extern void sd_form_digest_with(SdFormWriter *writer, SdObject *object);
extern void sd_form_writer_free(SdFormWriter *writer);

/* The stored form as JSON text. */
extern char *sd_form_write(const SdObject *object);

/*
 * An object from its stored form, allocated in the snapshot's context and
 * added to it; NULL when this version does not know its kind.
 */
extern SdObject *sd_form_read(SdSnapshot *snapshot, const char *key, const char *json);

#endif							/* SD_FORM_H */
