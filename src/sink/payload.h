/*
 * payload.h
 *	  What a delivery's payload says, ready to be shown by any service.
 *
 * The payload is one object:
 *
 *		title		text, one line
 *		database, cluster, severity, class, deploy, note	text
 *		incident, count		numbers
 *		at			ISO 8601
 *		items		array of {id, severity, class, change, object_type, object,
 *					attribute, expected, actual, who, via, at, ddl}, the first 20
 *		sql			text, the statements that revert
 *
 * Every field may be absent.
 */
#ifndef SD_PAYLOAD_H
#define SD_PAYLOAD_H

#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/jsonb.h"

#define SD_PAYLOAD_MAX_FIELD 1024	/* characters of a short field */

/*
 * A field as displayable text, cut at max characters (0 = not cut); NULL when
 * it is absent or empty.
 */
extern char *sd_payload_text(const JsonbContainer *object, const char *key, int max, bool keep_lines);

/* Write the field under its own name, unless it is absent: as one short line,
 * as a long text with its line breaks, or as a count. */
extern void sd_payload_append(StringInfo buf, const JsonbContainer *object, const char *key);
extern void sd_payload_append_long(StringInfo buf, const JsonbContainer *object, const char *key);
extern void sd_payload_append_count(StringInfo buf, const JsonbContainer *object, const char *key);

/* Is this a date and time with zone: 2026-11-20T10:15:30(.123)(Z|+00:00) ? */
extern bool sd_is_timestamp(const char *text);

#endif							/* SD_PAYLOAD_H */
