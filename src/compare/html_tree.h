/*
 * html_tree.h
 *	  The differences of a report as a tree: schema, object, its parts.
 */
#ifndef SD_HTML_TREE_H
#define SD_HTML_TREE_H

#include "postgres.h"

#include "lib/stringinfo.h"

#include "compare/render.h"

/* A schema, an object or a part; children and items as they came, worst first. */
typedef struct SdTreeNode
{
	const char *key;			/* hash key, must be first */
	const char *type;			/* kind's name; NULL: a schema */
	const char *name;			/* identity; NULL: what is in no schema */
	List	   *children;		/* SdTreeNode * */
	List	   *items;			/* SdItem * of itself */
	int			nitems;			/* with those of its children */
	SdClass		worst;
} SdTreeNode;

/* The schemas, as SdTreeNode *. */
extern List *sd_html_tree(const SdReport *report);

/* Sections of all schemas; objects are closed where there are many. */
extern void sd_html_append_tree(StringInfo buf, const List *schemas, int nitems);

#endif							/* SD_HTML_TREE_H */
