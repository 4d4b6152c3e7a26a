/*
 * document.h
 *	  A baseline as a document that another database can take over.
 *
 *		{"schemadrift_baseline": 1, "name", "version", "created_at",
 *		 "created_by", "reason", "server_version", "canonical_form", "fingerprint",
 *		 "objects": [{"key", "form": {"parent", "values", "depends"}}, …]}
 *
 * key and form are those of compare/form.h, without the address and without
 * local objects (settings of the database itself), which mean nothing
 * elsewhere.
 */
#ifndef SD_DOCUMENT_H
#define SD_DOCUMENT_H

#include "postgres.h"

#include "utils/jsonb.h"

#include "store/baseline.h"

/* The version as a document. */
extern char *sd_document_write(const SdBaseline *baseline);

/*
 * The snapshot in a document.  Raises an error with a hint when it is none,
 * when it is damaged, or when it has what this version does not know.
 */
extern SdSnapshot *sd_document_read(const Jsonb *document, MemoryContext parent);

#endif							/* SD_DOCUMENT_H */
