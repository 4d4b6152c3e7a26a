/*
 * deparse.c
 *	  Deparses expressions without opening the relation that they are over.
 *
 * deparse_expression() resolves a column through the range table it is given.
 * For a plan tree, an entry of kind VALUES names its columns itself and nothing
 * is opened; a column without a name counts as dropped and costs nothing.
 *
 * Where the server indents (checks, generated columns), it differs from this in
 * CASE alone; and a subquery opens the relations it reads.  Both are refused,
 * as are system columns and whole rows.
 *
 * The memo's key is the node tree without the positions in the source text,
 * followed by the names of the columns that it uses.
 */
#include "postgres.h"

#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/plannodes.h"
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

		appendStringInfo(key, " %s", column ? column->quoted : "?");
	}
}

typedef struct Check
{
	const SdClassRow *class;
	bool		indented;
	Bitmapset  *used;			/* numbers of columns */
} Check;

/* Is there anything in it that only the server can write? */
static bool
is_refused(Node *node, void *arg)
{
	Check	   *check = arg;

	if (node == NULL)
		return false;
	if (IsA(node, SubLink) || IsA(node, Query) || (check->indented && IsA(node, CaseExpr)))
		return true;
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

/* What an index may have without parentheses; a cast is not a call. */
static bool
is_call(Node *node)
{
	if (!IsA(node, FuncExpr))
		return false;
	return ((FuncExpr *) node)->funcformat == COERCE_EXPLICIT_CALL ||
		((FuncExpr *) node)->funcformat == COERCE_SQL_SYNTAX;
}

static List *
deparse(MemoryContext keep, Node *tree, const SdClassRow *class, bool indented)
{
	List	   *nodes = IsA(tree, List) ? (List *) tree : list_make1(tree);
	List	   *expressions = NIL;
	ListCell   *cell;

	foreach(cell, nodes)
	{
		Node	   *node = lfirst(cell);
		Check		check = {class, indented, NULL};
		SdExpression *expression;
		char	   *text;

		if (is_refused(node, &check))
			return NIL;
		text = deparse_expression(node, make_context(class, check.used), false, false);
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
				break;
			default:
				return true;
		}
	}
	return false;
}

List *
sd_deparse_list(SdCatalog *catalog, const char *nodes, const SdClassRow *class, bool indented)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext work;
	StringInfoData key;
	TextEntry  *entry;
	bool		found;
	Node	   *tree;

	initStringInfo(&key);
	appendStringInfoChar(&key, indented ? 'i' : '-');
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
		List	   *expressions = may_be_call(tree) ? NIL : deparse(catalog->context, tree, class, indented);
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
sd_deparse(SdCatalog *catalog, const char *nodes, const SdClassRow *class, bool indented)
{
	List	   *expressions = sd_deparse_list(catalog, nodes, class, indented);

	return list_length(expressions) == 1 ? ((SdExpression *) linitial(expressions))->text : NULL;
}
