/* -- deploys -------------------------------------------------------------- */

CREATE FUNCTION drift_deploy_begin(
	label text,
	ref text DEFAULT NULL,
	ttl interval DEFAULT '1 hour',
	scope text DEFAULT 'session')
RETURNS bigint
	LANGUAGE C SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'sd_sql_deploy_begin';
COMMENT ON FUNCTION drift_deploy_begin(text, text, interval, text) IS
	'opens a deploy: DDL of those who may deploy, in scope transaction, session, role or database, is expected until its end or '
	'ttl; its id. Errors: a role that may not deploy, a freeze, an open deploy of this session, a ttl above schemadrift.deploy_max_ttl';

CREATE FUNCTION schemadrift.deploy_state(d schemadrift.deploy) RETURNS text
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE
		   WHEN d.closed_at IS NOT NULL THEN d.close_reason
		   WHEN d.expires_at <= pg_catalog.clock_timestamp() THEN 'expired'
		   WHEN d.scope = 'transaction' AND pg_catalog.pg_xact_status(d.xid) IS DISTINCT FROM 'in progress'
			   THEN 'transaction ended'
		   WHEN d.scope = 'session'
				AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_stat_get_activity(d.pid) AS a
								 WHERE a.backend_start = d.backend_start)
			   THEN 'session ended'
		   ELSE 'open' END
$$;
COMMENT ON FUNCTION schemadrift.deploy_state(schemadrift.deploy) IS
	'open, or why it is not: ended, expired, session ended, transaction ended';

CREATE FUNCTION schemadrift.deploy_mine() RETURNS bigint
	LANGUAGE C SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'sd_sql_deploy_mine';
COMMENT ON FUNCTION schemadrift.deploy_mine() IS
	'the open deploy that drift_deploy_end() means; an error when there is none';

CREATE FUNCTION schemadrift.deploy_check() RETURNS text
	LANGUAGE C SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'sd_sql_deploy_check';
COMMENT ON FUNCTION schemadrift.deploy_check() IS 'checks without waiting for long; why it could not, NULL = it did';

CREATE FUNCTION schemadrift.deploy_close(id bigint, problem text) RETURNS text
	LANGUAGE C SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'sd_sql_deploy_close';
COMMENT ON FUNCTION schemadrift.deploy_close(bigint, text) IS 'closes a deploy and reports what came of it';

/* What fails in the check is undone alone: a deploy ends in any case. */
CREATE FUNCTION drift_deploy_end() RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	id CONSTANT bigint := schemadrift.deploy_mine();
	problem text;
BEGIN
	BEGIN
		problem := schemadrift.deploy_check();
	EXCEPTION WHEN OTHERS THEN
		problem := SQLERRM;
	END;
	RETURN schemadrift.deploy_close(id, problem);
END
$$;
COMMENT ON FUNCTION drift_deploy_end() IS
	'closes this session''s deploy, else this user''s newest for role or database, and checks; '
	'reports what it ran, what of that went into which baseline version, and what nobody expected meanwhile';

CREATE FUNCTION drift_deploys(max_rows integer DEFAULT 50,
	OUT id bigint, OUT label text, OUT ref text, OUT scope text, OUT state text,
	OUT opened_by text, OUT opened_at timestamptz, OUT expires_at timestamptz,
	OUT closed_at timestamptz, OUT closed_by text, OUT commands bigint, OUT unexpected bigint,
	OUT baseline_versions integer[])
RETURNS SETOF record
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
	SELECT d.id, d.label, d.ref, d.scope, schemadrift.deploy_state(d.row),
		   d.opened_by, d.opened_at, d.expires_at, d.closed_at, d.closed_by,
		   (SELECT pg_catalog.count(*) FROM schemadrift.event AS e WHERE e.deploy_id = d.id),
		   (SELECT pg_catalog.count(*) FROM schemadrift.event AS e
			 WHERE e.deploy IS NULL AND e.at >= d.opened_at
			   AND e.id NOT IN (SELECT r.event_id FROM schemadrift.recognised AS r WHERE r.deploy IS NOT NULL)
			   AND e.at < COALESCE(d.closed_at, d.expires_at)),
		   d.absorbed_in
	  FROM (SELECT o.*, o AS row FROM schemadrift.deploy AS o ORDER BY o.id DESC LIMIT max_rows) AS d
	 ORDER BY d.id DESC
$$;
COMMENT ON FUNCTION drift_deploys(integer) IS
	'windows that drift_deploy_begin() opened, newest first: state is open, ended, expired (left open), session ended or '
	'transaction ended; how many commands it ran and how many nobody expected meanwhile; baseline versions that took it in';

CREATE FUNCTION schemadrift.may_deploy() RETURNS boolean
	LANGUAGE C SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'sd_sql_deploy_is_allowed';
COMMENT ON FUNCTION schemadrift.may_deploy() IS 'whether a deploy of this session would count';

CREATE FUNCTION drift_deployer_add(
	role text,
	application text DEFAULT NULL,
	note text DEFAULT NULL,
	client inet DEFAULT NULL,
	implied boolean DEFAULT false)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	new_id bigint;
BEGIN
	IF role IS NULL OR implied IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = pg_catalog.format('"%s" must not be null',
										CASE WHEN role IS NULL THEN 'role' ELSE 'implied' END);
	END IF;
	PERFORM schemadrift.require_role(role);
	IF application = '' OR pg_catalog.regexp_count(application, '\\+$') > 0
	   AND pg_catalog.length(pg_catalog.substring(application, '\\+$')) % 2 = 1 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = pg_catalog.format('application "%s" is no pattern of LIKE', application),
			HINT = 'As in "flyway%"; NULL is any application.';
	END IF;
	SELECT d.id INTO new_id
	  FROM schemadrift.deployer AS d
	 WHERE d.role = role AND d.application IS NOT DISTINCT FROM application
	   AND d.client IS NOT DISTINCT FROM client AND d.implied = implied;
	IF FOUND THEN
		RAISE NOTICE USING
			MESSAGE = pg_catalog.format('members of role "%s" may deploy already, by entry %s', role, new_id),
			HINT = 'SELECT * FROM drift_deployers() lists who may.';
		RETURN new_id;
	END IF;
	INSERT INTO schemadrift.deployer AS d (role, application, client, implied, note)
	VALUES (role, application, client, implied, note)
	RETURNING d.id INTO new_id;
	RETURN new_id;
END
$$;
COMMENT ON FUNCTION drift_deployer_add(text, text, text, inet, boolean) IS
	'lets members of a role deploy; where given, only sessions whose application_name is LIKE application and that come '
	'from the network client (by socket none does); implied: what they do is a deploy without saying so; the entry''s id. '
	'Errors: a role that does not exist, a pattern that is none';

CREATE FUNCTION drift_deployer_drop(id bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	DELETE FROM schemadrift.deployer AS d WHERE d.id = drift_deployer_drop.id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = pg_catalog.format('there is no deployer with id %s', drift_deployer_drop.id),
			HINT = 'SELECT * FROM drift_deployers() lists them.';
	END IF;
END
$$;
COMMENT ON FUNCTION drift_deployer_drop(bigint) IS 'takes back what drift_deployer_add() gave';

CREATE FUNCTION drift_deployers(
	OUT id bigint, OUT role text, OUT application text, OUT client inet, OUT implied boolean,
	OUT added_at timestamptz, OUT added_by text, OUT note text)
RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
	SELECT d.id, d.role, d.application, d.client, d.implied, d.added_at, d.added_by, d.note
	  FROM schemadrift.deployer AS d
	 UNION ALL
	SELECT NULL, r.rolname, NULL, NULL, false, NULL, NULL, 'members of this role may always deploy'
	  FROM pg_catalog.pg_roles AS r
	 WHERE r.rolname = 'drift_deployer'
	 ORDER BY 1 NULLS FIRST
$$;
COMMENT ON FUNCTION drift_deployers() IS 'who may deploy';

REVOKE ALL ON FUNCTION
	drift_deploy_begin(text, text, interval, text), drift_deploy_end(), drift_deploys(integer),
	schemadrift.deploy_state(schemadrift.deploy), schemadrift.deploy_mine(), schemadrift.deploy_check(),
	schemadrift.deploy_close(bigint, text), schemadrift.may_deploy(),
	drift_deployer_add(text, text, text, inet, boolean), drift_deployer_drop(bigint),
	drift_deployers()
	FROM PUBLIC;
