/*
 * cron.c
 *	  Talks to pg_cron, whichever database it lives in.
 *
 * pg_cron keeps its jobs in one database of the cluster (cron.database_name),
 * where alone its functions work.  From any other database a background worker
 * is attached to that one for a moment; question and answer pass through a
 * segment of shared memory.  No connection over libpq, so no password and no
 * line in pg_hba.conf, and nobody gains a right: the worker acts as the
 * calling role, which needs what pg_cron asks of it.
 *
 * From another database the job is made in a transaction of its own.  Should
 * the caller's roll back afterwards, the job stays; it then finds no schedule
 * to queue and does nothing.
 */
#include "postgres.h"

#include "access/xact.h"
#include "commands/dbcommands.h"
#include "miscadmin.h"
#include "postmaster/bgworker.h"
#include "port/atomics.h"
#include "storage/dsm.h"
#include "storage/ipc.h"
#include "tcop/tcopprot.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/snapmgr.h"

#include "base/rows.h"
#include "base/spi.h"
#include "store/schedule.h"
#include "worker/cron.h"

#define SD_CRON_PARAMETERS 4
#define SD_CRON_TEXT 8192

/* One statement for pg_cron and its answer. */
typedef struct CronCall
{
	Oid			role;
	int			nparams;
	bool		done;			/* the worker got as far as to answer */
	bool		failed;
	int			sqlstate;
	int64		answer;
	char		message[1024];
	char		sql[1024];
	char		params[SD_CRON_PARAMETERS][SD_CRON_TEXT];
} CronCall;

const char *
sd_cron_database(void)
{
	return GetConfigOption("cron.database_name", true, false);
}

static bool
cron_is_here(void)
{
	return strcmp(sd_cron_database(), get_database_name(MyDatabaseId)) == 0;
}

/* Run the statement as the role; the first value of the first row, or 0. */
static int64
run_as(CronCall *call)
{
	const char *params[SD_CRON_PARAMETERS];
	Oid			saved_role;
	int			saved_context;
	SdRows	   *rows;
	int			i;

	if (!sd_schedule_has_cron())
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_SCHEMA),
				 errmsg("extension pg_cron is not installed")));
	for (i = 0; i < call->nparams; i++)
		params[i] = call->params[i];
	GetUserIdAndSecContext(&saved_role, &saved_context);
	SetUserIdAndSecContext(call->role, saved_context | SECURITY_LOCAL_USERID_CHANGE);
	rows = sd_spi_query(call->sql, call->nparams, params);
	SetUserIdAndSecContext(saved_role, saved_context);
	return rows->nrows > 0 && rows->values[0][0] ? strtoll(rows->values[0][0], NULL, 10) : 0;
}

/* -- in the worker --------------------------------------------------------- */

static void
answer(CronCall *call)
{
	PG_TRY();
	{
		StartTransactionCommand();
		PushActiveSnapshot(GetTransactionSnapshot());
		call->answer = run_as(call);
		PopActiveSnapshot();
		CommitTransactionCommand();
	}
	PG_CATCH();
	{
		ErrorData  *data;

		MemoryContextSwitchTo(TopMemoryContext);
		data = CopyErrorData();
		FlushErrorState();
		AbortCurrentTransaction();
		call->failed = true;
		call->sqlstate = data->sqlerrcode;
		strlcpy(call->message, data->message, sizeof(call->message));
	}
	PG_END_TRY();
	pg_write_barrier();
	call->done = true;
}

void
sd_cron_worker_main(Datum arg)
{
	Oid			database;
	dsm_segment *segment;

	pqsignal(SIGTERM, die);
	BackgroundWorkerUnblockSignals();
	memcpy(&database, MyBgworkerEntry->bgw_extra, sizeof(database));
	BackgroundWorkerInitializeConnectionByOid(database, InvalidOid, 0);
	SetConfigOption("search_path", "pg_catalog, pg_temp", PGC_USERSET, PGC_S_SESSION);
	SetConfigOption("lock_timeout", "5s", PGC_USERSET, PGC_S_SESSION);
	/* the caller is gone when this fails; then nobody waits for an answer */
	segment = dsm_attach(DatumGetUInt32(arg));
	if (segment == NULL)
		proc_exit(0);
	answer(dsm_segment_address(segment));
	dsm_detach(segment);
	proc_exit(0);
}

/* -- in the calling session ------------------------------------------------ */

static void
ask_worker(CronCall *call)
{
	const char *name = sd_cron_database();
	Oid			database = get_database_oid(name, true);
	BackgroundWorker worker;
	BackgroundWorkerHandle *handle;
	dsm_segment *segment;

	if (!OidIsValid(database))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_DATABASE),
				 errmsg("database \"%s\" of pg_cron does not exist", name),
				 errhint("Set cron.database_name to a database that exists and restart the server.")));
	segment = dsm_create(sizeof(CronCall), 0);
	memcpy(dsm_segment_address(segment), call, sizeof(CronCall));
	memset(&worker, 0, sizeof(worker));
	worker.bgw_flags = BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION;
	worker.bgw_start_time = BgWorkerStart_RecoveryFinished;
	worker.bgw_restart_time = BGW_NEVER_RESTART;
	strlcpy(worker.bgw_library_name, "schemadrift", sizeof(worker.bgw_library_name));
	strlcpy(worker.bgw_function_name, "sd_cron_worker_main", sizeof(worker.bgw_function_name));
	strlcpy(worker.bgw_name, "schemadrift call to pg_cron", sizeof(worker.bgw_name));
	strlcpy(worker.bgw_type, "schemadrift call to pg_cron", sizeof(worker.bgw_type));
	worker.bgw_main_arg = UInt32GetDatum(dsm_segment_handle(segment));
	memcpy(worker.bgw_extra, &database, sizeof(database));
	worker.bgw_notify_pid = MyProcPid;
	if (!RegisterDynamicBackgroundWorker(&worker, &handle))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_RESOURCES),
				 errmsg("could not reach pg_cron in database \"%s\": no background worker slot is free", name),
				 errhint("Increase max_worker_processes.")));
	(void) WaitForBackgroundWorkerShutdown(handle);
	memcpy(call, dsm_segment_address(segment), sizeof(CronCall));
	dsm_detach(segment);
	if (!call->done)
		ereport(ERROR,
				(errcode(ERRCODE_CONNECTION_FAILURE),
				 errmsg("could not reach pg_cron in database \"%s\"", name),
				 errhint("The server log says why.")));
}

/* What to do about the errors that people meet first. */
static const char *
hint_for(int sqlstate)
{
	switch (sqlstate)
	{
		case ERRCODE_UNDEFINED_FUNCTION:
		case ERRCODE_UNDEFINED_TABLE:
		case ERRCODE_UNDEFINED_SCHEMA:
			return psprintf("In database \"%s\": CREATE EXTENSION pg_cron", sd_cron_database());
		case ERRCODE_INSUFFICIENT_PRIVILEGE:
			return psprintf("In database \"%s\", as a superuser: GRANT USAGE ON SCHEMA cron and "
							"EXECUTE ON FUNCTION cron.schedule_in_database to the role.",
							sd_cron_database());
		default:
			return NULL;
	}
}

static void
refuse(int sqlstate, const char *message)
{
	const char *hint = hint_for(sqlstate);

	ereport(ERROR,
			(errcode(sqlstate),
			 errmsg("pg_cron refused: %s", message),
			 hint ? errhint("%s", hint) : 0));
}

/*
 * Here the caller's own transaction does it.  No catching: without a
 * subtransaction an error must reach the top; so look first.
 */
static void
ask_here(CronCall *call)
{
	if (!sd_schedule_has_cron())
		refuse(ERRCODE_UNDEFINED_SCHEMA, "extension pg_cron is not installed");
	call->answer = run_as(call);
}

static int64
ask(CronCall *call)
{
	if (sd_cron_database() == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("pg_cron is not loaded"),
				 errhint("Add pg_cron to shared_preload_libraries, restart the server, and run "
						 "CREATE EXTENSION pg_cron in the database named by cron.database_name.")));
	if (cron_is_here())
		ask_here(call);
	else
		ask_worker(call);
	if (call->failed)
		refuse(call->sqlstate, call->message);
	return call->answer;
}

static CronCall *
new_call(const char *sql, Oid role)
{
	CronCall   *call = palloc0(sizeof(CronCall));

	strlcpy(call->sql, sql, sizeof(call->sql));
	call->role = role;
	return call;
}

static void
add_parameter(CronCall *call, const char *value)
{
	Assert(call->nparams < SD_CRON_PARAMETERS);
	if (strlen(value) >= SD_CRON_TEXT)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("name, schedule or command is too long for pg_cron")));
	strlcpy(call->params[call->nparams++], value, SD_CRON_TEXT);
}

int64
sd_cron_schedule(const char *name, const char *schedule, const char *command, Oid role)
{
	const char *database = get_database_name(MyDatabaseId);
	CronCall   *call;

	/* schedule_in_database() is for superusers; at home it is not needed */
	if (sd_cron_database() != NULL && cron_is_here())
		call = new_call("SELECT cron.schedule($1, $2, $3)", role);
	else
		call = new_call("SELECT cron.schedule_in_database($1, $2, $3, $4)", role);
	add_parameter(call, psprintf("schemadrift:%s:%s", database, name));
	add_parameter(call, schedule);
	add_parameter(call, command);
	if (sd_cron_database() != NULL && !cron_is_here())
		add_parameter(call, database);
	return ask(call);
}

bool
sd_cron_unschedule(int64 job, Oid role)
{
	CronCall   *call = new_call("SELECT cron.unschedule(j.jobid)::int4 FROM cron.job j"
								" WHERE j.jobid = $1::int8", role);

	add_parameter(call, psprintf(INT64_FORMAT, job));
	return ask(call) != 0;
}
