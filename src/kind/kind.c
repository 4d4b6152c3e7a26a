/*
 * kind.c
 *	  The registry of kinds: their queries and the DDL of whole changes.
 *
 * Everything a kind needs beyond its struct is derived here from its property
 * table, so that kinds stay declarations.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/memutils.h"

#include "base/settings.h"
#include "base/text.h"
#include "kind/aspects.h"
#include "kind/kind.h"
#include "kind/loss.h"
#include "kind/quoting.h"
#include "model/plan.h"

static SdKind *const kinds[] = {
#define SD_KIND(x) &sd_kind_##x,
#include "kind/kind_list.h"
#undef SD_KIND
};

/* Give a kind its full property table: its own, then its aspects. */
static void
complete_kind(SdKind *kind, int index)
{
	int			nown = 0;
	SdProperty *all;
	int			i;

	while (kind->own[nown].name != NULL)
		nown++;
	all = MemoryContextAllocZero(TopMemoryContext, sizeof(SdProperty) * (nown + SD_MAX_ASPECTS));
	memcpy(all, kind->own, sizeof(SdProperty) * nown);
	kind->nproperties = nown + sd_aspects_append(kind, all + nown);
	for (i = 0; i < kind->nproperties; i++)
		all[i].form = Max(all[i].form, kind->form);
	kind->index = index;
	kind->properties = all;
}

SdKind *const *
sd_kinds(void)
{
	static bool complete = false;
	int			i;

	if (!complete)
	{
		for (i = 0; i < lengthof(kinds); i++)
			complete_kind(kinds[i], i);
		complete = true;
	}
	return kinds;
}

int
sd_kind_count(void)
{
	return lengthof(kinds);
}

const SdKind *
sd_kind_find(const char *name)
{
	SdKind	   *const *all = sd_kinds();
	int			i;

	for (i = 0; i < sd_kind_count(); i++)
		if (strcmp(all[i]->name, name) == 0)
			return all[i];
	return NULL;
}

bool
sd_kind_is_on(const SdKind *kind)
{
	return !(kind->traits & SD_K_OPTIONAL) || sd_roles;
}

int
sd_kind_property(const SdKind *kind, const char *name)
{
	int			i;

	for (i = 0; i < kind->nproperties; i++)
		if (strcmp(kind->properties[i].name, name) == 0)
			return i;
	return -1;
}

const char *
sd_object_value(const SdObject *object, const char *property)
{
	int			i = sd_kind_property(object->kind, property);

	if (i < 0)
		elog(ERROR, "no property \"%s\" of \"%s\"", property, object->key);
	return object->values[i];
}

const char *
sd_object_name(const SdDdl *ddl, const SdObject *object)
{
	return object->kind->sql_name ? object->kind->sql_name(ddl, object) : object->identity;
}

bool
sd_is_unreadable(const SdProperty *property, const char *value)
{
	return (property->flags & SD_P_GUARDED) && value && strcmp(value, SD_UNREADABLE) == 0;
}

bool
sd_object_unreadable(const SdObject *object, const char *property)
{
	return sd_is_unreadable(&object->kind->properties[sd_kind_property(object->kind, property)],
							sd_object_value(object, property));
}

bool
sd_object_flag(const SdObject *object, const char *property)
{
	const char *value = sd_object_value(object, property);

	return value != NULL && strcmp(value, "true") == 0;
}

const char *
sd_object_normal(const SdObject *object, int property)
{
	const SdProperty *p = &object->kind->properties[property];
	const char *value = object->values[property];

	if ((p->flags & SD_P_DETAIL) || value == NULL)
		return NULL;
	if (p->normal)
		value = p->normal(object, property);
	return value && !(p->flags & SD_P_TEXT) ? sd_quoting_normal(value) : value;
}

bool
sd_change_has(const SdChange *change, const char *property)
{
	return bms_is_member(sd_kind_property(change->to->kind, property), change->properties);
}

/*
 * "AND NOT a member of an extension".  Naming the class that is referenced
 * lets an index find the members; else each query reads all of pg_depend.
 */
static void
append_not_member(StringInfo sql, const SdKind *kind)
{
	char	   *catalog = pstrdup(kind->member ? kind->member : kind->catalog);
	char	   *space = strchr(catalog, ' ');
	const char *oid = kind->oid;

	if (*catalog == '\0')
		return;

	if (space)
	{
		*space = '\0';
		oid = space + 1;
	}
	appendStringInfo(sql,
					 " AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend member"
					 " WHERE member.classid = 'pg_catalog.%s'::pg_catalog.regclass"
					 " AND member.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass"
					 " AND member.objid = %s AND member.deptype = 'e')", catalog, oid);
}

char *
sd_kind_query(const SdKind *kind, int server_version, bool is_local)
{
	StringInfoData sql;
	const char *where = strstr(kind->from, "WHERE");
	int			i;

	if (where == NULL)
		elog(ERROR, "kind \"%s\" has no WHERE", kind->name);
	initStringInfo(&sql);
	if (kind->classid)
		appendStringInfo(&sql, "SELECT %s AS classid, ", kind->classid);
	else
		appendStringInfo(&sql, "SELECT 'pg_catalog.%s'::pg_catalog.regclass::pg_catalog.oid AS classid, ",
						 kind->catalog);
	appendStringInfo(&sql, "%s AS oid, %s AS subid, %s AS identity, %s AS parent",
					 kind->oid, kind->subid ? kind->subid : "0", kind->identity,
					 kind->parent ? kind->parent : "NULL");
	for (i = 0; i < kind->nproperties; i++)
	{
		const SdProperty *p = &kind->properties[i];

		if ((p->flags & SD_P_SECRET) && !is_local)
			appendStringInfo(&sql, ",\n\tNULL AS \"%s\"", p->name);
		else if (p->since > server_version)
			appendStringInfo(&sql, ",\n\t%s AS \"%s\"",
							 p->older ? sd_literal(p->older) : "NULL", p->name);
		else
			appendStringInfo(&sql, ",\n\t(%s)::pg_catalog.text AS \"%s\"", p->expr, p->name);
	}
	appendStringInfo(&sql, "\n%.*s", (int) (where - kind->from), kind->from);
	sd_aspects_append_joins(&sql, kind);
	appendStringInfo(&sql, "\n%s", where);
	append_not_member(&sql, kind);
	return sd_quoting_query(sql.data, server_version);
}

char *
sd_kind_query_some(const SdKind *kind, int server_version, const char *oids)
{
	return psprintf("%s AND (%s) = ANY ('%s'::pg_catalog.oid[])",
					sd_kind_query(kind, server_version, true), kind->oid, oids);
}

SdClass
sd_kind_class(const SdKind *kind, int property)
{
	return kind->properties[property].class;
}

void
sd_kind_create(SdDdl *ddl, const SdObject *object, bool inlined)
{
	ddl->inlined = inlined;
	object->kind->create(ddl, object);
	/* what is declared only has no privileges, and is defined by its maker */
	if ((object->kind->traits & SD_K_TWO_PHASE) && ddl->late)
		ddl->to_late = true;
	sd_aspects_create(ddl, object);
}

void
sd_kind_drop(SdDdl *ddl, const SdObject *object)
{
	if (object->kind->drop)
		object->kind->drop(ddl, object);
	else
		sd_ddl_addf(ddl, "DROP %s %s", object->kind->keyword, sd_object_name(ddl, object))->loses_data =
			sd_loss_of_drop(ddl, object);
}

/*
 * One property's ALTER by its template; false where it has none.  A late
 * property that goes, goes before what it needed is dropped, and before
 * something else takes its place (a default before an identity).
 */
static bool
alter_by_template(SdDdl *ddl, const SdChange *change, int property)
{
	const SdProperty *p = &change->to->kind->properties[property];
	const char *value = change->to->values[property];
	const char *template = value == NULL && p->unset ? p->unset : p->set;

	if (template == NULL || (p->flags & SD_P_RECREATE))
		return false;
	ddl->to_late = (p->flags & SD_P_LATE) && value != NULL;
	ddl->to_first = (p->flags & SD_P_LATE) && value == NULL;
	sd_ddl_add(ddl, sd_ddl_fill(template, change->to, value, change->from->values[property]));
	ddl->to_late = ddl->to_first = false;
	return true;
}

/*
 * Those of the properties that a statement can be made of.  The plan says what
 * is left out: a secret whose digest alone is known, and what was not read.
 */
static Bitmapset *
alterable_properties(SdDdl *ddl, const SdChange *change)
{
	const SdObject *to = change->to;
	Bitmapset  *properties = bms_copy(change->properties);
	int			i = -1;

	while ((i = bms_next_member(change->properties, i)) >= 0)
	{
		const SdProperty *p = &to->kind->properties[i];

		if (p->flags & SD_P_SECRET)
			sd_ddl_impossible(ddl, "The secret of the %s %s differs; it is kept nowhere and has to be set by hand.",
							  to->kind->name, to->identity);
		else if (sd_is_unreadable(p, to->values[i]) || sd_is_unreadable(p, change->from->values[i]))
			sd_ddl_impossible(ddl, "The property \"%s\" of the %s %s could not be read on both sides; nothing is done"
							  " about it.", p->name, to->kind->name, to->identity);
		else
			continue;
		properties = bms_del_member(properties, i);
	}
	return properties;
}

bool
sd_kind_alter(SdDdl *ddl, const SdChange *whole)
{
	SdChange	reduced = *whole;
	const SdChange *change = &reduced;
	const SdKind *kind = change->to->kind;
	List	   *before = list_copy(ddl->statements);
	List	   *late_before = list_copy(ddl->late);
	List	   *first_before = list_copy(ddl->first);
	List	   *last_before = list_copy(ddl->last);
	bool		own = false;
	int			i = -1;

	reduced.properties = alterable_properties(ddl, whole);
	/* the kind's own statements first: a new type resets what follows */
	while ((i = bms_next_member(change->properties, i)) >= 0)
		own = own || (kind->properties[i].flags & SD_P_OWN);
	if (own && !kind->alter(ddl, change))
		goto recreate;
	i = -1;
	while ((i = bms_next_member(change->properties, i)) >= 0)
	{
		if ((kind->properties[i].flags & SD_P_OWN) || sd_aspects_is(kind, i))
			continue;
		if (!alter_by_template(ddl, change, i))
			goto recreate;
	}
	sd_aspects_alter(ddl, change);
	return true;

recreate:
	ddl->statements = before;
	ddl->late = late_before;
	ddl->first = first_before;
	ddl->last = last_before;
	return false;
}

char *
sd_kind_definition(const SdSnapshot *snapshot, const SdObject *object)
{
	SdDdl		ddl;
	List	   *texts = NIL;
	ListCell   *cell;

	sd_ddl_init(&ddl, snapshot, object->key);
	sd_kind_create(&ddl, object, false);
	foreach(cell, list_concat(ddl.statements, ddl.late))
		texts = lappend(texts, (char *) ((SdStatement *) lfirst(cell))->sql);
	return sd_join(texts, ";\n");
}
