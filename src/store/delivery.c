/*
 * delivery.c
 *	  Puts messages into the outbox.
 */
#include "postgres.h"

#include "base/spi.h"
#include "base/wake.h"
#include "store/delivery.h"

int64
sd_delivery_enqueue(const char *channel, const char *purpose, int64 incident_id,
					const char *idempotency_key, const char *payload_json)
{
	SdRows	   *rows = sd_spi_queryv("INSERT INTO schemadrift.delivery"
									 " (channel, purpose, incident_id, idempotency_key, payload)"
									 " VALUES ($1, $2, $3::pg_catalog.int8, $4, $5::pg_catalog.jsonb)"
									 " RETURNING id",
									 channel, purpose,
									 incident_id > 0 ? psprintf(INT64_FORMAT, incident_id) : NULL,
									 idempotency_key, payload_json);

	sd_wake_request();
	return sd_rows_int(rows, 0, "id");
}
