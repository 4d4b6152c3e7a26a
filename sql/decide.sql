-- What people decide about drifts: accept, ignore, acknowledge, snooze, undo.
SET intervalstyle = postgres;
CREATE EXTENSION schemadrift;
-- each news is told at once, also by the worker
SET schemadrift.update_interval = 0;
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET schemadrift.update_interval = 0', current_database()); END $$;
CREATE TABLE orders (id integer PRIMARY KEY, note text);
CREATE TABLE stock (id integer, place text);
SELECT drift_watch() <> '' AS watching;
CREATE FUNCTION d(o text, a text DEFAULT NULL) RETURNS bigint LANGUAGE sql RETURN
	(SELECT max(id) FROM schemadrift.drift WHERE object = o AND attribute IS NOT DISTINCT FROM a);
SELECT drift_accept_all('tools of this test') AS accepted;
-- what is told when the next check looks, as channels get it
CREATE FUNCTION told() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT count(*) FROM drift_check();
	WITH d AS (UPDATE schemadrift.delivery SET state = 'delivered' WHERE state <> 'delivered' RETURNING id, purpose, payload)
	SELECT concat_ws(' ', purpose, payload ->> 'count') FROM d ORDER BY id $$;
SELECT drift_accept_all('and this one') AS accepted;
SET schemadrift.alert_grace = 0;
SET schemadrift.update_interval = 0;
SET schemadrift.storm_pages = 0;
SET client_min_messages = error;
SELECT drift_channel_add('oncall', 'pagerduty', secret => 'key'), drift_route_add('watch', 'oncall');
RESET client_min_messages;

-- ignoring: what a rule says is not drift, now or later
COMMENT ON TABLE orders IS 'x';
CREATE TABLE tmp_1 (a integer);
SELECT object, attribute, state FROM drift_check() ORDER BY 1;
SELECT told();
SELECT drift_ignore('public.tmp_*', 'scratch tables', now() + interval '1 day') AS rule \gset
SELECT object, attribute, state FROM drift_check() ORDER BY 1;
SELECT change, object_type, object, who = session_user AS by_me, state, pattern, reason, author = session_user AS mine FROM drift_ignored();
CREATE TABLE tmp_2 (a integer);
SELECT count(*) FROM drift_check();
SELECT told();
SELECT pattern, target, reason, state, hits, last_hit IS NOT NULL AS hit, hides FROM drift_ignore_rules();
-- what it hides may become something else, and stays hidden; the same number
SELECT id AS was FROM drift_ignored() WHERE object = 'public.tmp_1' \gset
ALTER TABLE tmp_1 ADD COLUMN b integer;
SELECT count(*) FROM drift_check();
SELECT id = :was AS kept, actual FROM drift_ignored() WHERE object = 'public.tmp_1';
SELECT hits FROM drift_ignore_rules();
-- drift_diff tells of it, as what it is
SELECT object, state FROM drift_diff('baseline', 'live') ORDER BY 1;
SELECT regexp_replace(drift_explain(:was), '(First seen|When|Via|Who|Drift|Incident)[^\n]*', '\1', 'g');
-- the last of an incident hidden resolves it
SELECT drift_ignore('public.orders [attribute=comment]', 'wording', now() + interval '1 hour') > :rule AS another;
SELECT told();
SELECT count(*) FROM drift_check();
SELECT drift_gate();
COMMENT ON COLUMN orders.note IS 'x';
SELECT object, attribute FROM drift_check();
COMMENT ON COLUMN orders.note IS NULL;
SELECT count(*) FROM drift_check();
SELECT told();
-- removed: what differs still is news
SELECT drift_unignore(:rule) <> '' AS shown;
SELECT told();
SELECT id = :was AS kept, object, state FROM drift_check() ORDER BY object;
SELECT drift_unignore(:rule);
-- expired: noticed by the next check, although nothing changed
UPDATE schemadrift.ignore_rule SET until = now() WHERE removed_at IS NULL;
SELECT state FROM drift_ignore_rules() ORDER BY rule;
SELECT count(*) FROM drift_ignored();
SELECT object, attribute, state FROM drift_check() ORDER BY 1;
SELECT told();
-- gone while hidden
SELECT drift_ignore('public.tmp_1', 'once more', now() + interval '1 day') IS NOT NULL AS ruled;
DROP TABLE tmp_1;
SELECT object FROM drift_check() ORDER BY 1;
SELECT count(*) FROM drift_ignored();
-- the watch itself cannot be hidden
ALTER EVENT TRIGGER schemadrift_capture_ddl DISABLE;
SELECT drift_ignore('[kind=c*], schema*, [kind=table] **', 'never mind', now() + interval '1 day') IS NOT NULL AS ruled;
SELECT object_type, state FROM drift_check() ORDER BY 1;
SELECT drift_watch() <> '' AS mended;
SELECT drift_unignore(max(rule)) <> '' AS shown FROM drift_ignore_rules();
SELECT count(*) > 0 AS told FROM told();
-- refused
SELECT drift_ignore('*', 'all of it', now() + interval '1 day');
SELECT drift_ignore('public.x, **', 'all of it', now() + interval '1 day');
SELECT drift_ignore('!public.x', 'all of it', now() + interval '1 day');
SELECT drift_ignore('[class=security]', 'all of it', now() + interval '1 day');
SELECT drift_ignore('[kind=*]', 'all of it', now() + interval '1 day');
SELECT drift_ignore('[kind=capture]', 'quiet', now() + interval '1 day');
SELECT drift_ignore('[kind=tabel]', 'typo', now() + interval '1 day');
SELECT drift_ignore('public.(', 'typo', now() + interval '1 day');
\set VERBOSITY terse
SELECT drift_ignore('public.x', 'past', '2020-01-01');
SELECT drift_ignore('public.x', 'ever', 'infinity');
SELECT drift_ignore('public.x', 'long', '2199-01-01');
SELECT drift_ignore('public.x', 'none', NULL);
SELECT drift_ignore('public.x', '', now() + interval '1 day');
SELECT drift_ignore(NULL, 'x', now() + interval '1 day');
SELECT drift_ignore('public.x', 'x', now() + interval '1 day', 'staging');
SELECT drift_unignore(4711);
SELECT drift_unignore(NULL);
\set VERBOSITY default

-- acknowledged: listed, silent until it changes
DROP TABLE tmp_2;
SELECT object, attribute FROM drift_check();
SELECT count(*) > 0 AS told FROM told();
SELECT drift_ack(d('public.orders', 'comment'), 'I know') <> '' AS done;
SELECT told();
SELECT object, attribute, state FROM drift_check();
CREATE TABLE other (a integer);
SELECT object, attribute, state FROM drift_check() ORDER BY 1;
SELECT told();
SELECT drift_ack(d('public.other')) <> '' AS done;
SELECT told();
\set VERBOSITY terse
SELECT drift_gate();
\set VERBOSITY default
COMMENT ON TABLE orders IS 'y';
SELECT object, attribute, state FROM drift_check() ORDER BY 1;
SELECT told();
-- snoozed: silent even if it changes, then told again
SELECT drift_snooze(d('public.orders', 'comment'), '1 hour', 'later') ~ 'until' AS done;
COMMENT ON TABLE orders IS 'z';
SELECT object, attribute, actual, state FROM drift_check() ORDER BY 1;
SELECT told();
UPDATE schemadrift.drift SET snoozed_until = now() WHERE snoozed_until IS NOT NULL;
UPDATE schemadrift.incident SET tell_at = now() WHERE tell_at IS NOT NULL;
SELECT object, attribute, state FROM drift_check() ORDER BY 1;
SELECT told();
SELECT count(*) FROM drift_check();
SELECT told();
SELECT drift_comment(d('public.orders', 'comment'), 'ask Ann');
SELECT action, object, attribute, reason, until IS NOT NULL AS ends, by = session_user AS mine FROM drift_decisions(d('public.orders', 'comment'));
SELECT regexp_replace(regexp_replace(regexp_replace(drift_explain(d('public.orders', 'comment')),
	'(First seen|When|Via|Who|Drift|Incident)[^\n]*', '\1', 'g'), 'Decided: [^\n]*: (acknowledge|snooze|comment)', 'Decided: … \1', 'g'),
	'until [^\n]*: ', 'until …: ', 'g');
\set VERBOSITY terse
SELECT drift_snooze(d('public.orders', 'comment'), '0');
SELECT drift_snooze(d('public.orders', 'comment'), '31 days');
SELECT drift_snooze(d('public.orders', 'comment'), NULL);
SELECT drift_snooze(4711, '1 hour');
SELECT drift_ack(4711);
SELECT drift_ack(NULL);
SELECT drift_ack(:was);
SELECT drift_comment(4711, 'x');
SELECT drift_comment(d('public.orders', 'comment'), '');
\set VERBOSITY default
-- taken back: told again
SELECT drift_undo(max(decision), 'not so') <> '' AS undone FROM drift_decisions() WHERE action = 'acknowledge' AND drift_id = d('public.other');
SELECT object, attribute, state FROM drift_check() ORDER BY 1;
SELECT told();
SELECT drift_undo(max(decision)) FROM drift_decisions() WHERE action = 'comment';
SELECT drift_undo(max(decision)) FROM drift_decisions() WHERE action = 'undo';
SELECT drift_undo(4711);

-- accepted by class and by pattern
ALTER TABLE stock ADD COLUMN n integer;
ALTER TABLE stock DROP COLUMN place;
COMMENT ON TABLE stock IS 'x';
SELECT class, change, object, attribute FROM drift_check() ORDER BY object, attribute;
SELECT drift_accept_all('new things', class => 'additive', pattern => 'public.stock, public.stock.*');
SELECT class, change, object, attribute FROM drift_check() ORDER BY object, attribute;
SELECT drift_accept_all('none', pattern => 'nowhere.*');
SELECT drift_accept_all('none', class => 'bad');
SELECT drift_accept_all('none', pattern => '[');
SELECT count(*) FROM (SELECT DISTINCT baseline_version FROM drift_decisions() WHERE reason = 'new things') AS v;
-- each taken back alone: it is drift again
SELECT regexp_replace(drift_undo(decision), '\d+', 'N') FROM drift_decisions() WHERE reason = 'new things' AND object = 'public.stock.n';
SELECT drift_undo(decision) FROM drift_decisions() WHERE reason = 'new things' AND object = 'public.stock.n';
SELECT change, object, attribute, who = session_user AS by_me FROM drift_check() WHERE object LIKE 'public.stock%' ORDER BY object;
SELECT object, attribute, undone_by IS NOT NULL AS undone FROM drift_decisions() WHERE reason = 'new things' ORDER BY object;
-- a removed one
SELECT drift_accept(d('public.stock.place'), 'gone for good') <> '' AS accepted;
SELECT drift_undo(max(decision)) <> '' AS undone FROM drift_decisions() WHERE action = 'accept';
SELECT change, object FROM drift_check() WHERE object LIKE 'public.stock%' ORDER BY object;
-- a renamed one
SELECT drift_accept_all('clean slate') > 0 AS accepted;
ALTER TABLE stock RENAME TO goods;
SELECT change, object, attribute, expected, actual FROM drift_check() ORDER BY object;
SELECT drift_accept_all('renamed') AS accepted;
SELECT count(*) FROM drift_check();
SELECT drift_undo(max(decision)) <> '' AS undone FROM drift_decisions() WHERE action = 'accept';
SELECT change, object, attribute, expected, actual FROM drift_check() ORDER BY object;
-- not where later versions build on it
SELECT drift_accept_all('renamed') > 0 AS accepted;
CREATE TABLE base (a integer);
SELECT drift_accept(id, 'a table') <> '' AS accepted FROM drift_check();
ALTER TABLE base ADD COLUMN b integer;
SELECT drift_accept(id, 'a column') <> '' AS accepted FROM drift_check();
CREATE VIEW upon AS SELECT a FROM base;
SELECT drift_accept(id, 'a view') <> '' AS accepted FROM drift_check();
CREATE FUNCTION pg_temp.undo(why text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	message text;
	detail text;
BEGIN
	RETURN drift_undo(max(decision)) FROM drift_decisions() WHERE reason = why;
EXCEPTION WHEN object_not_in_prerequisite_state THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(': ', regexp_replace(message, '\d+', 'N'), detail);
END $$;
SELECT pg_temp.undo('a table');
SELECT pg_temp.undo('a column') ~ 'as it was' AS undone;
SELECT change, object FROM drift_check() ORDER BY 2;
SELECT pg_temp.undo('a table');
SELECT pg_temp.undo('a view') ~ 'as it was' AS undone;
SELECT pg_temp.undo('a table') ~ 'as it was' AS undone;
SELECT change, object FROM drift_check() ORDER BY 2;
-- a deploy that no check has seen yet stays expected
SELECT drift_accept_all('clean slate') > 0 AS accepted;
CREATE ROLE regress_migrator SUPERUSER;
SELECT drift_deployer_add('regress_migrator') > 0 AS added;
COMMENT ON TABLE goods IS 'g';
SELECT drift_accept(id, 'commented') <> '' AS accepted FROM drift_check();
SET SESSION AUTHORIZATION regress_migrator;
SET schemadrift.deploy = 'PR-1';
ALTER TABLE goods ADD COLUMN deployed integer;
RESET schemadrift.deploy;
RESET SESSION AUTHORIZATION;
SELECT pg_temp.undo('commented') ~ 'as it was' AS undone;
SELECT change, object, attribute FROM drift_check();
SELECT drift_accept_all('clean slate') > 0 AS accepted;

-- who decided is who logged in; a new baseline is a decision, too
CREATE ROLE regress_decider;
SELECT drift_accept_all('clean slate') >= 0 AS accepted;
GRANT EXECUTE ON FUNCTION drift_ignore, drift_comment TO regress_decider;
SET SESSION AUTHORIZATION regress_decider;
SELECT drift_ignore('public.scratch', 'mine', now() + interval '1 day') > 0 AS ruled;
SELECT drift_unignore(1);
RESET SESSION AUTHORIZATION;
SELECT author FROM drift_ignore_rules() WHERE reason = 'mine';
REVOKE EXECUTE ON FUNCTION drift_ignore, drift_comment FROM regress_decider;
SELECT drift_baseline_set(reason => 'release 2') > 0 AS stored, drift_baseline_rollback(reason => 'not yet') > 0 AS back;
SELECT by = session_user AS mine, action, object, reason, baseline_version IS NOT NULL AS made FROM drift_decisions() ORDER BY decision DESC LIMIT 3;
SELECT count(*) FROM drift_check();
CREATE TABLE kept (a integer);
SELECT count(*) FROM drift_check();
SELECT drift_baseline_set() > 0 AS stored;
SELECT by = session_user AS mine, action, object, reason FROM drift_decisions() ORDER BY decision DESC LIMIT 2;
DROP TABLE kept;
SELECT drift_accept_all('not kept') > 0 AS accepted;

-- what brought others about stands for them
CREATE TABLE whole (a integer);
CREATE VIEW upon_whole AS SELECT a FROM whole;
SELECT drift_accept_all('clean slate') >= 0 AS accepted;
DROP TABLE whole CASCADE;
SELECT change, object, state FROM drift_check();
SELECT drift_ack(d('public.whole'), 'both') <> '' AS done;
SELECT object, state = 'open' AND acknowledged_digest = content_digest AS silent FROM schemadrift.drift WHERE object ~ 'whole' AND state = 'open' ORDER BY 1;
-- (16 and later write a column without its table where there is but one)
SELECT replace(drift_revert_sql(ARRAY[d('public.whole')]), ' whole.a', ' a') AS drift_revert_sql;
SELECT drift_accept(d('public.whole'), 'both') <> '' AS accepted;
SELECT count(*) FROM drift_check();
SELECT action, object FROM drift_decisions() WHERE reason = 'both' ORDER BY decision;
-- each can be taken back alone, but not before what it needs
CREATE FUNCTION pg_temp.undo_of(what text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	RETURN regexp_replace(drift_undo(max(decision)), '\d+', 'N') FROM drift_decisions() WHERE reason = 'both' AND object = what;
EXCEPTION WHEN object_not_in_prerequisite_state THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN detail;
END $$;
SELECT pg_temp.undo_of('public.upon_whole');
SELECT pg_temp.undo_of('public.whole');
SELECT pg_temp.undo_of('public.upon_whole');
SELECT change, object, state FROM drift_check();
SELECT drift_accept_all('clean slate') > 0 AS accepted;

-- not without what it needs, nor a removal without that of what needs it
CREATE TABLE ground (a integer);
CREATE VIEW on_ground AS SELECT a FROM ground;
CREATE SCHEMA decided;
CREATE TABLE decided.t (id serial);
CREATE SEQUENCE tied;
CREATE TABLE knot (id integer DEFAULT nextval('tied'));
ALTER SEQUENCE tied OWNED BY knot.id;
ALTER TABLE goods RENAME TO wares;
CREATE VIEW on_wares AS SELECT n FROM wares;
SELECT change, object FROM drift_check() ORDER BY object;
CREATE FUNCTION pg_temp.refused(command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	message text;
	detail text;
	hint text;
BEGIN
	EXECUTE command INTO message;
	RETURN regexp_replace(message, '\d+', 'N', 'g');
EXCEPTION WHEN object_not_in_prerequisite_state THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN regexp_replace(concat_ws(E'\n', message, detail, hint), 'drift \d+', 'drift N', 'g');
END $$;
CREATE FUNCTION pg_temp.accept(what text) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.refused(format('SELECT drift_accept(%s, ''stands on'')', d(what))) $$;
SELECT pg_temp.accept('public.on_ground');
SELECT pg_temp.accept('decided.t');
SELECT pg_temp.accept('public.knot');
SELECT pg_temp.accept('public.tied');
SELECT pg_temp.refused($$SELECT drift_accept_all('half', pattern => 'public.on_ground, decided.t')$$);
-- a rule that hides the table does not make it exist
SELECT drift_ignore('public.ground', 'later', now() + interval '1 day') > 0 AS hidden;
SELECT pg_temp.accept('public.on_ground');
SELECT drift_unignore(max(rule)) <> '' AS shown FROM drift_ignore_rules();
SELECT count(*) FROM drift_check();
SELECT count(*) FROM drift_decisions() WHERE reason IN ('stands on', 'half');
-- in their order, or together; under whatever name
SELECT pg_temp.accept('public.ground');
SELECT pg_temp.accept('public.on_ground');
SELECT pg_temp.accept('public.on_wares');
SELECT drift_accept_all('both', pattern => 'public.knot, public.tied');
SELECT pg_temp.accept('decided');
SELECT pg_temp.accept('decided.t');
SELECT change, object, attribute FROM drift_check();
DROP VIEW on_ground;
DROP TABLE ground;
DROP VIEW on_wares;
ALTER TABLE wares RENAME TO goods;
SELECT change, object FROM drift_check() ORDER BY object;
SELECT pg_temp.accept('public.ground');
SELECT pg_temp.accept('public.on_ground');
SELECT pg_temp.accept('public.ground');
DROP SCHEMA decided CASCADE;
DROP TABLE knot;
SELECT drift_accept_all('clean slate') > 0 AS accepted;
SELECT count(*) FROM drift_check();
-- a claim is none of the baseline's business
CREATE ROLE regress_claimer;
GRANT CREATE ON SCHEMA public TO regress_claimer;
SELECT drift_accept_all('clean slate') >= 0 AS accepted;
SET SESSION AUTHORIZATION regress_claimer;
SET schemadrift.deploy = 'PR-9';
CREATE TABLE claimed (a integer);
DROP TABLE claimed;
RESET schemadrift.deploy;
RESET SESSION AUTHORIZATION;
SELECT object_type, object, attribute FROM drift_check();
SELECT regexp_replace(drift_accept(id, 'it was me'), '\d+', 'N') FROM drift_check();
REVOKE CREATE ON SCHEMA public FROM regress_claimer;
DROP ROLE regress_claimer;
SELECT drift_accept_all('clean slate') >= 0 AS accepted;

-- the DDL of chosen drifts
CREATE TABLE parent (id integer PRIMARY KEY);
CREATE TABLE child (id integer REFERENCES parent, note text);
ALTER TABLE orders DROP COLUMN note;
ALTER TABLE goods ALTER COLUMN n TYPE bigint;
SELECT change, object FROM drift_check() ORDER BY object;
SELECT drift_revert_sql(ARRAY[d('public.child'), d('public.parent')]);
SELECT drift_adopt_sql(ARRAY[d('public.child'), d('public.parent')]);
SELECT drift_adopt_sql(ARRAY[d('public.orders.note')]);
SELECT drift_revert_sql(ARRAY[d('public.orders.note'), d('public.goods.n', 'type')]) AS revert \gset
:revert
SELECT change, object FROM drift_check() ORDER BY object;
SELECT drift_revert_sql(ARRAY[4711]);
DO $$ BEGIN
	PERFORM drift_revert_sql(ARRAY[d('public.child'), d('public.orders.note')]);
EXCEPTION WHEN undefined_object THEN
	RAISE NOTICE '%', regexp_replace(SQLERRM, '\d+', 'N');
END $$;
SELECT drift_adopt_sql('{}');
SELECT drift_adopt_sql(NULL);
SELECT drift_adopt_sql(ARRAY[NULL::bigint]);

-- a new name brings nothing under a rule
SELECT drift_accept_all('so far') >= 0 AS accepted;
SELECT drift_ignore('public.tmp_*, public.tmp_*.*', 'scratch', now() + interval '1 day') > 0 AS ignored;
ALTER TABLE child RENAME TO tmp_child;
CREATE TABLE tmp_own (i int);
SELECT change, object FROM drift_check() ORDER BY object;
ALTER TABLE tmp_child ADD made_with int, ALTER COLUMN id SET DEFAULT 1;
GRANT SELECT ON tmp_child TO PUBLIC;
SELECT change, object, attribute FROM drift_check() ORDER BY object, attribute;
SELECT change, object FROM drift_ignored() ORDER BY object;
ALTER TABLE tmp_child RENAME TO child;
DROP TABLE tmp_own;

SELECT drift_unwatch() <> '' AS stopped;
DROP VIEW upon;
DROP TABLE orders, goods, other, base, parent, child;
DROP FUNCTION d, told;
DROP EXTENSION schemadrift;
DROP ROLE regress_migrator, regress_decider;
