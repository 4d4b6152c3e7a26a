/*
 * classify.h
 *	  finding: what kind of thing a difference is; each has a class and a
 *	  severity, which users may change (store/severity.h).
 *
 * Names of findings are public: they are stored, routed by and configured.
 * Once released, none is renamed or removed; doc/incidents.md lists them.
 */
#ifndef SD_CLASSIFY_H
#define SD_CLASSIFY_H

#include "postgres.h"

#include "model/change.h"

typedef struct SdFinding
{
	const char *name;			/* row_security_off */
	SdClass		class;			/* built-in, as is the severity */
	SdSeverity	severity;
	const char *meaning;		/* for people */
} SdFinding;

extern const SdFinding sd_findings[];
extern const int sd_nfindings;

/* The finding that stands for changes that nothing explains. */
#define SD_FINDING_UNATTRIBUTED "unattributed"

/* The finding of that name, NULL when there is none. */
extern const SdFinding *sd_finding(const char *name);

/*
 * Name the finding of an item that has a source and give it its built-in class
 * and severity; what no rule knows keeps the class of its kind or property.
 */
extern void sd_classify(SdItem *item);

#endif							/* SD_CLASSIFY_H */
