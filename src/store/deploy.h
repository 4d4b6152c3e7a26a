/*
 * deploy.h
 *	  schemadrift.deploy and schemadrift.deployer: recognised deploys and who
 *	  may open them.
 *
 * Read in two ways: without SQL and without waiting while DDL is captured
 * (raises an error when that is not possible: call it guarded), and by SQL
 * everywhere else.
 */
#ifndef SD_STORE_DEPLOY_H
#define SD_STORE_DEPLOY_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "nodes/pg_list.h"

#include "base/rows.h"

typedef struct SdDeploy
{
	int64		id;
	char	   *label;
	char	   *scope;			/* transaction, session, role, database */
	char	   *opened_by;		/* role */
	TimestampTz expires_at;
	int			pid;
	TimestampTz backend_start;
	uint64		xid;			/* 0 unless scope is transaction */
} SdDeploy;

typedef struct SdDeployer
{
	char	   *role;
	char	   *application;	/* LIKE pattern, NULL = any */
	char	   *client;			/* network as inet's text, NULL = any, sockets
								 * too */
	bool		implied;		/* what its sessions do is a deploy */
} SdDeployer;

/* Deploys that nobody has closed, oldest first; expired ones included. */
extern List *sd_deploy_scan_open(void);

/* Everybody that drift_deployer_add() named. */
extern List *sd_deployer_scan(void);

/* Close what has expired or whose session has ended. */
extern void sd_deploy_close_stale(void);

/* Open one for this session and return its id; ttl is in SQL's words. */
extern int64 sd_deploy_open(const char *label, const char *ref, const char *ttl,
							const char *scope, const char *role);

/*
 * The deploy that this session opened, else the newest that role opened for
 * itself or the database: its id, 0 = none is open.
 */
extern int64 sd_deploy_mine(const char *role);

/* Close it as ended by that role; one row (label, opened_at), or none. */
extern SdRows *sd_deploy_close(int64 id, const char *role);

/*
 * The newest open deploy of scope database: one row (id, label, opened_by),
 * or none.
 */
extern SdRows *sd_deploy_of_database(void);

/* The versions that took in what it did, oldest first: rows (version). */
extern SdRows *sd_deploy_versions(int64 id);

/*
 * One row (open, how many are; left_open, how many ran out in the last day
 * without being ended; label and closed_at of the last of these).
 */
extern SdRows *sd_deploy_stats(void);

/* What these deploys did went into this version of the default baseline. */
extern void sd_deploy_absorbed(const char *ids_json, int version);

#endif							/* SD_STORE_DEPLOY_H */
