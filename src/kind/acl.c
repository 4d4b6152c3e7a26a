/*
 * acl.c
 *	  Privileges: their canonical text, and the GRANTs between two texts.
 *
 * The words ALL and OWNER in the canonical text stand for what differs between
 * servers without being a difference: the list of privileges that a major
 * version has, and the owner's name.
 */
#include "postgres.h"

#include "base/text.h"
#include "kind/acl.h"

/* One privilege held by somebody. */
typedef struct Grant
{
	char	   *grantee;
	char	   *grantor;		/* "OWNER" mostly */
	char	   *privilege;
	bool		grantable;
} Grant;

char *
sd_acl_expression(const SdKind *kind)
{
	const char *owner = kind->owner ? kind->owner : kind->acl_owner;
	const char *type = kind->acl_type;
	char	   *defaults = psprintf("pg_catalog.acldefault('%s', %s)", type, owner);
	char	   *whole = strcmp(type, "c") == 0 ? pstrdup("4")
		: psprintf("(SELECT pg_catalog.count(*) FROM pg_catalog.aclexplode(%s) d"
				   " WHERE d.grantee = %s)", defaults, owner);

	return psprintf("CASE WHEN %s IS NULL OR (%s @> %s AND %s @> %s) THEN NULL ELSE "
					"COALESCE((SELECT pg_catalog.string_agg(g.who || ': ' || g.what, E'\\n'"
					" ORDER BY g.who COLLATE pg_catalog.\"C\") FROM ("
					"SELECT CASE x.grantee WHEN 0 THEN 'PUBLIC' WHEN %s THEN 'OWNER'"
					" ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(x.grantee)) END"
					" || CASE x.grantor WHEN %s THEN ''"
					" ELSE ' by ' || pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(x.grantor)) END AS who,"
					" CASE WHEN pg_catalog.count(*) > 1 AND pg_catalog.count(*) = %s"
					" AND pg_catalog.bool_and(x.is_grantable) = pg_catalog.bool_or(x.is_grantable)"
					" THEN 'ALL' || CASE WHEN pg_catalog.bool_and(x.is_grantable) THEN '*' ELSE '' END"
					" ELSE pg_catalog.string_agg(x.privilege_type"
					" || CASE WHEN x.is_grantable THEN '*' ELSE '' END, ', '"
					" ORDER BY x.privilege_type COLLATE pg_catalog.\"C\") END AS what"
					" FROM pg_catalog.aclexplode(%s) x GROUP BY x.grantee, x.grantor) g), 'none') END",
					kind->acl, kind->acl, defaults, defaults, kind->acl,
					owner, owner, whole, kind->acl);
}

/* What the server gives by default, in canonical text. */
static const char *
default_text(const SdKind *kind)
{
	switch (kind->acl_type[0])
	{
		case 'c':
			return "none";
		case 'f':
			return "OWNER: EXECUTE\nPUBLIC: EXECUTE";
		case 'T':
		case 'l':
			return "OWNER: USAGE\nPUBLIC: USAGE";
		case 'F':
		case 'S':
			return "OWNER: USAGE";
		default:
			return "OWNER: ALL";
	}
}

/* Split at a separator; the pieces are copies. */
static List *
split(const char *text, const char *separator)
{
	List	   *pieces = NIL;
	const char *p = text;
	const char *end;

	while ((end = strstr(p, separator)) != NULL)
	{
		pieces = lappend(pieces, pnstrdup(p, end - p));
		p = end + strlen(separator);
	}
	return lappend(pieces, pstrdup(p));
}

/* Find a separator outside double quotes; role names may hold anything. */
static char *
find_outside_quotes(char *text, const char *separator)
{
	bool		quoted = false;
	char	   *p;

	for (p = text; *p; p++)
	{
		if (*p == '"')
			quoted = !quoted;
		else if (!quoted && strncmp(p, separator, strlen(separator)) == 0)
			return p;
	}
	return NULL;
}

static List *
parse_line(List *grants, char *line)
{
	char	   *colon = find_outside_quotes(line, ": ");
	char	   *by;
	const char *grantor = "OWNER";
	ListCell   *cell;

	if (colon == NULL)
		elog(ERROR, "malformed privileges \"%s\"", line);
	*colon = '\0';
	by = find_outside_quotes(line, " by ");
	if (by)
	{
		*by = '\0';
		grantor = by + strlen(" by ");
	}
	foreach(cell, split(colon + 2, ", "))
	{
		Grant	   *grant = palloc(sizeof(Grant));
		char	   *privilege = lfirst(cell);
		size_t		length = strlen(privilege);

		grant->grantable = privilege[length - 1] == '*';
		if (grant->grantable)
			privilege[length - 1] = '\0';
		grant->grantee = pstrdup(line);
		grant->grantor = pstrdup(grantor);
		grant->privilege = privilege;
		grants = lappend(grants, grant);
	}
	return grants;
}

/* Role names may hold line breaks too: join lines whose quotes are open. */
static List *
parse(const char *text)
{
	List	   *grants = NIL;
	char	   *rest = pstrdup(text);
	char	   *end;

	if (strcmp(text, "none") == 0)
		return NIL;
	while ((end = find_outside_quotes(rest, "\n")) != NULL)
	{
		*end = '\0';
		grants = parse_line(grants, rest);
		rest = end + 1;
	}
	return parse_line(grants, rest);
}

static const Grant *
find_grant(List *grants, const Grant *like)
{
	ListCell   *cell;

	foreach(cell, grants)
	{
		const Grant *grant = lfirst(cell);

		if (strcmp(grant->grantee, like->grantee) == 0 &&
			strcmp(grant->grantor, like->grantor) == 0 &&
			strcmp(grant->privilege, like->privilege) == 0)
			return grant;
	}
	return NULL;
}

/* The owner's name: of the object, or of the whole that it is a part of. */
static const char *
owner_of(const SdDdl *ddl, const SdObject *object)
{
	while (object != NULL && sd_kind_property(object->kind, "owner") < 0)
		object = object->parent ? sd_snapshot_find(ddl->snapshot, object->parent) : NULL;
	return object ? sd_object_value(object, "owner") : "CURRENT_USER";
}

/* "SELECT, UPDATE ON TABLE public.t" or "SELECT (a) ON TABLE public.t" */
static char *
privileges_on(const SdObject *object, List *privileges)
{
	const SdKind *kind = object->kind;
	const char *keyword = kind->acl_keyword ? kind->acl_keyword : kind->keyword;
	List	   *names = NIL;
	ListCell   *cell;

	if (kind->acl_type[0] != 'c')
		return psprintf("%s ON %s %s", sd_join(privileges, ", "), keyword,
						kind->acl_identity ? sd_ddl_fill(kind->acl_identity, object, NULL, NULL) : object->identity);
	foreach(cell, privileges)
		names = lappend(names, psprintf("%s (%s)", (char *) lfirst(cell),
										sd_object_value(object, "name")));
	return psprintf("%s ON %s %s", sd_join(names, ", "), keyword, sd_object_parent_identity(object));
}

/* One GRANT or REVOKE, in the name of its grantor where that is not the owner. */
static void
add_statement(SdDdl *ddl, const SdObject *object, const Grant *grant, List *privileges,
			  const char *verb, const char *preposition, const char *tail)
{
	const char *owner = owner_of(ddl, object);
	const char *grantee = strcmp(grant->grantee, "OWNER") == 0 ? owner : grant->grantee;
	bool		foreign = strcmp(grant->grantor, "OWNER") != 0;

	if (foreign)
		sd_ddl_addf(ddl, "SET SESSION AUTHORIZATION %s", grant->grantor);
	sd_ddl_addf(ddl, "%s %s %s %s%s", verb, privileges_on(object, privileges),
				preposition, grantee, tail);
	if (foreign)
		sd_ddl_addf(ddl, "RESET SESSION AUTHORIZATION");
}

/* What has to be done about one grant of a list, compared with the other list. */
typedef enum Step
{
	STEP_NONE,
	STEP_REVOKE,
	STEP_REVOKE_OPTION,
	STEP_GRANT,
	STEP_GRANT_OPTION
} Step;

static Step
step_for(const Grant *grant, List *others, bool revoking)
{
	const Grant *other = find_grant(others, grant);

	if (revoking)
		return other == NULL ? STEP_REVOKE :
			grant->grantable && !other->grantable ? STEP_REVOKE_OPTION : STEP_NONE;
	if (other == NULL || (grant->grantable && !other->grantable))
		return grant->grantable ? STEP_GRANT_OPTION : STEP_GRANT;
	return STEP_NONE;
}

static void
add_step(SdDdl *ddl, const SdObject *object, const Grant *grant, List *privileges, Step step)
{
	switch (step)
	{
		case STEP_NONE:
			break;
		case STEP_REVOKE:
			add_statement(ddl, object, grant, privileges, "REVOKE", "FROM", "");
			break;
		case STEP_REVOKE_OPTION:
			add_statement(ddl, object, grant, privileges, "REVOKE GRANT OPTION FOR", "FROM", "");
			break;
		case STEP_GRANT:
			add_statement(ddl, object, grant, privileges, "GRANT", "TO", "");
			break;
		case STEP_GRANT_OPTION:
			add_statement(ddl, object, grant, privileges, "GRANT", "TO", " WITH GRANT OPTION");
			break;
	}
}

/*
 * The steps for all grants of a list that the owner gave (or did not), joined
 * where the same is done for the same grantee and grantor.
 */
static void
add_steps(SdDdl *ddl, const SdObject *object, List *grants, List *others, bool revoking, bool by_owner)
{
	const Grant *first = NULL;
	List	   *privileges = NIL;
	Step		step = STEP_NONE;
	ListCell   *cell;

	foreach(cell, grants)
	{
		const Grant *grant = lfirst(cell);
		Step		next = step_for(grant, others, revoking);

		if ((strcmp(grant->grantor, "OWNER") == 0) != by_owner || next == STEP_NONE)
			continue;
		if (first && (next != step || strcmp(first->grantee, grant->grantee) != 0 ||
					  strcmp(first->grantor, grant->grantor) != 0))
		{
			add_step(ddl, object, first, privileges, step);
			privileges = NIL;
		}
		if (privileges == NIL)
			first = grant;
		step = next;
		privileges = lappend(privileges, grant->privilege);
	}
	if (first)
		add_step(ddl, object, first, privileges, step);
}

void
sd_acl_alter(SdDdl *ddl, const SdObject *object, const char *from, const char *to)
{
	List	   *before;
	List	   *after;

	if (from == NULL && to == NULL)
		return;
	before = parse(from ? from : default_text(object->kind));
	after = parse(to ? to : default_text(object->kind));

	/* what others granted goes before, and comes after, their own right to */
	add_steps(ddl, object, before, after, true, false);
	add_steps(ddl, object, before, after, true, true);
	add_steps(ddl, object, after, before, false, true);
	add_steps(ddl, object, after, before, false, false);
}
