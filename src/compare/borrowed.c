/*
 * borrowed.c
 *	  Unqualified names of other objects in identities and properties.
 *
 * "schema.name" says by itself what it names.  "public.t IN p" and "OWNER by
 * boss" do not: there the word before a name tells of what kind it is.
 */
#include "postgres.h"

#include "base/text.h"
#include "compare/borrowed.h"
#include "compare/follow.h"
#include "kind/kind.h"
#include "kind/names.h"

typedef struct Rule
{
	const char *kind;			/* NULL = any */
	const char *property;		/* NULL = the identity */
	const char *word;			/* before the name; "" = at the start */
	const char *names;			/* kind of what is named */
} Rule;

static const Rule rules[] = {
	{"publication_table", NULL, "IN", "publication"},
	{"publication_schema", NULL, "", "schema"},
	{"publication_schema", NULL, "IN", "publication"},
	{"publication_schema", "schema", "", "schema"},
	{"default_privileges", NULL, "role", "role"},
	{"default_privileges", NULL, "schema", "schema"},
	{"default_privileges", "schema", "", "schema"},
	{"user_mapping", NULL, "", "role"},
	{"user_mapping", NULL, "SERVER", "server"},
	{"transform", NULL, "LANGUAGE", "language"},
	{"changed_privileges", NULL, "SCHEMA", "schema"},
	{"changed_privileges", "target", "SCHEMA", "schema"},
	{"changed_privileges", NULL, "LANGUAGE", "language"},
	{"changed_privileges", "target", "LANGUAGE", "language"},
	{"changed_privileges", "initial", "", "role"},
	{"changed_privileges", "initial", "by", "role"},
	{"role_member", NULL, "of", "role"},
	{"role_member", NULL, "to", "role"},
	{"role_member", NULL, "by", "role"},
	{"role_member", "group", "", "role"},
	{"role_member", "by", "BY", "role"},
	{"role_default", NULL, "for", "role"},
	{"role_setting", NULL, "for", "role"},
	{"extension", "schema", "", "schema"},
	{"changed_member", "extension_owner", "", "role"},
	{"changed_member", "changed_owner", "", "role"},
	{"policy", "roles", "", "role"},
	{NULL, "owner", "", "role"},
	{NULL, "role", "", "role"},
	{NULL, "privileges", "", "role"},
	{NULL, "privileges", "by", "role"},
	{NULL, "server", "", "server"},
	{NULL, "wrapper", "", "foreign_data_wrapper"},
	{NULL, "language", "", "language"},
};

typedef struct Borrower
{
	const SdNaming *naming;
	const SdKind *kind;
	const char *property;
} Borrower;

static bool
applies(const Rule *rule, const Borrower *borrower)
{
	if (rule->kind && strcmp(rule->kind, borrower->kind->name) != 0)
		return false;
	return rule->property == NULL || borrower->property == NULL ? rule->property == borrower->property :
		strcmp(rule->property, borrower->property) == 0;
}

static bool
is_borrowed(const Borrower *borrower)
{
	int			i;

	for (i = 0; i < lengthof(rules); i++)
		if (applies(&rules[i], borrower))
			return true;
	return false;
}

/* What stands for a name after that word; NULL = there is no name there. */
static const char *
look_up(void *arg, const char *word, const char *name)
{
	const Borrower *borrower = arg;
	int			i;

	for (i = 0; i < lengthof(rules); i++)
	{
		const SdObject *named;
		const SdPlace *place;

		if (strcmp(rules[i].word, word) != 0 || !applies(&rules[i], borrower))
			continue;
		named = sd_snapshot_find(borrower->naming->side, sd_object_key(rules[i].names, name));
		place = named ? sd_naming_place(borrower->naming, named) : NULL;
		return place && place->name ? place->name : name;
	}
	return NULL;
}

/* "SEQUENCE schema.name" in the schema of the column that it is an identity of. */
static char *
move_sequence(const SdNaming *naming, const SdObject *column, const char *sequence)
{
	const char *prefix = "SEQUENCE ";
	const char *rest;
	char	   *schema = sd_text_identifier(sd_naming_identity(naming, column), &rest);

	(void) sd_text_identifier(sequence + strlen(prefix), &rest);
	return psprintf("%s%s%s", prefix, schema, rest);
}

/* The column that the privileges are of the sequence of, or NULL. */
static const SdObject *
column_of(const SdNaming *naming, const SdObject *object)
{
	const SdObject *whole = strcmp(object->kind->name, "changed_privileges") == 0 && object->parent ?
		sd_snapshot_find(naming->side, object->parent) : NULL;

	return whole && strcmp(whole->kind->name, "column") == 0 ? whole : NULL;
}

char *
sd_borrowed_identity(const SdNaming *naming, const SdObject *object)
{
	Borrower	borrower = {naming, object->kind, NULL};
	const SdObject *whole = object->parent ? sd_snapshot_find(naming->side, object->parent) : NULL;
	size_t		length = whole ? strlen(whole->identity) : 0;

	if (column_of(naming, object))
		return move_sequence(naming, whole, object->identity);
	/* "schema.family USING method OPERATOR …": a family's name is no table's */
	if (whole && strcmp(whole->kind->name, "operator_family") == 0 &&
		strncmp(object->identity, whole->identity, length) == 0)
		return psprintf("%s%s", sd_naming_identity(naming, whole),
						sd_naming_text(naming, object->identity + length));
	return sd_naming_text(naming, sd_text_replace_plain(object->identity, look_up, &borrower));
}

static List *
split_lines(const char *text)
{
	List	   *lines = NIL;
	const char *end;

	while ((end = strchr(text, '\n')) != NULL)
	{
		lines = lappend(lines, pnstrdup(text, end - text));
		text = end + 1;
	}
	return lappend(lines, pstrdup(text));
}

static bool
is_same_set(List *a, List *b)
{
	ListCell   *cell;

	if (list_length(a) != list_length(b))
		return false;
	foreach(cell, a)
		if (!sd_names_contain(b, lfirst(cell)))
			return false;
	return true;
}

char *
sd_borrowed_value(const SdNaming *naming, const SdObject *object, int property, const char *after)
{
	Borrower	borrower = {naming, object->kind, object->kind->properties[property].name};
	const char *value = object->values[property];
	bool		has_lines = strcmp(borrower.property, "roles") != 0;
	List	   *names = NIL;
	List	   *goal;
	ListCell   *cell;

	if (value == NULL || !is_borrowed(&borrower))
		return NULL;
	if (strcmp(borrower.property, "target") == 0 && column_of(naming, object))
		return move_sequence(naming, column_of(naming, object), value);
	foreach(cell, has_lines ? split_lines(value) : sd_split_names(value))
		names = lappend(names, sd_naming_text(naming, sd_text_replace_plain(lfirst(cell), look_up, &borrower)));
	goal = after == NULL ? NIL : has_lines ? split_lines(after) : sd_split_names(after);
	return is_same_set(names, goal) ? pstrdup(after) : sd_join(names, has_lines ? "\n" : ", ");
}
