/*
 * source.c
 *	  The settings under which every source reads.
 *
 * These are the ones that change how the server prints a schema; pg_dump pins
 * the same.  The last two only concern speed.
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
	/* large plans that run for milliseconds: compiling them costs more */
	"jit", "off",
	/* joins are written in a good order; looking for a better one takes longer */
	"join_collapse_limit", "1",
	NULL
};
