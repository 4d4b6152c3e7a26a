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
#include "kind/default_privileges.h"

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
	char	   *whole = strcmp(type, "c") == 0 ? pstrdup("4") :
		psprintf(SD_ACL_WHOLE("%s", "%s"), defaults, owner);

	return psprintf("CASE WHEN %s IS NULL OR (%s @> %s AND %s @> %s) THEN NULL ELSE %s END",
					kind->acl, kind->acl, defaults, defaults, kind->acl,
					psprintf(SD_ACL_TEXT("%s", "%s", "%s"), owner, owner, whole, kind->acl));
}

const char *
sd_acl_default_text(char type)
{
	switch (type)
	{
		case 'c':
			return "none";
		case 'd':
			return "OWNER: ALL\nPUBLIC: CONNECT, TEMPORARY";
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

/* The grant that gives what this one does, and maybe more. */
static const Grant *
find_grant(List *grants, const Grant *like)
{
	const Grant *found = NULL;
	ListCell   *cell;

	foreach(cell, grants)
	{
		const Grant *grant = lfirst(cell);

		if (strcmp(grant->grantee, like->grantee) == 0 &&
			strcmp(grant->grantor, like->grantor) == 0 &&
			(strcmp(grant->privilege, like->privilege) == 0 || strcmp(grant->privilege, "ALL") == 0) &&
			(found == NULL || grant->grantable))
			found = grant;
	}
	return found;
}

/* How many others had to grant before this one could be: 0 for the owner's. */
static int
depth_of(List *grants, const Grant *grant, int hops)
{
	int			depth = -1;
	ListCell   *cell;

	if (strcmp(grant->grantor, "OWNER") == 0)
		return 0;
	foreach(cell, hops < list_length(grants) ? grants : NIL)
	{
		const Grant *source = lfirst(cell);
		int			its;

		if (!source->grantable || strcmp(source->grantee, grant->grantor) != 0 ||
			(strcmp(source->privilege, grant->privilege) != 0 && strcmp(source->privilege, "ALL") != 0))
			continue;
		its = depth_of(grants, source, hops + 1);
		depth = depth < 0 ? its : Min(depth, its);
	}
	return Max(depth, 0) + 1;
}

/* The owner's name: of the object, or of the whole that it is a part of. */
static const char *
owner_of(const SdDdl *ddl, const SdObject *object)
{
	while (object != NULL && sd_kind_property(object->kind, "owner") < 0)
		object = object->parent ? sd_snapshot_find(ddl->snapshot, object->parent) : NULL;
	return object ? sd_object_value(object, "owner") : "CURRENT_USER";
}

static SdAclTarget
target_of(const SdDdl *ddl, const SdObject *object)
{
	const SdKind *kind = object->kind;
	const char *keyword = kind->acl_keyword ? kind->acl_keyword : kind->keyword;
	bool		is_column = kind->acl_type[0] == 'c';
	SdAclTarget target = {.prefix = ""};

	target.on = psprintf("%s %s", keyword,
						 is_column ? sd_object_parent_identity(object) :
						 kind->acl_identity ? sd_ddl_fill(kind->acl_identity, object, NULL, NULL) :
						 sd_object_name(ddl, object));
	target.column = is_column ? sd_object_value(object, "name") : NULL;
	target.owner = owner_of(ddl, object);
	target.initial = sd_acl_default_text(kind->acl_type[0]);
	return target;
}

/* One GRANT or REVOKE, in the name of its grantor where that is not the owner. */
static void
add_statement(SdDdl *ddl, const SdAclTarget *target, const Grant *grant, List *privileges,
			  const char *verb, const char *preposition, const char *tail)
{
	const char *grantee = strcmp(grant->grantee, "OWNER") == 0 ? target->owner : grant->grantee;
	bool		foreign = strcmp(grant->grantor, "OWNER") != 0;
	List	   *names = NIL;
	ListCell   *cell;

	foreach(cell, privileges)
		names = lappend(names, target->column ?
						psprintf("%s (%s)", (char *) lfirst(cell), target->column) : lfirst(cell));
	if (foreign)
		sd_ddl_addf(ddl, "SET SESSION AUTHORIZATION %s", grant->grantor);
	sd_ddl_addf(ddl, "%s%s %s ON %s %s %s%s", target->prefix, verb, sd_join(names, ", "), target->on,
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
add_step(SdDdl *ddl, const SdAclTarget *target, const Grant *grant, List *privileges, Step step)
{
	switch (step)
	{
		case STEP_NONE:
			break;
		case STEP_REVOKE:
			add_statement(ddl, target, grant, privileges, "REVOKE", "FROM", "");
			break;
		case STEP_REVOKE_OPTION:
			add_statement(ddl, target, grant, privileges, "REVOKE GRANT OPTION FOR", "FROM", "");
			break;
		case STEP_GRANT:
			add_statement(ddl, target, grant, privileges, "GRANT", "TO", "");
			break;
		case STEP_GRANT_OPTION:
			add_statement(ddl, target, grant, privileges, "GRANT", "TO", " WITH GRANT OPTION");
			break;
	}
}

/*
 * The steps for all grants of a list that are that many grantors away from the
 * owner, joined where the same is done for the same grantee and grantor.
 */
static void
add_steps(SdDdl *ddl, const SdAclTarget *target, List *grants, List *others, bool revoking, int depth)
{
	const Grant *first = NULL;
	List	   *privileges = NIL;
	Step		step = STEP_NONE;
	ListCell   *cell;

	foreach(cell, grants)
	{
		const Grant *grant = lfirst(cell);
		Step		next = step_for(grant, others, revoking);

		if (next == STEP_NONE || depth_of(grants, grant, 0) != depth)
			continue;
		if (first && (next != step || strcmp(first->grantee, grant->grantee) != 0 ||
					  strcmp(first->grantor, grant->grantor) != 0))
		{
			add_step(ddl, target, first, privileges, step);
			privileges = NIL;
		}
		if (privileges == NIL)
			first = grant;
		step = next;
		privileges = lappend(privileges, grant->privilege);
	}
	if (first)
		add_step(ddl, target, first, privileges, step);
}

static int
greatest_depth(List *grants)
{
	int			depth = 0;
	ListCell   *cell;

	foreach(cell, grants)
		depth = Max(depth, depth_of(grants, lfirst(cell), 0));
	return depth;
}

/* What of a list is still there once the steps towards after were taken. */
static List *
remaining(List *before, List *after)
{
	List	   *left = NIL;
	ListCell   *cell;

	foreach(cell, before)
	{
		Grant	   *grant = lfirst(cell);
		Step		step = step_for(grant, after, true);

		if (step == STEP_REVOKE)
			continue;
		if (step == STEP_REVOKE_OPTION)
		{
			grant = memcpy(palloc(sizeof(Grant)), grant, sizeof(Grant));
			grant->grantable = false;
		}
		left = lappend(left, grant);
	}
	return left;
}

/*
 * From anything between least and most to after.  What others granted goes
 * before, and comes after, their own right to.
 */
static void
change(SdDdl *ddl, const SdAclTarget *target, List *least, List *most, List *after)
{
	int			depth;

	for (depth = greatest_depth(most); depth >= 0; depth--)
		add_steps(ddl, target, most, after, true, depth);
	least = remaining(least, after);
	for (depth = 0; depth <= greatest_depth(after); depth++)
		add_steps(ddl, target, after, least, false, depth);
}

void
sd_acl_change(SdDdl *ddl, const SdAclTarget *target, const char *from, const char *to)
{
	List	   *before;

	if (from == NULL && to == NULL)
		return;
	before = parse(from ? from : target->initial);
	change(ddl, target, before, before, parse(to ? to : target->initial));
}

void
sd_acl_alter(SdDdl *ddl, const SdObject *object, const char *from, const char *to)
{
	SdAclTarget target = target_of(ddl, object);

	sd_acl_change(ddl, &target, from, to);
}

/* -- what default privileges give to a new object -------------------------- */

/* The schema of a qualified identity; NULL where it has none. */
static const char *
schema_of(const char *identity)
{
	char	   *copy = pstrdup(identity);
	char	   *dot = find_outside_quotes(copy, ".");

	if (dot == NULL)
		return NULL;
	*dot = '\0';
	return copy;
}

static List *
with_owner(List *grants, const char *owner)
{
	ListCell   *cell;

	foreach(cell, grants)
	{
		Grant	   *grant = lfirst(cell);

		if (strcmp(grant->grantee, owner) == 0)
			grant->grantee = pstrdup("OWNER");
	}
	return grants;
}

static List *
common(List *grants, List *others)
{
	List	   *both = NIL;
	ListCell   *cell;

	foreach(cell, grants)
	{
		const Grant *other = find_grant(others, lfirst(cell));

		if (other && other->grantable == ((Grant *) lfirst(cell))->grantable)
			both = lappend(both, lfirst(cell));
	}
	return both;
}

/* The grants without those that one more of ALL takes in; it takes over their option. */
static List *
without_lesser(List *grants, Grant *all)
{
	List	   *left = NIL;
	ListCell   *cell;

	foreach(cell, grants)
	{
		const Grant *grant = lfirst(cell);

		if (strcmp(grant->grantee, all->grantee) == 0 && strcmp(grant->grantor, all->grantor) == 0)
			all->grantable = all->grantable || grant->grantable;
		else
			left = lappend(left, lfirst(cell));
	}
	return left;
}

/* Add grants of which no equal one is there yet. */
static List *
add_new(List *grants, List *more)
{
	ListCell   *cell;

	foreach(cell, more)
	{
		Grant	   *grant = lfirst(cell);
		const Grant *other = find_grant(grants, grant);

		if (other && other->grantable >= grant->grantable)
			continue;
		if (strcmp(grant->privilege, "ALL") == 0)
			grants = without_lesser(grants, grant);
		grants = lappend(grants, grant);
	}
	return grants;
}

static void
create_at(SdDdl *ddl, const SdAclTarget *target, const char *schema, char type, const char *to)
{
	List	   *least = parse(target->initial);
	List	   *most = least;
	bool		found = false;
	ListCell   *cell;

	foreach(cell, sd_default_privileges_of(ddl, schema, type))
	{
		const SdObject *entry = lfirst(cell);
		List	   *given = with_owner(parse(sd_object_value(entry, "privileges")), target->owner);

		/* one without a schema stands instead of the server's own default */
		if (sd_object_value(entry, "schema") == NULL)
			least = common(least, given);
		most = add_new(list_copy(most), given);
		found = true;
	}
	if (to || found)
		change(ddl, target, least, most, parse(to ? to : target->initial));
}

void
sd_acl_create(SdDdl *ddl, const SdObject *object, const char *to)
{
	SdAclTarget target = target_of(ddl, object);

	create_at(ddl, &target, schema_of(object->identity), object->kind->acl_type[0], to);
}

void
sd_acl_create_sequence(SdDdl *ddl, const SdObject *column, const char *sequence)
{
	SdAclTarget target = {
		.prefix = "",
		.on = psprintf("SEQUENCE %s", sequence),
		.owner = owner_of(ddl, column),
		.initial = sd_acl_default_text('s')
	};

	create_at(ddl, &target, schema_of(sequence), 's', NULL);
}
