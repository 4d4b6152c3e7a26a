/*
 * source_libpq.c
 *	  Another database as a source, read by libpq; no other file calls libpq.
 *
 * Only the asynchronous calls are used: every wait is on our latch and the
 * socket together, so interrupts are served at once.  Name resolution inside
 * PQconnectStartParams() is the one step that libpq cannot do so.
 *
 * Texts come in UTF-8, which every encoding can be converted to, and are
 * converted here: the server may know no way from its encoding to ours.
 *
 * The peer is not trusted: rows come one at a time, and what a query may
 * return is bounded in rows and bytes.
 */
#include "postgres.h"

#include "access/xact.h"
#include "libpq-fe.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/fd.h"
#include "storage/latch.h"
#include "utils/formatting.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/error.h"
#include "source/source.h"

#define SD_REMOTE_BATCH 1000
#define SD_REMOTE_MAX_ROWS 20000000
#define SD_REMOTE_MAX_BYTES ((uint64) 4 * 1024 * 1024 * 1024)
#define SD_REMOTE_CONNECT_MS 10000
#define SD_REMOTE_WAIT_MS 200

typedef struct RemoteSource
{
	SdSource	source;			/* must be first */
	PGconn	   *conn;
	bool		has_fd;			/* AcquireExternalFD() was granted */
	int			encoding;		/* that its texts come in */
	MemoryContextCallback cleanup;
} RemoteSource;

/* Also runs when an error destroys the memory context. */
static void
disconnect(void *arg)
{
	RemoteSource *remote = arg;

	if (remote->conn)
		PQfinish(remote->conn);
	remote->conn = NULL;
	if (remote->has_fd)
		ReleaseExternalFD();
	remote->has_fd = false;
}

/* Wait for the socket or 200 ms, whichever is first, and serve interrupts. */
static void
wait_for_socket(PGconn *conn, int events)
{
	(void) WaitLatchOrSocket(MyLatch,
							 WL_LATCH_SET | WL_EXIT_ON_PM_DEATH | WL_TIMEOUT | events,
							 PQsocket(conn), SD_REMOTE_WAIT_MS, PG_WAIT_EXTENSION);
	ResetLatch(MyLatch);
	CHECK_FOR_INTERRUPTS();
}

/* A message of the server's, of which no more is kept than every encoding has. */
static char *
message_text(const char *text)
{
	char	   *copy = pstrdup(text);
	char	   *p;

	if (!pg_verify_mbstr(PG_UTF8, copy, strlen(copy), true) || GetDatabaseEncoding() != PG_UTF8)
		for (p = copy; *p != '\0'; p++)
			if (IS_HIGHBIT_SET(*p))
				*p = '?';
	return copy;
}

static void
raise_unreachable(const char *name, const char *detail)
{
	char	   *text = message_text(detail);
	size_t		length = strlen(text);

	while (length > 0 && text[length - 1] == '\n')
		text[--length] = '\0';
	ereport(ERROR,
			(errcode(ERRCODE_SD_UNREACHABLE),
			 errmsg("could not connect to \"%s\"", name),
			 errdetail_internal("%s", text)));
}

static void
finish_connecting(RemoteSource *remote)
{
	TimestampTz deadline = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), SD_REMOTE_CONNECT_MS);
	PostgresPollingStatusType status = PGRES_POLLING_WRITING;

	while (status != PGRES_POLLING_OK)
	{
		if (status == PGRES_POLLING_FAILED || PQstatus(remote->conn) == CONNECTION_BAD)
			raise_unreachable(remote->source.name, PQerrorMessage(remote->conn));
		if (GetCurrentTimestamp() > deadline)
			raise_unreachable(remote->source.name, "The connection was not ready in time.");
		wait_for_socket(remote->conn, status == PGRES_POLLING_READING ?
						WL_SOCKET_READABLE : WL_SOCKET_WRITEABLE);
		status = PQconnectPoll(remote->conn);
	}
}

/* Raise the remote error whole, with the query that caused it. */
static void
raise_remote(RemoteSource *remote, const PGresult *result, const char *sql)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
	const char *hint = PQresultErrorField(result, PG_DIAG_MESSAGE_HINT);

	ereport(ERROR,
			(errcode(state && strlen(state) == 5 ?
					 MAKE_SQLSTATE(state[0], state[1], state[2], state[3], state[4]) :
					 ERRCODE_SD_UNREACHABLE),
			 errmsg("could not read the catalog of \"%s\": %s", remote->source.name,
					message_text(primary ? primary : PQerrorMessage(remote->conn))),
			 detail ? errdetail_internal("%s", message_text(detail)) : 0,
			 hint ? errhint("%s", message_text(hint)) : 0,
			 errcontext("remote query: %s", sql)));
}

static PGresult *
next_result(RemoteSource *remote)
{
	while (PQisBusy(remote->conn))
	{
		wait_for_socket(remote->conn, WL_SOCKET_READABLE);
		if (!PQconsumeInput(remote->conn))
			raise_unreachable(remote->source.name, PQerrorMessage(remote->conn));
	}
	return PQgetResult(remote->conn);
}

static void
send_query(RemoteSource *remote, const char *sql)
{
	int			flushed;

	if (!PQsendQueryParams(remote->conn, sql, 0, NULL, NULL, NULL, NULL, 0))
		raise_unreachable(remote->source.name, PQerrorMessage(remote->conn));
	(void) PQsetSingleRowMode(remote->conn);
	while ((flushed = PQflush(remote->conn)) != 0)
	{
		if (flushed < 0)
			raise_unreachable(remote->source.name, PQerrorMessage(remote->conn));
		wait_for_socket(remote->conn, WL_SOCKET_WRITEABLE | WL_SOCKET_READABLE);
		if (!PQconsumeInput(remote->conn))
			raise_unreachable(remote->source.name, PQerrorMessage(remote->conn));
	}
}

/* Rows gathered until they are worth a callback. */
typedef struct Batch
{
	SdRows		rows;
	uint64		total_rows;
	uint64		total_bytes;
	MemoryContext context;
	SdSourceCallback callback;
	void	   *arg;
} Batch;

static void
flush_batch(Batch *batch)
{
	if (batch->rows.nrows > 0 && batch->callback)
		batch->callback(&batch->rows, batch->arg);
	MemoryContextReset(batch->context);
	memset(&batch->rows, 0, sizeof(SdRows));
}

static void
start_batch(Batch *batch, const PGresult *result)
{
	int			c;

	batch->rows.ncolumns = PQnfields(result);
	batch->rows.names = palloc(sizeof(char *) * Max(batch->rows.ncolumns, 1));
	for (c = 0; c < batch->rows.ncolumns; c++)
		batch->rows.names[c] = pstrdup(PQfname(result, c));
	batch->rows.values = palloc(sizeof(char **) * SD_REMOTE_BATCH);
}

/* Text of another server counts only when it is valid, and valid in our encoding. */
static char *
copy_value(const RemoteSource *remote, const PGresult *result, int c)
{
	char	   *value = PQgetvalue(result, 0, c);
	int			length = PQgetlength(result, 0, c);
	char	   *converted;

	if (PQgetisnull(result, 0, c))
		return NULL;
	converted = pg_any_to_server(value, length, remote->encoding);
	return converted == value ? pnstrdup(value, length) : converted;
}

static void
add_row(RemoteSource *remote, Batch *batch, const PGresult *result)
{
	MemoryContext caller = MemoryContextSwitchTo(batch->context);
	int			c;

	if (batch->rows.names == NULL)
		start_batch(batch, result);
	if (PQnfields(result) != batch->rows.ncolumns)
		raise_unreachable(remote->source.name, "The server changed the shape of a result.");
	batch->rows.values[batch->rows.nrows] = palloc(sizeof(char *) * Max(batch->rows.ncolumns, 1));
	for (c = 0; c < batch->rows.ncolumns; c++)
	{
		batch->rows.values[batch->rows.nrows][c] = copy_value(remote, result, c);
		batch->total_bytes += PQgetlength(result, 0, c);
	}
	batch->rows.nrows++;
	if (++batch->total_rows > SD_REMOTE_MAX_ROWS || batch->total_bytes > SD_REMOTE_MAX_BYTES)
		raise_unreachable(remote->source.name, "The server returned more than a schema can hold.");
	MemoryContextSwitchTo(caller);
	if (batch->rows.nrows == SD_REMOTE_BATCH)
		flush_batch(batch);
}

static void
read_results(RemoteSource *remote, const char *sql, Batch *batch)
{
	PGresult   *volatile result = NULL;

	PG_TRY();
	{
		while ((result = next_result(remote)) != NULL)
		{
			ExecStatusType status = PQresultStatus(result);

			if (status == PGRES_SINGLE_TUPLE)
				add_row(remote, batch, result);
			else if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
				raise_remote(remote, result, sql);
			PQclear(result);
			result = NULL;
		}
	}
	PG_FINALLY();
	{
		PQclear(result);
	}
	PG_END_TRY();
}

static void
remote_read(SdSource *source, const char *sql, SdSourceCallback callback, void *arg)
{
	RemoteSource *remote = (RemoteSource *) source;
	Batch		batch = {0};

	batch.callback = callback;
	batch.arg = arg;
	batch.context = AllocSetContextCreate(CurrentMemoryContext, "schemadrift remote rows",
										  ALLOCSET_DEFAULT_SIZES);
	send_query(remote, sql);
	read_results(remote, sql, &batch);
	flush_batch(&batch);
	MemoryContextDelete(batch.context);
}

static void
remote_command(RemoteSource *remote, const char *sql)
{
	remote_read(&remote->source, sql, NULL, NULL);
}

static void
remote_close(SdSource *source)
{
	disconnect(source);
}

/* Notices of a hostile server go nowhere. */
static void
ignore_notice(void *arg, const PGresult *result)
{
}

static void
prepare_session(RemoteSource *remote)
{
	const char *encoding = PQparameterStatus(remote->conn, "server_encoding");
	bool		is_ascii = encoding && strcmp(encoding, "SQL_ASCII") == 0;
	StringInfoData sql;
	int			i;

	/* bytes without an encoding, and our own, come as they are */
	if (is_ascii || (encoding && strcmp(encoding, GetDatabaseEncodingName()) == 0))
		remote->encoding = GetDatabaseEncoding();
	(void) PQsetNoticeReceiver(remote->conn, ignore_notice, NULL);
	initStringInfo(&sql);
	appendStringInfoString(&sql, "SELECT ");
	for (i = 0; sd_pinned_settings[i] != NULL; i += 2)
		appendStringInfo(&sql, "pg_catalog.set_config('%s', '%s', false), ",
						 sd_pinned_settings[i], sd_pinned_settings[i + 1]);
	if (remote->encoding != PG_UTF8)
		appendStringInfo(&sql, "pg_catalog.set_config('client_encoding', '%s', false), ",
						 is_ascii ? "SQL_ASCII" : GetDatabaseEncodingName());
	/* nobody's DDL is to fail in a deadlock with us: see source_local.c */
	appendStringInfoString(&sql, "pg_catalog.set_config('lock_timeout',"
						   " (SELECT GREATEST(s.setting::pg_catalog.int4 / 2, 1) || 'ms'"
						   " FROM pg_catalog.pg_settings s WHERE s.name = 'deadlock_timeout'), false), "
						   "pg_catalog.set_config('statement_timeout', '60s', false)");
	remote_command(remote, sql.data);
	remote_command(remote, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
}

/* Has it an option or an address that may bring a secret along? */
static bool
may_hold_secret(const char *conninfo)
{
	static const char *const signs[] = {"pass", "secret", "_key", "@"};
	char	   *lower = asc_tolower(conninfo, strlen(conninfo));
	int			i;

	for (i = 0; i < lengthof(signs); i++)
		if (strstr(lower, signs[i]))
			return true;
	return false;
}

/*
 * What libpq says of a string that it cannot read quotes the string, which may
 * be the middle of a password; so it is shown only where there is none.
 */
static void
check_conninfo(const char *conninfo)
{
	char	   *said = NULL;
	PQconninfoOption *options = PQconninfoParse(conninfo, &said);
	char	   *detail;

	PQconninfoFree(options);
	if (options)
		return;
	detail = message_text(said ? said : "out of memory");
	PQfreemem(said);
	detail[strcspn(detail, "\n")] = '\0';
	ereport(ERROR,
			(errcode(ERRCODE_SD_UNREACHABLE),
			 errmsg("the connection string is malformed"),
			 may_hold_secret(conninfo) ?
			 errdetail("What is wrong with it is not shown, since a password may stand there.") :
			 errdetail_internal("%s", detail),
			 errhint("Write host=… dbname=… with a value that has blanks in single quotes,"
					 " or postgresql://user@host/database with special characters as %%XX.")));
}

SdSource *
sd_source_remote(const char *name, const char *conninfo)
{
	static const char *const keywords[] = {"dbname", "application_name", "client_encoding", NULL};
	const char *const values[] = {conninfo, "schemadrift", "UTF8", NULL};
	RemoteSource *remote = palloc0(sizeof(RemoteSource));

	check_conninfo(conninfo);
	remote->source.name = pstrdup(name);
	remote->source.read = remote_read;
	remote->source.close = remote_close;
	remote->encoding = PG_UTF8;
	remote->cleanup.func = disconnect;
	remote->cleanup.arg = remote;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, &remote->cleanup);

	remote->has_fd = AcquireExternalFD();
	if (!remote->has_fd)
		raise_unreachable(name, "There are too many open files.");
	remote->conn = PQconnectStartParams(keywords, values, 1);
	if (remote->conn == NULL)
		raise_unreachable(name, "Out of memory.");
	if (PQstatus(remote->conn) == CONNECTION_BAD)
		raise_unreachable(name, PQerrorMessage(remote->conn));
	finish_connecting(remote);
	remote->source.server_version = PQserverVersion(remote->conn);
	prepare_session(remote);
	return &remote->source;
}

char *
sd_source_remote_name(const char *conninfo)
{
	static const char *const shown[] = {"host", "hostaddr", "port", "dbname", "user", "service"};
	PQconninfoOption *options = PQconninfoParse(conninfo, NULL);
	PQconninfoOption *option;
	StringInfoData buf;
	int			i;

	initStringInfo(&buf);
	for (option = options; option && option->keyword; option++)
		for (i = 0; option->val && i < lengthof(shown); i++)
			if (strcmp(option->keyword, shown[i]) == 0)
				appendStringInfo(&buf, "%s%s=%s", buf.len > 0 ? " " : "", option->keyword, option->val);
	PQconninfoFree(options);
	return buf.len > 0 ? buf.data : pstrdup("another database");
}
