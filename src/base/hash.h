/*
 * hash.h
 *	  Hash tables whose key is a pointer to text, compared by its bytes.
 */
#ifndef SD_HASH_H
#define SD_HASH_H

#include "postgres.h"

#include "utils/hsearch.h"

/*
 * Entries of entry_size bytes start with a const char * that is the key; the
 * text must outlive the table.  Search with the address of such a pointer.
 */
extern HTAB *sd_text_hash_create(const char *name, Size entry_size, MemoryContext context);

#endif							/* SD_HASH_H */
