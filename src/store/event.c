/*
 * event.c
 *	  Reads schemadrift.event.
 *
 * Ids are drawn when an event is written, not when it commits, so a greater
 * id may commit first.  sd_event_last_id() therefore looks at uncommitted rows
 * too (a dirty scan of the few events of unfinished transactions) and stays
 * below them.  An id that was drawn but not yet written is not seen; that gap
 * lasts microseconds and would cost one change its attribution, not its alarm.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "access/transam.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/jsonb.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"
#include "utils/xid8.h"

#include "base/compat.h"
#include "base/json.h"
#include "base/spi.h"
#include "store/event.h"
#include "store/table.h"

static int64
number(const JsonbContainer *object, const char *key)
{
	char	   *text = sd_container_text(object, key);

	return text ? pg_strtoint64(text) : 0;
}

static List *
parse_objects(const char *json)
{
	Jsonb	   *jsonb = sd_jsonb_parse(json);
	JsonbIterator *it = JsonbIteratorInit(&jsonb->root);
	JsonbValue	value;
	JsonbIteratorToken token;
	List	   *objects = NIL;

	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		const JsonbContainer *container;
		SdEventObject *object;
		char	   *dropped;

		if (token != WJB_ELEM || value.type != jbvBinary)
			continue;
		container = value.val.binary.data;
		object = palloc0(sizeof(SdEventObject));
		object->classid = (Oid) number(container, "classid");
		object->objid = (Oid) number(container, "objid");
		object->objsubid = (int32) number(container, "objsubid");
		object->type = sd_container_text(container, "type");
		object->identity = sd_container_text(container, "identity");
		object->aspects = sd_container_text(container, "aspects");
		dropped = sd_container_text(container, "dropped");
		object->dropped = dropped && dropped[0] == 't';
		objects = lappend(objects, object);
	}
	return objects;
}

static TimestampTz
parse_timestamp(const char *text)
{
	return DatumGetTimestampTz(DirectFunctionCall3(timestamptz_in, CStringGetDatum(text),
												   ObjectIdGetDatum(InvalidOid),
												   Int32GetDatum(-1)));
}

static SdEvent *
parse_event(const SdRows *rows, int row)
{
	SdEvent    *event = palloc0(sizeof(SdEvent));

	event->id = sd_rows_int(rows, row, "id");
	event->at = parse_timestamp(sd_rows_value(rows, row, "at"));
	event->xid = (uint64) sd_rows_int(rows, row, "xid");
	event->pid = (int) sd_rows_int(rows, row, "pid");
	event->tag = sd_rows_value(rows, row, "tag");
	event->session_role = sd_rows_value(rows, row, "session_role");
	event->effective_role = sd_rows_value(rows, row, "effective_role");
	event->client = sd_rows_value(rows, row, "client");
	event->application = sd_rows_value(rows, row, "application");
	event->statement = sd_rows_value(rows, row, "statement");
	event->deploy_id = sd_rows_int(rows, row, "deploy_id");
	event->deploy = sd_rows_value(rows, row, "deploy");
	event->refused_claim = sd_rows_value(rows, row, "refused_claim");
	event->objects = parse_objects(sd_rows_value(rows, row, "objects"));
	return event;
}

#define EVENT_SQL \
	"e.id, e.at, e.xid, e.pid, e.tag, e.session_role, e.effective_role," \
	" e.client, e.application, e.statement, e.deploy_id, COALESCE(e.deploy, r.deploy) AS deploy," \
	" COALESCE(e.refused_claim, r.refused_claim) AS refused_claim, e.objects" \
	"  FROM schemadrift.event AS e" \
	"  LEFT JOIN schemadrift.recognised AS r ON r.event_id = e.id"

SdEvent *
sd_event_last_about(const char *object_type, const char *identity)
{
	SdRows	   *rows = sd_spi_queryv("SELECT " EVENT_SQL
									 " WHERE e.id > (SELECT pg_catalog.max(id) - 5000 FROM schemadrift.event)"
									 "   AND e.objects @> pg_catalog.jsonb_build_array("
									 "         pg_catalog.jsonb_build_object('type', $1, 'identity', $2))"
									 " ORDER BY e.id DESC LIMIT 1",
									 object_type, identity);

	return rows->nrows > 0 ? parse_event(rows, 0) : NULL;
}

List *
sd_event_load_since(int64 horizon)
{
	SdRows	   *rows;
	List	   *events = NIL;
	int			i;

	rows = sd_spi_queryv("SELECT " EVENT_SQL
						 " WHERE e.id > $1::pg_catalog.int8"
						 " ORDER BY e.id",
						 psprintf(INT64_FORMAT, horizon));
	for (i = 0; i < rows->nrows; i++)
		events = lappend(events, parse_event(rows, i));
	return events;
}

SdEvent *
sd_event_load(int64 id)
{
	SdRows	   *rows = sd_spi_queryv("SELECT " EVENT_SQL
									 " WHERE e.id = $1::pg_catalog.int8",
									 psprintf(INT64_FORMAT, id));

	return rows->nrows > 0 ? parse_event(rows, 0) : NULL;
}

/* The smallest id that another running transaction has written, or max. */
static int64
smallest_undecided(int64 max)
{
	Relation	rel = sd_table_open("event", AccessShareLock);
	Oid			index = sd_table_index(rel, "event_xid");
	Snapshot	current = GetActiveSnapshot();
	FullTransactionId next = ReadNextFullTransactionId();
	uint64		oldest;
	SnapshotData dirty;
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	AttrNumber	xid_column = 3;

	/* widen the snapshot's oldest running transaction to 64 bits */
	oldest = U64FromFullTransactionId(next) -
		(uint32) (XidFromFullTransactionId(next) - current->xmin);
	InitDirtySnapshot(dirty);
	ScanKeyInit(&key, xid_column, BTGreaterEqualStrategyNumber, F_XID8GE,
				UInt64GetDatum(oldest));
	scan = systable_beginscan(rel, index, OidIsValid(index), &dirty, 1, &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		bool		is_null;
		int64		id = DatumGetInt64(heap_getattr(tuple, 1, RelationGetDescr(rel), &is_null));

		if (TransactionIdIsValid(dirty.xmin) &&
			!TransactionIdIsCurrentTransactionId(dirty.xmin))
			max = Min(max, id - 1);
	}
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	return max;
}

int64
sd_event_last_id(void)
{
	SdRows	   *rows = sd_spi_query("SELECT COALESCE(pg_catalog.max(id), 0) AS id"
									"  FROM schemadrift.event", 0, NULL);

	return smallest_undecided(sd_rows_int(rows, 0, "id"));
}

/* -- for reports ----------------------------------------------------------- */

#define SD_OBJECTS_AS_TEXT \
	"       (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', o.type, o.identity), ', ')" \
	"          FROM (SELECT j.value ->> 'type' AS type, j.value ->> 'identity' AS identity" \
	"                  FROM pg_catalog.jsonb_array_elements(e.objects)" \
	"                       WITH ORDINALITY AS j(value, n)" \
	"                 ORDER BY j.n LIMIT 3) AS o) AS objects"

SdRows *
sd_event_of_deploy(int64 deploy_id)
{
	return sd_spi_queryv("SELECT e.tag, e.session_role, e.refused_claim, " SD_OBJECTS_AS_TEXT
						 "  FROM schemadrift.event AS e"
						 " WHERE e.deploy_id = $1::pg_catalog.int8"
						 " ORDER BY e.id",
						 psprintf(INT64_FORMAT, deploy_id));
}

SdRows *
sd_event_unexplained_since(const char *since)
{
	return sd_spi_queryv("SELECT e.tag, e.session_role, e.refused_claim, " SD_OBJECTS_AS_TEXT
						 "  FROM schemadrift.event AS e"
						 " WHERE e.deploy IS NULL AND e.id NOT IN (SELECT event_id FROM schemadrift.recognised"
						 "                                         WHERE deploy IS NOT NULL)"
						 "   AND e.at >= $1::pg_catalog.timestamptz"
						 " ORDER BY e.id",
						 since);
}
