/*
 * operator.c
 *	  Kind: operators.
 *
 * The server links a commutator or negator both ways when either is made, and
 * forgets the link when either is dropped; so a link needs a statement of its
 * own only between operators that stay, and there only servers from 17 on have
 * one, for setting it.  Where the partner that is named was made last, and does
 * not name the other, the link goes one way, until a dump is restored in another
 * order; so we count it as a link both ways.  An operator that is merely named
 * as such a partner, and was never made, is none.
 */
#include "postgres.h"

#include "base/text.h"
#include "kind/kind.h"

/* since when ALTER OPERATOR sets more than the estimators */
#define SETTABLE_SINCE 170000

#define FUNCTION_NAME(oid) "NULLIF(" oid "::pg_catalog.regproc::pg_catalog.text, '-')"
#define TYPE_OR_NONE(oid) "CASE " oid " WHEN 0 THEN 'NONE' ELSE " SD_TYPE(oid, "NULL") " END"
#define SIGNATURE(n, o) \
	"pg_catalog.quote_ident(" n ".nspname) || '.' || " o ".oprname || ' (' || " \
	TYPE_OR_NONE(o ".oprleft") " || ', ' || " SD_TYPE(o ".oprright", "NULL") " || ')'"
/* another operator, by its name or by its identity */
#define OPERATOR(oid, expression) \
	"(SELECT " expression " FROM pg_catalog.pg_operator p" \
	" JOIN pg_catalog.pg_namespace pn ON pn.oid = p.oprnamespace WHERE p.oid = " oid ")"
#define OPERATOR_NAME(oid) \
	OPERATOR(oid, "'OPERATOR(' || pg_catalog.quote_ident(pn.nspname) || '.' || p.oprname || ')'")

/* The partner that the operator names or, as after a dump and restore, that names it. */
#define PARTNER(column) \
	"COALESCE(NULLIF(o." column ", 0), (SELECT q.oid FROM pg_catalog.pg_operator q" \
	" WHERE q." column " = o.oid AND q.oprcode <> 0 ORDER BY q.oprname COLLATE pg_catalog.\"C\", q.oid LIMIT 1))"

/* The templates are options of CREATE OPERATOR. */
#define RECREATED(property, expression, option) \
	{.name = property, .expr = expression, .class = SD_CLASS_BREAKING, .flags = SD_P_RECREATE, .set = option}
#define ALTERED(property, expression, option) \
	{.name = property, .expr = expression, .class = SD_CLASS_RISKY, .flags = SD_P_OWN, .set = option}

static const SdProperty properties[] = {
	{.name = "name",
		.expr = "pg_catalog.quote_ident(n.nspname) || '.' || o.oprname",
		.flags = SD_P_DETAIL},
	RECREATED("function", "o.oprcode::pg_catalog.regproc", "FUNCTION = {value}"),
	/* both are in the identity */
	{.name = "left",
		.expr = "CASE WHEN o.oprleft <> 0 THEN " SD_TYPE("o.oprleft", "NULL") " END",
		.flags = SD_P_DETAIL,
		.set = "LEFTARG = {value}"},
	{.name = "right",
		.expr = SD_TYPE("o.oprright", "NULL"),
		.flags = SD_P_DETAIL,
		.set = "RIGHTARG = {value}"},
	ALTERED("commutator", OPERATOR_NAME(PARTNER("oprcom")), "COMMUTATOR = {value}"),
	{.name = "commutator_identity",
		.expr = OPERATOR(PARTNER("oprcom"), SIGNATURE("pn", "p")),
		.flags = SD_P_DETAIL},
	{.name = "names_commutator",
		.expr = SD_FLAG("o.oprcom <> 0"),
		.flags = SD_P_DETAIL},
	ALTERED("negator", OPERATOR_NAME(PARTNER("oprnegate")), "NEGATOR = {value}"),
	{.name = "negator_identity",
		.expr = OPERATOR(PARTNER("oprnegate"), SIGNATURE("pn", "p")),
		.flags = SD_P_DETAIL},
	{.name = "names_negator",
		.expr = SD_FLAG("o.oprnegate <> 0"),
		.flags = SD_P_DETAIL},
	ALTERED("restrict", FUNCTION_NAME("o.oprrest"), "RESTRICT = {value}"),
	ALTERED("join", FUNCTION_NAME("o.oprjoin"), "JOIN = {value}"),
	ALTERED("merges", SD_FLAG("o.oprcanmerge"), "MERGES"),
	ALTERED("hashes", SD_FLAG("o.oprcanhash"), "HASHES"),
	{NULL}
};

static const SdObject *
partner_on(const SdSnapshot *snapshot, const SdObject *operator, const char *identity)
{
	return identity ? sd_snapshot_find(snapshot, sd_object_key(operator->kind->name, identity)) : NULL;
}

/*
 * Is it enough that the partner names this one?  Only where both are new; a
 * partner that is there already has no shell for this one to fill.
 */
static bool
is_named_by_partner(const SdDdl *ddl, const SdObject *operator, const char *link)
{
	const char *identity = sd_object_value(operator, psprintf("%s_identity", link));

	return !sd_object_flag(operator, psprintf("names_%s", link)) &&
		!(ddl->other && partner_on(ddl->other, operator, identity));
}

static void
create(SdDdl *ddl, const SdObject *object)
{
	List	   *options = NIL;
	int			i;

	for (i = 0; i < lengthof(properties) - 1; i++)
	{
		const SdProperty *p = &properties[i];
		bool		is_link = strcmp(p->name, "commutator") == 0 || strcmp(p->name, "negator") == 0;

		if (p->set && object->values[i] && !(is_link && is_named_by_partner(ddl, object, p->name)))
			options = lappend(options, sd_ddl_fill(p->set, object, object->values[i], NULL));
	}
	sd_ddl_addf(ddl, "CREATE OPERATOR %s (\n    %s\n)", sd_object_value(object, "name"),
				sd_join(options, ",\n    "));
}

static bool
is_linked_to(const SdObject *operator, const char *link, const SdObject *partner)
{
	const char *identity = operator ? sd_object_value(operator, link) : NULL;

	return identity && strcmp(identity, partner->identity) == 0;
}

/*
 * Does what the plan does with the partners make the link, or loosen it?  It
 * does when the old partner goes and the new one comes, and of two that stay
 * the first to be built makes the link for both.
 */
static bool
comes_by_itself(const SdDdl *ddl, const SdChange *change, const char *link)
{
	const SdObject *to = change->to;
	const SdObject *partner = partner_on(ddl->snapshot, to, sd_object_value(to, link));
	const SdObject *before = partner ? sd_snapshot_find(ddl->other, partner->key) : NULL;

	if (sd_object_value(to, link) == NULL)
		return true;
	if (partner == NULL || !is_linked_to(partner, link, to))
		return false;
	return before == NULL || (!is_linked_to(before, link, change->from) && strcmp(partner->key, to->key) < 0);
}

/* Can the old link be loosened without building the operator anew? */
static bool
is_loose(const SdDdl *ddl, const SdChange *change, const char *link)
{
	const char *old = sd_object_value(change->from, link);
	const SdObject *partner = partner_on(ddl->other, change->from, old);

	return old == NULL || (partner && sd_snapshot_find(ddl->snapshot, partner->key) == NULL);
}

/* Options for the links that changed; false where ALTER cannot do it. */
static bool
add_links(const SdDdl *ddl, const SdChange *change, bool settable, List **options)
{
	static const char *const links[][2] = {
		{"commutator", "commutator_identity"}, {"negator", "negator_identity"}
	};
	int			i;

	for (i = 0; i < lengthof(links); i++)
	{
		if (!sd_change_has(change, links[i][0]))
			continue;
		if (ddl->other == NULL || !is_loose(ddl, change, links[i][1]))
			return false;
		if (comes_by_itself(ddl, change, links[i][1]))
			continue;
		if (!settable)
			return false;
		*options = lappend(*options, sd_ddl_fill(i == 0 ? "COMMUTATOR = {commutator}" : "NEGATOR = {negator}",
												 change->to, NULL, NULL));
	}
	return true;
}

/* MERGES and HASHES can be set, and not be taken back. */
static bool
add_flags(const SdChange *change, bool settable, List **options)
{
	static const char *const flags[][2] = {{"merges", "MERGES"}, {"hashes", "HASHES"}};
	int			i;

	for (i = 0; i < lengthof(flags); i++)
	{
		if (!sd_change_has(change, flags[i][0]))
			continue;
		if (!settable || !sd_object_flag(change->to, flags[i][0]))
			return false;
		*options = lappend(*options, pstrdup(flags[i][1]));
	}
	return true;
}

static bool
alter(SdDdl *ddl, const SdChange *change)
{
	static const char *const estimators[][2] = {{"restrict", "RESTRICT"}, {"join", "JOIN"}};
	bool		settable = ddl->other && ddl->other->server_version >= SETTABLE_SINCE;
	List	   *options = NIL;
	int			i;

	if (!add_links(ddl, change, settable, &options) || !add_flags(change, settable, &options))
		return false;
	for (i = 0; i < lengthof(estimators); i++)
	{
		const char *value = sd_object_value(change->to, estimators[i][0]);

		if (sd_change_has(change, estimators[i][0]))
			options = lappend(options, psprintf("%s = %s", estimators[i][1], value ? value : "NONE"));
	}
	if (options)
		sd_ddl_addf(ddl, "ALTER OPERATOR %s SET (%s)", change->to->identity, sd_join(options, ", "));
	return true;
}

SdKind		sd_kind_operator = {
	.name = "operator",
	.keyword = "OPERATOR",
	.catalog = "pg_operator",
	.from = "FROM pg_catalog.pg_operator o"
	" JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace"
	" WHERE o.oprcode <> 0 AND " SD_USER_SCHEMA("n"),
	.oid = "o.oid",
	.identity = SIGNATURE("n", "o"),
	.owner = "o.oprowner",
	.form = 2,
	.has_comment = true,
	.own = properties,
	.removed = SD_CLASS_BREAKING,
	.create = create,
	.alter = alter,
};
