/*
 * source.c
 *	  The settings under which every source reads.
 *
 * These are the ones that change how the server prints a schema; pg_dump pins
 * the same.
 */
#include "postgres.h"

#include "source/source.h"

const char *const sd_pinned_settings[] = {
	"search_path", "",
	"quote_all_identifiers", "off",
	"DateStyle", "ISO",
	"IntervalStyle", "postgres",
	"TimeZone", "UTC",
	"extra_float_digits", "3",
	"bytea_output", "hex",
	"standard_conforming_strings", "on",
	"xmloption", "content",
	"row_security", "off",
	NULL
};
