/*
 * change.h
 *	  change: the create, alter, drop or rename of one object, property by property;
 *	  item: the same as a row for people (drift_item).
 */
#ifndef SD_CHANGE_H
#define SD_CHANGE_H

#include "postgres.h"

#include "nodes/bitmapset.h"
#include "nodes/pg_list.h"

#include "model/object.h"

typedef enum SdChangeKind
{
	SD_CHANGE_ADDED,			/* only the "to" side has it */
	SD_CHANGE_REMOVED,			/* only the "from" side has it */
	SD_CHANGE_CHANGED,			/* both have it, properties differ */
	SD_CHANGE_RENAMED			/* both have it, under another name; whatever
								 * else differs is a change of its own */
} SdChangeKind;

/* class, least to most urgent; names by sd_class_name() */
typedef enum SdClass
{
	SD_CLASS_ADDITIVE,			/* something more; nothing that existed breaks */
	SD_CLASS_RISKY,				/* may change plans, results or performance */
	SD_CLASS_BREAKING,			/* what relied on it fails */
	SD_CLASS_SECURITY,			/* who may do what */
	SD_CLASS_UNATTRIBUTED		/* no event explains it */
} SdClass;

/* severity, in PagerDuty's words */
typedef enum SdSeverity
{
	SD_SEVERITY_INFO,
	SD_SEVERITY_WARNING,
	SD_SEVERITY_ERROR,
	SD_SEVERITY_CRITICAL
} SdSeverity;

typedef struct SdChange
{
	SdChangeKind what;
	const SdObject *from;		/* NULL when added */
	const SdObject *to;			/* NULL when removed */
	Bitmapset  *properties;		/* indexes of differing properties if changed */
	bool		has_new_name;	/* if renamed: its own name differs */
	bool		is_moved;		/* if renamed: it stands in another schema */
	bool		folded;			/* comes along with another change, its whole's
								 * or its leader: planned, but not reported */
	struct SdChange *leader;	/* the parent table's change that this one of a
								 * child repeats, NULL = none */
} SdChange;

/* What stands as attribute in the item of a rename; no property is called so. */
#define SD_RENAMED_ATTRIBUTE "name"

/* What people are shown where there is no value. */
#define SD_NOT_SET "(not set)"

/* One row for people; every text is palloc'd or constant, NULL = none. */
typedef struct SdItem
{
	SdChangeKind change;
	SdClass		class;
	SdSeverity	severity;
	const char *finding;		/* name of what it is, see compare/classify.h;
								 * NULL where nobody named it */
	const char *object_type;	/* kind's name */
	const char *object;			/* identity */
	const char *attribute;		/* property's name, NULL for the whole,
								 * SD_RENAMED_ATTRIBUTE for a rename */
	int			property;		/* its place, -1 for the whole */
	const char *expected;		/* value or definition on the "from" side */
	const char *actual;			/* on the "to" side */
	const char *secret;			/* digest of the "to" side where the two are
								 * secrets and tell nothing; NULL = they do */
	const SdChange *source;
	bool		is_self;		/* about the watch itself: no rule hides it */

	const char *owner;			/* team that is told, NULL = none named */
	struct SdItem *cause;		/* what brought it about and stands for it */
	int64		event_id;		/* of the event behind it, 0 = none */

	int64		id;				/* of the open drift that records it, 0 = none */
	const char *state;			/* of that: open, ignored, acknowledged, snoozed */
	int64		rule_id;		/* the ignore rule that hides it, 0 = none */

	/* the event behind it, where one is known */
	const char *who;			/* role, "a as b" when it acted as another */
	const char *via;			/* application and address */
	const char *at;				/* time as text */
	const char *application;	/* NULL = none */
	const char *client;			/* address or "[local]"; NULL = a worker */
	const char *deploy;			/* label of the deploy that explains it */
	const char *refused_claim;	/* deploy that was claimed without the right to */
	const char *ddl;			/* the exact statement, redacted */
	bool		unattributed;	/* events were looked at and none explains it */
} SdItem;

extern const char *sd_change_name(SdChangeKind change);	/* added, removed, changed, renamed */
extern const char *sd_class_name(SdClass class);
extern const char *sd_severity_name(SdSeverity severity);
/* The class or severity of that name; false, and nothing set, when there is none. */
extern bool sd_class_parse(const char *name, SdClass *class);
extern bool sd_severity_parse(const char *name, SdSeverity *severity);
extern SdSeverity sd_class_severity(SdClass class); /* the default mapping */

#endif							/* SD_CHANGE_H */
