/*
 * deparse.c
 *	  Deparses expressions without opening the relation that they are over.
 *
 * deparse_expression() resolves a column through the range table it is given.
 * For a plan tree, an entry of kind VALUES names its columns itself and nothing
 * is opened; a column without a name counts as dropped and costs nothing.
 *
 * That does not indent as the server's functions do, which changes the text of
 * CASE alone.  pg_get_expr() indents and opens nothing either where there is no
 * column: so for CASE the columns become parameters, whose numbers in the text
 * then become the names.
 *
 * Refused are subqueries, which open the relations they read, system columns
 * and whole rows.
 *
 * The memo's key is the node tree without the positions in the source text,
 * followed by the names of the columns that it uses.
 */
#include "postgres.h"

#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/plannodes.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/ruleutils.h"

#include "base/hash.h"
#include "source/deparse.h"

typedef struct TextEntry
{
	const char *key;			/* hash key, must be first */
	List	   *expressions;	/* SdExpression *, NIL = refused */
} TextEntry;

static const char location[] = " :location ";
static const char number[] = ":varattno ";

/* Copy the node tree without the digits of its locations. */
static void
append_without_locations(StringInfo key, const char *nodes)
{
	const char *next;

	while ((next = strstr(nodes, location)) != NULL)
	{
		next += sizeof(location) - 1;
		appendBinaryStringInfo(key, nodes, next - nodes);
		nodes = next + strspn(next, "-0123456789");
	}
	appendStringInfoString(key, nodes);
}

/* Names of the columns in the order of their use; an unknown one has none. */
static void
append_names(StringInfo key, const char *nodes, const SdClassRow *class)
{
	if (class == NULL)
		return;
	while ((nodes = strstr(nodes, number)) != NULL)
	{
		SdColumnRow *column = sd_catalog_column(class, atoi(nodes += sizeof(number) - 1));

		appendStringInfoChar(key, ' ');
		appendStringInfoString(key, column ? column->quoted : "?");
	}
}

typedef struct Check
{
	const SdClassRow *class;
	Bitmapset  *used;			/* numbers of columns */
	bool		has_case;
	bool		has_subscript;	/* which is written otherwise of a parameter */
} Check;

/* Is there anything in it that only the server can write? */
static bool
is_refused(Node *node, void *arg)
{
	Check	   *check = arg;

	if (node == NULL)
		return false;
	if (IsA(node, SubLink) || IsA(node, Query))
		return true;
	check->has_case = check->has_case || IsA(node, CaseExpr);
	check->has_subscript = check->has_subscript || IsA(node, SubscriptingRef);
	if (IsA(node, Var))
	{
		Var		   *var = (Var *) node;

		if (var->varno != 1 || var->varlevelsup != 0 || check->class == NULL ||
			sd_catalog_column(check->class, var->varattno) == NULL)
			return true;
		check->used = bms_add_member(check->used, var->varattno);
		return false;
	}
	return expression_tree_walker(node, is_refused, arg);
}

/* A range table of one entry that has the used columns' names. */
static List *
make_context(const SdClassRow *class, Bitmapset *used)
{
	PlannedStmt *statement = makeNode(PlannedStmt);
	RangeTblEntry *entry = makeNode(RangeTblEntry);
	List	   *names = NIL;
	int			last = 0;
	int			column = -1;

	if (used == NULL)
		return NIL;
	while ((column = bms_next_member(used, column)) >= 0)
	{
		while (++last < column)
			names = lappend(names, makeString(""));
		names = lappend(names, makeString(pstrdup(class->columns[column - 1].name)));
	}
	entry->rtekind = RTE_VALUES;
	entry->eref = makeAlias(class->name, names);
	statement->rtable = list_make1(entry);
	return deparse_context_for_plan_tree(statement, list_make1(pstrdup(class->name)));
}

static Node *
with_parameters(Node *node, void *arg)
{
	Var		   *var = (Var *) node;
	Param	   *param;

	if (node == NULL || !IsA(node, Var))
		return node ? expression_tree_mutator(node, with_parameters, arg) : NULL;
	param = makeNode(Param);
	param->paramkind = PARAM_EXTERN;
	param->paramid = var->varattno;
	param->paramtype = var->vartype;
	param->paramtypmod = var->vartypmod;
	param->paramcollid = var->varcollid;
	param->location = -1;
	return (Node *) param;
}

/* The end of what is quoted from here on; the server doubles what it escapes. */
static const char *
skip_quoted(const char *p)
{
	char		quote = *p++;

	while (*p && !(*p == quote && p[1] != quote))
		p += *p == quote ? 2 : 1;
	return *p ? p + 1 : p;
}

static char *
deparse_indented(Node *node, const SdClassRow *class)
{
	char	   *nodes = nodeToString(with_parameters(node, NULL));
	Datum		indented = DirectFunctionCall2(pg_get_expr, CStringGetTextDatum(nodes), ObjectIdGetDatum(InvalidOid));
	const char *p = TextDatumGetCString(indented);
	StringInfoData buf;

	initStringInfo(&buf);
	while (*p)
	{
		const char *end = *p == '\'' || *p == '"' ? skip_quoted(p) : p + 1;

		if (*p == '$')
		{
			char	   *rest;

			appendStringInfoString(&buf, class->columns[strtol(p + 1, &rest, 10) - 1].quoted);
			p = rest;
			continue;
		}
		appendBinaryStringInfo(&buf, p, end - p);
		p = end;
	}
	return buf.data;
}

/* What an index may have without parentheses; a cast is not a call. */
static bool
is_call(Node *node)
{
	if (IsA(node, CoalesceExpr) || IsA(node, MinMaxExpr) || IsA(node, NullIfExpr))
		return true;
	if (!IsA(node, FuncExpr))
		return false;
	return ((FuncExpr *) node)->funcformat == COERCE_EXPLICIT_CALL ||
		((FuncExpr *) node)->funcformat == COERCE_SQL_SYNTAX;
}

static List *
deparse(MemoryContext keep, Node *tree, const SdClassRow *class)
{
	List	   *nodes = IsA(tree, List) ? (List *) tree : list_make1(tree);
	List	   *expressions = NIL;
	ListCell   *cell;

	foreach(cell, nodes)
	{
		Node	   *node = lfirst(cell);
		Check		check = {class};
		SdExpression *expression;
		char	   *text;

		if (is_refused(node, &check) || (check.has_case && check.has_subscript))
			return NIL;
		text = check.has_case ? deparse_indented(node, class) :
			deparse_expression(node, make_context(class, check.used), false, false);
		expression = MemoryContextAlloc(keep, sizeof(SdExpression));
		expression->text = MemoryContextStrdup(keep, text);
		expression->type = exprType(node);
		expression->collation = exprCollation(node);
		expression->is_call = is_call(node);
		expressions = lappend(expressions, expression);
	}
	return expressions;
}

/* Other nodes than calls that an index may have without parentheses: rare. */
static bool
may_be_call(Node *tree)
{
	ListCell   *cell;

	if (!IsA(tree, List))
		return false;
	foreach(cell, (List *) tree)
	{
		switch (nodeTag(lfirst(cell)))
		{
			case T_FuncExpr:
			case T_OpExpr:
			case T_RelabelType:
			case T_CoerceViaIO:
			case T_BoolExpr:
			case T_NullTest:
			case T_BooleanTest:
			case T_CaseExpr:
			case T_Var:
			case T_ScalarArrayOpExpr:
			case T_SubscriptingRef:
			case T_CoalesceExpr:
			case T_MinMaxExpr:
			case T_NullIfExpr:
				break;
			default:
				return true;
		}
	}
	return false;
}

List *
sd_deparse_list(SdCatalog *catalog, const char *nodes, const SdClassRow *class)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext work;
	StringInfoData key;
	TextEntry  *entry;
	bool		found;
	Node	   *tree;

	initStringInfo(&key);
	append_without_locations(&key, nodes);
	append_names(&key, nodes, class);
	entry = hash_search(catalog->texts, &key.data, HASH_FIND, NULL);
	if (entry)
	{
		pfree(key.data);
		return entry->expressions;
	}
	work = AllocSetContextCreate(caller, "schemadrift deparse", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(work);
	tree = stringToNode(nodes);
	{
		List	   *expressions = may_be_call(tree) ? NIL : deparse(catalog->context, tree, class);
		char	   *kept = MemoryContextStrdup(catalog->context, key.data);

		MemoryContextSwitchTo(catalog->context);
		entry = hash_search(catalog->texts, &kept, HASH_ENTER, &found);
		entry->expressions = list_copy(expressions);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(work);
	pfree(key.data);
	return entry->expressions;
}

const char *
sd_deparse(SdCatalog *catalog, const char *nodes, const SdClassRow *class)
{
	List	   *expressions = sd_deparse_list(catalog, nodes, class);

	return list_length(expressions) == 1 ? ((SdExpression *) linitial(expressions))->text : NULL;
}
