/*
 * object.c
 *	  Keys of objects.
 */
#include "postgres.h"

#include "model/object.h"

char *
sd_object_key(const char *kind, const char *identity)
{
	return psprintf("%s %s", kind, identity);
}
