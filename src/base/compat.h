/*
 * compat.h
 *	  One source for PostgreSQL 15 to 18.
 *
 * The only place that may look at PG_VERSION_NUM.  One block per change of
 * the server's interface, each naming the major that made it.
 */
#ifndef SD_COMPAT_H
#define SD_COMPAT_H

#include "postgres.h"

/* 16: varatt.h split off postgres.h. */
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

/* 18: escape_json() gained length-bounded siblings; the plain form stays. */

/* 17: ResourceOwner became extensible; the phases used here stay the same. */

/* 15 and later: shared memory is asked for in a hook of its own. */
#if PG_VERSION_NUM < 150000
#error "schemadrift needs PostgreSQL 15 or later"
#endif

/* 16: a buffer's I/O in progress belongs to the resource owner. */
#if PG_VERSION_NUM >= 160000
#define SD_ABORT_BUFFER_IO() ((void) 0)
#else
#define SD_ABORT_BUFFER_IO() AbortBufferIO()
#endif

/* 18: asynchronous I/O keeps state of its own that an error must reset. */
#if PG_VERSION_NUM >= 180000
#include "storage/aio_subsys.h"
#define SD_ABORT_ASYNC_IO() pgaio_error_cleanup()
#else
#define SD_ABORT_ASYNC_IO() ((void) 0)
#endif

/* 18: what never returns is declared by a specifier, in front of everything. */
#if PG_VERSION_NUM >= 180000
#define SD_NORETURN pg_noreturn
#else
#define SD_NORETURN pg_attribute_noreturn()
#endif

/* 17: a domain's NOT NULL is a constraint; 18: a column's too. */
#define SD_CONSTRAINT_NOT_NULL 'n'

/* 18: constraints may be unenforced, and keys and foreign keys temporal. */
#if PG_VERSION_NUM >= 180000
#define SD_CONSTRAINT_IS_PLAIN(form) ((form)->conenforced && !(form)->conperiod)
#else
#define SD_CONSTRAINT_IS_PLAIN(form) true
#endif

/* 16: one function tells the owner of any object. */
#if PG_VERSION_NUM >= 160000
#define SD_OWNS_DATABASE(database, role) object_ownercheck(DatabaseRelationId, (database), (role))
#else
#define SD_OWNS_DATABASE(database, role) pg_database_ownercheck((database), (role))
#endif

/* 17: transactions have a time limit of their own, also in workers. */
#if PG_VERSION_NUM >= 170000
#define SD_HAS_TRANSACTION_TIMEOUT 1
#else
#define SD_HAS_TRANSACTION_TIMEOUT 0
#endif

/* 18: PG_MODULE_MAGIC_EXT carries a name and version. */
#if PG_VERSION_NUM >= 180000
#define SD_MODULE_MAGIC PG_MODULE_MAGIC_EXT(.name = "schemadrift", .version = SD_VERSION)
#else
#define SD_MODULE_MAGIC PG_MODULE_MAGIC
#endif

/* The version of the server that we were built for, as a number. */
#define SD_SERVER_VERSION PG_VERSION_NUM

/* 17: processes are numbered from 0 everywhere; before, locks named backends. */
#if PG_VERSION_NUM >= 170000
#include "storage/procarray.h"
#include "storage/procnumber.h"
#define SD_MY_PROC_NUMBER MyProcNumber
#define SD_VXID_PROC(vxid) ProcNumberGetProc((vxid).procNumber)
#else
#include "storage/sinvaladt.h"
#define SD_MY_PROC_NUMBER (MyProc->pgprocno)
#define SD_VXID_PROC(vxid) BackendIdGetProc((vxid).backendId)
#endif

/* 17: what sort of process this is became one variable. */
#if PG_VERSION_NUM >= 170000
#define SD_AM_BACKGROUND_WORKER AmBackgroundWorkerProcess()
#else
#define SD_AM_BACKGROUND_WORKER IsBackgroundWorker
#endif

/* 18: a lock that was not to be had can be logged.  Never raises, never waits. */
#if PG_VERSION_NUM >= 180000
#define SD_LOCK_TRY(tag, mode, session) \
	(LockAcquireExtended(tag, mode, session, true, false, NULL, false) != LOCKACQUIRE_NOT_AVAIL)
#else
#define SD_LOCK_TRY(tag, mode, session) \
	(LockAcquireExtended(tag, mode, session, true, false, NULL) != LOCKACQUIRE_NOT_AVAIL)
#endif

/* 18: VACUUM counts frozen pages too. */
#if PG_VERSION_NUM >= 180000
#define SD_MORE_CLASS_HOLES HOLE(FormData_pg_class, relallfrozen),
#else
#define SD_MORE_CLASS_HOLES
#endif

/* 16: relfilenodes are called what they are. */
#if PG_VERSION_NUM >= 160000
#define SD_RELATION_FILE(rel) ((Oid) (rel)->rd_locator.relNumber)
#else
#define SD_RELATION_FILE(rel) ((rel)->rd_node.relNode)
#endif

/* Before 16, subcommands that reach children had names of their own; for case labels. */
#if PG_VERSION_NUM >= 160000
#define SD_AT_ADD_COLUMN AT_AddColumn
#define SD_AT_DROP_COLUMN AT_DropColumn
#define SD_AT_ADD_CONSTRAINT AT_AddConstraint
#define SD_AT_VALIDATE_CONSTRAINT AT_ValidateConstraint
#define SD_AT_DROP_CONSTRAINT AT_DropConstraint
#else
#define SD_AT_ADD_COLUMN AT_AddColumn: case AT_AddColumnRecurse
#define SD_AT_DROP_COLUMN AT_DropColumn: case AT_DropColumnRecurse
#define SD_AT_ADD_CONSTRAINT AT_AddConstraint: case AT_AddConstraintRecurse
#define SD_AT_VALIDATE_CONSTRAINT AT_ValidateConstraint: case AT_ValidateConstraintRecurse
#define SD_AT_DROP_CONSTRAINT AT_DropConstraint: case AT_DropConstraintRecurse
#endif

#endif							/* SD_COMPAT_H */
