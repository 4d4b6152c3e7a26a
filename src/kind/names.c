/*
 * names.c
 *	  Lists of quoted names as text.
 */
#include "postgres.h"

#include "kind/names.h"

List *
sd_split_names(const char *names)
{
	List	   *list = NIL;
	const char *start = names;
	const char *p;
	bool		quoted = false;

	if (names == NULL)
		return NIL;
	for (p = names; *p; p++)
	{
		if (*p == '"')
			quoted = !quoted;
		else if (!quoted && p[0] == ',' && p[1] == ' ')
		{
			list = lappend(list, pnstrdup(start, p - start));
			start = p + 2;
		}
	}
	return lappend(list, pstrdup(start));
}

bool
sd_names_contain(List *names, const char *name)
{
	ListCell   *cell;

	foreach(cell, names)
		if (strcmp(lfirst(cell), name) == 0)
			return true;
	return false;
}

char *
sd_schema_of(const char *qualified)
{
	const char *p;
	bool		quoted = false;

	for (p = qualified; *p && (quoted || *p != '.'); p++)
		if (*p == '"')
			quoted = !quoted;
	return pnstrdup(qualified, p - qualified);
}
