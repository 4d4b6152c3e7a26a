/*
 * extension.c
 *	  Kind: installed extensions, which stand for the objects they own.
 *
 * Left out are what initdb installs (plpgsql) and schemadrift itself: whether
 * a database is watched is no difference of its schema.
 *
 * Extensions of PostgreSQL itself have another version in most majors, and a
 * dump, which names none, restores to that.  So the versions that come with a
 * major all count as the server's own; what pg_upgrade leaves behind is no
 * difference either.
 */
#include "postgres.h"

#include <ctype.h>

#include "kind/default_privileges.h"
#include "kind/kind.h"

/* Installed by default in 15, 16, 17 and 18, where these are not all the same. */
static const struct
{
	const char *name;
	const char *versions[4];
}			shipped[] = {
	{"amcheck", {"1.3", "1.3", "1.4", "1.5"}},
	{"btree_gist", {"1.7", "1.7", "1.7", "1.8"}},
	{"citext", {"1.6", "1.6", "1.6", "1.8"}},
	{"earthdistance", {"1.1", "1.2", "1.2", "1.2"}},
	{"fuzzystrmatch", {"1.1", "1.2", "1.2", "1.2"}},
	{"isn", {"1.2", "1.2", "1.2", "1.3"}},
	{"lo", {"1.1", "1.1", "1.1", "1.2"}},
	{"ltree", {"1.2", "1.2", "1.3", "1.3"}},
	{"pageinspect", {"1.11", "1.12", "1.12", "1.13"}},
	{"pg_buffercache", {"1.3", "1.4", "1.5", "1.6"}},
	{"pg_freespacemap", {"1.2", "1.2", "1.2", "1.3"}},
	{"pg_stat_statements", {"1.10", "1.10", "1.11", "1.12"}},
	{"pg_walinspect", {"1.0", "1.1", "1.1", "1.1"}},
	{"pgcrypto", {"1.3", "1.3", "1.3", "1.4"}},
	{"postgres_fdw", {"1.1", "1.1", "1.1", "1.2"}},
	{"xml2", {"1.1", "1.1", "1.1", "1.2"}},
};

static const char *
version_normal(const SdObject *object, int property)
{
	const char *version = object->values[property];
	int			i;
	int			j;

	for (i = 0; i < lengthof(shipped); i++)
		for (j = 0; j < lengthof(shipped[i].versions); j++)
			if (strcmp(object->identity, shipped[i].name) == 0 && strcmp(version, shipped[i].versions[j]) == 0)
				return NULL;
	return version;
}

static const SdProperty properties[] = {
	{.name = "schema",
		.expr = "pg_catalog.quote_ident(n.nspname)",
		.class = SD_CLASS_BREAKING,
		.set = "ALTER EXTENSION {identity} SET SCHEMA {value}"},
	{.name = "version",
		.expr = "x.extversion",
		.normal = version_normal,
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN},
	{NULL}
};

/* Compares "1.10" and "1.9" number by number, other text by its bytes. */
static int
compare_versions(const char *a, const char *b)
{
	while (*a && *b)
	{
		if (isdigit((unsigned char) *a) && isdigit((unsigned char) *b))
		{
			char	   *after_a;
			char	   *after_b;
			unsigned long x = strtoul(a, &after_a, 10);
			unsigned long y = strtoul(b, &after_b, 10);

			if (x != y)
				return x < y ? -1 : 1;
			a = after_a;
			b = after_b;
		}
		else if (*a != *b)
			return *a < *b ? -1 : 1;
		else
		{
			a++;
			b++;
		}
	}
	return *a ? 1 : *b ? -1 : 0;
}

/*
 * Extensions bring scripts from older to newer versions.  To drop one instead
 * would take along what its objects hold.
 */
static bool
alter(SdDdl *ddl, const SdChange *change)
{
	const char *from = sd_object_value(change->from, "version");
	const char *to = sd_object_value(change->to, "version");

	if (compare_versions(to, from) < 0)
		sd_ddl_impossible(ddl, "The extension %s cannot go back from version %s to %s; that takes dropping it.",
						  change->to->identity, from, to);
	else
		sd_ddl_add(ddl, sd_ddl_fill("ALTER EXTENSION {identity} UPDATE TO {value:literal}",
									change->to, to, NULL));
	return true;
}

static void
create(SdDdl *ddl, const SdObject *object)
{
	sd_default_privileges_suspend(ddl, true);
	sd_ddl_add(ddl, sd_ddl_fill("CREATE EXTENSION {identity} WITH SCHEMA {schema} VERSION {value:literal}",
								object, sd_object_value(object, "version"), NULL));
	sd_default_privileges_suspend(ddl, false);
}

SdKind		sd_kind_extension = {
	.name = "extension",
	.keyword = "EXTENSION",
	.catalog = "pg_extension",
	.from = "FROM pg_catalog.pg_extension x"
	" JOIN pg_catalog.pg_namespace n ON n.oid = x.extnamespace"
	" WHERE x.oid >= 16384 AND x.extname <> 'schemadrift'",
	.oid = "x.oid",
	.identity = "pg_catalog.quote_ident(x.extname)",
	.has_comment = true,
	.own = properties,
	.removed = SD_CLASS_BREAKING,
	.create = create,
	.alter = alter,
};
