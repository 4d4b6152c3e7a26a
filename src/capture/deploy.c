/*
 * deploy.c
 *	  Decides which events are expected.
 *
 * The session's user decides (whoever logged in, or whom a superuser made it
 * by SET SESSION AUTHORIZATION), not the current role: SET ROLE and SECURITY
 * DEFINER neither give nor take the right to deploy.  Membership counts as
 * granted, not as inherited, and superusers have no membership that was not
 * granted to them: a superuser at a psql prompt is the very drift that pages.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_collation.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"

#include "base/caller.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/settings.h"
#include "base/text.h"
#include "base/wake.h"
#include "capture/deploy.h"
#include "store/deploy.h"
#include "store/event.h"

/* Longest label, in characters; it goes into messages. */
#define SD_LABEL_MAX 200

static bool
application_is_like(const char *pattern)
{
	if (pattern == NULL)
		return true;
	return DatumGetBool(DirectFunctionCall2Coll(textlike, C_COLLATION_OID,
												CStringGetTextDatum(application_name ? application_name : ""),
												CStringGetTextDatum(pattern)));
}

bool
sd_deploy_is_allowed(Oid role)
{
	ListCell   *cell;

	if (sd_is_member_of(role, SD_DEPLOYER_ROLE))
		return true;
	foreach(cell, sd_deployer_scan())
	{
		SdDeployer *deployer = lfirst(cell);

		if (deployer->role && sd_is_member_of(role, deployer->role) &&
			application_is_like(deployer->application))
			return true;
	}
	return false;
}

/* Is this session, or this event's transaction, inside the deploy's scope? */
static bool
is_in_scope(const SdDeploy *deploy, const SdEvent *event, TimestampTz now)
{
	if (deploy->expires_at <= now)
		return false;
	if (strcmp(deploy->scope, "transaction") == 0)
		return deploy->xid == event->xid;
	if (strcmp(deploy->scope, "session") == 0)
		return deploy->pid == MyProcPid && deploy->backend_start == MyStartTimestamp;
	if (strcmp(deploy->scope, "role") == 0)
		return event->session_role && strcmp(deploy->opened_by, event->session_role) == 0;
	return strcmp(deploy->scope, "database") == 0;
}

void
sd_deploy_explain(SdEvent *event)
{
	const char *claim = sd_deploy && sd_deploy[0] != '\0' ? sd_deploy : NULL;
	const SdDeploy *window = NULL;
	TimestampTz now = GetCurrentTimestamp();
	ListCell   *cell;

	SD_FAULT_POINT("capture.deploy");
	foreach(cell, sd_deploy_scan_open())
	{
		const SdDeploy *deploy = lfirst(cell);

		/* of several, the one opened last is meant */
		if (is_in_scope(deploy, event, now))
			window = deploy;
	}
	if (claim == NULL && window == NULL)
		return;
	if (!sd_deploy_is_allowed(GetSessionUserId()))
	{
		if (claim)
			event->refused_claim = sd_cut(claim, SD_LABEL_MAX);
		return;
	}
	event->deploy = claim ? sd_cut(claim, SD_LABEL_MAX) : window->label;
	event->deploy_id = window ? window->id : 0;
}

/* -- begin and end --------------------------------------------------------- */

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
	if (!sd_deploy_is_allowed(GetSessionUserId()))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("role \"%s\" may not deploy", role),
				 errhint("Grant it the role " SD_DEPLOYER_ROLE
						 ", or name it with drift_deployer_add().")));
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
	sd_deploy_close_stale();
	CommandCounterIncrement();
	check_none_open();
	span = DatumGetCString(DirectFunctionCall1(interval_out, IntervalPGetDatum(ttl)));
	return sd_deploy_open(sd_cut(label, SD_LABEL_MAX), ref, span, scope, role);
}

static void
append_events(StringInfo buf, const SdRows *events, bool with_role)
{
	int			i;

	for (i = 0; i < events->nrows; i++)
	{
		char	   *objects = sd_rows_value(events, i, "objects");

		appendStringInfo(buf, "\n  %s", sd_rows_value(events, i, "tag"));
		if (objects)
			appendStringInfo(buf, ": %s", sd_display(sd_cut(objects, 200), false));
		if (with_role)
			appendStringInfo(buf, " (by %s)",
							 sd_display(sd_rows_value(events, i, "session_role"), false));
	}
}

char *
sd_deploy_end(void)
{
	char	   *role = GetUserNameFromId(GetSessionUserId(), false);
	SdRows	   *closed;
	SdRows	   *events;
	StringInfoData buf;

	sd_deploy_close_stale();
	closed = sd_deploy_close(role);
	if (closed->nrows == 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("no deploy of this session or of role \"%s\" is open", role),
				 errdetail("It may have expired, or its session may have ended.")));
	initStringInfo(&buf);
	events = sd_event_of_deploy(sd_rows_int(closed, 0, "id"));
	appendStringInfo(&buf, "deploy %s \"%s\" ended; it ran %d %s",
					 sd_rows_value(closed, 0, "id"),
					 sd_display(sd_rows_value(closed, 0, "label"), false),
					 events->nrows, events->nrows == 1 ? "command" : "commands");
	append_events(&buf, events, false);
	events = sd_event_unexplained_since(sd_rows_value(closed, 0, "opened_at"));
	if (events->nrows > 0)
	{
		appendStringInfo(&buf, "\nnot expected meanwhile: %d %s", events->nrows,
						 events->nrows == 1 ? "command" : "commands");
		append_events(&buf, events, true);
	}
	sd_wake_request();
	return buf.data;
}
