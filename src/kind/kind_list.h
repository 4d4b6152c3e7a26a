/*
 * kind_list.h
 *	  Every kind, in the order in which plans create them where dependencies
 *	  leave the choice.  SD_KIND(x) means: src/kind/x.c defines sd_kind_x.
 */
SD_KIND(schema)
SD_KIND(extension)
SD_KIND(enum)
SD_KIND(domain)
SD_KIND(domain_constraint)
SD_KIND(composite)
SD_KIND(attribute)
SD_KIND(range)
SD_KIND(function)
SD_KIND(procedure)
SD_KIND(aggregate)
SD_KIND(table)
SD_KIND(column)
SD_KIND(sequence)
SD_KIND(constraint)
SD_KIND(index)
SD_KIND(view)
SD_KIND(view_column)
SD_KIND(matview)
SD_KIND(statistics)
SD_KIND(trigger)
SD_KIND(rule)
SD_KIND(policy)
SD_KIND(default_privileges)
