/*
 * settings.h
 *	  The configuration parameters (schemadrift.*) and their C variables.
 *
 * Each is documented in doc/settings.md; a test holds the two lists together.
 * No setting is a secret: secrets are names of files (see secret.h).
 */
#ifndef SD_SETTINGS_H
#define SD_SETTINGS_H

#include "postgres.h"

typedef enum SdCaptureMode
{
	SD_CAPTURE_OFF,				/* nothing is captured */
	SD_CAPTURE_RECORD,			/* a failure to record is a warning */
	SD_CAPTURE_NOTICE,			/* and tell whoever runs DDL outside a deploy */
	SD_CAPTURE_BLOCK			/* refuse DDL outside a recognised deploy */
} SdCaptureMode;

extern bool sd_enabled;			/* SUSET: master switch, checked first */
extern int	sd_capture_mode;	/* SUSET: SdCaptureMode */
extern char *sd_deploy;			/* USERSET: label of the deploy that this
								 * session or transaction claims to be */
extern int	sd_deploy_max_ttl;	/* SIGHUP: seconds */
extern bool sd_delivery;		/* SIGHUP: may workers send anything? */
extern char *sd_secrets_directory;	/* SIGHUP: path */
extern char *sd_allowed_hosts;	/* SIGHUP: host[:port], comma separated; these
								 * may be loopback or private, and http */
extern char *sd_ca_file;		/* SIGHUP: extra CA bundle, "" = system's */
extern int	sd_workers;			/* SIGHUP: size of the worker pool */
extern int	sd_poll_interval;	/* SIGHUP: ms between polls without a wake-up */
extern int	sd_worker_linger;	/* SIGHUP: ms a worker stays when idle */
extern int	sd_http_timeout;	/* SIGHUP: ms for one request, all included */
extern int	sd_max_attempts;	/* SIGHUP: then a delivery is a dead letter */
extern int	sd_retry_base;		/* SIGHUP: ms, doubled each attempt, jittered */
extern int	sd_lease;			/* SIGHUP: ms before a claim may be taken over */
extern int	sd_full_check_interval; /* SUSET: seconds, 0 = each check is full */
extern int	sd_incident_window; /* SUSET: seconds; drift after that is another burst */
extern int	sd_alert_grace;		/* SUSET: seconds for which drift is not told */
extern int	sd_update_interval; /* SUSET: seconds between messages of a growing incident */
extern int	sd_realert_interval;	/* SUSET: seconds, 0 = never told again */
extern int	sd_storm_pages;		/* SUSET: messages an hour, 0 = no limit */
extern int	sd_leftover_after;	/* s */
extern bool sd_roles;			/* SUSET: are roles collected? */
extern int	sd_event_retention; /* minutes, 0 = for ever */
extern int	sd_history_retention;	/* the same */
extern char *sd_inject_fault;	/* SUSET: name of a fault point, for tests */

/* No setting: was the library in shared_preload_libraries? */
extern bool sd_preloaded;

/* Called once from _PG_init. */
extern void sd_settings_define(void);

#endif							/* SD_SETTINGS_H */
