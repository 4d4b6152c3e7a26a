/*
 * cast_path.c
 *	  How the data of a column get from one type to another.
 *
 * Where the server has no cast, the text of a value is what the other type
 * reads; a value that it cannot read fails when the plan runs.  Casts of the
 * server's own types are listed here, since a plan may be made for another
 * server than the one it is made on.
 */
#include "postgres.h"

#include "kind/cast_path.h"

static const char *const numbers[] = {
	"smallint", "integer", "bigint", "real", "double precision", "numeric", NULL
};

static const char *const strings[] = {
	"text", "character varying", "character", "name", "\"char\"", "citext", NULL
};

/* Casts beside those among numbers and from and to strings. */
static const char *const casts[] = {
	"integer>boolean", "boolean>integer", "money>numeric", "numeric>money", "integer>money", "bigint>money",
	"bigint>oid", "smallint>oid", "integer>oid", "oid>bigint", "oid>integer",
	"date>timestamp without time zone", "date>timestamp with time zone",
	"time without time zone>interval", "time without time zone>time with time zone",
	"timestamp without time zone>date", "timestamp without time zone>time without time zone",
	"timestamp without time zone>timestamp with time zone", "timestamp with time zone>date",
	"timestamp with time zone>time without time zone", "timestamp with time zone>time with time zone",
	"timestamp with time zone>timestamp without time zone", "interval>time without time zone",
	"time with time zone>time without time zone", "macaddr>macaddr8", "macaddr8>macaddr", "cidr>inet", "inet>cidr",
	"bit>bit varying", "bit varying>bit", "bigint>bit", "integer>bit", "bit>bigint", "bit>integer",
	"json>jsonb", "jsonb>json", "jsonb>boolean", "jsonb>numeric", "jsonb>smallint", "jsonb>integer", "jsonb>bigint",
	"jsonb>real", "jsonb>double precision", "point>box", "lseg>point", "path>polygon", "box>point", "box>lseg",
	"box>polygon", "box>circle", "polygon>point", "polygon>path", "polygon>box", "polygon>circle", "circle>point",
	"circle>box", "circle>polygon", "int4range>int4multirange", "int8range>int8multirange",
	"numrange>nummultirange", "daterange>datemultirange", "tsrange>tsmultirange", "tstzrange>tstzmultirange", NULL
};

static bool
contains(const char *const *list, const char *text)
{
	for (; *list; list++)
		if (strcmp(*list, text) == 0)
			return true;
	return false;
}

/* Of the side that the plan leads to, else of the other. */
static const SdObject *
find(const SdDdl *ddl, const char *key)
{
	const SdObject *object = sd_snapshot_find(ddl->snapshot, key);

	return object || ddl->other == NULL ? object : sd_snapshot_find(ddl->other, key);
}

/* Without "(10,2)", "[]" and, for a domain, down to what it is made of. */
static char *
bare(const SdDdl *ddl, const char *type, bool *is_array)
{
	const SdObject *domain = find(ddl, sd_object_key("domain", type));
	char	   *name;
	char	   *open;
	size_t		length;

	if (domain)
		return bare(ddl, sd_object_value(domain, "type"), is_array);
	name = pstrdup(type);
	length = strlen(name);
	if (length > 2 && strcmp(name + length - 2, "[]") == 0)
	{
		*is_array = true;
		name[length - 2] = '\0';
		return bare(ddl, name, is_array);
	}
	open = *name == '"' ? NULL : strchr(name, '(');
	if (open && strchr(open, ')') && strchr(name, '"') == NULL)
		memmove(open, strchr(open, ')') + 1, strlen(strchr(open, ')') + 1) + 1);
	return name;
}

const char *
sd_cast_path(const SdDdl *ddl, const char *from, const char *to)
{
	bool		from_array = false;
	bool		to_array = false;
	const char *source = bare(ddl, from, &from_array);
	const char *target = bare(ddl, to, &to_array);
	const char *suffix = from_array && to_array ? "[]" : "";

	if (from_array != to_array)
		return "::text";
	if (strcmp(source, target) == 0 || contains(strings, source) || contains(strings, target))
		return "";
	if (contains(numbers, source) && contains(numbers, target))
		return "";
	if (contains(casts, psprintf("%s>%s", source, target)) ||
		find(ddl, psprintf("cast (%s AS %s)", source, target)))
		return "";
	if ((strcmp(source, "boolean") == 0 && contains(numbers, target)) ||
		(contains(numbers, source) && strcmp(target, "boolean") == 0))
		return psprintf("::integer%s", suffix);
	return psprintf("::text%s", suffix);
}

/* "character varying[]" of "character varying(10)[]" */
static char *
without_modifier(const char *type)
{
	const char *open = strchr(type, '(');
	const char *close = open ? strchr(open, ')') : NULL;

	return close ? psprintf("%.*s%s", (int) (open - type), type, close + 1) : pstrdup(type);
}

bool
sd_cast_by_itself(const char *from, const char *to)
{
	static const char *const texts[] = {"text", "character varying", "character", NULL};
	static const char *const bits[] = {"bit", "bit varying", NULL};
	static const char *const *const families[] = {texts, bits};
	char	   *a = without_modifier(from);
	char	   *b = without_modifier(to);
	int			f;
	int			i;

	if (strcmp(a, b) == 0)
		return true;
	for (f = 0; f < lengthof(families); f++)
	{
		int			found = 0;

		for (i = 0; families[f][i] != NULL; i++)
			found += (strcmp(a, families[f][i]) == 0) + (strcmp(b, families[f][i]) == 0);
		if (found == 2)
			return true;
	}
	return false;
}
