/*
 * html_change.h
 *	  One difference as HTML: before, after, and who made it.
 */
#ifndef SD_HTML_CHANGE_H
#define SD_HTML_CHANGE_H

#include "postgres.h"

#include "lib/stringinfo.h"

#include "model/change.h"

/* An article whose heading has the given level. */
extern void sd_html_change(StringInfo buf, const SdItem *item, int level);

/* A class as a badge. */
extern void sd_html_badge(StringInfo buf, SdClass class);

#endif							/* SD_HTML_CHANGE_H */
