/*
 * deploy.h
 *	  Which events a deploy explains, and who may deploy.
 *
 * A deploy is either a window (a row that drift_deploy_begin() made) or a
 * claim (the setting schemadrift.deploy).  Anybody can make a claim; either
 * counts only for a session whose user may deploy: a member, superuser or
 * not, of the role drift_deployer or of one that drift_deployer_add() named.
 */
#ifndef SD_CAPTURE_DEPLOY_H
#define SD_CAPTURE_DEPLOY_H

#include "postgres.h"

#include "utils/timestamp.h"

#include "model/event.h"

/* The role whose members may deploy. */
#define SD_DEPLOYER_ROLE "drift_deployer"

/* May this role deploy, with the application name this session has? */
extern bool sd_deploy_is_allowed(Oid role);

/*
 * Set the event's deploy, deploy_id and refused_claim from what holds for
 * this session now.  Waits for nothing; raises an error when it cannot tell.
 */
extern void sd_deploy_explain(SdEvent *event);

/* drift_deploy_begin(): the new deploy's id. */
extern int64 sd_deploy_begin(const char *label, const char *ref,
							 const Interval *ttl, const char *scope);

/* drift_deploy_end(): a report, palloc'd. */
extern char *sd_deploy_end(void);

#endif							/* SD_CAPTURE_DEPLOY_H */
