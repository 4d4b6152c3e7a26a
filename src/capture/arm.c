/*
 * arm.c
 *	  The event triggers of capture.
 *
 * They must not belong to the extension: pg_dump restores ordinary event
 * triggers after everything else, but a member comes with CREATE EXTENSION,
 * first, and would capture the restore itself.  For the same reason nothing is
 * armed from an extension's script, where whatever is made becomes a member.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_event_trigger.h"
#include "catalog/pg_proc.h"
#include "commands/extension.h"
#include "commands/trigger.h"
#include "miscadmin.h"
#include "nodes/value.h"
#include "parser/parse_func.h"
#include "utils/builtins.h"
#include "utils/syscache.h"

#include "base/spi.h"
#include "capture/arm.h"
#include "capture/capture.h"

const SdCaptureTrigger sd_capture_triggers[SD_CAPTURE_TRIGGERS] = {
	{SD_TRIGGER_DDL, "ddl_command_end", "capture_ddl"},
	{SD_TRIGGER_DROP, "sql_drop", "capture_drop"}
};

/* A copy of the trigger's row; NULL when there is none. */
static Form_pg_event_trigger
find_trigger(const SdCaptureTrigger *trigger)
{
	HeapTuple	tuple = SearchSysCacheCopy1(EVENTTRIGGERNAME,
											CStringGetDatum(trigger->name));

	return HeapTupleIsValid(tuple) ? (Form_pg_event_trigger) GETSTRUCT(tuple) : NULL;
}

static Oid
function_oid(const SdCaptureTrigger *trigger)
{
	return LookupFuncName(list_make2(makeString("schemadrift"),
									 makeString(pstrdup(trigger->function))),
						  0, NULL, true);
}

/* WHEN TAG IN (…): what is not among the tags is not captured. */
static bool
has_filter(const SdCaptureTrigger *trigger)
{
	HeapTuple	tuple = SearchSysCache1(EVENTTRIGGERNAME, CStringGetDatum(trigger->name));
	bool		has_none = true;

	if (!HeapTupleIsValid(tuple))
		return false;
	(void) SysCacheGetAttr(EVENTTRIGGERNAME, tuple, Anum_pg_event_trigger_evttags, &has_none);
	ReleaseSysCache(tuple);
	return !has_none;
}

/* Made anew where it is not: whatever is wrong besides being switched off. */
static bool
is_right(const SdCaptureTrigger *trigger, Form_pg_event_trigger row)
{
	return strcmp(NameStr(row->evtevent), trigger->event) == 0 &&
		row->evtfoid == function_oid(trigger) && !has_filter(trigger) && superuser_arg(row->evtowner);
}

static void
drop_trigger(const SdCaptureTrigger *trigger)
{
	if (find_trigger(trigger))
		sd_spi_command(psprintf("DROP EVENT TRIGGER %s", trigger->name), 0, NULL);
}

static void
arm_trigger(const SdCaptureTrigger *trigger)
{
	Form_pg_event_trigger row = find_trigger(trigger);

	if (row && !is_right(trigger, row))
	{
		drop_trigger(trigger);
		row = NULL;
	}
	if (row == NULL)
		sd_spi_command(psprintf("CREATE EVENT TRIGGER %s ON %s EXECUTE FUNCTION schemadrift.%s()",
								trigger->name, trigger->event, trigger->function), 0, NULL);
	if (row == NULL || row->evtenabled != TRIGGER_FIRES_ALWAYS)
		sd_spi_command(psprintf("ALTER EVENT TRIGGER %s ENABLE ALWAYS", trigger->name), 0, NULL);
}

/* Run step for each trigger without capturing it. */
static void
for_each_trigger(void (*step) (const SdCaptureTrigger *))
{
	int			i;

	sd_capture_suspend(true);
	PG_TRY();
	{
		for (i = 0; i < SD_CAPTURE_TRIGGERS; i++)
			step(&sd_capture_triggers[i]);
	}
	PG_FINALLY();
	{
		sd_capture_suspend(false);
	}
	PG_END_TRY();
}

void
sd_capture_arm(void)
{
	if (creating_extension)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("capture cannot be armed from an extension's script"),
				 errhint("Call drift_watch() after CREATE EXTENSION.")));
	for_each_trigger(arm_trigger);
}

void
sd_capture_disarm(void)
{
	for_each_trigger(drop_trigger);
}

bool
sd_capture_is_armed(void)
{
	Form_pg_event_trigger row = find_trigger(&sd_capture_triggers[0]);

	return row && row->evtenabled != TRIGGER_DISABLED;
}
