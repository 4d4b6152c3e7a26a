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
	created_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
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
ALTER SEQUENCE schemadrift.event_id_seq OWNED BY schemadrift.event.id;
COMMENT ON TABLE schemadrift.event IS 'captured DDL commands and who ran them';
COMMENT ON COLUMN schemadrift.event.statement IS 'the exact statement, secrets redacted; NULL where it is not known or never kept';
COMMENT ON COLUMN schemadrift.event.deploy IS 'label of the deploy that explains it; NULL = unexpected';
COMMENT ON COLUMN schemadrift.event.refused_claim IS
	'deploy that the session claimed to be although its user may not deploy';
COMMENT ON COLUMN schemadrift.event.objects IS
	'array of {classid, objid, objsubid, type, identity, dropped}: what the command touched';

CREATE SEQUENCE schemadrift.capture_miss_seq;
COMMENT ON SEQUENCE schemadrift.capture_miss_seq IS 'counts DDL commands that could not be captured; outlives a rollback';

CREATE TABLE schemadrift.arming (
	only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
	armed_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	armed_by text NOT NULL DEFAULT SESSION_USER,
	system_identifier bigint NOT NULL,
	database oid NOT NULL,
	timeline integer NOT NULL,
	watching boolean NOT NULL DEFAULT true
);
COMMENT ON TABLE schemadrift.arming IS
	'the fence: nothing is sent from a database whose cluster, oid or timeline is another than when it was armed';

/* -- deploys ------------------------------------------------------------- */

CREATE TABLE schemadrift.deployer (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	role text,
	application text,
	added_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	added_by text NOT NULL DEFAULT SESSION_USER,
	note text,
	CHECK (role IS NOT NULL)
);
COMMENT ON TABLE schemadrift.deployer IS
	'who may deploy: members of role, where given only from application names LIKE application';

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
	close_reason text
);
CREATE INDEX deploy_open ON schemadrift.deploy (id) WHERE closed_at IS NULL;
COMMENT ON TABLE schemadrift.deploy IS 'recognised deploys: windows in which DDL of those who may deploy is expected';

/* -- drift and incidents ------------------------------------------------- */

CREATE TABLE schemadrift.incident (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	dedup_key text NOT NULL UNIQUE,
	state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'resolved')),
	severity text NOT NULL,
	class text NOT NULL,
	content_digest text NOT NULL,
	opened_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	updated_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	resolved_at timestamptz,
	resolve_reason text
);
COMMENT ON TABLE schemadrift.incident IS 'drifts that were paged together';

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
	state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'gone')),
	content_digest text NOT NULL,
	incident_id bigint REFERENCES schemadrift.incident,
	first_seen timestamptz NOT NULL DEFAULT pg_catalog.now(),
	last_seen timestamptz NOT NULL DEFAULT pg_catalog.now(),
	closed_at timestamptz,
	closed_by text,
	close_reason text
);
CREATE INDEX ON schemadrift.drift (incident_id);
CREATE INDEX ON schemadrift.drift (id) WHERE state = 'open';
COMMENT ON TABLE schemadrift.drift IS 'unexpected differences; each keeps its number while it lasts';

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
	full_at timestamptz NOT NULL
);
COMMENT ON TABLE schemadrift.check_state IS 'what the last check compared and found';
COMMENT ON COLUMN schemadrift.check_state.form IS 'version of the library, the server and the canonical form';
COMMENT ON COLUMN schemadrift.check_state.open_addresses IS
	'class and oid of all that differs, or whose part is gone; NULL = too many to tell';
COMMENT ON COLUMN schemadrift.check_state.open_keys IS 'what the baseline has and live has not';
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
	workflow text NOT NULL CHECK (workflow IN ('watch', 'ticket', 'gate', 'fleet', 'review')),
	channel text NOT NULL REFERENCES schemadrift.channel ON DELETE CASCADE,
	PRIMARY KEY (workflow, channel)
);
COMMENT ON TABLE schemadrift.route IS 'which channels a workflow tells';

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
SELECT pg_catalog.pg_extension_config_dump('schemadrift.channel', '');
SELECT pg_catalog.pg_extension_config_dump('schemadrift.route', '');
SELECT pg_catalog.pg_extension_config_dump('schemadrift.schedule', '');
