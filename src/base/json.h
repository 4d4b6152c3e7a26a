/*
 * json.h
 *	  Writing JSON into a StringInfo, and reading named fields of a jsonb.
 *
 * Writing: sd_json_begin() … sd_json_end() bracket an object or array; commas
 * are put by looking at what was written before.  Text values are escaped by
 * the server's own escape_json(); a NULL text is JSON null.
 *
 *		sd_json_begin(&buf, '{');
 *		sd_json_field(&buf, "summary", text);
 *		sd_json_key(&buf, "payload"); sd_json_begin(&buf, '{'); ...
 *		sd_json_end(&buf, '}');
 *		sd_json_end(&buf, '}');
 */
#ifndef SD_JSON_H
#define SD_JSON_H

#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/jsonb.h"

extern void sd_json_begin(StringInfo buf, char bracket);	/* '{' or '[' */
extern void sd_json_end(StringInfo buf, char bracket);	/* '}' or ']' */
extern void sd_json_key(StringInfo buf, const char *key);
extern void sd_json_text(StringInfo buf, const char *value);	/* array item or
																 * after a key */
extern void sd_json_raw(StringInfo buf, const char *json);	/* verbatim JSON */
extern void sd_json_field(StringInfo buf, const char *key, const char *value);
extern void sd_json_field_int(StringInfo buf, const char *key, int64 value);
extern void sd_json_field_bool(StringInfo buf, const char *key, bool value);

/* Parse text; raises the server's own error when it is not JSON. */
extern Jsonb *sd_jsonb_parse(const char *json);

/* Like sd_jsonb_parse, but NULL instead of an error; for hostile input. */
extern Jsonb *sd_jsonb_try_parse(const char *json, int length);

/*
 * The named field of an object as text: strings unquoted, numbers and
 * booleans as written, objects and arrays as JSON; NULL when it is absent,
 * null, or the jsonb is no object.
 */
extern char *sd_jsonb_text(const Jsonb *object, const char *key);
extern char *sd_container_text(const JsonbContainer *object, const char *key);

/*
 * Walking down: the object or array in a named field, the number of items of
 * an array, and its item (0 based) where that is an object or array; NULL and
 * 0 for anything else.
 */
extern const JsonbContainer *sd_container_field(const JsonbContainer *object, const char *key);
extern int	sd_container_length(const JsonbContainer *array);
extern const JsonbContainer *sd_container_item(const JsonbContainer *array, int i);

#endif							/* SD_JSON_H */
