/*
 * kind_list.h
 *	  Every kind, in the order in which plans create them where dependencies
 *	  leave the choice.  SD_KIND(x) means: src/kind/x.c defines sd_kind_x.
 */
SD_KIND(schema)
SD_KIND(extension)
SD_KIND(table)
SD_KIND(column)
SD_KIND(constraint)
SD_KIND(index)
SD_KIND(view)
SD_KIND(view_column)
SD_KIND(matview)
SD_KIND(trigger)
SD_KIND(rule)
SD_KIND(policy)
