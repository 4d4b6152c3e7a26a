/*
 * family.h
 *	  What operator families, their members and operator classes have in common.
 */
#ifndef SD_FAMILY_H
#define SD_FAMILY_H

#include "postgres.h"

#include "kind/kind.h"

/* "schema.family USING method", over fn, f and am */
#define SD_FAMILY_IDENTITY \
	SD_QUALIFIED("fn", "f.opfname") " || ' USING ' || pg_catalog.quote_ident(am.amname)"

/* f with its schema and its access method */
#define SD_FAMILY_JOINS \
	" JOIN pg_catalog.pg_namespace fn ON fn.oid = f.opfnamespace" \
	" JOIN pg_catalog.pg_am am ON am.oid = f.opfmethod"

/*
 * Members of a family that no class of it holds: those that pg_depend says
 * are the family's own.  A member is loose also where its access method made
 * it so although CREATE OPERATOR CLASS named it.
 */
#define SD_FAMILY_MEMBER_FROM(catalog, member, family) \
	"FROM pg_catalog." catalog " " member \
	" JOIN pg_catalog.pg_opfamily f ON f.oid = " family SD_FAMILY_JOINS \
	" JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog." catalog "'::pg_catalog.regclass" \
	" AND d.objid = " member ".oid" \
	" AND d.refclassid = 'pg_catalog.pg_opfamily'::pg_catalog.regclass" \
	" AND d.refobjid = f.oid AND d.deptype IN ('a', 'i')" \
	" WHERE " SD_USER_SCHEMA("fn")

/* " FOR ORDER BY schema.family" of a pg_amop, empty for a search operator */
#define SD_FAMILY_ORDER_BY(member) \
	"CASE WHEN " member ".amoppurpose = 'o' THEN (SELECT ' FOR ORDER BY ' || " \
	SD_QUALIFIED("sn", "sf.opfname") " FROM pg_catalog.pg_opfamily sf" \
	" JOIN pg_catalog.pg_namespace sn ON sn.oid = sf.opfnamespace" \
	" WHERE sf.oid = " member ".amopsortfamily) ELSE '' END"

/* "3 (integer, bigint)" of a pg_amop or pg_amproc */
#define SD_FAMILY_PLACE(number, left, right) \
	number " || ' (' || " SD_TYPE(left, "NULL") " || ', ' || " SD_TYPE(right, "NULL") " || ')'"

#endif							/* SD_FAMILY_H */
