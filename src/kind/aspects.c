/*
 * aspects.c
 *	  Owner, comment and security label of all kinds; privileges are in acl.c.
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "base/json.h"
#include "base/text.h"
#include "kind/acl.h"
#include "kind/aspects.h"

static void
add(SdProperty *properties, int *n, const char *name, char *expr, SdClass class, int flags)
{
	properties[*n].name = name;
	properties[*n].expr = MemoryContextStrdup(TopMemoryContext, expr);
	properties[*n].class = class;
	properties[*n].flags = flags;
	(*n)++;
}

int
sd_aspects_append(const SdKind *kind, SdProperty *properties)
{
	int			n = 0;

	if (kind->owner)
		add(properties, &n, "owner",
			psprintf("pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(%s))", kind->owner),
			SD_CLASS_SECURITY, 0);
	if (kind->acl)
		add(properties, &n, "privileges", sd_acl_expression(kind), SD_CLASS_SECURITY, 0);
	if (kind->has_comment)
		add(properties, &n, "comment", "dsc.description", SD_CLASS_ADDITIVE, SD_P_TEXT);
	if (kind->has_label)
		add(properties, &n, "security_label", "lbl.labels", SD_CLASS_SECURITY, SD_P_TEXT);
	Assert(n <= SD_MAX_ASPECTS);
	return n;
}

static void
append_comment_join(StringInfo sql, const SdKind *kind, const char *subid)
{
	if (kind->shared)
		appendStringInfo(sql,
						 "\nLEFT JOIN pg_catalog.pg_shdescription dsc"
						 " ON dsc.classoid = 'pg_catalog.%s'::pg_catalog.regclass AND dsc.objoid = %s",
						 kind->catalog, kind->oid);
	else
		appendStringInfo(sql,
						 "\nLEFT JOIN pg_catalog.pg_description dsc"
						 " ON dsc.classoid = 'pg_catalog.%s'::pg_catalog.regclass"
						 " AND dsc.objoid = %s AND dsc.objsubid = %s",
						 kind->catalog, kind->oid, subid);
}

static void
append_label_join(StringInfo sql, const SdKind *kind, const char *subid)
{
	if (kind->shared || kind->shared_label)
		appendStringInfo(sql,
						 "\nLEFT JOIN (SELECT objoid, pg_catalog.json_object_agg(provider, label"
						 " ORDER BY provider COLLATE pg_catalog.\"C\")::pg_catalog.text AS labels"
						 " FROM pg_catalog.pg_shseclabel"
						 " WHERE classoid = 'pg_catalog.%s'::pg_catalog.regclass GROUP BY objoid) lbl"
						 " ON lbl.objoid = %s",
						 kind->catalog, kind->oid);
	else
		appendStringInfo(sql,
						 "\nLEFT JOIN (SELECT objoid, objsubid,"
						 " pg_catalog.json_object_agg(provider, label"
						 " ORDER BY provider COLLATE pg_catalog.\"C\")::pg_catalog.text AS labels"
						 " FROM pg_catalog.pg_seclabel"
						 " WHERE classoid = 'pg_catalog.%s'::pg_catalog.regclass"
						 " GROUP BY objoid, objsubid) lbl"
						 " ON lbl.objoid = %s AND lbl.objsubid = %s",
						 kind->catalog, kind->oid, subid);
}

void
sd_aspects_append_joins(StringInfo sql, const SdKind *kind)
{
	const char *subid = kind->subid ? kind->subid : "0";

	if (kind->has_comment)
		append_comment_join(sql, kind, subid);
	if (kind->has_label)
		append_label_join(sql, kind, subid);
}

bool
sd_aspects_is(const SdKind *kind, int property)
{
	const char *name = kind->properties[property].name;
	int			own = 0;

	while (kind->own[own].name != NULL)
		own++;
	return property >= own && name != NULL;
}

/* Value of an aspect, NULL also where the kind has it not. */
static const char *
aspect(const SdObject *object, const char *name)
{
	int			i = sd_kind_property(object->kind, name);

	return i < 0 ? NULL : object->values[i];
}

static void
set_owner(SdDdl *ddl, const SdObject *object)
{
	sd_ddl_addf(ddl, "ALTER %s %s OWNER TO %s", object->kind->keyword,
				sd_object_name(ddl, object), aspect(object, "owner"));
}

static void
set_comment(SdDdl *ddl, const SdObject *object)
{
	const char *comment = aspect(object, "comment");

	sd_ddl_addf(ddl, "COMMENT ON %s %s IS %s", object->kind->keyword, sd_object_name(ddl, object),
				comment ? sd_literal(comment) : "NULL");
}

static void
set_label(SdDdl *ddl, const SdObject *object, const char *provider, const char *label)
{
	sd_ddl_addf(ddl, "SECURITY LABEL FOR %s ON %s %s IS %s", sd_literal(provider),
				object->kind->keyword, sd_object_name(ddl, object), label ? sd_literal(label) : "NULL");
}

/*
 * For each provider of "have" (JSON, or NULL) whose label differs from the one
 * in "other": set have's label, or remove it where removing is asked for and
 * other has none.
 */
static void
set_labels(SdDdl *ddl, const SdObject *object, const char *have, const char *other, bool remove)
{
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue	value;
	char	   *provider = NULL;
	Jsonb	   *others = other ? sd_jsonb_parse(other) : NULL;

	if (have == NULL)
		return;
	iterator = JsonbIteratorInit(&sd_jsonb_parse(have)->root);
	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			provider = pnstrdup(value.val.string.val, value.val.string.len);
		else if (token == WJB_VALUE)
		{
			char	   *label = pnstrdup(value.val.string.val, value.val.string.len);
			char	   *theirs = others ? sd_jsonb_text(others, provider) : NULL;

			if (remove && theirs == NULL)
				set_label(ddl, object, provider, NULL);
			else if (!remove && (theirs == NULL || strcmp(theirs, label) != 0))
				set_label(ddl, object, provider, label);
		}
	}
}

void
sd_aspects_create(SdDdl *ddl, const SdObject *object)
{
	if (aspect(object, "owner"))
		set_owner(ddl, object);
	if (object->kind->acl)
		sd_acl_create(ddl, object, aspect(object, "privileges"));
	if (aspect(object, "comment"))
		set_comment(ddl, object);
	set_labels(ddl, object, aspect(object, "security_label"), NULL, false);
}

void
sd_aspects_drop(SdDdl *ddl, const SdObject *object)
{
	sd_acl_alter(ddl, object, aspect(object, "privileges"), NULL);
	if (aspect(object, "comment"))
		sd_ddl_addf(ddl, "COMMENT ON %s %s IS NULL", object->kind->keyword, sd_object_name(ddl, object));
	set_labels(ddl, object, aspect(object, "security_label"), NULL, true);
}

void
sd_aspects_alter(SdDdl *ddl, const SdChange *change)
{
	const SdKind *kind = change->to->kind;
	const char *from;
	const char *to;
	int			i = -1;

	while ((i = bms_next_member(change->properties, i)) >= 0)
	{
		if (!sd_aspects_is(kind, i))
			continue;
		from = change->from->values[i];
		to = change->to->values[i];
		if (strcmp(kind->properties[i].name, "owner") == 0)
			set_owner(ddl, change->to);
		else if (strcmp(kind->properties[i].name, "privileges") == 0)
			sd_acl_alter(ddl, change->to, from, to);
		else if (strcmp(kind->properties[i].name, "comment") == 0)
			set_comment(ddl, change->to);
		else
		{
			set_labels(ddl, change->to, to, from, false);
			set_labels(ddl, change->to, from, to, true);
		}
	}
}
