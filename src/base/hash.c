/*
 * hash.c
 *	  Hash tables whose key is a pointer to text.
 *
 * The server's string keys are copied into fixed-size entries; ours may be of
 * any length and already live somewhere.
 */
#include "postgres.h"

#include "common/hashfn.h"

#include "base/hash.h"

static uint32
hash_text_key(const void *key, Size size)
{
	const char *text = *(const char *const *) key;

	return hash_bytes((const unsigned char *) text, strlen(text));
}

static int
compare_text_keys(const void *a, const void *b, Size size)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

HTAB *
sd_text_hash_create(const char *name, Size entry_size, MemoryContext context)
{
	HASHCTL		control = {0};

	control.keysize = sizeof(const char *);
	control.entrysize = entry_size;
	control.hash = hash_text_key;
	control.match = compare_text_keys;
	control.hcxt = context;
	return hash_create(name, 1024, &control,
					   HASH_ELEM | HASH_FUNCTION | HASH_COMPARE | HASH_CONTEXT);
}
