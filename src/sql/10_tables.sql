/*
 * Tables.  Users' functions live in the schema chosen at CREATE EXTENSION;
 * tables and internals live here.  A plain CREATE SCHEMA: one that somebody
 * made before us is refused, not adopted.
 */
CREATE SCHEMA schemadrift;
REVOKE ALL ON SCHEMA schemadrift FROM PUBLIC;
COMMENT ON SCHEMA schemadrift IS 'tables and internals of the extension schemadrift';

/* -- baselines ----------------------------------------------------------- */

CREATE TABLE schemadrift.baseline (
	name text NOT NULL,
	version integer NOT NULL CHECK (version > 0),
	created_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
	created_by text NOT NULL DEFAULT SESSION_USER,
	reason text,
	deploy_id bigint,
	fingerprint text NOT NULL,
	local_fingerprint text NOT NULL,
	database text,
	object_count integer NOT NULL,
	server_version integer NOT NULL,
	form integer NOT NULL,
	event_horizon bigint NOT NULL,
	settled bigint NOT NULL DEFAULT 0,
	PRIMARY KEY (name, version)
);
COMMENT ON TABLE schemadrift.baseline IS 'versions of accepted snapshots';
COMMENT ON COLUMN schemadrift.baseline.local_fingerprint IS 'digest of what is compared only within one database';
COMMENT ON COLUMN schemadrift.baseline.database IS 'which one its addresses are of: system identifier/oid; NULL where it could not be read';
COMMENT ON COLUMN schemadrift.baseline.form IS 'version of the canonical form that its objects are in';
COMMENT ON COLUMN schemadrift.baseline.event_horizon IS 'events up to this id were taken into account';
COMMENT ON COLUMN schemadrift.baseline.settled IS
	'deploys up to this event id no longer excuse what they did, only explain it: the baseline went back behind them';

CREATE TABLE schemadrift.baseline_object (
	name text NOT NULL,
	key text NOT NULL,
	since_version integer NOT NULL,
	until_version integer,
	digest bytea NOT NULL,
	form jsonb NOT NULL,
	CHECK (until_version > since_version)
);
CREATE INDEX ON schemadrift.baseline_object (name, pg_catalog.md5(key));
CREATE INDEX ON schemadrift.baseline_object (name, until_version);
/* it has no key, since names may be longer than a key; without this a publication of all tables stops every baseline */
ALTER TABLE schemadrift.baseline_object REPLICA IDENTITY FULL;
COMMENT ON TABLE schemadrift.baseline_object IS
	'objects of baselines: a row belongs to the versions from since_version up to but not including until_version';

/* -- capture ------------------------------------------------------------- */

CREATE SEQUENCE schemadrift.event_id_seq;
CREATE TABLE schemadrift.event (
	id bigint NOT NULL DEFAULT pg_catalog.nextval('schemadrift.event_id_seq'),
	at timestamptz NOT NULL,
	xid xid8 NOT NULL,
	pid integer NOT NULL,
	tag text NOT NULL,
	session_role text NOT NULL,
	effective_role text NOT NULL,
	client text,
	application text,
	statement text,
	deploy_id bigint,
	deploy text,
	refused_claim text,
	objects jsonb NOT NULL,
	PRIMARY KEY (id)
);
CREATE INDEX event_xid ON schemadrift.event (xid);
CREATE INDEX event_at ON schemadrift.event (at);
ALTER SEQUENCE schemadrift.event_id_seq OWNED BY schemadrift.event.id;
COMMENT ON TABLE schemadrift.event IS 'captured DDL commands and who ran them';
COMMENT ON COLUMN schemadrift.event.statement IS 'the exact statement, secrets redacted; NULL where it is not known or never kept';
COMMENT ON COLUMN schemadrift.event.deploy IS 'label of the deploy that explains it; NULL = unexpected';
COMMENT ON COLUMN schemadrift.event.refused_claim IS
	'deploy that the session claimed to be although its user may not deploy, or "in freeze LABEL: CLAIM"';
COMMENT ON COLUMN schemadrift.event.objects IS
	'array of {classid, objid, objsubid, type, identity, dropped, aspects}: what the command touched, and which of its properties';

CREATE SEQUENCE schemadrift.capture_miss_seq;
COMMENT ON SEQUENCE schemadrift.capture_miss_seq IS 'counts DDL commands that could not be captured; outlives a rollback';

CREATE TABLE schemadrift.arming (
	only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
	armed_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	armed_by text NOT NULL DEFAULT SESSION_USER,
	system_identifier bigint NOT NULL,
	database oid NOT NULL,
	timeline integer NOT NULL,
	watching boolean NOT NULL DEFAULT true,
	preloaded boolean NOT NULL DEFAULT false,
	misses bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE schemadrift.arming IS
	'the fence: nothing is sent from a database whose cluster, oid or timeline is another than when it was armed';
COMMENT ON COLUMN schemadrift.arming.preloaded IS 'the library was in shared_preload_libraries then, and is to be';
COMMENT ON COLUMN schemadrift.arming.misses IS 'capture_misses() then: whoever called drift_watch() knew of these';

/* -- deploys ------------------------------------------------------------- */

CREATE TABLE schemadrift.deployer (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	role text NOT NULL,
	application text,
	client inet,
	implied boolean NOT NULL DEFAULT false,
	added_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	added_by text NOT NULL DEFAULT SESSION_USER,
	note text
);
COMMENT ON TABLE schemadrift.deployer IS
	'who may deploy: members of role, where given only from application names LIKE application and addresses in client';
COMMENT ON COLUMN schemadrift.deployer.implied IS 'what its sessions do is a deploy although they do not say so';

CREATE TABLE schemadrift.deploy (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	label text NOT NULL,
	ref text,
	scope text NOT NULL CHECK (scope IN ('transaction', 'session', 'role', 'database')),
	opened_by text NOT NULL,
	opened_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
	expires_at timestamptz NOT NULL,
	pid integer,
	backend_start timestamptz,
	xid xid8,
	closed_at timestamptz,
	closed_by text,
	close_reason text,
	absorbed_in integer[] NOT NULL DEFAULT '{}'
);
COMMENT ON COLUMN schemadrift.deploy.absorbed_in IS 'versions of the default baseline that took in what it did';
CREATE INDEX deploy_open ON schemadrift.deploy (id) WHERE closed_at IS NULL;
CREATE INDEX ON schemadrift.deploy (opened_at);
CREATE INDEX ON schemadrift.deploy (closed_at);
COMMENT ON TABLE schemadrift.deploy IS 'recognised deploys: windows in which DDL of those who may deploy is expected';

CREATE TABLE schemadrift.tool (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	tool text NOT NULL,
	role text,
	history_schema text,
	history_name text NOT NULL,
	added_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	added_by text NOT NULL DEFAULT SESSION_USER
);
COMMENT ON TABLE schemadrift.tool IS
	'migration tools that are recognised by the history they keep; role: who may, NULL = whoever may deploy';

CREATE TABLE schemadrift.recognised (
	event_id bigint PRIMARY KEY,
	deploy text,
	refused_claim text
);
COMMENT ON TABLE schemadrift.recognised IS 'events that a tool''s history showed to be deploys, beside the events, which are sealed';

CREATE TABLE schemadrift.time_window (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	mode text NOT NULL CHECK (mode IN ('allow', 'deny', 'quiet')),
	schedule text NOT NULL,
	duration interval NOT NULL CHECK (duration > '0'),
	timezone text NOT NULL,
	role text,
	label text NOT NULL,
	added_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	added_by text NOT NULL DEFAULT SESSION_USER
);
COMMENT ON TABLE schemadrift.time_window IS
	'recurring windows: allow and deny say when those who may deploy may (deny wins), quiet when lesser drift waits';
COMMENT ON COLUMN schemadrift.time_window.schedule IS 'cron expression of its beginnings, in timezone';
COMMENT ON COLUMN schemadrift.time_window.role IS 'only for members of this role; NULL = for all who may deploy';

/* -- drift and incidents ------------------------------------------------- */

CREATE TABLE schemadrift.severity (
	finding text PRIMARY KEY,
	class text NOT NULL CHECK (class IN ('additive', 'risky', 'breaking', 'security', 'unattributed')),
	severity text NOT NULL CHECK (severity IN ('info', 'warning', 'error', 'critical')),
	changed_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	changed_by text NOT NULL DEFAULT SESSION_USER
);
COMMENT ON TABLE schemadrift.severity IS
	'class and severity that users gave to a finding instead of the built-in ones; drift_severities() lists all';

CREATE TABLE schemadrift.incident (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	dedup_key text NOT NULL UNIQUE,
	owner text,
	state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'resolved')),
	severity text NOT NULL,
	class text NOT NULL,
	content_digest text NOT NULL,
	opened_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
	grown_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
	updated_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
	tell_at timestamptz,
	told_at timestamptz,
	told_digest text,
	told_severity text,
	channels text[] NOT NULL DEFAULT '{}',
	resolved_at timestamptz,
	resolve_reason text
);
CREATE INDEX ON schemadrift.incident (id) WHERE state = 'open';
CREATE INDEX ON schemadrift.incident (opened_at);
CREATE INDEX ON schemadrift.incident (resolved_at);
COMMENT ON TABLE schemadrift.incident IS 'drifts of one burst and owner, paged together';
COMMENT ON COLUMN schemadrift.incident.grown_at IS
	'when a drift joined it last: what comes much later is another burst and so another incident';
COMMENT ON COLUMN schemadrift.incident.tell_at IS
	'when it is to be told (again): after grace, quiet hours or the re-alert interval; NULL = when it changes';
COMMENT ON COLUMN schemadrift.incident.channels IS 'who was told, and so is told when it is over';
COMMENT ON COLUMN schemadrift.incident.told_digest IS 'content of the last message: the same is never told twice';

CREATE TABLE schemadrift.drift (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	target text NOT NULL DEFAULT 'live',
	object_type text NOT NULL,
	object text NOT NULL,
	attribute text,
	change text NOT NULL,
	class text NOT NULL,
	severity text NOT NULL,
	expected text,
	actual text,
	event_id bigint,
	who text,
	via text,
	at timestamptz,
	ddl text,
	finding text,
	owner text,
	cause_id bigint REFERENCES schemadrift.drift,
	state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'ignored', 'accepted', 'gone')),
	rule_id bigint,
	acknowledged_digest text,
	snoozed_until timestamptz,
	content_digest text NOT NULL,
	told_digest text,
	incident_id bigint REFERENCES schemadrift.incident,
	first_seen timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
	last_seen timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
	closed_at timestamptz,
	closed_by text,
	close_reason text
);
CREATE INDEX ON schemadrift.drift (incident_id);
CREATE INDEX ON schemadrift.drift (id) WHERE state IN ('open', 'ignored');
CREATE INDEX ON schemadrift.drift (cause_id) WHERE cause_id IS NOT NULL;
CREATE INDEX ON schemadrift.drift (first_seen);
CREATE INDEX ON schemadrift.drift (closed_at);
COMMENT ON TABLE schemadrift.drift IS 'unexpected differences; each keeps its number while it lasts';
COMMENT ON COLUMN schemadrift.drift.finding IS 'what kind of thing it is: a name of drift_severities()';
COMMENT ON COLUMN schemadrift.drift.owner IS 'team that is told: @owner in a comment';
COMMENT ON COLUMN schemadrift.drift.cause_id IS 'the drift that brought this one about, and under which it is shown';
COMMENT ON COLUMN schemadrift.drift.rule_id IS 'the rule that hides it while state is ignored';
COMMENT ON COLUMN schemadrift.drift.acknowledged_digest IS 'the content that somebody acknowledged: silent until it changes';
COMMENT ON COLUMN schemadrift.drift.told_digest IS 'the content that was told: the same is not told twice';

/* There is at most one that has not ended; what is said of it is one message. */
CREATE TABLE schemadrift.storm (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	dedup_key text NOT NULL,
	channels text[] NOT NULL DEFAULT '{}',
	began_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	ended_at timestamptz
);
COMMENT ON TABLE schemadrift.storm IS 'times when more incidents wanted to be told than schemadrift.storm_pages';

/* -- decisions ------------------------------------------------------------ */

CREATE TABLE schemadrift.ignore_rule (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	pattern text NOT NULL,
	target text NOT NULL DEFAULT 'live',
	reason text NOT NULL,
	author text NOT NULL DEFAULT SESSION_USER,
	created_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	until timestamptz NOT NULL,
	hits bigint NOT NULL DEFAULT 0,
	last_hit timestamptz,
	removed_at timestamptz,
	removed_by text
);
COMMENT ON TABLE schemadrift.ignore_rule IS 'what is not to be told, by whom, why and until when';
COMMENT ON COLUMN schemadrift.ignore_rule.hits IS 'how many drifts it has hidden';

CREATE TABLE schemadrift.decision (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	by text NOT NULL DEFAULT SESSION_USER,
	action text NOT NULL,
	drift_id bigint,
	rule_id bigint,
	object_type text,
	object text,
	attribute text,
	reason text,
	until timestamptz,
	baseline_version integer,
	undoes bigint REFERENCES schemadrift.decision
);
CREATE INDEX ON schemadrift.decision (drift_id);
CREATE INDEX ON schemadrift.decision (at);
CREATE INDEX ON schemadrift.decision (undoes) WHERE undoes IS NOT NULL;
COMMENT ON TABLE schemadrift.decision IS 'everything that people decided about drifts; rows are added, never changed';
COMMENT ON COLUMN schemadrift.decision.baseline_version IS 'version of the default baseline that an acceptance made';
COMMENT ON COLUMN schemadrift.decision.undoes IS 'the decision that this one takes back';

CREATE TABLE schemadrift.partition_policy (
	parent text PRIMARY KEY,
	policy text NOT NULL CHECK (policy IN ('strict', 'structure', 'ignore')),
	note text,
	added_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	added_by text NOT NULL DEFAULT SESSION_USER
);
COMMENT ON TABLE schemadrift.partition_policy IS
	'how partitions of a parent are watched: as any table (strict), coming and going while like it (structure), not at all (ignore)';

/* -- history -------------------------------------------------------------- */

CREATE TABLE schemadrift.history (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	seen_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
	change text NOT NULL,
	object_type text NOT NULL,
	object text NOT NULL,
	attribute text,
	old_value text,
	new_value text,
	event_id bigint,
	at timestamptz,
	who text,
	via text,
	deploy text,
	statement text
);
CREATE INDEX ON schemadrift.history (pg_catalog.md5(object));
CREATE INDEX ON schemadrift.history (seen_at);
CREATE INDEX ON schemadrift.history (id) WHERE change = 'renamed';
COMMENT ON TABLE schemadrift.history IS 'every change of live that a check saw, property by property, expected or not, and who made it';

CREATE TABLE schemadrift.observation (
	id bigint PRIMARY KEY,
	seen_at timestamptz NOT NULL,
	baseline_version integer NOT NULL,
	event_horizon bigint NOT NULL,
	server_version integer NOT NULL
);
CREATE INDEX ON schemadrift.observation (seen_at);
COMMENT ON TABLE schemadrift.observation IS
	'what live looked like, each time that a check saw it change: a version of the default baseline and what was different from it';
COMMENT ON COLUMN schemadrift.observation.event_horizon IS 'events up to this id were taken into account';

CREATE TABLE schemadrift.observed_object (
	key text NOT NULL,
	since bigint NOT NULL,
	until bigint,
	form jsonb,
	CHECK (until > since)
);
CREATE INDEX ON schemadrift.observed_object (until, since);
/* as for baseline_object */
ALTER TABLE schemadrift.observed_object REPLICA IDENTITY FULL;
COMMENT ON TABLE schemadrift.observed_object IS
	'objects that were not as in the baseline: a row belongs to the observations from since up to but not including until';
COMMENT ON COLUMN schemadrift.observed_object.form IS 'NULL = live did not have it';

/* -- the seal on the log --------------------------------------------------- */

CREATE TABLE schemadrift.event_seal (
	id bigint PRIMARY KEY,
	what text NOT NULL CHECK (what IN ('anchor', 'events', 'pruned')),
	sealed_at timestamptz NOT NULL,
	place text NOT NULL,
	first_event bigint NOT NULL,
	last_event bigint NOT NULL,
	keep_minutes integer,
	digests bytea NOT NULL,
	digest bytea NOT NULL
);
COMMENT ON TABLE schemadrift.event_seal IS 'chain of digests over captured events: what was removed or altered later shows';
COMMENT ON COLUMN schemadrift.event_seal.what IS
	'anchor: the chain begins here, or goes on at another place; events: these are sealed; pruned: these were deleted by age';
COMMENT ON COLUMN schemadrift.event_seal.place IS 'system identifier/database oid/timeline where it was made';
COMMENT ON COLUMN schemadrift.event_seal.first_event IS 'with last_event the ids that it covers; ids that no event bears are among them';
COMMENT ON COLUMN schemadrift.event_seal.keep_minutes IS 'how old, in minutes, events had to be that were pruned';
COMMENT ON COLUMN schemadrift.event_seal.digests IS 'of each event of the seal its id (8 bytes) and digest (32 bytes)';
COMMENT ON COLUMN schemadrift.event_seal.digest IS 'SHA-256 of the digest of the seal before it and of all else in the row';

/* -- what the last check knew --------------------------------------------- */

/*
 * Unlogged on purpose: after a crash or a recovery, in a base backup and on a
 * standby they are empty, and then the next check looks at everything.
 */
CREATE UNLOGGED TABLE schemadrift.page_state (
	catalog oid NOT NULL,
	chunk integer NOT NULL,
	file oid NOT NULL,
	lsns bytea NOT NULL,
	entries bytea NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE schemadrift.page_state ALTER COLUMN lsns SET STORAGE PLAIN;
ALTER TABLE schemadrift.page_state ALTER COLUMN entries SET STORAGE EXTERNAL;
COMMENT ON TABLE schemadrift.page_state IS 'pages of the system catalogs as the last check saw them';
COMMENT ON COLUMN schemadrift.page_state.lsns IS 'LSN of each page of the chunk; 0/0 = must be looked at again';
COMMENT ON COLUMN schemadrift.page_state.entries IS 'for each page what its rows say about objects, as sums';

CREATE UNLOGGED TABLE schemadrift.object_state (
	bucket bigint PRIMARY KEY,
	objects bytea NOT NULL
);
ALTER TABLE schemadrift.object_state ALTER COLUMN objects SET STORAGE EXTERNAL;
COMMENT ON TABLE schemadrift.object_state IS 'which objects had which address when the last check ended';

CREATE UNLOGGED TABLE schemadrift.check_state (
	only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
	form text NOT NULL,
	system_identifier bigint NOT NULL,
	database oid NOT NULL,
	baseline_version integer NOT NULL,
	baseline_fingerprint text NOT NULL,
	watching boolean NOT NULL,
	last_event bigint NOT NULL,
	events bigint NOT NULL,
	open_drifts text NOT NULL,
	open_addresses text,
	open_keys jsonb,
	rules text NOT NULL,
	due_at timestamptz,
	full_at timestamptz NOT NULL
);
COMMENT ON TABLE schemadrift.check_state IS 'what the last check compared and found';
COMMENT ON COLUMN schemadrift.check_state.form IS 'version of the library, the server and the canonical form';
COMMENT ON COLUMN schemadrift.check_state.open_addresses IS
	'class and oid of all that differs, or whose part is gone; NULL = too many to tell';
COMMENT ON COLUMN schemadrift.check_state.open_keys IS 'what the baseline has and live has not';
COMMENT ON COLUMN schemadrift.check_state.rules IS 'ids of the ignore rules that counted';
COMMENT ON COLUMN schemadrift.check_state.due_at IS 'when the first rule or snooze ends, which no command tells of';
COMMENT ON COLUMN schemadrift.check_state.full_at IS 'when everything was last looked at';

/* -- channels and the outbox --------------------------------------------- */

CREATE TABLE schemadrift.channel (
	name text PRIMARY KEY CHECK (name <> ''),
	kind text NOT NULL,
	config jsonb NOT NULL DEFAULT '{}',
	secret text,
	enabled boolean NOT NULL DEFAULT true,
	created_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	created_by text NOT NULL DEFAULT SESSION_USER
);
COMMENT ON TABLE schemadrift.channel IS 'configured accounts at services';
COMMENT ON COLUMN schemadrift.channel.secret IS 'name of a file in schemadrift.secrets_directory, never the secret';

CREATE TABLE schemadrift.route (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	workflow text NOT NULL CHECK (workflow IN ('watch', 'ticket', 'gate', 'fleet', 'review')),
	-- no foreign key: of our tables, pg_restore -j may fill this one first
	channel text NOT NULL,
	pattern text,
	class text,
	min_severity text CHECK (min_severity IN ('info', 'warning', 'error', 'critical')),
	owner text,
	fallback boolean NOT NULL DEFAULT false,
	added_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	added_by text NOT NULL DEFAULT SESSION_USER,
	UNIQUE NULLS NOT DISTINCT (workflow, channel, pattern, class, min_severity, owner)
);
COMMENT ON TABLE schemadrift.route IS 'which channels a workflow tells, and of what: all conditions that are given must hold';
COMMENT ON COLUMN schemadrift.route.fallback IS 'only for drift that no other route of the workflow takes';

CREATE TABLE schemadrift.delivery (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	channel text NOT NULL,
	purpose text NOT NULL,
	incident_id bigint,
	idempotency_key text NOT NULL,
	payload jsonb NOT NULL,
	state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sending', 'delivered', 'dead')),
	step integer NOT NULL DEFAULT 0,
	attempts integer NOT NULL DEFAULT 0,
	retry_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	lease_until timestamptz,
	lease_pid integer,
	last_error text,
	external_id text,
	external_url text,
	created_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	delivered_at timestamptz
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01);
CREATE INDEX delivery_due ON schemadrift.delivery (id) WHERE state IN ('pending', 'sending');
CREATE INDEX ON schemadrift.delivery (created_at);
COMMENT ON TABLE schemadrift.delivery IS 'the outbox: one message for one channel';

/* -- scheduled runs ------------------------------------------------------ */

CREATE TABLE schemadrift.schedule (
	name text PRIMARY KEY CHECK (name <> ''),
	schedule text NOT NULL,
	command text NOT NULL,
	run_as text NOT NULL,
	cron_job_id bigint,
	created_at timestamptz NOT NULL DEFAULT pg_catalog.now()
);
COMMENT ON TABLE schemadrift.schedule IS 'commands that pg_cron hands to the worker';

CREATE TABLE schemadrift.run (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	schedule text,
	command text NOT NULL,
	run_as text NOT NULL,
	state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed')),
	queued_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	started_at timestamptz,
	finished_at timestamptz,
	result text
);
CREATE INDEX run_queued ON schemadrift.run (id) WHERE state = 'queued';
COMMENT ON TABLE schemadrift.run IS 'work handed to the worker and what came of it';

/*
 * What a dump carries: baselines, configuration and the sequence that keeps
 * event ids growing; never the outbox, events, incidents or the fence.
 */
SELECT pg_catalog.pg_extension_config_dump('schemadrift.baseline', '');
SELECT pg_catalog.pg_extension_config_dump('schemadrift.baseline_object', '');
SELECT pg_catalog.pg_extension_config_dump('schemadrift.event_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('schemadrift.deployer', '');
SELECT pg_catalog.pg_extension_config_dump('schemadrift.deployer_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('schemadrift.tool', '');
SELECT pg_catalog.pg_extension_config_dump('schemadrift.tool_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('schemadrift.time_window', '');
SELECT pg_catalog.pg_extension_config_dump('schemadrift.time_window_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('schemadrift.severity', '');
SELECT pg_catalog.pg_extension_config_dump('schemadrift.ignore_rule', '');
SELECT pg_catalog.pg_extension_config_dump('schemadrift.ignore_rule_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('schemadrift.partition_policy', '');
SELECT pg_catalog.pg_extension_config_dump('schemadrift.channel', '');
SELECT pg_catalog.pg_extension_config_dump('schemadrift.route', '');
SELECT pg_catalog.pg_extension_config_dump('schemadrift.route_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('schemadrift.schedule', '');
