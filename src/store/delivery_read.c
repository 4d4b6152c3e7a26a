/*
 * delivery_read.c
 *	  Reads schemadrift.delivery for people; claiming and recording is done in
 *	  delivery.c.
 */
#include "postgres.h"

#include "base/json.h"
#include "base/spi.h"
#include "store/delivery_read.h"

SdDelivery *
sd_delivery_latest(int64 incident_id)
{
	SdRows	   *rows = sd_spi_queryv("SELECT id, idempotency_key, purpose, payload, attempts, step,"
									 "       external_id, external_url"
									 "  FROM schemadrift.delivery"
									 " WHERE incident_id OPERATOR(pg_catalog.=) $1::pg_catalog.int8"
									 " ORDER BY id DESC LIMIT 1",
									 psprintf(INT64_FORMAT, incident_id));
	SdDelivery *delivery;

	if (rows->nrows == 0)
		return NULL;
	delivery = palloc0(sizeof(SdDelivery));
	delivery->id = sd_rows_int(rows, 0, "id");
	delivery->idempotency_key = sd_rows_value(rows, 0, "idempotency_key");
	delivery->purpose = sd_rows_value(rows, 0, "purpose");
	delivery->payload = sd_jsonb_parse(sd_rows_value(rows, 0, "payload"));
	delivery->attempts = (int) sd_rows_int(rows, 0, "attempts");
	delivery->step = (int) sd_rows_int(rows, 0, "step");
	delivery->external_id = sd_rows_value(rows, 0, "external_id");
	delivery->external_url = sd_rows_value(rows, 0, "external_url");
	return delivery;
}

char *
sd_delivery_state(int64 id)
{
	SdRows	   *rows = sd_spi_queryv("SELECT state FROM schemadrift.delivery"
									 " WHERE id OPERATOR(pg_catalog.=) $1::pg_catalog.int8",
									 psprintf(INT64_FORMAT, id));

	return rows->nrows > 0 ? sd_rows_value(rows, 0, "state") : NULL;
}
