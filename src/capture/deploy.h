/*
 * deploy.h
 *	  Which events a deploy explains, and who may deploy.
 *
 * A deploy is a claim (the setting schemadrift.deploy), a window (a row that
 * drift_deploy_begin() made), a recurring window of mode allow, or implied by
 * who does it; of several the first in this order gives the label.  Anybody
 * can make a claim; all count only for a session whose user may deploy: a
 * member, superuser or not, of the role drift_deployer or of one that
 * drift_deployer_add() named.  In a freeze (mode deny) none counts.
 */
#ifndef SD_CAPTURE_DEPLOY_H
#define SD_CAPTURE_DEPLOY_H

#include "postgres.h"

#include "utils/timestamp.h"

#include "model/event.h"

/* The role whose members may deploy. */
#define SD_DEPLOYER_ROLE "drift_deployer"

/* May this session's user deploy, with its application name and from its address? */
extern bool sd_deploy_is_allowed(void);

/*
 * Might who ran it deploy, as roles and deployers are now, or is he a member of
 * this role where it is not NULL?  Freezes are another matter.
 */
extern bool sd_deploy_was_allowed(const SdEvent *event, const char *role_name);

/*
 * Set the event's deploy, deploy_id and refused_claim from what holds for
 * this session now.  Waits for nothing; raises an error when it cannot tell.
 */
extern void sd_deploy_explain(SdEvent *event);

/* drift_deploy_begin(): the new deploy's id. */
extern int64 sd_deploy_begin(const char *label, const char *ref,
							 const Interval *ttl, const char *scope);

#endif							/* SD_CAPTURE_DEPLOY_H */
