/*
 * cast_keeps.c
 *	  Does each value outlive the way to another type?
 *
 * A conversion that fails loses nothing.  Between the server's own types it is
 * known what else may happen: digits are rounded, times cut, texts read as what
 * they mean and not as what they are.  What is not known to keep may not.
 */
#include "postgres.h"

#include "kind/cast_path.h"

typedef struct Type
{
	char	   *name;			/* "character varying", domains resolved */
	bool		is_array;
	bool		is_enum;
	int			first;			/* modifiers, -1 = none */
	int			second;
} Type;

/* A value of the first is always one of the second, or refused. */
static const char *const kept[] = {
	"smallint>integer", "smallint>bigint", "integer>bigint", "integer>smallint", "bigint>integer", "bigint>smallint",
	"smallint>real", "smallint>double precision", "integer>double precision", "real>double precision",
	"boolean>smallint", "boolean>integer", "boolean>bigint", "boolean>numeric",
	"integer>money", "bigint>money", "money>numeric", "smallint>oid", "integer>oid", "bigint>oid",
	"oid>bigint", "oid>integer", "date>timestamp without time zone", "date>timestamp with time zone",
	"time without time zone>interval", "time without time zone>time with time zone", "macaddr>macaddr8",
	"macaddr8>macaddr", "cidr>inet", "bit>bit varying", "integer>bit varying", "jsonb>json", "path>polygon",
	"box>polygon", "point>box", "int4range>int4multirange", "int8range>int8multirange", "numrange>nummultirange",
	"daterange>datemultirange", "tsrange>tsmultirange", "tstzrange>tstzmultirange",
	"text>uuid", "character varying>uuid", "text>json", "character varying>json", "text>xml", "character varying>xml",
	NULL
};

static const char *const integers[] = {"smallint", "integer", "bigint", NULL};
static const char *const texts[] = {"text", "character varying", "character", "citext", "name", "\"char\"", NULL};
static const char *const limited[] = {"character varying", "character", "bit", "bit varying", NULL};

static bool
is_one(const char *const *list, const char *text)
{
	for (; *list; list++)
		if (strcmp(*list, text) == 0)
			return true;
	return false;
}

/* Take "(10,2)" out of the name; what is not of digits stays and differs. */
static void
take_modifier(Type *type)
{
	char	   *open = strchr(type->name, '"') ? NULL : strchr(type->name, '(');
	int			length = 0;

	if (open == NULL)
		return;
	if (sscanf(open, "(%d,%d)%n", &type->first, &type->second, &length) < 2 || length == 0)
	{
		type->second = -1;
		if (sscanf(open, "(%d)%n", &type->first, &length) < 1 || length == 0)
			return;
	}
	memmove(open, open + length, strlen(open + length) + 1);
}

static Type
read_type(const SdSnapshot *side, const char *name)
{
	Type		type = {pstrdup(name), false, false, -1, -1};
	const SdObject *domain;
	size_t		length;

	for (;;)
	{
		length = strlen(type.name);
		if (length > 2 && strcmp(type.name + length - 2, "[]") == 0)
		{
			type.is_array = true;
			type.name[length - 2] = '\0';
		}
		else if (side && (domain = sd_snapshot_find(side, sd_object_key("domain", type.name))) != NULL)
			type.name = pstrdup(sd_object_value(domain, "type"));
		else
			break;
	}
	type.is_enum = side && sd_snapshot_find(side, sd_object_key("enum", type.name)) != NULL;
	take_modifier(&type);
	return type;
}

/* Has the one room for as much as the other: no limit, or no smaller one? */
static bool
has_room(int from, int to)
{
	return to < 0 || (from >= 0 && from <= to);
}

/* To a number of so many digits: those after the point are rounded. */
static bool
keeps_digits(const Type *from, const Type *to)
{
	bool		is_whole = is_one(integers, from->name);
	bool		is_known = is_whole || from->first >= 0;
	int			scale = is_whole ? 0 : from->second;

	if (is_one(integers, to->name))
		return is_known && scale <= 0;
	return to->first < 0 || (is_known && scale <= to->second);
}

static bool
keeps_scalar(const Type *from, const Type *to, bool is_cast)
{
	bool		is_same = strcmp(from->name, to->name) == 0;
	bool		is_text = is_one(texts, from->name);

	if (is_same && from->first == to->first && from->second == to->second)
		return true;
	if (is_one(limited, to->name) && to->first >= 0)
		return !is_cast || (is_same && has_room(from->first, to->first)) ||
			(is_text && from->first >= 0 && from->first <= to->first);
	if (strcmp(to->name, "text") == 0 || strcmp(to->name, "character varying") == 0 || to->is_enum)
		return true;
	if (strcmp(to->name, "numeric") == 0 && (is_one(integers, from->name) || is_same))
		return keeps_digits(from, to);
	if (is_one(integers, to->name) && strcmp(from->name, "numeric") == 0)
		return keeps_digits(from, to);
	if (is_same)
		return has_room(from->first, to->first) && has_room(from->second, to->second);
	/* some fields of it */
	if (strcmp(to->name, "interval") == 0 && strncmp(from->name, "interval ", 9) == 0)
		return has_room(from->first, to->first);
	return is_one(kept, psprintf("%s>%s", from->name, to->name)) &&
		(to->first < 0 || strcmp(from->name, "date") == 0);
}

bool
sd_cast_keeps(const SdDdl *ddl, const char *from_name, const char *to_name, bool is_cast)
{
	Type		from = read_type(ddl->other, from_name);
	Type		to = read_type(ddl->snapshot, to_name);

	/* by way of text it is read, or refused; what is text already may mean less than it says */
	if (strstr(sd_cast_path(ddl, from_name, to_name), "::text") && !is_one(texts, from.name) && to.first < 0)
		return true;
	return keeps_scalar(&from, &to, is_cast);
}
