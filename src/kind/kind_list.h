/*
 * kind_list.h
 *	  Every kind, in the order in which plans create them where dependencies
 *	  leave the choice.  SD_KIND(x) means: src/kind/x.c defines sd_kind_x.
 */
SD_KIND(schema)
SD_KIND(extension)
SD_KIND(table)
SD_KIND(column)
