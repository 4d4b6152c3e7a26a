/*
 * withhold.c
 *	  Says what a secret-bearing command was without its text.
 *
 * Names come from the parse tree, never from the text, so that nothing of the
 * text can slip through.  RENAME, OWNER TO and DROP of these objects have
 * parse trees of their own, hold no secret, and keep their text.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "nodes/parsenodes.h"
#include "utils/builtins.h"
#include "utils/guc.h"

#include "capture/withhold.h"

static const char *
role_name(const RoleSpec *role)
{
	if (role == NULL)
		return "ALL";
	switch (role->roletype)
	{
		case ROLESPEC_CSTRING:
			return quote_identifier(role->rolename);
		case ROLESPEC_PUBLIC:
			return "PUBLIC";
		case ROLESPEC_SESSION_USER:
			return "SESSION_USER";
		default:
			return "CURRENT_USER";
	}
}

/* " [options a, b withheld]", with extra first when it is given. */
static void
append_options(StringInfo buf, List *options, const char *extra)
{
	const char *separator = "";
	ListCell   *cell;

	if (options == NIL && extra == NULL)
		return;
	appendStringInfoString(buf, " [options ");
	if (extra)
	{
		appendStringInfoString(buf, extra);
		separator = ", ";
	}
	foreach(cell, options)
	{
		DefElem    *option = lfirst_node(DefElem, cell);

		appendStringInfo(buf, "%s%s", separator, option->defname);
		separator = ", ";
	}
	appendStringInfoString(buf, " withheld]");
}

/* What switches capture off is worth knowing, and no secret. */
static bool
is_public(const char *name)
{
	return pg_strcasecmp(name, "schemadrift.enabled") == 0 || pg_strcasecmp(name, "schemadrift.capture") == 0 ||
		pg_strcasecmp(name, "event_triggers") == 0;
}

static void
append_setting(StringInfo buf, const VariableSetStmt *set)
{
	if (set->kind == VAR_RESET_ALL)
		appendStringInfoString(buf, " RESET ALL");
	else if (set->kind == VAR_RESET || set->kind == VAR_SET_DEFAULT)
		appendStringInfo(buf, " RESET %s", set->name);
	else if (set->kind == VAR_SET_VALUE && is_public(set->name))
		appendStringInfo(buf, " SET %s = %s", set->name, ExtractSetVariableArgs(unconstify(VariableSetStmt *, set)));
	else
		appendStringInfo(buf, " SET %s [value withheld]", set->name);
}

/* Servers, user mappings and subscriptions; false for another node. */
static bool
append_foreign(StringInfo buf, Node *tree)
{
	switch (nodeTag(tree))
	{
		case T_CreateForeignServerStmt:
			{
				CreateForeignServerStmt *stmt = (CreateForeignServerStmt *) tree;

				appendStringInfo(buf, " %s", quote_identifier(stmt->servername));
				append_options(buf, stmt->options, NULL);
				return true;
			}
		case T_AlterForeignServerStmt:
			{
				AlterForeignServerStmt *stmt = (AlterForeignServerStmt *) tree;

				appendStringInfo(buf, " %s", quote_identifier(stmt->servername));
				append_options(buf, stmt->options, NULL);
				return true;
			}
		case T_CreateUserMappingStmt:
			{
				CreateUserMappingStmt *stmt = (CreateUserMappingStmt *) tree;

				appendStringInfo(buf, " FOR %s SERVER %s", role_name(stmt->user),
								 quote_identifier(stmt->servername));
				append_options(buf, stmt->options, NULL);
				return true;
			}
		case T_AlterUserMappingStmt:
			{
				AlterUserMappingStmt *stmt = (AlterUserMappingStmt *) tree;

				appendStringInfo(buf, " FOR %s SERVER %s", role_name(stmt->user),
								 quote_identifier(stmt->servername));
				append_options(buf, stmt->options, NULL);
				return true;
			}
		case T_CreateSubscriptionStmt:
			{
				CreateSubscriptionStmt *stmt = (CreateSubscriptionStmt *) tree;

				appendStringInfo(buf, " %s", quote_identifier(stmt->subname));
				append_options(buf, stmt->options, "connection");
				return true;
			}
		case T_AlterSubscriptionStmt:
			{
				AlterSubscriptionStmt *stmt = (AlterSubscriptionStmt *) tree;

				appendStringInfo(buf, " %s", quote_identifier(stmt->subname));
				append_options(buf, stmt->options, stmt->conninfo ? "connection" : NULL);
				return true;
			}
		default:
			return false;
	}
}

/* Roles, settings and labels; false for another node. */
static bool
append_role(StringInfo buf, Node *tree)
{
	switch (nodeTag(tree))
	{
		case T_CreateRoleStmt:
			{
				CreateRoleStmt *stmt = (CreateRoleStmt *) tree;

				appendStringInfo(buf, " %s", quote_identifier(stmt->role));
				append_options(buf, stmt->options, NULL);
				return true;
			}
		case T_AlterRoleStmt:
			{
				AlterRoleStmt *stmt = (AlterRoleStmt *) tree;

				appendStringInfo(buf, " %s", role_name(stmt->role));
				append_options(buf, stmt->options, NULL);
				return true;
			}
		case T_AlterRoleSetStmt:
			{
				AlterRoleSetStmt *stmt = (AlterRoleSetStmt *) tree;

				appendStringInfo(buf, " %s", role_name(stmt->role));
				if (stmt->database)
					appendStringInfo(buf, " IN DATABASE %s", quote_identifier(stmt->database));
				append_setting(buf, stmt->setstmt);
				return true;
			}
		case T_AlterDatabaseSetStmt:
			{
				AlterDatabaseSetStmt *stmt = (AlterDatabaseSetStmt *) tree;

				appendStringInfo(buf, " %s", quote_identifier(stmt->dbname));
				append_setting(buf, stmt->setstmt);
				return true;
			}
		case T_AlterSystemStmt:
			append_setting(buf, ((AlterSystemStmt *) tree)->setstmt);
			return true;
		case T_SecLabelStmt:
			{
				SecLabelStmt *stmt = (SecLabelStmt *) tree;

				if (stmt->provider)
					appendStringInfo(buf, " FOR %s", quote_identifier(stmt->provider));
				appendStringInfoString(buf, " [label withheld]");
				return true;
			}
		default:
			return false;
	}
}

char *
sd_withhold(Node *tree, CommandTag tag)
{
	StringInfoData buf;

	if (tree == NULL)
		return NULL;
	initStringInfo(&buf);
	appendStringInfoString(&buf, GetCommandTagName(tag));
	if (append_foreign(&buf, tree) || append_role(&buf, tree))
		return buf.data;
	return NULL;
}
