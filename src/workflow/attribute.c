/*
 * attribute.c
 *	  Which event explains a change.
 *
 * An event belongs to a change when it names the object by address or, for
 * what is gone, by identity.  An event that lists single columns of a table
 * says nothing about the table's other columns.  Text may change without a
 * command of its own (a view after the rename of its column, a child after its
 * parent's ALTER); such a change belongs to the event of what it needs, but
 * only if that changed too, so that a change nobody's command explains is not
 * hidden by an unrelated one nearby.
 *
 * A change is expected only if every event that may have made it is: whoever
 * alters an object during somebody else's deploy is not covered by it.  Of ALTER
 * TABLE is known which properties it may have changed (capture/alter_aspects.c).
 */
#include "postgres.h"

#include <ctype.h>

#include "utils/timestamp.h"

#include "base/hash.h"
#include "kind/inherit.h"
#include "workflow/attribute.h"

/* A change may be the consequence of a consequence. */
#define SD_MAX_HOPS 4

/* In place of a column's number: some column of the relation. */
#define SD_ANY_COLUMN (-1)

typedef struct Address
{
	Oid			classid;
	Oid			objid;
	int32		objsubid;
} Address;

typedef struct AddressEntry
{
	Address		address;		/* hash key */
	List	   *events;			/* SdEvent *, oldest first */
} AddressEntry;

typedef struct NameEntry
{
	const char *key;			/* hash key, must be first */
	List	   *events;
} NameEntry;

typedef struct ChangeEntry
{
	const char *key;			/* hash key, must be first */
	const SdChange *change;
} ChangeEntry;

struct SdAttributor
{
	HTAB	   *by_address;
	HTAB	   *by_name;
	HTAB	   *changes;
	const SdSnapshot *from;
	const SdSnapshot *to;
};

/*
 * Identities of event triggers and ours differ in blanks and in the case of
 * ON; outside quotes neither means anything.
 */
static char *
normal_name(const char *identity)
{
	char	   *name = palloc(strlen(identity) + 1);
	char	   *out = name;
	bool		quoted = false;
	const char *p;

	for (p = identity; *p; p++)
	{
		if (*p == '"')
			quoted = !quoted;
		if (quoted)
			*out++ = *p;
		else if (*p != ' ')
			*out++ = pg_tolower((unsigned char) *p);
	}
	*out = '\0';
	return name;
}

static List *
append_once(List *events, const SdEvent *event)
{
	return events && llast(events) == event ? events : lappend(events, unconstify(SdEvent *, event));
}

static void
index_address(SdAttributor *attributor, const SdEvent *event, const SdEventObject *object, int32 objsubid)
{
	Address		address = {object->classid, object->objid, objsubid};
	bool		found;
	AddressEntry *entry = hash_search(attributor->by_address, &address, HASH_ENTER, &found);

	entry->events = append_once(found ? entry->events : NIL, event);
}

/* Something called x elsewhere says nothing about what is called x here. */
static bool
is_of_schema(const SdEventObject *object)
{
	static const char *const others[] = {
		SD_OTHER_DATABASE, SD_TABLESPACE, SD_PARAMETER, SD_SERVER_SETTING, SD_SESSION_SETTING, SD_ROLE_WIDE_SETTING
	};
	int			i;

	for (i = 0; i < (int) lengthof(others); i++)
		if (object->type && strcmp(object->type, others[i]) == 0)
			return false;
	return true;
}

static void
index_object(SdAttributor *attributor, const SdEvent *event, const SdEventObject *object)
{
	bool		found;

	if (!is_of_schema(object))
		return;
	if (OidIsValid(object->objid))
		index_address(attributor, event, object, object->objsubid);
	if (OidIsValid(object->objid) && object->objsubid != 0)
		index_address(attributor, event, object, SD_ANY_COLUMN);
	if (object->identity)
	{
		const char *name = normal_name(object->identity);
		NameEntry  *entry = hash_search(attributor->by_name, &name, HASH_ENTER, &found);

		entry->events = append_once(found ? entry->events : NIL, event);
	}
}

SdAttributor *
sd_attributor_create(List *events, const SdSnapshot *from, const SdSnapshot *to, List *changes)
{
	SdAttributor *attributor = palloc(sizeof(SdAttributor));
	HASHCTL		control = {0};
	ListCell   *cell;
	ListCell   *inner;

	control.keysize = sizeof(Address);
	control.entrysize = sizeof(AddressEntry);
	control.hcxt = CurrentMemoryContext;
	attributor->by_address = hash_create("schemadrift event addresses", 256, &control,
										 HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	attributor->by_name = sd_text_hash_create("schemadrift event names", sizeof(NameEntry),
											  CurrentMemoryContext);
	attributor->changes = sd_text_hash_create("schemadrift changes", sizeof(ChangeEntry),
											  CurrentMemoryContext);
	attributor->from = from;
	attributor->to = to;
	foreach(cell, events)
		foreach(inner, ((SdEvent *) lfirst(cell))->objects)
			index_object(attributor, lfirst(cell), lfirst(inner));
	foreach(cell, changes)
	{
		const SdChange *change = lfirst(cell);
		const char *key = change->to ? change->to->key : change->from->key;
		ChangeEntry *entry = hash_search(attributor->changes, &key, HASH_ENTER, NULL);

		entry->change = change;
	}
	return attributor;
}

static List *
events_at(const SdAttributor *attributor, const SdObject *object, int32 objsubid)
{
	Address		address = {object->classid, object->objid, objsubid};
	AddressEntry *entry;

	if (!OidIsValid(object->objid))
		return NIL;
	entry = hash_search(attributor->by_address, &address, HASH_FIND, NULL);
	return entry ? entry->events : NIL;
}

static List *
events_named(const SdAttributor *attributor, const char *identity)
{
	const char *name = normal_name(identity);
	NameEntry  *entry = hash_search(attributor->by_name, &name, HASH_FIND, NULL);

	return entry ? entry->events : NIL;
}

/* Does the event list single columns of this relation? */
static bool
lists_columns(const SdEvent *event, const SdObject *object)
{
	ListCell   *cell;

	foreach(cell, event->objects)
	{
		const SdEventObject *touched = lfirst(cell);

		if (touched->classid == object->classid && touched->objid == object->objid &&
			touched->objsubid != 0)
			return true;
	}
	return false;
}

/* Events of the whole relation that do not speak of particular columns. */
static List *
events_of_whole(const SdAttributor *attributor, const SdObject *object)
{
	List	   *events = NIL;
	ListCell   *cell;

	foreach(cell, events_at(attributor, object, 0))
		if (!lists_columns(lfirst(cell), object))
			events = lappend(events, lfirst(cell));
	return events;
}

static List *
direct_events(const SdAttributor *attributor, const SdObject *object, const char *parent)
{
	List	   *events = list_concat_copy(events_at(attributor, object, object->objsubid),
										  events_named(attributor, object->identity));
	const SdObject *whole;

	if (object->objsubid != 0)
		return list_concat(events, events_of_whole(attributor, object));
	if (events == NIL && parent)
	{
		/* a part without an event of its own: its whole's ALTER made it */
		whole = sd_snapshot_find(attributor->to, parent);
		if (whole)
			events = list_copy(events_at(attributor, whole, 0));
	}
	return events;
}

static const SdChange *
find_change(const SdAttributor *attributor, const char *key)
{
	ChangeEntry *entry = hash_search(attributor->changes, &key, HASH_FIND, NULL);

	return entry ? entry->change : NULL;
}

static List *collect_events(const SdAttributor *attributor, const SdChange *change, int hops);

/* Events of a thing needed, if it changed too. */
static List *
events_of_needed(const SdAttributor *attributor, List *events, const char *key, int hops)
{
	const SdChange *change = find_change(attributor, key);

	return change ? list_concat(events, collect_events(attributor, change, hops + 1)) : events;
}

/* The same column or constraint of a table that this one inherits from. */
static List *
events_of_ancestors(const SdAttributor *attributor, List *events, const SdObject *object, int hops)
{
	const SdObject *whole = object->parent ? sd_snapshot_find(attributor->to, object->parent) : NULL;
	const char *kind = object->kind->name;
	int			name = sd_kind_property(object->kind, "name");
	ListCell   *cell;

	if (whole == NULL || name < 0 || object->values[name] == NULL)
		return events;
	foreach(cell, whole->depends)
	{
		const char *parent = sd_inherit_table(((SdDepend *) lfirst(cell))->key);

		if (parent)
			events = events_of_needed(attributor, events,
									  object->objsubid != 0 ?
									  psprintf("%s %s.%s", kind, parent, object->values[name]) :
									  psprintf("%s %s ON %s", kind, object->values[name], parent), hops);
	}
	return events;
}

/* ATTACH and DETACH name only the parent. */
static List *
events_of_attachment(const SdAttributor *attributor, List *events, const SdChange *change)
{
	static const char *const properties[] = {"partition_of", "partition_bound", "inherits", "attached_to"};
	int			i;

	if (change->what != SD_CHANGE_CHANGED)
		return events;
	for (i = 0; i < lengthof(properties); i++)
	{
		int			p = sd_kind_property(change->to->kind, properties[i]);

		if (p < 0 || !bms_is_member(p, change->properties))
			continue;
		if (change->from->values[p])
			events = list_concat(events, events_named(attributor, change->from->values[p]));
		if (change->to->values[p])
			events = list_concat(events, events_named(attributor, change->to->values[p]));
	}
	return events;
}

static List *
indirect_events(const SdAttributor *attributor, const SdChange *change, int hops)
{
	const SdObject *sides[] = {change->to, change->from};
	List	   *events = events_of_attachment(attributor, NIL, change);
	ListCell   *cell;
	int			i;

	for (i = 0; i < lengthof(sides); i++)
	{
		if (sides[i] == NULL)
			continue;
		foreach(cell, sides[i]->depends)
			events = events_of_needed(attributor, events, ((SdDepend *) lfirst(cell))->key, hops);
		if (sides[i]->parent)
			events = events_of_needed(attributor, events, sides[i]->parent, hops);
		events = events_of_ancestors(attributor, events, sides[i], hops);

		/* RENAME COLUMN names a view's column and changes its text */
		if (sides[i]->objsubid == 0 && (sides[i]->kind->traits & SD_K_TEXT_BOUND))
			events = list_concat(events, events_at(attributor, sides[i], SD_ANY_COLUMN));
	}
	return events;
}

static List *
collect_events(const SdAttributor *attributor, const SdChange *change, int hops)
{
	List	   *events = NIL;

	if (change->to)
		events = direct_events(attributor, change->to, change->to->parent);
	if (change->from)
		events = list_concat(events, direct_events(attributor, change->from, change->from->parent));
	if (events == NIL && hops < SD_MAX_HOPS)
		events = indirect_events(attributor, change, hops);
	return events;
}

/* Does the event name the object itself, or only what it is a part of? */
static bool
names_it(const SdEvent *event, const SdChange *change)
{
	const SdObject *sides[] = {change->to, change->from};
	ListCell   *cell;
	int			i;

	for (i = 0; i < lengthof(sides); i++)
	{
		char	   *name = sides[i] ? normal_name(sides[i]->identity) : NULL;

		foreach(cell, sides[i] ? event->objects : NIL)
		{
			const SdEventObject *touched = lfirst(cell);

			if (OidIsValid(touched->objid) && touched->classid == sides[i]->classid &&
				touched->objid == sides[i]->objid && touched->objsubid == sides[i]->objsubid)
				return true;
			if (touched->identity && strcmp(normal_name(touched->identity), name) == 0)
				return true;
		}
	}
	return false;
}

/* Is it an object that comes and goes with the setting of that aspect? */
static bool
is_carrier(const SdChange *change, const char *aspect)
{
	const SdObject *object = change->to ? change->to : change->from;
	int			property = sd_kind_property(object->kind, aspect);

	return change->what != SD_CHANGE_CHANGED && (object->kind->traits & SD_K_CARRIER) &&
		property >= 0 && object->values[property] != NULL;
}

/* Is it in the text, by itself and in any case? */
static bool
has_word(const char *text, const char *word)
{
	size_t		length = strlen(word);
	const char *p;

	for (p = text; *p; p++)
		if (pg_strncasecmp(p, word, length) == 0 && (p == text || !isalnum((unsigned char) p[-1])) &&
			!isalnum((unsigned char) p[length]))
			return true;
	return false;
}

/* ALTER whose own text is known, and not that of a function that ran it. */
static bool
is_known_alter(const SdEvent *event)
{
	return strncmp(event->tag, "ALTER ", 6) == 0 && strcmp(event->tag, "ALTER EXTENSION") != 0 &&
		strcmp(event->tag, "ALTER DEFAULT PRIVILEGES") != 0 && event->statement &&
		pg_strncasecmp(event->statement, "ALTER", 5) == 0;
}

/*
 * An ALTER sets no comment, label or privilege, but that OWNER TO writes the
 * privileges anew; and where that is all it does, it does nothing else.
 */
static bool
alter_explains(const char *statement, const char *property)
{
	bool		owner = has_word(statement, "OWNER");

	if (strcmp(property, "comment") == 0 || strcmp(property, "security_label") == 0)
		return false;
	if (strcmp(property, "owner") == 0 || strcmp(property, "privileges") == 0)
		return owner;
	return !owner || strchr(statement, ',') != NULL;
}

/* Is it among the names, which stand with blanks between them? */
static bool
is_among(const char *names, const char *name)
{
	size_t		length = strlen(name);
	const char *p;

	for (p = names; (p = strstr(p, name)) != NULL; p += length)
		if ((p == names || p[-1] == ' ') && (p[length] == ' ' || p[length] == '\0'))
			return true;
	return false;
}

typedef enum Verdict
{
	SAYS_NOTHING,
	SAYS_NO,
	SAYS_YES
} Verdict;

/*
 * Does the event say of the object at this address that it may have changed
 * the property, or, for the whole of the change, those of its other parts?
 * Property NULL is its coming or going, of which an ALTER says nothing; but
 * what somebody takes over as it comes is his.
 */
static Verdict
aspects_say(const SdEvent *event, const SdObject *object, const char *property, bool of_whole)
{
	Verdict		verdict = SAYS_NOTHING;
	ListCell   *cell;

	foreach(cell, OidIsValid(object->objid) ? event->objects : NIL)
	{
		const SdEventObject *touched = lfirst(cell);

		if (touched->classid != object->classid || touched->objid != object->objid ||
			touched->objsubid != object->objsubid)
			continue;
		if (touched->aspects == NULL)
			return SAYS_NOTHING;
		if (is_among(touched->aspects, property ? property : of_whole ? SD_OTHER_PARTS : "owner") ||
			(of_whole && is_among(touched->aspects, SD_OTHER_PARTS)))
			return SAYS_YES;
		verdict = SAYS_NO;
	}
	return verdict;
}

/* What the event says of the changed object, and else of what that is a part of. */
static Verdict
aspects_verdict(const SdAttributor *attributor, const SdEvent *event, const SdChange *change, int property)
{
	const SdObject *sides[] = {change->to, change->from};
	const SdSnapshot *snapshots[] = {attributor->to, attributor->from};
	const char *name = property < 0 ? NULL : (change->to ? change->to : change->from)->kind->properties[property].name;
	Verdict		verdict = SAYS_NOTHING;
	int			i;

	if (change->what == SD_CHANGE_RENAMED)
		return SAYS_NOTHING;
	for (i = 0; i < 2 && verdict == SAYS_NOTHING; i++)
		if (sides[i])
			verdict = aspects_say(event, sides[i], name, false);
	for (i = 0; i < 2 && verdict == SAYS_NOTHING; i++)
		if (sides[i] && sides[i]->parent && !names_it(event, change))
		{
			const SdObject *whole = sd_snapshot_find(snapshots[i], sides[i]->parent);

			if (whole)
				verdict = aspects_say(event, whole, name, true);
		}
	return verdict;
}

/* GRANT of a role makes memberships alone, and ALTER ROLE of what is no group makes none. */
static bool
is_about_roles_otherwise(const SdEvent *event, const SdChange *change)
{
	bool		is_member = strcmp((change->to ? change->to : change->from)->kind->name, "role_member") == 0;

	if (strcmp(event->tag, "GRANT ROLE") == 0 || strcmp(event->tag, "REVOKE ROLE") == 0)
		return !is_member;
	return is_member && strcmp(event->tag, "ALTER ROLE") == 0 && is_known_alter(event) &&
		!has_word(event->statement, "GROUP");
}

/*
 * COMMENT, GRANT and SECURITY LABEL change one aspect and nothing else; an
 * ALTER none of these; other commands may change anything.
 */
static bool
can_explain(const SdAttributor *attributor, const SdEvent *event, const SdChange *change, int property)
{
	static const struct
	{
		const char *tag;
		const char *aspect;
	}			narrow[] = {
		{"COMMENT", "comment"},
		{"GRANT", "privileges"},
		{"REVOKE", "privileges"},
		{"SECURITY LABEL", "security_label"}
	};
	Verdict		verdict;
	int			i;

	if (is_about_roles_otherwise(event, change))
		return false;
	for (i = 0; i < lengthof(narrow); i++)
		if (strcmp(event->tag, narrow[i].tag) == 0)
			return property < 0 ? is_carrier(change, narrow[i].aspect) :
				strcmp(change->to->kind->properties[property].name, narrow[i].aspect) == 0;
	verdict = aspects_verdict(attributor, event, change, property);
	if (verdict != SAYS_NOTHING)
		return verdict == SAYS_YES;
	return property < 0 || !is_known_alter(event) ||
		alter_explains(event->statement, change->to->kind->properties[property].name);
}

/* Tells b more of the change than a?  What names it does, and else what is later. */
static bool
is_better(const SdChange *change, const SdEvent *a, const SdEvent *b)
{
	bool		a_names = names_it(a, change);
	bool		b_names = names_it(b, change);

	return a_names == b_names ? b->id > a->id : b_names;
}

/* Does the event call the object so? */
static bool
calls_it(const SdEvent *event, const SdObject *object, const char *name)
{
	ListCell   *cell;

	foreach(cell, event->objects)
	{
		const SdEventObject *touched = lfirst(cell);

		if (touched->classid == object->classid && touched->objid == object->objid &&
			touched->objsubid == object->objsubid && touched->identity &&
			strcmp(normal_name(touched->identity), name) == 0)
			return true;
	}
	return false;
}

/*
 * The event that gave the object its name: the first one that calls it so,
 * after any that calls it otherwise.  NULL where none can be told.
 */
static const SdEvent *
naming_event(const SdAttributor *attributor, const SdObject *object)
{
	const char *name = normal_name(object->identity);
	const SdEvent *first = NULL;
	ListCell   *cell;

	foreach(cell, events_at(attributor, object, object->objsubid))
	{
		const SdEvent *event = lfirst(cell);

		if (!calls_it(event, object, name))
			first = NULL;
		else if (first == NULL)
			first = event;
	}
	return first;
}

SdAttribution
sd_attribute(const SdAttributor *attributor, const SdChange *change, int property)
{
	SdAttribution result = {NULL, NULL, false};
	const SdEvent *unexpected = NULL;
	const SdEvent *expected = NULL;
	const SdEvent *latest = NULL;
	ListCell   *cell;

	if (change->what == SD_CHANGE_RENAMED &&
		(result.origin = result.event = naming_event(attributor, change->to)) != NULL)
	{
		result.expected = result.event->deploy != NULL;
		return result;
	}
	foreach(cell, collect_events(attributor, change, 0))
	{
		const SdEvent *event = lfirst(cell);
		const SdEvent **best = event->deploy ? &expected : &unexpected;

		if (property < 0 && event->deploy == NULL && is_known_alter(event) && names_it(event, change))
			latest = latest && latest->id > event->id ? latest : event;
		if (!can_explain(attributor, event, change, property))
			continue;
		if (*best == NULL || is_better(change, *best, event))
			*best = event;
	}
	result.origin = unexpected ? unexpected : expected;

	/* something new and unexpected is as who touched it last left it */
	result.event = unexpected && latest ? latest : unexpected ? unexpected : expected;
	result.expected = unexpected == NULL && expected != NULL;
	return result;
}

bool
sd_attribute_is_disputed(const SdAttributor *attributor, const SdChange *change)
{
	ListCell   *cell;

	foreach(cell, collect_events(attributor, change, 0))
		if (((const SdEvent *) lfirst(cell))->deploy == NULL)
			return true;
	return false;
}

static const char *
or_empty(const char *text)
{
	return text ? text : "";
}

void
sd_attribute_item(SdItem *item, const SdEvent *event)
{
	if (event == NULL)
	{
		item->class = SD_CLASS_UNATTRIBUTED;
		item->severity = sd_class_severity(item->class);
		item->unattributed = true;
		return;
	}
	item->event_id = event->id;
	item->who = strcmp(event->session_role, event->effective_role) == 0 ? event->session_role :
		psprintf("%s as %s", event->session_role, event->effective_role);
	item->via = psprintf("%s%sfrom %s, pid %d", or_empty(event->application),
						 event->application && event->application[0] ? " " : "",
						 event->client ? event->client : "inside the server", event->pid);
	if (event->refused_claim && strncmp(event->refused_claim, SD_IN_FREEZE, strlen(SD_IN_FREEZE)) == 0)
		item->via = psprintf("%s, no deploy counts %s", item->via, event->refused_claim);
	else if (event->refused_claim)
		item->via = psprintf("%s, claimed to be deploy %s but may not deploy", item->via,
							 event->refused_claim);
	item->at = pstrdup(timestamptz_to_str(event->at));
	item->ddl = event->statement;
	item->application = event->application && event->application[0] ? event->application : NULL;
	item->client = event->client;
	item->deploy = event->deploy;
	item->refused_claim = event->refused_claim;
}
