/*
 * caller.c
 *	  Which role called a SECURITY DEFINER function of ours.
 *
 * Inside such a function the current user is its owner, so the outer user
 * (login, or SET ROLE) is asked.  In a worker that is the superuser that the
 * server started it as, whoever scheduled the command; so the worker tells.
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "base/caller.h"

static Oid	scheduled_by = InvalidOid;

void
sd_caller_set(Oid role)
{
	scheduled_by = role;
}

Oid
sd_caller(void)
{
	if (OidIsValid(scheduled_by))
		return scheduled_by;
	if (InSecurityRestrictedOperation())
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("not allowed within a security-restricted operation"),
				 errdetail("The role that calls cannot be told there.")));
	return GetOuterUserId();
}

bool
sd_is_member_of(Oid member, const char *role_name)
{
	Oid			role = get_role_oid(role_name, true);

	return OidIsValid(role) && is_member_of_role_nosuper(member, role);
}

/*
 * Through SQL's inet_client_addr(), because the connection's own structure
 * needs Kerberos headers to look into.
 */
const char *
sd_client_address(void)
{
	LOCAL_FCINFO(fcinfo, 0);
	Datum		address;

	if (MyProcPort == NULL)
		return NULL;
	InitFunctionCallInfoData(*fcinfo, NULL, 0, InvalidOid, NULL, NULL);
	address = inet_client_addr(fcinfo);
	if (fcinfo->isnull)
		return SD_LOCAL_CLIENT;
	return DatumGetCString(DirectFunctionCall1(inet_out, address));
}
