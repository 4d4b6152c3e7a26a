/*
 * form.c
 *	  Canonical and stored forms of objects.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

#include "base/compat.h"
#include "base/json.h"
#include "base/text.h"
#include "compare/form.h"
#include "kind/kind.h"

static const char *const need_words[] = {"", "late ", "last ", "owner "};

/* Indexes of a kind's properties in the order of their names. */
static const int *
name_order(const SdKind *kind)
{
	static int **orders = NULL;
	int			i;
	int			j;

	if (orders == NULL)
		orders = MemoryContextAllocZero(TopMemoryContext, sizeof(int *) * sd_kind_count());
	if (orders[kind->index] == NULL)
	{
		int		   *order = MemoryContextAlloc(TopMemoryContext,
											   sizeof(int) * Max(kind->nproperties, 1));

		/* insertion sort: a kind has a few dozen properties at most */
		for (i = 0; i < kind->nproperties; i++)
		{
			for (j = i; j > 0 && strcmp(kind->properties[order[j - 1]].name,
										kind->properties[i].name) > 0; j--)
				order[j] = order[j - 1];
			order[j] = i;
		}
		orders[kind->index] = order;
	}
	return orders[kind->index];
}

static uint64
mix_text(uint64 hash, const char *text)
{
	return text ? hash_bytes_extended((const unsigned char *) text, strlen(text), hash) : hash;
}

const char *
sd_form_version(void)
{
	SdKind	   *const *kinds = sd_kinds();
	uint64		hash = 0;
	int			i;
	int			p;

	for (i = 0; i < sd_kind_count(); i++)
	{
		if (!sd_kind_is_on(kinds[i]))
			continue;
		hash = mix_text(mix_text(hash, kinds[i]->name), kinds[i]->from);
		hash = mix_text(mix_text(hash, kinds[i]->identity), kinds[i]->parent);
		for (p = 0; p < kinds[i]->nproperties; p++)
			hash = mix_text(mix_text(hash, kinds[i]->properties[p].name), kinds[i]->properties[p].expr);
	}
	return psprintf("%s %d " UINT64_FORMAT, SD_VERSION, SD_SERVER_VERSION, hash);
}

/* A digest and a buffer that serve object after object. */
struct SdFormWriter
{
	SdDigest   *digest;
	StringInfoData form;
};

SdFormWriter *
sd_form_writer(void)
{
	SdFormWriter *writer = palloc(sizeof(SdFormWriter));

	writer->digest = sd_digest_begin();
	initStringInfo(&writer->form);
	return writer;
}

void
sd_form_writer_free(SdFormWriter *writer)
{
	sd_digest_free(writer->digest);
	pfree(writer->form.data);
	pfree(writer);
}

/* A line break inside it is followed by a blank: no text looks like two lines. */
static void
append_line(StringInfo form, const char *text)
{
	const char *end;

	for (; (end = strchr(text, '\n')) != NULL; text = end + 1)
	{
		appendBinaryStringInfo(form, text, end + 1 - text);
		appendStringInfoCharMacro(form, ' ');
	}
	appendBinaryStringInfo(form, text, strlen(text));
	appendStringInfoCharMacro(form, '\n');
}

/* The digest over all properties, or all but the secret ones. */
static void
compute(SdFormWriter *writer, const SdObject *object, bool with_secrets, uint8 *result)
{
	const SdKind *kind = object->kind;
	const int  *order = name_order(kind);
	const char *utf8;
	int			i;

	resetStringInfo(&writer->form);
	append_line(&writer->form, object->key);
	if (object->parent)
		append_line(&writer->form, object->parent);
	for (i = 0; i < kind->nproperties; i++)
	{
		const SdProperty *p = &kind->properties[order[i]];
		const char *value;

		if (object->values[order[i]] == NULL || ((p->flags & SD_P_SECRET) && !with_secrets) ||
			(value = sd_object_normal(object, order[i])) == NULL)
			continue;
		appendBinaryStringInfo(&writer->form, p->name, strlen(p->name));
		appendStringInfoCharMacro(&writer->form, '=');
		append_line(&writer->form, value);
	}
	utf8 = sd_utf8(writer->form.data);
	sd_digest_add(writer->digest, utf8, utf8 == writer->form.data ? writer->form.len : strlen(utf8));
	if (utf8 != writer->form.data)
		pfree(unconstify(char *, utf8));
	sd_digest_result(writer->digest, result);
}

void
sd_form_digest_with(SdFormWriter *writer, SdObject *object)
{
	int			i;

	object->unread = object->has_secrets = false;
	for (i = 0; i < object->kind->nproperties; i++)
	{
		if (object->values[i] == NULL)
			continue;
		object->has_secrets = object->has_secrets || (object->kind->properties[i].flags & SD_P_SECRET);
		object->unread = object->unread || sd_is_unreadable(&object->kind->properties[i], object->values[i]);
	}
	compute(writer, object, true, object->digest);
	if (object->has_secrets)
		compute(writer, object, false, object->open_digest);
}

void
sd_form_digest(SdObject *object)
{
	SdFormWriter *writer = sd_form_writer();

	sd_form_digest_with(writer, object);
	sd_form_writer_free(writer);
}

char *
sd_form_write(const SdObject *object)
{
	StringInfoData buf;
	ListCell   *cell;
	int			i;

	initStringInfo(&buf);
	sd_json_begin(&buf, '{');
	if (object->parent)
		sd_json_field(&buf, "parent", object->parent);
	if (OidIsValid(object->objid))
	{
		sd_json_key(&buf, "address");
		sd_json_begin(&buf, '[');
		sd_json_raw(&buf, psprintf("%u", object->classid));
		sd_json_raw(&buf, psprintf("%u", object->objid));
		sd_json_raw(&buf, psprintf("%d", object->objsubid));
		sd_json_end(&buf, ']');
	}
	sd_json_key(&buf, "values");
	sd_json_begin(&buf, '{');
	for (i = 0; i < object->kind->nproperties; i++)
		if (object->values[i])
			sd_json_field(&buf, object->kind->properties[i].name, object->values[i]);
	sd_json_end(&buf, '}');
	sd_json_key(&buf, "depends");
	sd_json_begin(&buf, '[');
	foreach(cell, object->depends)
	{
		SdDepend   *depend = lfirst(cell);

		sd_json_text(&buf, psprintf("%s%s", need_words[depend->need], depend->key));
	}
	sd_json_end(&buf, ']');
	sd_json_end(&buf, '}');
	return buf.data;
}

static SdDepend *
read_depend(const char *text)
{
	SdDepend   *depend = palloc(sizeof(SdDepend));
	int			i;

	depend->need = SD_NEED_EARLY;
	for (i = 1; i < lengthof(need_words); i++)
		if (strncmp(text, need_words[i], strlen(need_words[i])) == 0)
		{
			depend->need = i;
			text += strlen(need_words[i]);
			break;
		}
	depend->key = pstrdup(text);
	return depend;
}

static void
read_values(SdObject *object, JsonbContainer *values)
{
	JsonbIterator *iterator = JsonbIteratorInit(values);
	JsonbIteratorToken token;
	JsonbValue	value;
	int			property = -1;

	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			property = sd_kind_property(object->kind, pnstrdup(value.val.string.val,
															   value.val.string.len));
		else if (token == WJB_VALUE && property >= 0 && value.type == jbvString)
			object->values[property] = pnstrdup(value.val.string.val, value.val.string.len);
	}
}

static void
read_depends(SdObject *object, JsonbContainer *depends)
{
	uint32		n = JsonContainerIsArray(depends) ? JsonContainerSize(depends) : 0;
	uint32		i;

	for (i = 0; i < n; i++)
	{
		JsonbValue *value = getIthJsonbValueFromContainer(depends, i);

		if (value->type == jbvString)
			object->depends = lappend(object->depends,
									  read_depend(pnstrdup(value->val.string.val, value->val.string.len)));
	}
}

static int64
read_number(JsonbContainer *array, uint32 i)
{
	JsonbValue *value = getIthJsonbValueFromContainer(array, i);

	return value && value->type == jbvNumeric ?
		DatumGetInt64(DirectFunctionCall1(numeric_int8, NumericGetDatum(value->val.numeric))) : 0;
}

static void
read_address(SdObject *object, JsonbContainer *address)
{
	object->classid = (Oid) read_number(address, 0);
	object->objid = (Oid) read_number(address, 1);
	object->objsubid = (int32) read_number(address, 2);
}

SdObject *
sd_form_read(SdSnapshot *snapshot, const char *key, const char *json)
{
	const char *space = strchr(key, ' ');
	const SdKind *kind = space ? sd_kind_find(pnstrdup(key, space - key)) : NULL;
	MemoryContext caller;
	SdObject   *object;
	Jsonb	   *form;
	JsonbValue	found;

	if (kind == NULL)
		return NULL;
	form = sd_jsonb_parse(json);
	caller = MemoryContextSwitchTo(snapshot->context);
	object = palloc0(sizeof(SdObject));
	object->kind = kind;
	object->local = (kind->traits & SD_K_LOCAL) != 0;
	object->key = pstrdup(key);
	object->identity = object->key + strlen(kind->name) + 1;
	object->parent = sd_jsonb_text(form, "parent");
	object->values = palloc0(sizeof(char *) * Max(kind->nproperties, 1));
	if (getKeyJsonValueFromContainer(&form->root, "values", 6, &found) && found.type == jbvBinary)
		read_values(object, found.val.binary.data);
	if (getKeyJsonValueFromContainer(&form->root, "address", 7, &found) && found.type == jbvBinary)
		read_address(object, found.val.binary.data);
	if (getKeyJsonValueFromContainer(&form->root, "depends", 7, &found) && found.type == jbvBinary)
		read_depends(object, found.val.binary.data);
	sd_form_digest(object);
	sd_snapshot_add(snapshot, object);
	MemoryContextSwitchTo(caller);
	return object;
}
