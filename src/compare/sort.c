/*
 * sort.c
 *	  Topological sort with preferences (Kahn's algorithm over a heap).
 *
 * The result depends on nothing but the steps themselves, so that a plan can
 * be compared with an earlier one.
 */
#include "postgres.h"

#include "lib/pairingheap.h"

#include "compare/sort.h"

typedef struct HeapStep
{
	pairingheap_node node;		/* must be first */
	SdStep	   *step;
} HeapStep;

void
sd_step_order(SdStep *earlier, SdStep *later)
{
	if (earlier == NULL || later == NULL || earlier == later)
		return;
	earlier->followers = lappend(earlier->followers, later);
	later->waits++;
}

static int
compare_steps(const SdStep *a, const SdStep *b)
{
	if (a->phase != b->phase)
		return a->phase - b->phase;
	if (a->rank != b->rank)
		return a->rank - b->rank;
	if (a->position != b->position)
		return a->position - b->position;
	return strcmp(a->key, b->key);
}

/* The heap gives its greatest first; we want the smallest. */
static int
compare_nodes(const pairingheap_node *a, const pairingheap_node *b, void *arg)
{
	return compare_steps(((const HeapStep *) b)->step, ((const HeapStep *) a)->step);
}

static void
push(pairingheap *heap, SdStep *step)
{
	HeapStep   *entry = palloc(sizeof(HeapStep));

	entry->step = step;
	pairingheap_add(heap, &entry->node);
}

/*
 * The step at which to break a circle.  All steps that are left wait for some
 * other one, but most of them only behind a circle: going back from any of
 * them leads into one, and only a step of it may go before its time.
 */
static SdStep *
find_circle_breaker(List *steps)
{
	SdStep	   *step = NULL;
	SdStep	   *best;
	SdStep	   *p;
	ListCell   *cell;
	ListCell   *inner;

	foreach(cell, steps)
	{
		step = lfirst(cell);
		step->visited = false;
		if (!step->done)
			foreach(inner, step->followers)
				((SdStep *) lfirst(inner))->blocker = step;
	}
	foreach(cell, steps)
		if (!(step = lfirst(cell))->done)
			break;
	for (; !step->visited; step = step->blocker)
		step->visited = true;
	best = step;
	for (p = step->blocker; p != step; p = p->blocker)
		if (compare_steps(p, best) < 0)
			best = p;
	return best;
}

List *
sd_steps_sort(List *steps)
{
	pairingheap *ready = pairingheap_allocate(compare_nodes, NULL);
	List	   *sorted = NIL;
	ListCell   *cell;

	foreach(cell, steps)
		if (((SdStep *) lfirst(cell))->waits == 0)
			push(ready, lfirst(cell));
	while (list_length(sorted) < list_length(steps))
	{
		SdStep	   *step = pairingheap_is_empty(ready) ? find_circle_breaker(steps) :
			((HeapStep *) pairingheap_remove_first(ready))->step;

		if (step->done)
			continue;
		step->done = true;
		sorted = lappend(sorted, step);
		foreach(cell, step->followers)
		{
			SdStep	   *follower = lfirst(cell);

			if (--follower->waits == 0 && !follower->done)
				push(ready, follower);
		}
	}
	return sorted;
}
