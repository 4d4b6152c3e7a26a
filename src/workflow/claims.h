/*
 * claims.h
 *	  Claims to be a deploy by roles that may not deploy.
 */
#ifndef SD_CLAIMS_H
#define SD_CLAIMS_H

#include "postgres.h"

#include "model/change.h"
#include "workflow/check.h"

/* What such a drift is about: its object is the role, its attribute the claim. */
#define SD_CLAIM_DRIFT "deploy claim"

/* An item for every role and label that nobody has accepted. */
extern List *sd_claims_find(const SdCheck *check);

#endif							/* SD_CLAIMS_H */
