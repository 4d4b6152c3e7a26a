/*
 * report_words.h
 *	  The words that all formats of a report, and messages like it, share.
 *
 * What these give is shown text (control and invisible characters by number)
 * on one line, to be escaped for whatever markup it goes into.
 */
#ifndef SD_REPORT_WORDS_H
#define SD_REPORT_WORDS_H

#include "postgres.h"

#include "compare/render.h"

#define SD_CLASSES (SD_CLASS_UNATTRIBUTED + 1)

/* How many items of each class. */
extern void sd_report_count(const SdReport *report, int counts[SD_CLASSES]);

/* "2 breaking, 1 additive", most severe first. */
extern char *sd_report_counts(const SdReport *report);

/* One line: how many differences, in which direction, of how many objects. */
extern char *sd_report_summary(const SdReport *report);

/* "column public.t.a: type" */
extern char *sd_report_title(const SdItem *item);

/* "critical, breaking, changed" with the drift's number where it has one */
extern char *sd_report_marks(const SdItem *item);

/* "alice, psql from [local], pid 4711, at …, in deploy PR-812"; NULL = unknown */
extern char *sd_report_author(const SdItem *item);

/* The statements as people may see them; a comment says where that is not what they are. */
extern char *sd_report_script(const SdReport *report);

/* What a report says of an item that no event explains. */
#define SD_REPORT_UNATTRIBUTED "no captured command explains it"

#endif							/* SD_REPORT_WORDS_H */
