/*
 * classify.c
 *	  Which finding a difference is.
 *
 * Values are looked at, not only which property differs: row security that was
 * switched on is another thing than row security that was switched off.  Where
 * the values do not tell (an expression of a policy), the graver finding is
 * taken.  Pure: what takes the catalog to know is not decided here.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "compare/classify.h"
#include "kind/acl.h"
#include "kind/kind.h"

#define ADDITIVE SD_CLASS_ADDITIVE, SD_SEVERITY_WARNING
#define RISKY SD_CLASS_RISKY, SD_SEVERITY_ERROR
#define BREAKING SD_CLASS_BREAKING, SD_SEVERITY_CRITICAL
#define SECURITY SD_CLASS_SECURITY, SD_SEVERITY_CRITICAL

/* In the order of drift_severities(): gravest class first. */
const SdFinding sd_findings[] = {
	{SD_FINDING_UNATTRIBUTED, SD_CLASS_UNATTRIBUTED, SD_SEVERITY_CRITICAL,
	"no captured command explains it; the least severity that such a difference has, whatever else it is"},
	{"capture_off", SECURITY, "DDL is not captured as it should be"},
	{"refused_claim", SECURITY, "somebody who may not deploy claimed to"},
	{"row_security_off", SECURITY, "row security of a table was disabled or is no longer forced on its owner"},
	{"policy_loosened", SECURITY, "a row security policy lets more through, or may: its expression changed"},
	{"policy_tightened", SECURITY, "a row security policy lets less through"},
	{"public_grant", SECURITY, "everybody (PUBLIC) was granted something, also by default privileges"},
	{"definer_without_search_path", SECURITY,
	"a SECURITY DEFINER routine has no search_path of its own: whoever calls it chooses what its names mean"},
	{"security_definer_granted", SECURITY, "an existing routine runs with its owner's rights now"},
	{"superuser_granted", SECURITY, "a role is a superuser now"},
	{"bypassrls_granted", SECURITY, "a role passes by row security now"},
	{"membership_granted", SECURITY, "a role was made a member of another"},
	{"view_security_invoker_lost", SECURITY, "a view reads with its owner's rights instead of its user's"},
	{"view_security_barrier_lost", SECURITY, "functions in a query on a view may see rows that the view hides"},
	{"event_trigger_off", SECURITY, "an event trigger was dropped or no longer fires"},
	{"owner_to_superuser", SECURITY, "an object belongs to a superuser now"},
	{"owner_changed", SECURITY, "an object belongs to another role"},
	{"privileges_granted", SECURITY, "a role other than PUBLIC was granted something"},
	{"privileges_revoked", SECURITY, "privileges were taken away"},
	{"security_label_changed", SECURITY, "a security label changed"},
	{"other_security", SECURITY, "something else about who may do what"},
	{"object_removed", BREAKING, "an object is gone"},
	{"object_renamed", BREAKING, "an object has another name or stands in another schema"},
	{"column_removed", BREAKING, "a column is gone"},
	{"column_renamed", BREAKING, "a column has another name"},
	{"type_changed", BREAKING, "a column, attribute or domain has another type"},
	{"not_null_added", BREAKING, "a column or domain refuses NULL now"},
	{"not_null_removed", BREAKING, "a column or domain takes NULL now"},
	{"required_column_added", BREAKING, "a new column refuses NULL and has no default: INSERTs without it fail"},
	{"constraint_added", BREAKING, "a constraint refuses rows that were taken before"},
	{"constraint_removed", BREAKING, "a constraint is gone"},
	{"unique_index_added", BREAKING, "a unique index refuses rows that were taken before"},
	{"signature_changed", BREAKING, "arguments or result of a routine changed"},
	{"other_breaking", BREAKING, "something else that breaks what relied on it"},
	{"index_removed", RISKY, "an index is gone"},
	{"default_changed", RISKY, "the default of a column or domain changed"},
	{"definition_changed", RISKY, "the text of a view, index, trigger or rule changed"},
	{"body_changed", RISKY, "a routine does something else"},
	{"trigger_added", RISKY, "a trigger runs that did not before"},
	{"trigger_disabled", RISKY, "a trigger no longer fires"},
	{"options_changed", RISKY, "storage or planner options changed"},
	{"other_risky", RISKY, "something else that may change plans, results or performance"},
	{"object_added", ADDITIVE, "an object is new"},
	{"column_added", ADDITIVE, "a column is new"},
	{"comment_changed", ADDITIVE, "a comment changed"},
	{"other_additive", ADDITIVE, "something else that is new"},
	{"not_readable", SD_CLASS_ADDITIVE, SD_SEVERITY_INFO,
	"who looked may not read it, so nobody knows whether it differs"},
};
const int	sd_nfindings = lengthof(sd_findings);

const SdFinding *
sd_finding(const char *name)
{
	int			i;

	for (i = 0; name && i < sd_nfindings; i++)
		if (strcmp(sd_findings[i].name, name) == 0)
			return &sd_findings[i];
	return NULL;
}

/* A property's value, NULL also where the kind has none of that name. */
static const char *
value_of(const SdObject *object, const char *property)
{
	int			i = sd_kind_property(object->kind, property);

	return i < 0 ? NULL : object->values[i];
}

static bool
is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static bool
is_true(const char *value)
{
	bool		result;

	return value && parse_bool(value, &result) && result;
}

/* -- privileges ------------------------------------------------------------ */

/* One line of the canonical text: "who: what", or "who by grantor: what". */
typedef struct Line
{
	const char *who;
	int			who_length;
	const char *what;
	int			what_length;
} Line;

/* The next line of the text at *p; false at its end. */
static bool
next_line(const char **p, Line *line)
{
	const char *end = *p + strcspn(*p, "\n");
	const char *colon = NULL;
	const char *c;

	if (**p == '\0')
		return false;
	/* privileges hold no colon, names may */
	for (c = *p; c + 1 < end; c++)
		if (c[0] == ':' && c[1] == ' ')
			colon = c;
	line->who = *p;
	line->who_length = colon ? colon - *p : end - *p;
	line->what = colon ? colon + 2 : end;
	line->what_length = end - line->what;
	*p = *end ? end + 1 : end;
	return true;
}

static bool
is_public(const Line *line)
{
	return strncmp(line->who, "PUBLIC", 6) == 0 &&
		(line->who_length == 6 || strncmp(line->who + 6, " by ", 4) == 0);
}

/* Is the privilege (with or without its star) among these? */
static bool
has_privilege(const Line *line, const char *privilege, int length)
{
	bool		starred = privilege[length - 1] == '*';
	int			bare = starred ? length - 1 : length;
	const char *end = line->what + line->what_length;
	const char *p = line->what;

	while (p < end)
	{
		const char *comma = memchr(p, ',', end - p);
		const char *stop = comma ? comma : end;
		bool		has_star = stop[-1] == '*';
		int			n = stop - p - has_star;

		if (((n == 3 && strncmp(p, "ALL", 3) == 0) || (n == bare && strncmp(p, privilege, n) == 0)) &&
			(has_star || !starred))
			return true;
		p = comma ? comma + 2 : end;
	}
	return false;
}

/* Does the text have all that a line gives, to the same role? */
static bool
covers(const char *text, const Line *line, bool any_grantor)
{
	const char *end = line->what + line->what_length;
	const char *p;

	for (p = line->what; p < end;)
	{
		const char *comma = memchr(p, ',', end - p);
		const char *stop = comma ? comma : end;
		const char *t = text;
		bool		found = false;
		Line		other;

		while (!found && next_line(&t, &other))
		{
			bool		same = any_grantor ? is_public(&other) : other.who_length == line->who_length &&
				strncmp(other.who, line->who, line->who_length) == 0;

			found = same && has_privilege(&other, p, stop - p);
		}
		if (!found)
			return false;
		p = comma ? comma + 2 : end;
	}
	return true;
}

/* What an object has before anybody granted anything. */
static const char *
initial_privileges(const SdObject *object)
{
	const char *objects = value_of(object, "objects");
	const char *initial = value_of(object, "initial");

	if (initial)
		return initial;
	if (object->kind->acl_type)
		return sd_acl_default_text(object->kind->acl_type[0]);
	if (objects && value_of(object, "schema") == NULL)
		return sd_acl_default_text(is(objects, "FUNCTIONS") ? 'f' : is(objects, "TYPES") ? 'T' : 'r');
	return "none";
}

/* The finding of one state of the privileges after another, NULL where no more is granted. */
static const char *
classify_privileges(const SdObject *object, const char *from, const char *to)
{
	const char *initial = initial_privileges(object);
	const char *granted = NULL;
	const char *p = to ? to : initial;
	Line		line;

	while (next_line(&p, &line))
	{
		if (line.what_length == 0 || covers(from ? from : initial, &line, is_public(&line)))
			continue;
		if (is_public(&line))
			return "public_grant";
		granted = "privileges_granted";
	}
	return granted;
}

/* -- policies -------------------------------------------------------------- */

/* Is each role of the list "a, b" in the other one, or everybody? */
static bool
is_subset(const char *roles, const char *of)
{
	const char *p = roles;

	if (is(of, "PUBLIC"))
		return true;
	while (*p)
	{
		const char *end = strstr(p, ", ");
		int			length = end ? end - p : strlen(p);
		const char *found = of;

		while (strncmp(found, p, length) != 0 ||
			   (found[length] != '\0' && strncmp(found + length, ", ", 2) != 0))
		{
			found = strstr(found, ", ");
			if (found == NULL)
				return false;
			found += 2;
		}
		p = end ? end + 2 : p + length;
	}
	return true;
}

/* For whom, or for what, a policy is: less of it is tighter, but not where it restricts. */
static bool
is_narrower(const SdItem *item)
{
	if (is(item->attribute, "roles"))
		return item->expected && item->actual && is_subset(item->actual, item->expected);
	return item->expected && is(item->expected, "ALL");
}

static bool
is_wider(const SdItem *item)
{
	if (is(item->attribute, "roles"))
		return item->expected && item->actual && is_subset(item->expected, item->actual);
	return item->actual && is(item->actual, "ALL");
}

static const char *
classify_policy(const SdItem *item)
{
	const SdChange *change = item->source;
	const SdObject *policy = change->to ? change->to : change->from;
	bool		restrictive = value_of(policy, "restrictive") != NULL;
	bool		tighter = false;

	if (item->attribute == NULL)
		tighter = item->change == SD_CHANGE_ADDED ? restrictive :
			item->change == SD_CHANGE_REMOVED && !restrictive;
	else if (is(item->attribute, "restrictive"))
		tighter = restrictive;
	else if (is(item->attribute, "roles") || is(item->attribute, "command"))
		tighter = restrictive ? is_wider(item) : is_narrower(item);
	else if (!is(item->attribute, "using") && !is(item->attribute, "with_check"))
		return NULL;
	return tighter ? "policy_tightened" : "policy_loosened";
}

/* -- routines -------------------------------------------------------------- */

/* Does "SET a TO 'x' SET b TO 'y'" set search_path?  Values and quoted names do not count. */
static bool
sets_search_path(const char *config)
{
	static const char wanted[] = "SET search_path TO ";
	char		quote = '\0';
	const char *p;

	for (p = config; p && *p; p++)
	{
		if (quote)
		{
			/* a backslash escapes only in E'', where the server writes each of them twice */
			if (*p == quote)
				quote = '\0';
		}
		else if (*p == '\'' || *p == '"')
			quote = *p;
		else if (strncmp(p, wanted, sizeof(wanted) - 1) == 0 && (p == config || p[-1] == ' '))
			return true;
	}
	return false;
}

static bool
is_unguarded_definer(const SdObject *routine)
{
	return routine && is_true(value_of(routine, "security_definer")) &&
		!sets_search_path(value_of(routine, "config"));
}

static const char *
classify_routine(const SdItem *item)
{
	const SdChange *change = item->source;

	if (item->attribute == NULL)
		return item->change == SD_CHANGE_ADDED && is_unguarded_definer(change->to) ?
			"definer_without_search_path" : NULL;
	if (is(item->attribute, "security_definer") || is(item->attribute, "config"))
	{
		if (is_unguarded_definer(change->to) && !is_unguarded_definer(change->from))
			return "definer_without_search_path";
		return is(item->attribute, "security_definer") && is_true(item->actual) ?
			"security_definer_granted" : NULL;
	}
	if (is(item->attribute, "arguments") || is(item->attribute, "result"))
		return "signature_changed";
	return is(item->attribute, "body") ? "body_changed" : NULL;
}

/* -- the rest -------------------------------------------------------------- */

static const char *
classify_role(const SdItem *item)
{
	const SdObject *role = item->source->to;

	if (role == NULL)
		return NULL;
	if (item->attribute == NULL ? value_of(role, "superuser") != NULL :
		is(item->attribute, "superuser") && item->actual)
		return "superuser_granted";
	if (item->attribute == NULL ? value_of(role, "bypass_rls") != NULL :
		is(item->attribute, "bypass_rls") && item->actual)
		return "bypassrls_granted";
	return NULL;
}

/* Is there nothing to it but privileges? */
static bool
is_only_privileges(const SdObject *object)
{
	return is(object->kind->name, "default_privileges") || is(object->kind->name, "changed_privileges");
}

/* What came. */
static const char *
classify_added(const SdItem *item)
{
	const SdObject *object = item->source->to;
	const char *kind = object->kind->name;
	const char *privileges = value_of(object, "privileges");
	const char *granted = privileges ? classify_privileges(object, NULL, privileges) : NULL;
	const char *definition = value_of(object, "definition");

	if (granted && is(granted, "public_grant"))
		return granted;
	if (is_only_privileges(object))
		return granted ? granted : "privileges_revoked";
	if (is(kind, "column"))
		return value_of(object, "not_null") && !value_of(object, "default") && !value_of(object, "generated") &&
			!value_of(object, "identity") ? "required_column_added" : "column_added";
	if (is(kind, "constraint") || is(kind, "domain_constraint"))
		return "constraint_added";
	if (is(kind, "index") && definition && strncmp(definition, "CREATE UNIQUE ", 14) == 0)
		return "unique_index_added";
	if (is(kind, "trigger"))
		return "trigger_added";
	if (is(kind, "role_member"))
		return "membership_granted";
	return item->class == SD_CLASS_ADDITIVE ? "object_added" : NULL;
}

/* What went. */
static const char *
classify_removed(const SdItem *item)
{
	const char *kind = item->object_type;

	/* without it, what the server gives by itself counts */
	if (is_only_privileges(item->source->from))
	{
		const char *granted = classify_privileges(item->source->from,
												  value_of(item->source->from, "privileges"), NULL);

		return granted ? granted : "privileges_revoked";
	}
	if (is(kind, "column"))
		return "column_removed";
	if (is(kind, "constraint"))
		return "constraint_removed";
	if (is(kind, "index"))
		return "index_removed";
	if (is(kind, "event_trigger"))
		return "event_trigger_off";
	return item->class == SD_CLASS_BREAKING ? "object_removed" : NULL;
}

/*
 * Properties whose change means one thing, whichever kind has them (NULL) or
 * only this one; not where the kind takes it for something graver or lesser.
 */
static const struct
{
	const char *kind;
	const char *property;
	const char *finding;
}			by_property[] = {
	{NULL, "comment", "comment_changed"},
	{NULL, "owner", "owner_changed"},
	{"changed_member", "changed_owner", "owner_changed"},
	{NULL, "security_label", "security_label_changed"},
	{NULL, "options", "options_changed"},
	{NULL, "toast_options", "options_changed"},
	{"column", "type", "type_changed"},
	{"attribute", "type", "type_changed"},
	{"domain", "type", "type_changed"},
	{NULL, "default", "default_changed"},
	{"view", "definition", "definition_changed"},
	{"index", "definition", "definition_changed"},
	{"trigger", "definition", "definition_changed"},
	{"rule", "definition", "definition_changed"},
};

/* Findings that depend on what a property was and is. */
static const char *
classify_values(const SdItem *item)
{
	const char *kind = item->object_type;
	const char *attribute = item->attribute;

	if (strstr(attribute, "row_security") == attribute || is(attribute, "force_row_security"))
		return item->actual == NULL || !is_true(item->actual) ? "row_security_off" : NULL;
	if (is(attribute, "not_null"))
		return item->actual ? "not_null_added" : "not_null_removed";
	if (is(kind, "view") && is(attribute, "security_invoker"))
		return is_true(item->expected) && !is_true(item->actual) ? "view_security_invoker_lost" : NULL;
	if (is(kind, "view") && is(attribute, "security_barrier"))
		return is_true(item->expected) && !is_true(item->actual) ? "view_security_barrier_lost" : NULL;
	if (is(attribute, "enabled") && (item->actual == NULL || strstr(item->actual, "DISABLE") == NULL) &&
		!(item->actual && strstr(item->actual, "REPLICA")))
		return NULL;
	if (is(attribute, "enabled") && is(kind, "event_trigger"))
		return "event_trigger_off";
	return is(attribute, "enabled") && is(kind, "trigger") ? "trigger_disabled" : NULL;
}

static const char *
classify_changed(const SdItem *item)
{
	const char *found = classify_values(item);
	int			i;

	if (found)
		return found;
	if (is(item->attribute, "privileges"))
	{
		found = classify_privileges(item->source->to, item->expected, item->actual);
		return found ? found : "privileges_revoked";
	}
	for (i = 0; i < lengthof(by_property); i++)
		if (is(by_property[i].property, item->attribute) &&
			(by_property[i].kind == NULL || is(by_property[i].kind, item->object_type)) &&
			sd_finding(by_property[i].finding)->class == item->class)
			return by_property[i].finding;
	return NULL;
}

/* Where no rule knows better, the class of the kind or property says it. */
static const char *
by_class(SdClass class)
{
	static const char *const names[] = {
		"other_additive", "other_risky", "other_breaking", "other_security", SD_FINDING_UNATTRIBUTED
	};

	return names[class];
}

static const char *
classify(const SdItem *item)
{
	const char *found = NULL;

	if (is(item->object_type, "policy"))
		found = classify_policy(item);
	else if (is(item->object_type, "function") || is(item->object_type, "procedure"))
		found = classify_routine(item);
	else if (is(item->object_type, "role"))
		found = classify_role(item);
	if (found)
		return found;
	switch (item->change)
	{
		case SD_CHANGE_ADDED:
			return classify_added(item);
		case SD_CHANGE_REMOVED:
			return classify_removed(item);
		case SD_CHANGE_CHANGED:
			return item->attribute ? classify_changed(item) : NULL;
		case SD_CHANGE_RENAMED:
			return is(item->object_type, "column") ? "column_renamed" :
				item->class == SD_CLASS_BREAKING ? "object_renamed" : NULL;
	}
	return NULL;
}

void
sd_classify(SdItem *item)
{
	const char *name = classify(item);
	const SdFinding *finding = sd_finding(name ? name : by_class(item->class));

	if (finding == NULL)
		elog(ERROR, "unknown finding \"%s\"", name);
	item->finding = finding->name;
	item->class = finding->class;
	item->severity = finding->severity;
}
