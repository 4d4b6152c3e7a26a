/*
 * event.h
 *	  event: one captured DDL command and who ran it.
 *
 * Stored by capture/ as one row of schemadrift.event; the columns are
 * described in src/sql/.
 */
#ifndef SD_EVENT_H
#define SD_EVENT_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "nodes/pg_list.h"

/* One object that a command touched. */
typedef struct SdEventObject
{
	Oid			classid;		/* catalog, InvalidOid where unknown */
	Oid			objid;
	int32		objsubid;		/* column number, 0 = the whole */
	const char *type;			/* as event triggers name it: "table column" */
	const char *identity;		/* quoted and qualified, NULL where unknown */
	bool		dropped;
	const char *aspects;		/* names of its properties that the command may
								 * have changed, and SD_OTHER_PARTS, with
								 * blanks; NULL = it may have changed anything */
} SdEventObject;

/* Among aspects: parts that the event does not name may have changed, too. */
#define SD_OTHER_PARTS "+"

/* How a refused claim begins that a freeze refused: "in freeze LABEL: CLAIM". */
#define SD_IN_FREEZE "in freeze "

/*
 * Types of objects that are not of this database's schema: they stand in the
 * log and explain no change.
 */
#define SD_OTHER_DATABASE "other database"
#define SD_TABLESPACE "tablespace"
#define SD_PARAMETER "parameter"
#define SD_SERVER_SETTING "server setting"
#define SD_SESSION_SETTING "session setting"
#define SD_ROLE_WIDE_SETTING "role-wide setting"

typedef struct SdEvent
{
	int64		id;
	TimestampTz at;				/* when the command had run */
	uint64		xid;			/* full transaction id */
	int			pid;
	const char *tag;			/* command tag: ALTER TABLE */
	const char *session_role;
	const char *effective_role;
	const char *client;			/* address or "[local]", NULL = a worker */
	const char *application;
	const char *statement;		/* exact, redacted; NULL = not known */
	int64		deploy_id;		/* the window that explains it, 0 = none */
	const char *deploy;			/* label of the deploy, NULL = unexpected */
	const char *refused_claim;	/* deploy that somebody who may not deploy
								 * claimed to be, or that a freeze refused;
								 * NULL = none */
	List	   *objects;		/* SdEventObject * */
} SdEvent;

#endif							/* SD_EVENT_H */
