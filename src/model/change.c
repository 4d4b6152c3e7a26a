/*
 * change.c
 *	  Names of what changes are and how grave they are.
 */
#include "postgres.h"

#include "model/change.h"

const char *
sd_change_name(SdChangeKind change)
{
	static const char *const names[] = {"added", "removed", "changed", "renamed"};

	return names[change];
}

const char *
sd_class_name(SdClass class)
{
	static const char *const names[] = {
		"additive", "risky", "breaking", "security", "unattributed"
	};

	return names[class];
}

const char *
sd_severity_name(SdSeverity severity)
{
	static const char *const names[] = {"info", "warning", "error", "critical"};

	return names[severity];
}

bool
sd_class_parse(const char *name, SdClass *class)
{
	SdClass		c;

	for (c = SD_CLASS_ADDITIVE; c <= SD_CLASS_UNATTRIBUTED; c++)
		if (strcmp(name, sd_class_name(c)) == 0)
		{
			*class = c;
			return true;
		}
	return false;
}

bool
sd_severity_parse(const char *name, SdSeverity *severity)
{
	SdSeverity	s;

	for (s = SD_SEVERITY_INFO; s <= SD_SEVERITY_CRITICAL; s++)
		if (strcmp(name, sd_severity_name(s)) == 0)
		{
			*severity = s;
			return true;
		}
	return false;
}

SdSeverity
sd_class_severity(SdClass class)
{
	switch (class)
	{
		case SD_CLASS_ADDITIVE:
			return SD_SEVERITY_WARNING;
		case SD_CLASS_RISKY:
			return SD_SEVERITY_ERROR;
		case SD_CLASS_BREAKING:
		case SD_CLASS_SECURITY:
		case SD_CLASS_UNATTRIBUTED:
			return SD_SEVERITY_CRITICAL;
	}
	elog(ERROR, "unrecognized class: %d", (int) class);
}
