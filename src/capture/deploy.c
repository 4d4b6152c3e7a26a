/*
 * deploy.c
 *	  Decides which events are expected.
 *
 * The session's user decides (whoever logged in, or whom a superuser made it
 * by SET SESSION AUTHORIZATION), not the current role: SET ROLE and SECURITY
 * DEFINER neither give nor take the right to deploy.  Membership counts as
 * granted, not as inherited, and superusers have no membership that was not
 * granted to them: a superuser at a psql prompt is the very drift that pages.
 *
 * The command counts at the moment it has run, not when its transaction ends:
 * what began inside a window and runs after its end is outside.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_collation.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"

#include "base/caller.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/settings.h"
#include "base/text.h"
#include "capture/deploy.h"
#include "capture/window.h"
#include "store/deploy.h"
#include "store/time_window.h"

/* Longest label, in characters; it goes into messages. */
#define SD_LABEL_MAX 200

/* Who asks: of this session now, or of an event. */
typedef struct Asker
{
	Oid			role;			/* that logged in */
	const char *application;	/* NULL = none */
	const char *client;			/* as sd_client_address() gives it */
} Asker;

static bool
application_is_like(const char *application, const char *pattern)
{
	if (pattern == NULL)
		return true;
	return DatumGetBool(DirectFunctionCall2Coll(textlike, C_COLLATION_OID,
												CStringGetTextDatum(application ? application : ""),
												CStringGetTextDatum(pattern)));
}

/* A session by socket, or without a client, comes from no network. */
static bool
client_is_in(const char *client, const char *network)
{
	if (network == NULL)
		return true;
	if (client == NULL || strcmp(client, SD_LOCAL_CLIENT) == 0)
		return false;
	return DatumGetBool(DirectFunctionCall2(network_subeq,
											DirectFunctionCall1(inet_in, CStringGetDatum(client)),
											DirectFunctionCall1(inet_in, CStringGetDatum(network))));
}

static bool
is_deployer(const SdDeployer *deployer, const Asker *asker)
{
	return deployer->role && sd_is_member_of(asker->role, deployer->role) &&
		application_is_like(asker->application, deployer->application) &&
		client_is_in(asker->client, deployer->client);
}

static bool
may_deploy(const List *deployers, const Asker *asker)
{
	ListCell   *cell;

	if (sd_is_member_of(asker->role, SD_DEPLOYER_ROLE))
		return true;
	foreach(cell, deployers)
		if (is_deployer(lfirst(cell), asker))
			return true;
	return false;
}

/* Is what it does a deploy, although it does not say so? */
static bool
is_implied(const List *deployers, const Asker *asker)
{
	ListCell   *cell;

	foreach(cell, deployers)
		if (((SdDeployer *) lfirst(cell))->implied && is_deployer(lfirst(cell), asker))
			return true;
	return false;
}

bool
sd_deploy_is_allowed(void)
{
	Asker		asker = {GetSessionUserId(), application_name, sd_client_address()};

	return may_deploy(sd_deployer_scan(), &asker);
}

bool
sd_deploy_was_allowed(const SdEvent *event, const char *role_name)
{
	Asker		asker = {get_role_oid(event->session_role, true), event->application, event->client};

	if (!OidIsValid(asker.role))
		return false;
	return role_name ? sd_is_member_of(asker.role, role_name) : may_deploy(sd_deployer_scan(), &asker);
}

/*
 * Has it not run out?  A clock that was set back gives a window no more than
 * the longest time that any may have.
 */
static bool
is_in_time(const SdDeploy *deploy, TimestampTz at)
{
	return deploy->expires_at > at &&
		deploy->expires_at - at <= (TimestampTz) sd_deploy_max_ttl * USECS_PER_SEC;
}

/* Is this session, or this event's transaction, inside the deploy's scope? */
static bool
is_in_scope(const SdDeploy *deploy, const SdEvent *event)
{
	if (!is_in_time(deploy, event->at))
		return false;
	if (strcmp(deploy->scope, "transaction") == 0)
		return deploy->xid == event->xid;
	if (strcmp(deploy->scope, "session") == 0)
		return deploy->pid == MyProcPid && deploy->backend_start == MyStartTimestamp;
	if (strcmp(deploy->scope, "role") == 0)
		return event->session_role && strcmp(deploy->opened_by, event->session_role) == 0;
	return strcmp(deploy->scope, "database") == 0;
}

static const SdDeploy *
open_window(const SdEvent *event)
{
	const SdDeploy *window = NULL;
	ListCell   *cell;

	foreach(cell, sd_deploy_scan_open())
	{
		/* of several, the one opened last is meant */
		if (is_in_scope(lfirst(cell), event))
			window = lfirst(cell);
	}
	return window;
}

static const char *
claim_of_session(void)
{
	if (sd_deploy == NULL || sd_deploy[strspn(sd_deploy, " \t\r\n")] == '\0')
		return NULL;
	return sd_cut(sd_deploy, SD_LABEL_MAX);
}

/* Nobody's claim looks as if a freeze had refused it. */
static const char *
refused(const char *claim)
{
	return strncmp(claim, SD_IN_FREEZE, strlen(SD_IN_FREEZE)) == 0 ? psprintf("\"%s\"", claim) : claim;
}

void
sd_deploy_explain(SdEvent *event)
{
	Asker		asker = {GetSessionUserId(), event->application, event->client};
	const char *claim = claim_of_session();
	const char *label = claim;
	const SdDeploy *window;
	List	   *recurring;
	List	   *deployers;
	SdOpenWindow open;

	SD_FAULT_POINT("capture.deploy");
	window = open_window(event);
	recurring = sd_time_window_scan();
	deployers = sd_deployer_scan();
	if (label == NULL && window)
		label = window->label;
	if (label == NULL && sd_window_any_open(recurring, SD_WINDOW_ALLOW, asker.role, event->at, &open))
		label = open.label;
	if (label == NULL && is_implied(deployers, &asker))
		label = event->application ? event->application : event->session_role;
	if (label == NULL)
		return;
	if (!may_deploy(deployers, &asker))
		event->refused_claim = claim ? refused(claim) : NULL;
	else if (sd_window_any_open(recurring, SD_WINDOW_DENY, asker.role, event->at, &open))
		event->refused_claim = psprintf(SD_IN_FREEZE "%s: %s", open.label, label);
	else
	{
		event->deploy = label;
		event->deploy_id = window ? window->id : 0;
	}
}

/* -- begin --------------------------------------------------------- */

/* A month counts 30 days, as it does when intervals are compared. */
static double
interval_seconds(const Interval *ttl)
{
	return (double) ttl->time / USECS_PER_SEC +
		((double) ttl->month * DAYS_PER_MONTH + ttl->day) * SECS_PER_DAY;
}

static void
check_ttl(const Interval *ttl)
{
	if (interval_seconds(ttl) <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a deploy must be open for more than no time")));
	if (interval_seconds(ttl) > sd_deploy_max_ttl)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a deploy may not be open for longer than %d seconds", sd_deploy_max_ttl),
				 errhint("Ask for less, or raise \"schemadrift.deploy_max_ttl\".")));
}

static void
check_scope(const char *scope)
{
	static const char *const scopes[] = {"transaction", "session", "role", "database"};
	int			i;

	for (i = 0; i < (int) lengthof(scopes); i++)
		if (strcmp(scope, scopes[i]) == 0)
			return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("a deploy cannot have scope \"%s\"", scope),
			 errhint("Scopes are transaction, session, role and database.")));
}

static void
check_allowed(const char *role)
{
	if (!sd_deploy_is_allowed())
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("role \"%s\" may not deploy", role),
				 errhint("Grant it the role " SD_DEPLOYER_ROLE
						 ", or name it with drift_deployer_add().")));
}

static void
check_no_freeze(void)
{
	SdOpenWindow freeze;

	if (sd_window_is_open(SD_WINDOW_DENY, GetSessionUserId(), GetCurrentTimestamp(), &freeze))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("no deploy may begin in freeze \"%s\"", sd_display(freeze.label, false)),
				 errdetail("It began at %s and ends at %s.", pstrdup(timestamptz_to_str(freeze.opened_at)),
						   pstrdup(timestamptz_to_str(freeze.closes_at))),
				 errhint("Wait for its end, or take it back with drift_window_drop(" INT64_FORMAT ").",
						 freeze.id)));
}

/* Several open deploys of one session would leave unclear which one ends. */
static void
check_none_open(void)
{
	ListCell   *cell;

	foreach(cell, sd_deploy_scan_open())
	{
		const SdDeploy *deploy = lfirst(cell);

		if (deploy->pid == MyProcPid && deploy->backend_start == MyStartTimestamp)
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_IN_USE),
					 errmsg("deploy \"%s\" of this session is still open", deploy->label),
					 errhint("End it with drift_deploy_end().")));
	}
}

int64
sd_deploy_begin(const char *label, const char *ref, const Interval *ttl, const char *scope)
{
	char	   *role = GetUserNameFromId(GetSessionUserId(), false);
	char	   *span;

	if (label[strspn(label, " \t\r\n")] == '\0')
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a deploy needs a label")));
	check_scope(scope);
	check_ttl(ttl);
	check_allowed(role);
	check_no_freeze();
	sd_deploy_close_stale();
	CommandCounterIncrement();
	check_none_open();
	span = DatumGetCString(DirectFunctionCall1(interval_out, IntervalPGetDatum(ttl)));
	return sd_deploy_open(sd_cut(label, SD_LABEL_MAX), ref, span, scope, role);
}
