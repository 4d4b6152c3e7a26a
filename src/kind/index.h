/*
 * index.h
 *	  What indexes have in common with the constraints that rest on one.
 *
 * The server writes an index's options into its text, between the columns and
 * the predicate, but never its tablespace.  Both are properties of their own
 * here, altered without a rebuild; so the text is kept without them, and they
 * go back in where the index is created.
 */
#ifndef SD_INDEX_H
#define SD_INDEX_H

#include "postgres.h"

#include "kind/kind.h"

/* " WITH (…)" of the pg_class row c, letter by letter as the server's deparser has it */
#define SD_INDEX_WITH(c) \
	"' WITH (' || (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(u.name) || '='" \
	" || CASE WHEN pg_catalog.quote_ident(u.value) = u.value THEN u.value" \
	" ELSE pg_catalog.quote_literal(u.value) END, ', ' ORDER BY u.place)" \
	" FROM (SELECT pg_catalog.split_part(o, '=', 1) AS name," \
	" pg_catalog.substr(o, pg_catalog.strpos(o, '=') + 1) AS value, place" \
	" FROM pg_catalog.unnest(" c ".reloptions) WITH ORDINALITY x(o, place)) u) || ')'"

/* " WHERE …" of the pg_index row i, '' where the index is not partial */
#define SD_INDEX_PREDICATE(i, open, close) \
	"COALESCE(' WHERE " open "' || pg_catalog.pg_get_expr(" i ".indpred, " i ".indrelid) || '" close "', '')"

/*
 * The text without its options.  They are cut out at the place where they must
 * stand; text that is not as expected stays whole.
 */
#define SD_INDEX_CUT(text, c, predicate) \
	"(SELECT CASE WHEN pg_catalog.right(cut.t, pg_catalog.length(cut.w || cut.p)) = cut.w || cut.p" \
	" THEN pg_catalog.left(cut.t, -pg_catalog.length(cut.w || cut.p)) || cut.p ELSE cut.t END" \
	" FROM (SELECT " text " AS t, " SD_INDEX_WITH(c) " AS w, " predicate " AS p) cut)"

/*
 * The object's definition with options and tablespace put back, before its
 * predicate.  Properties used: definition, predicate, options, tablespace.
 */
extern char *sd_index_text(const SdObject *object, const char *tablespace_keyword);

/*
 * Attachment of a partition's index to its parent's.  Properties used:
 * attached_to, partition_of.
 */
extern bool sd_index_same_partition(const SdObject *a, const SdObject *b);
extern void sd_index_attach(SdDdl *ddl, const SdObject *object, const char *index);
extern bool sd_index_alter_attached(SdDdl *ddl, const SdChange *change, const char *index);

#endif							/* SD_INDEX_H */
