/*
 * json.c
 *	  Writing JSON, and reading named fields of a jsonb.
 *
 * sd_jsonb_try_parse() is for bytes of a service: they are checked for valid
 * encoding and a bounded nesting before the server's parser sees them, and
 * its error, should there still be one, is swallowed.  That is safe without a
 * subtransaction because the parser only allocates memory.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"
#include "utils/memutils.h"

#include "base/json.h"

/* Deeper than any service answers, far from the server's stack limit. */
#define SD_JSON_MAX_DEPTH 64

/* Put the comma that the next item needs. */
static void
separate(StringInfo buf)
{
	if (buf->len > 0 && strchr("{[:,", buf->data[buf->len - 1]) == NULL)
		appendStringInfoChar(buf, ',');
}

void
sd_json_begin(StringInfo buf, char bracket)
{
	separate(buf);
	appendStringInfoChar(buf, bracket);
}

void
sd_json_end(StringInfo buf, char bracket)
{
	appendStringInfoChar(buf, bracket);
}

void
sd_json_key(StringInfo buf, const char *key)
{
	separate(buf);
	escape_json(buf, key);
	appendStringInfoChar(buf, ':');
}

void
sd_json_text(StringInfo buf, const char *value)
{
	separate(buf);
	if (value)
		escape_json(buf, value);
	else
		appendStringInfoString(buf, "null");
}

void
sd_json_raw(StringInfo buf, const char *json)
{
	separate(buf);
	appendStringInfoString(buf, json);
}

void
sd_json_field(StringInfo buf, const char *key, const char *value)
{
	sd_json_key(buf, key);
	sd_json_text(buf, value);
}

void
sd_json_field_int(StringInfo buf, const char *key, int64 value)
{
	sd_json_key(buf, key);
	appendStringInfo(buf, INT64_FORMAT, value);
}

void
sd_json_field_bool(StringInfo buf, const char *key, bool value)
{
	sd_json_key(buf, key);
	appendStringInfoString(buf, value ? "true" : "false");
}

Jsonb *
sd_jsonb_parse(const char *json)
{
	return DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(json)));
}

/* Is the nesting of brackets outside strings within the bound? */
static bool
is_shallow(const char *json, int length)
{
	int			depth = 0;
	bool		in_string = false;
	int			i;

	for (i = 0; i < length; i++)
	{
		if (in_string)
		{
			if (json[i] == '\\')
				i++;
			else if (json[i] == '"')
				in_string = false;
		}
		else if (json[i] == '"')
			in_string = true;
		else if (json[i] == '{' || json[i] == '[')
		{
			if (++depth > SD_JSON_MAX_DEPTH)
				return false;
		}
		else if (json[i] == '}' || json[i] == ']')
			depth--;
	}
	return true;
}

Jsonb *
sd_jsonb_try_parse(const char *json, int length)
{
	MemoryContext caller = CurrentMemoryContext;
	Jsonb	   *volatile result = NULL;

	if (length <= 0 || memchr(json, '\0', length) != NULL ||
		!pg_verify_mbstr(GetDatabaseEncoding(), json, length, true) ||
		!is_shallow(json, length))
		return NULL;
	PG_TRY();
	{
		result = sd_jsonb_parse(pnstrdup(json, length));
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(caller);
		FlushErrorState();
	}
	PG_END_TRY();
	return result;
}

static char *
value_text(const JsonbValue *value)
{
	switch (value->type)
	{
		case jbvNull:
			return NULL;
		case jbvString:
			return pnstrdup(value->val.string.val, value->val.string.len);
		case jbvNumeric:
			return DatumGetCString(DirectFunctionCall1(numeric_out,
													   NumericGetDatum(value->val.numeric)));
		case jbvBool:
			return pstrdup(value->val.boolean ? "true" : "false");
		case jbvBinary:
			return JsonbToCString(NULL, value->val.binary.data, value->val.binary.len);
		default:
			elog(ERROR, "unexpected jsonb value of type %d", (int) value->type);
	}
}

char *
sd_container_text(const JsonbContainer *object, const char *key)
{
	JsonbValue	found;

	if (!JsonContainerIsObject(object) || JsonContainerIsScalar(object))
		return NULL;
	if (getKeyJsonValueFromContainer((JsonbContainer *) object, key, strlen(key), &found) == NULL)
		return NULL;
	return value_text(&found);
}

char *
sd_jsonb_text(const Jsonb *object, const char *key)
{
	return sd_container_text(&object->root, key);
}

const JsonbContainer *
sd_container_field(const JsonbContainer *object, const char *key)
{
	JsonbValue	found;

	if (object == NULL || !JsonContainerIsObject(object) ||
		getKeyJsonValueFromContainer((JsonbContainer *) object, key, strlen(key), &found) == NULL ||
		found.type != jbvBinary)
		return NULL;
	return found.val.binary.data;
}

int
sd_container_length(const JsonbContainer *array)
{
	if (array == NULL || !JsonContainerIsArray(array) || JsonContainerIsScalar(array))
		return 0;
	return JsonContainerSize(array);
}

const JsonbContainer *
sd_container_item(const JsonbContainer *array, int i)
{
	JsonbValue *item;

	if (i < 0 || i >= sd_container_length(array))
		return NULL;
	item = getIthJsonbValueFromContainer((JsonbContainer *) array, i);
	return item != NULL && item->type == jbvBinary ? item->val.binary.data : NULL;
}
