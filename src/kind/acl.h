/*
 * acl.h
 *	  Privileges: their canonical text, and the GRANTs between two texts.
 *
 * The form of the text is described in aspects.h.
 */
#ifndef SD_ACL_H
#define SD_ACL_H

#include "postgres.h"

#include "kind/kind.h"

/* What a GRANT or REVOKE is about. */
typedef struct SdAclTarget
{
	const char *prefix;			/* "ALTER DEFAULT PRIVILEGES …", "" = none */
	const char *on;				/* "TABLE public.t" */
	const char *column;			/* quoted name, NULL = all of it */
	const char *owner;			/* quoted name of whom OWNER means */
	const char *initial;		/* canonical text of what it has by itself */
} SdAclTarget;

/*
 * SQL expression for the canonical text of an aclitem[] that is not null;
 * whole is the number of privileges that make up ALL.
 */
#define SD_ACL_TEXT(acl, owner, whole) \
	"COALESCE((SELECT pg_catalog.string_agg(g.who || ': ' || g.what, E'\\n'" \
	" ORDER BY g.who COLLATE pg_catalog.\"C\") FROM (" \
	"SELECT CASE x.grantee WHEN 0 THEN 'PUBLIC' WHEN " owner " THEN 'OWNER'" \
	" ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(x.grantee)) END" \
	" || CASE x.grantor WHEN " owner " THEN ''" \
	" ELSE ' by ' || pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(x.grantor)) END AS who," \
	" CASE WHEN pg_catalog.count(*) > 1 AND pg_catalog.count(*) = " whole \
	" AND pg_catalog.bool_and(x.is_grantable) = pg_catalog.bool_or(x.is_grantable)" \
	" THEN 'ALL' || CASE WHEN pg_catalog.bool_and(x.is_grantable) THEN '*' ELSE '' END" \
	" ELSE pg_catalog.string_agg(x.privilege_type" \
	" || CASE WHEN x.is_grantable THEN '*' ELSE '' END, ', '" \
	" ORDER BY x.privilege_type COLLATE pg_catalog.\"C\") END AS what" \
	" FROM pg_catalog.aclexplode(" acl ") x GROUP BY x.grantee, x.grantor) g), 'none')"

/* The number of privileges that there are, by what acldefault() gives. */
#define SD_ACL_WHOLE(defaults, owner) \
	"(SELECT pg_catalog.count(*) FROM pg_catalog.aclexplode(" defaults ") own WHERE own.grantee = " owner ")"

/* The privileges of the kind's objects. */
extern char *sd_acl_expression(const SdKind *kind);

/* What the server gives by default, by the letter of acldefault(). */
extern const char *sd_acl_default_text(char type);

/*
 * Add the GRANT and REVOKE statements that turn one canonical text into the
 * other for this object; NULL means the server's default.
 */
extern void sd_acl_alter(SdDdl *ddl, const SdObject *object, const char *from, const char *to);

/* The same for something that is no object, or not this one. */
extern void sd_acl_change(SdDdl *ddl, const SdAclTarget *target, const char *from, const char *to);

/*
 * The same for an object that was created just now: it has what the server
 * gives by default, or the default privileges of whoever runs the plan.
 */
extern void sd_acl_create(SdDdl *ddl, const SdObject *object, const char *to);

/* The same for a sequence that came along with a column. */
extern void sd_acl_create_sequence(SdDdl *ddl, const SdObject *column, const char *sequence);

#endif							/* SD_ACL_H */
