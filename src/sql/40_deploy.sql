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
	'opens a deploy: DDL of those who may deploy, in scope transaction, session, role or database, is expected until its end or ttl';

CREATE FUNCTION drift_deploy_end() RETURNS text
	LANGUAGE C SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'sd_sql_deploy_end';
COMMENT ON FUNCTION drift_deploy_end() IS
	'closes this session''s deploy, else this user''s newest for role or database; reports what it changed and what nobody expected';

CREATE FUNCTION schemadrift.may_deploy() RETURNS boolean
	LANGUAGE C SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'sd_sql_deploy_is_allowed';
COMMENT ON FUNCTION schemadrift.may_deploy() IS 'whether a deploy of this session would count';

CREATE FUNCTION drift_deployer_add(role text, application text DEFAULT NULL, note text DEFAULT NULL)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	new_id bigint;
BEGIN
	IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles AS r WHERE r.rolname = role) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = pg_catalog.format('role "%s" does not exist', role),
			HINT = 'Create the role first.';
	END IF;
	SELECT d.id INTO new_id
	  FROM schemadrift.deployer AS d
	 WHERE d.role = role AND d.application IS NOT DISTINCT FROM application;
	IF FOUND THEN
		RAISE NOTICE USING
			MESSAGE = pg_catalog.format('members of role "%s" may deploy already, by entry %s', role, new_id),
			HINT = 'SELECT * FROM drift_deployers() lists who may.';
		RETURN new_id;
	END IF;
	INSERT INTO schemadrift.deployer AS d (role, application, note)
	VALUES (role, application, note)
	RETURNING d.id INTO new_id;
	RETURN new_id;
END
$$;
COMMENT ON FUNCTION drift_deployer_add(text, text, text) IS
	'lets members of a role deploy; where application is given, only sessions whose application_name is LIKE it; the entry''s id';

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
	OUT id bigint, OUT role text, OUT application text,
	OUT added_at timestamptz, OUT added_by text, OUT note text)
RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
	SELECT d.id, d.role, d.application, d.added_at, d.added_by, d.note
	  FROM schemadrift.deployer AS d
	 UNION ALL
	SELECT NULL, r.rolname, NULL, NULL, NULL, 'members of this role may always deploy'
	  FROM pg_catalog.pg_roles AS r
	 WHERE r.rolname = 'drift_deployer'
	 ORDER BY 1 NULLS FIRST
$$;
COMMENT ON FUNCTION drift_deployers() IS 'who may deploy';

REVOKE ALL ON FUNCTION
	drift_deploy_begin(text, text, interval, text), drift_deploy_end(),
	schemadrift.may_deploy(),
	drift_deployer_add(text, text, text), drift_deployer_drop(bigint),
	drift_deployers()
	FROM PUBLIC;
