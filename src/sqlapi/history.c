/*
 * history.c
 *	  SQL functions on what live was and who made it so.
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"

#include "base/rows.h"
#include "sqlapi/arguments.h"
#include "sqlapi/items.h"
#include "workflow/blame.h"

PG_FUNCTION_INFO_V1(sd_sql_blame);

#define BLAME_COLUMNS 10

/* drift_blame(name) */
Datum
sd_sql_blame(PG_FUNCTION_ARGS)
{
	static char *names[BLAME_COLUMNS] = {"object_type", "object", "attribute", "value", "who", "via", "at", "deploy",
	"statement", "event"};
	ListCell   *cell;

	sd_items_begin(fcinfo);
	foreach(cell, sd_blame(sd_required_text(fcinfo, 0, "name")))
	{
		const SdBlame *one = lfirst(cell);
		const char *values[BLAME_COLUMNS] = {one->object_type, one->object, one->attribute, one->value, one->who,
		one->via, one->at, one->deploy, one->statement, one->event_id};
		char	  **row = (char **) values;
		SdRows		rows = {1, BLAME_COLUMNS, names, &row};

		sd_rows_return(fcinfo, &rows);
	}
	return (Datum) 0;
}
