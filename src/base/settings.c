/*
 * settings.c
 *	  Defines the configuration parameters.
 *
 * Every context is chosen on purpose: what changes who is trusted or where
 * bytes go is SIGHUP (an operator with the file), what may stop capture is
 * SUSET, and schemadrift.deploy alone is USERSET because it is only a claim;
 * capture/deploy.c decides whether the claim counts.
 */
#include "postgres.h"

#include <limits.h>

#include "miscadmin.h"
#include "utils/guc.h"

#include "base/settings.h"

bool		sd_enabled = true;
int			sd_capture_mode = SD_CAPTURE_RECORD;
char	   *sd_deploy = NULL;
int			sd_deploy_max_ttl = 14400;
bool		sd_delivery = true;
char	   *sd_secrets_directory = NULL;
char	   *sd_allowed_hosts = NULL;
char	   *sd_ca_file = NULL;
int			sd_workers = 2;
int			sd_poll_interval = 30000;
int			sd_worker_linger = 10000;
int			sd_http_timeout = 15000;
int			sd_max_attempts = 50;
int			sd_retry_base = 1000;
int			sd_lease = 60000;
int			sd_full_check_interval = 3600;
int			sd_incident_window = 60;
int			sd_alert_grace = 0;
int			sd_update_interval = 60;
int			sd_realert_interval = 0;
int			sd_storm_pages = 20;
int			sd_leftover_after = 86400;
bool		sd_roles = false;
int			sd_event_retention = 90 * 1440;
int			sd_history_retention = 400 * 1440;
char	   *sd_inject_fault = NULL;
bool		sd_preloaded = false;

static const struct config_enum_entry capture_modes[] = {
	{"off", SD_CAPTURE_OFF, false},
	{"record", SD_CAPTURE_RECORD, false},
	{"notice", SD_CAPTURE_NOTICE, false},
	{"block", SD_CAPTURE_BLOCK, false},
	{NULL, 0, false}
};

/* Who may do what with DDL, and who says so. */
static void
define_capture(void)
{
	DefineCustomBoolVariable("schemadrift.enabled",
							 "Captures DDL where drift_watch() armed a database.",
							 "Off makes every trigger and hook of schemadrift return at once.",
							 &sd_enabled, true, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomEnumVariable("schemadrift.capture",
							 "What happens to DDL outside a recognised deploy.",
							 "record keeps it for the next check; notice also tells whoever runs it;"
							 " block refuses it; off captures nothing.",
							 &sd_capture_mode, SD_CAPTURE_RECORD, capture_modes,
							 PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomStringVariable("schemadrift.deploy",
							   "Names the deploy that this session or transaction belongs to.",
							   "Counts only for roles that may deploy.",
							   &sd_deploy, "", PGC_USERSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("schemadrift.deploy_max_ttl",
							"Longest time for which a deploy window may be opened.",
							NULL, &sd_deploy_max_ttl, 14400, 1, 7 * 86400,
							PGC_SIGHUP, GUC_UNIT_S, NULL, NULL, NULL);
	DefineCustomIntVariable("schemadrift.full_check_interval",
							"Time after which a check looks at everything, changed or not.",
							"0 makes every check look at everything.",
							&sd_full_check_interval, 3600, 0, INT_MAX / 1000,
							PGC_SUSET, GUC_UNIT_S, NULL, NULL, NULL);
	DefineCustomIntVariable("schemadrift.leftover_after",
							"Time after which what a tool for online changes made for itself is drift.",
							"What pg_osc and pgroll name as theirs is hidden until then.",
							&sd_leftover_after, 86400, 0, INT_MAX / 1000,
							PGC_SUSET, GUC_UNIT_S, NULL, NULL, NULL);
	DefineCustomBoolVariable("schemadrift.roles",
							 "Watches the roles of the cluster, too.",
							 "Flags, memberships and settings; never passwords.",
							 &sd_roles, false, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomStringVariable("schemadrift.inject_fault",
							   "Makes the named internal step fail; for tests.",
							   NULL, &sd_inject_fault, "", PGC_SUSET,
							   GUC_NOT_IN_SAMPLE, NULL, NULL, NULL);
}

/* When people are told, and how often. */
static void
define_incidents(void)
{
	DefineCustomIntVariable("schemadrift.incident_window",
							"Time after which new drift opens an incident of its own.",
							"Counted from when the incident grew last.",
							&sd_incident_window, 60, 0, 86400, PGC_SUSET, GUC_UNIT_S, NULL, NULL, NULL);
	DefineCustomIntVariable("schemadrift.alert_grace",
							"Time for which drift is not told: what is gone by then never is.",
							NULL, &sd_alert_grace, 0, 0, 86400, PGC_SUSET, GUC_UNIT_S, NULL, NULL, NULL);
	DefineCustomIntVariable("schemadrift.update_interval",
							"Least time between two messages about an incident that grows.",
							"One that gets worse is told at once.",
							&sd_update_interval, 60, 0, 86400, PGC_SUSET, GUC_UNIT_S, NULL, NULL, NULL);
	DefineCustomIntVariable("schemadrift.realert_interval",
							"Time after which an open incident that nobody acknowledged is told again.",
							"0 never tells the same again.",
							&sd_realert_interval, 0, 0, INT_MAX / 1000, PGC_SUSET, GUC_UNIT_S, NULL, NULL, NULL);
	DefineCustomIntVariable("schemadrift.storm_pages",
							"Messages about incidents in an hour beyond which one digest stands for the rest.",
							"0 sets no limit.",
							&sd_storm_pages, 20, 0, 100000, PGC_SUSET, 0, NULL, NULL, NULL);
}

/* Where bytes may go. */
static void
define_network(void)
{
	DefineCustomBoolVariable("schemadrift.delivery",
							 "Lets workers send messages.",
							 "Off keeps every message in the outbox.",
							 &sd_delivery, true, PGC_SIGHUP, 0, NULL, NULL, NULL);
	DefineCustomStringVariable("schemadrift.secrets_directory",
							   "Directory whose files are the secrets that channels name.",
							   "Files must belong to the server's user with mode 0600 or 0400.",
							   &sd_secrets_directory, "", PGC_SIGHUP, 0, NULL, NULL, NULL);
	DefineCustomStringVariable("schemadrift.allowed_hosts",
							   "Hosts that may be reached although they are private or without TLS.",
							   "Comma-separated host or host:port.",
							   &sd_allowed_hosts, "", PGC_SIGHUP, GUC_LIST_INPUT, NULL, NULL, NULL);
	DefineCustomStringVariable("schemadrift.ca_file",
							   "CA bundle to verify services with, instead of the system's.",
							   NULL, &sd_ca_file, "", PGC_SIGHUP, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("schemadrift.http_timeout",
							"Longest time for one request, connecting included.",
							NULL, &sd_http_timeout, 15000, 100, 300000,
							PGC_SIGHUP, GUC_UNIT_MS, NULL, NULL, NULL);
}

/* How workers work. */
static void
define_workers(void)
{
	DefineCustomIntVariable("schemadrift.workers",
							"Number of workers that may be attached to databases at once.",
							NULL, &sd_workers, 2, 1, 16, PGC_SIGHUP, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("schemadrift.poll_interval",
							"Time between two looks at a database that nobody woke us for.",
							NULL, &sd_poll_interval, 30000, 100, INT_MAX,
							PGC_SIGHUP, GUC_UNIT_MS, NULL, NULL, NULL);
	DefineCustomIntVariable("schemadrift.worker_linger",
							"Time for which an idle worker stays attached to its database.",
							NULL, &sd_worker_linger, 10000, 0, 3600000,
							PGC_SIGHUP, GUC_UNIT_MS, NULL, NULL, NULL);
	DefineCustomIntVariable("schemadrift.max_attempts",
							"Number of attempts after which a delivery is a dead letter.",
							NULL, &sd_max_attempts, 50, 1, 1000, PGC_SIGHUP, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("schemadrift.retry_base",
							"Wait before the first retry; doubles each time, with jitter.",
							NULL, &sd_retry_base, 1000, 1, 3600000,
							PGC_SIGHUP, GUC_UNIT_MS, NULL, NULL, NULL);
	DefineCustomIntVariable("schemadrift.lease",
							"Time after which a delivery claimed by a lost worker is taken over.",
							NULL, &sd_lease, 60000, 100, 3600000,
							PGC_SIGHUP, GUC_UNIT_MS, NULL, NULL, NULL);
}

/* How long things are kept. */
static void
define_retention(void)
{
	DefineCustomIntVariable("schemadrift.event_retention",
							"Time for which captured commands are kept.",
							"Longer while they explain an open drift; 0 keeps them for ever.",
							&sd_event_retention, 90 * 1440, 0, INT_MAX / 60,
							PGC_SIGHUP, GUC_UNIT_MIN, NULL, NULL, NULL);
	DefineCustomIntVariable("schemadrift.history_retention",
							"Time for which changes, past states and what was closed are kept.",
							"0 keeps them for ever.",
							&sd_history_retention, 400 * 1440, 0, INT_MAX / 60,
							PGC_SIGHUP, GUC_UNIT_MIN, NULL, NULL, NULL);
}

void
sd_settings_define(void)
{
	sd_preloaded = process_shared_preload_libraries_in_progress;
	define_capture();
	define_incidents();
	define_retention();
	define_network();
	define_workers();
	MarkGUCPrefixReserved("schemadrift");
}
