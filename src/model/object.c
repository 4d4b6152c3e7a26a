/*
 * object.c
 *	  Keys and digests of objects.
 */
#include "postgres.h"

#include "model/object.h"

char *
sd_object_key(const char *kind, const char *identity)
{
	return psprintf("%s %s", kind, identity);
}

const uint8 *
sd_object_open_digest(const SdObject *object)
{
	return object->has_secrets ? object->open_digest : object->digest;
}
