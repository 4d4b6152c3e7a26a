/*
 * problem.c
 *	  Does an object that somebody handed in have what its kind relies on?
 *
 * Kinds read values that the catalog query made, so they never ask whether a
 * constraint has a definition or a column a table.  What comes from a document
 * is asked here.  That the values are right is not: a document's SQL is as good
 * as who wrote it.
 */
#include "postgres.h"

#include "base/text.h"
#include "kind/kind.h"

/* Is that key one of a kind that the expression for the parent can give? */
static bool
can_be_parent(const SdKind *kind, const char *parent)
{
	const char *space = strchr(parent, ' ');
	char	   *start;

	if (space == NULL)
		return false;
	start = psprintf("'%s '", pnstrdup(parent, space - parent));
	return strstr(kind->parent, start) != NULL || ((kind->traits & SD_K_BORROWS) && strstr(kind->from, start) != NULL);
}

static char *
parent_problem(const SdSnapshot *snapshot, const SdObject *object)
{
	const SdKind *kind = object->kind;
	const char *key = sd_display(object->key, false);

	if (object->parent == NULL)
		return kind->parent && !(kind->traits & SD_K_BORROWS) ?
			psprintf("\"%s\" does not say what it is a part of.", key) : NULL;
	if (kind->parent == NULL || !can_be_parent(kind, object->parent))
		return psprintf("\"%s\" cannot be a part of \"%s\".", key, sd_display(object->parent, false));
	if (sd_snapshot_find(snapshot, object->parent) == NULL)
		return psprintf("\"%s\" is a part of \"%s\", which is not there.", key, sd_display(object->parent, false));
	return NULL;
}

char *
sd_kind_problem(const SdSnapshot *snapshot, const SdObject *object)
{
	const SdKind *kind = object->kind;
	int			i;

	if (object->identity[0] == '\0')
		return psprintf("A %s has no name.", kind->name);
	for (i = 0; i < kind->nproperties; i++)
		if ((kind->properties[i].flags & SD_P_REQUIRED) && kind->properties[i].form <= snapshot->form &&
			object->values[i] == NULL)
			return psprintf("\"%s\" has no \"%s\".", sd_display(object->key, false), kind->properties[i].name);
	return parent_problem(snapshot, object);
}
