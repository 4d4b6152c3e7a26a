/*
 * html_tree.c
 *	  The differences of a report as a tree: schema, object, its parts.
 *
 * Few differences stand open; many are closed to one line an object, and a
 * schema with very many shows the first and folds the rest, so that a page of
 * thousands is still one that can be read from its top.
 */
#include "postgres.h"

#include "base/hash.h"
#include "compare/html.h"
#include "compare/html_change.h"
#include "compare/html_tree.h"
#include "kind/kind.h"

/* Differences up to which every object stands open. */
#define MAX_OPEN 40

/* Objects of a schema before the rest is folded. */
#define MAX_LISTED 100

/* Differences that a closed object tells in words. */
#define MAX_GIST 3

/* -- growing it ------------------------------------------------------------- */

typedef struct Tree
{
	HTAB	   *nodes;
	const SdReport *report;
	List	   *schemas;
} Tree;

static SdTreeNode *
get_node(Tree *tree, List **siblings, char level, const char *key, const char *type, const char *name)
{
	const char *full = psprintf("%c%s", level, key);
	bool		found;
	SdTreeNode *node = hash_search(tree->nodes, &full, HASH_ENTER, &found);

	if (!found)
	{
		memset(node, 0, sizeof(SdTreeNode));
		node->key = full;
		node->type = type;
		node->name = name;
		*siblings = lappend(*siblings, node);
	}
	return node;
}

static const SdObject *
find_object(const Tree *tree, const char *key)
{
	const SdObject *object = sd_snapshot_find(tree->report->to.snapshot, key);

	return object ? object : sd_snapshot_find(tree->report->from.snapshot, key);
}

/* The key of the whole that a part belongs to in the end. */
static const char *
root_key(const Tree *tree, const SdObject *object)
{
	while (object->parent)
	{
		const SdObject *whole = find_object(tree, object->parent);

		/* an extension's table is in neither snapshot */
		if (whole == NULL)
			return object->parent;
		object = whole;
	}
	return object->key;
}

/* The first identifier of an identity, quotes and all; NULL where none is qualified. */
static char *
first_identifier(const char *identity)
{
	const char *p = identity;

	if (*p == '"')
		for (p++; *p; p++)
		{
			if (*p == '"' && p[1] != '"')
				break;
			p += *p == '"';
		}
	while (*p && *p != '.' && *p != ' ' && *p != '(')
		p++;
	return *p == '.' ? pnstrdup(identity, p - identity) : NULL;
}

/* The schema it is in, NULL = none; only what is a schema here counts. */
static const char *
schema_of(const Tree *tree, const char *type, const char *identity)
{
	const char *schema = strcmp(type, "schema") == 0 ? identity : first_identifier(identity);

	if (schema == NULL || find_object(tree, sd_object_key("schema", schema)) == NULL)
		return NULL;
	return schema;
}

static void
count_item(SdTreeNode *node, const SdItem *item)
{
	node->nitems++;
	node->worst = Max(node->worst, item->class);
}

static void
add_item(Tree *tree, SdItem *item)
{
	const SdObject *object = item->source->to ? item->source->to : item->source->from;
	const char *root = root_key(tree, object);
	const char *name = strchr(root, ' ') + 1;
	const char *type = pnstrdup(root, name - root - 1);
	const char *schema = schema_of(tree, type, name);
	SdTreeNode *node = get_node(tree, &tree->schemas, '0', schema ? schema : "", NULL, schema);

	count_item(node, item);
	node = get_node(tree, &node->children, '1', root, type, name);
	count_item(node, item);
	if (strcmp(root, object->key) != 0)
	{
		node = get_node(tree, &node->children, '2', psprintf("%s\n%s", root, object->key),
						object->kind->name, object->identity);
		count_item(node, item);
	}
	node->items = lappend(node->items, item);
}

List *
sd_html_tree(const SdReport *report)
{
	Tree		tree = {.report = report};
	ListCell   *cell;

	tree.nodes = sd_text_hash_create("schemadrift report", sizeof(SdTreeNode), CurrentMemoryContext);
	foreach(cell, report->items)
		add_item(&tree, lfirst(cell));
	return tree.schemas;
}

/* -- writing it ------------------------------------------------------------- */

static const char *
plural(int count, const char *one, const char *many)
{
	return psprintf("%d %s", count, count == 1 ? one : many);
}

/* A kind's or property's name with blanks between its words. */
static void
append_words(StringInfo buf, const char *name)
{
	for (; *name; name++)
		appendStringInfoChar(buf, *name == '_' ? ' ' : *name);
}

/* A part's name without that of the whole before it. */
static const char *
short_name(const SdTreeNode *part, const SdTreeNode *whole)
{
	size_t		length = whole ? strlen(whole->name) : 0;

	return whole && strncmp(part->name, whole->name, length) == 0 && part->name[length] == '.' ?
		part->name + length + 1 : part->name;
}

/* "column <bdi>note</bdi>" */
static void
append_name(StringInfo buf, const SdTreeNode *node, const SdTreeNode *whole)
{
	appendStringInfoString(buf, "<span class=\"kind\">");
	append_words(buf, node->type);
	appendStringInfoString(buf, "</span> <bdi class=\"name\">");
	sd_html_text(buf, short_name(node, whole));
	appendStringInfoString(buf, "</bdi>");
}

static void
append_part(StringInfo buf, const SdTreeNode *part, const SdTreeNode *whole)
{
	ListCell   *cell;

	appendStringInfoString(buf, "<section class=\"part\"><h4>");
	append_name(buf, part, whole);
	appendStringInfoString(buf, "</h4>\n");
	foreach(cell, part->items)
		sd_html_change(buf, lfirst(cell), 5);
	appendStringInfoString(buf, "</section>\n");
}

/* What happened to the object itself, as a sign and (for who hears it) a word. */
static void
append_sign(StringInfo buf, const SdTreeNode *object)
{
	static const char *const signs[] = {
		[SD_CHANGE_ADDED] = "+",
		[SD_CHANGE_REMOVED] = "&#x2212;",
		[SD_CHANGE_CHANGED] = "~",
		[SD_CHANGE_RENAMED] = "&#x2192;"
	};
	SdChangeKind what = SD_CHANGE_CHANGED;
	const SdItem *first = object->items ? linitial(object->items) : NULL;

	if (first && first->attribute == NULL)
		what = first->change;
	appendStringInfo(buf, "<span class=\"sign %s\" aria-hidden=\"true\">%s</span>"
					 "<span class=\"heard\">%s: </span>",
					 sd_change_name(what), signs[what], sd_change_name(what));
}

static void
append_gist_item(StringInfo buf, const SdItem *item, const SdTreeNode *part, const SdTreeNode *whole, int n)
{
	appendStringInfoString(buf, n > 0 ? ", " : "");
	if (part)
	{
		append_words(buf, part->type);
		appendStringInfoString(buf, " <bdi>");
		sd_html_text(buf, short_name(part, whole));
		appendStringInfoString(buf, "</bdi> ");
	}
	append_words(buf, item->attribute && item->change == SD_CHANGE_CHANGED ?
				 item->attribute : sd_change_name(item->change));
}

/* What a closed object is about: its first differences in a few words. */
static void
append_gist(StringInfo buf, const SdTreeNode *object)
{
	ListCell   *cell;
	ListCell   *inner;
	int			n = 0;

	if (object->items && ((SdItem *) linitial(object->items))->attribute == NULL)
		return;
	appendStringInfoString(buf, "<span class=\"gist\">");
	foreach(cell, object->items)
		if (n < MAX_GIST)
			append_gist_item(buf, lfirst(cell), NULL, NULL, n++);
	foreach(cell, object->children)
	{
		const SdTreeNode *part = lfirst(cell);

		foreach(inner, part->items)
			if (n < MAX_GIST)
				append_gist_item(buf, lfirst(inner), part, object, n++);
	}
	if (object->nitems > n)
		appendStringInfo(buf, " and %d more", object->nitems - n);
	appendStringInfoString(buf, "</span>");
}

static void
append_object(StringInfo buf, const SdTreeNode *object, bool open)
{
	ListCell   *cell;

	appendStringInfo(buf, "<details class=\"object %s\"%s><summary>", sd_class_name(object->worst),
					 open ? " open" : "");
	append_sign(buf, object);
	appendStringInfoString(buf, "<h3>");
	append_name(buf, object, NULL);
	appendStringInfoString(buf, "</h3>");
	append_gist(buf, object);
	appendStringInfo(buf, "<span class=\"count\">%s</span>", plural(object->nitems, "change", "changes"));
	sd_html_badge(buf, object->worst);
	appendStringInfoString(buf, "</summary><div class=\"parts\">\n");
	foreach(cell, object->items)
		sd_html_change(buf, lfirst(cell), 4);
	foreach(cell, object->children)
		append_part(buf, lfirst(cell), object);
	appendStringInfoString(buf, "</div></details>\n");
}

static void
append_schema(StringInfo buf, const SdTreeNode *schema, int number, bool open)
{
	int			nobjects = list_length(schema->children);
	ListCell   *cell;

	appendStringInfo(buf, "<section class=\"schema\" id=\"schema-%d\"><h2>", number);
	if (schema->name)
	{
		appendStringInfoString(buf, "<span class=\"kind\">schema</span> <bdi class=\"name\">");
		sd_html_text(buf, schema->name);
		appendStringInfoString(buf, "</bdi>");
	}
	else
		appendStringInfoString(buf, "Not in a schema");
	appendStringInfo(buf, "</h2><p class=\"count\">%s in %s</p>\n",
					 plural(schema->nitems, "change", "changes"),
					 plural(nobjects, "object", "objects"));
	foreach(cell, schema->children)
	{
		if (foreach_current_index(cell) == MAX_LISTED)
			appendStringInfo(buf, "<details class=\"more\"><summary>%d more objects</summary>\n",
							 nobjects - MAX_LISTED);
		append_object(buf, lfirst(cell), open);
	}
	appendStringInfoString(buf, nobjects > MAX_LISTED ? "</details></section>\n" : "</section>\n");
}

/* Links to the schemas, where there are several. */
static void
append_contents(StringInfo buf, const List *schemas)
{
	ListCell   *cell;

	appendStringInfoString(buf, "<nav class=\"contents\" aria-label=\"Schemas\"><ul>\n");
	foreach(cell, schemas)
	{
		const SdTreeNode *schema = lfirst(cell);

		appendStringInfo(buf, "<li><a class=\"%s\" href=\"#schema-%d\"><bdi>", sd_class_name(schema->worst),
						 foreach_current_index(cell) + 1);
		sd_html_text(buf, schema->name ? schema->name : "Not in a schema");
		appendStringInfo(buf, "</bdi> <span class=\"count\">%d</span></a></li>\n", schema->nitems);
	}
	appendStringInfoString(buf, "</ul></nav>\n");
}

void
sd_html_append_tree(StringInfo buf, const List *schemas, int nitems)
{
	ListCell   *cell;

	if (list_length(schemas) > 1)
		append_contents(buf, schemas);
	foreach(cell, schemas)
		append_schema(buf, lfirst(cell), foreach_current_index(cell) + 1, nitems <= MAX_OPEN);
}
