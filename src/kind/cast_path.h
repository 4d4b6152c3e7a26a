/*
 * cast_path.h
 *	  How the data of a column get from one type to another.
 */
#ifndef SD_CAST_PATH_H
#define SD_CAST_PATH_H

#include "kind/kind.h"

/*
 * What to write between a value of the one type and "::type" of the other: ""
 * where there is a cast, else a type on the way, "::text" or "::integer".
 */
extern const char *sd_cast_path(const SdDdl *ddl, const char *from, const char *to);

/*
 * Does the server convert from the one type to the other by itself?  Then it
 * refuses a text that is too long, which a cast would cut.
 */
extern bool sd_cast_by_itself(const char *from, const char *to);

/*
 * Does each value of a column outlive the conversion, unless that fails?  The
 * one type is of the plan's other side.  With a cast a text that is too long is
 * cut.
 */
extern bool sd_cast_keeps(const SdDdl *ddl, const char *from, const char *to, bool is_cast);

#endif							/* SD_CAST_PATH_H */
