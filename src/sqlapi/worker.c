/*
 * worker.c
 *	  drift_worker_start(), drift_redeliver(), schemadrift.enqueue_delivery().
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

#include "store/delivery.h"
#include "store/delivery_read.h"
#include "worker/demand.h"

PG_FUNCTION_INFO_V1(sd_sql_worker_start);
PG_FUNCTION_INFO_V1(sd_sql_redeliver);
PG_FUNCTION_INFO_V1(sd_sql_enqueue_delivery);

Datum
sd_sql_worker_start(PG_FUNCTION_ARGS)
{
	const char *result = NULL;

	PreventCommandDuringRecovery("drift_worker_start()");
	switch (sd_demand_start())
	{
		case SD_START_STARTED:
			result = "started";
			break;
		case SD_START_WOKEN:
			result = "woken";
			break;
		case SD_START_NO_PLACE:
			ereport(ERROR,
					(errcode(ERRCODE_INSUFFICIENT_RESOURCES),
					 errmsg("could not start a worker: no background worker slot is free"),
					 errhint("Increase max_worker_processes.")));
	}
	PG_RETURN_TEXT_P(cstring_to_text(result));
}

static void
refuse_redelivery(int64 id, const char *state)
{
	if (state == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("delivery " INT64_FORMAT " does not exist", id),
				 errhint("SELECT id, state, title FROM drift_deliveries lists them; dead letters are deleted after"
						 " 90 days.")));
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("delivery " INT64_FORMAT " is not a dead letter", id),
			 strcmp(state, "delivered") == 0 ? errdetail("It was delivered.") :
			 errdetail("It is %s and goes out by itself.", state),
			 errhint("SELECT * FROM drift_deliveries WHERE state = 'dead' lists those that can be sent again.")));
}

Datum
sd_sql_redeliver(PG_FUNCTION_ARGS)
{
	int64		id = PG_GETARG_INT64(0);

	if (!sd_delivery_redeliver(id))
		refuse_redelivery(id, sd_delivery_state(id));
	PG_RETURN_VOID();
}

Datum
sd_sql_enqueue_delivery(PG_FUNCTION_ARGS)
{
	Jsonb	   *payload = PG_GETARG_JSONB_P(4);
	int64		id;

	id = sd_delivery_enqueue(text_to_cstring(PG_GETARG_TEXT_PP(0)),
							 text_to_cstring(PG_GETARG_TEXT_PP(1)),
							 PG_GETARG_INT64(2),
							 text_to_cstring(PG_GETARG_TEXT_PP(3)),
							 JsonbToCString(NULL, &payload->root, VARSIZE(payload)));
	PG_RETURN_INT64(id);
}
