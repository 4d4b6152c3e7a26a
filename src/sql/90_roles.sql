/* -- roles ---------------------------------------------------------------- */

/*
 * Which function each role may call; the next role has those of the one
 * before.  Names, not signatures: a name that this version does not have is
 * passed over, and every function of the extension with that name is granted.
 */
CREATE FUNCTION schemadrift.role_functions(OUT role text, OUT function text)
RETURNS SETOF record
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$
	SELECT f.role, f.function
	  FROM (VALUES
			('drift_reader', 'drift_adopt_sql'),
			('drift_reader', 'drift_baseline_export'),
			('drift_reader', 'drift_baselines'),
			('drift_reader', 'drift_blame'),
			('drift_reader', 'drift_channels'),
			('drift_reader', 'drift_check'),
			('drift_reader', 'drift_decisions'),
			('drift_reader', 'drift_deployers'),
			('drift_reader', 'drift_deploys'),
			('drift_reader', 'drift_diff'),
			('drift_reader', 'drift_explain'),
			('drift_reader', 'drift_fingerprint'),
			('drift_reader', 'drift_gate'),
			('drift_reader', 'drift_health'),
			('drift_reader', 'drift_help'),
			('drift_reader', 'drift_ignore_rules'),
			('drift_reader', 'drift_ignored'),
			('drift_reader', 'drift_incidents'),
			('drift_reader', 'drift_log'),
			('drift_reader', 'drift_metrics'),
			('drift_reader', 'drift_objects'),
			('drift_reader', 'drift_partition_policies'),
			('drift_reader', 'drift_preview'),
			('drift_reader', 'drift_report'),
			('drift_reader', 'drift_revert_sql'),
			('drift_reader', 'drift_routes'),
			('drift_reader', 'drift_routes_explain'),
			('drift_reader', 'drift_schedules'),
			('drift_reader', 'drift_severities'),
			('drift_reader', 'drift_sql'),
			('drift_reader', 'drift_timeline'),
			('drift_reader', 'drift_tools'),
			('drift_reader', 'drift_verify_log'),
			('drift_reader', 'drift_windows'),
			('drift_reader', 'object_digests'),
			('drift_reader', 'object_forms'),
			('drift_deployer', 'drift_deploy_begin'),
			('drift_deployer', 'drift_deploy_end'),
			('drift_deployer', 'drift_deploys'),
			('drift_deployer', 'drift_help'),
			('drift_deployer', 'may_deploy'),
			('drift_operator', 'drift_accept'),
			('drift_operator', 'drift_accept_all'),
			('drift_operator', 'drift_ack'),
			('drift_operator', 'drift_baseline_set'),
			('drift_operator', 'drift_channel_test'),
			('drift_operator', 'drift_comment'),
			('drift_operator', 'drift_compare'),
			('drift_operator', 'drift_ignore'),
			('drift_operator', 'drift_propose'),
			('drift_operator', 'drift_redeliver'),
			('drift_operator', 'drift_review'),
			('drift_operator', 'drift_snooze'),
			('drift_operator', 'drift_sweep'),
			('drift_operator', 'drift_undo'),
			('drift_operator', 'drift_unignore'),
			('drift_operator', 'drift_worker_start'),
			('drift_admin', 'drift_baseline_rollback'),
			('drift_admin', 'drift_channel_add'),
			('drift_admin', 'drift_channel_drop'),
			('drift_admin', 'drift_channel_enable'),
			('drift_admin', 'drift_deployer_add'),
			('drift_admin', 'drift_deployer_drop'),
			('drift_admin', 'drift_partition_policy'),
			('drift_admin', 'drift_partition_policy_drop'),
			('drift_admin', 'drift_route_add'),
			('drift_admin', 'drift_route_drop'),
			('drift_admin', 'drift_schedule'),
			('drift_admin', 'drift_severity_reset'),
			('drift_admin', 'drift_severity_set'),
			('drift_admin', 'drift_tool_add'),
			('drift_admin', 'drift_tool_drop'),
			('drift_admin', 'drift_unschedule'),
			('drift_admin', 'drift_unwatch'),
			('drift_admin', 'drift_watch'),
			('drift_admin', 'drift_window_add'),
			('drift_admin', 'drift_window_drop'),
			('drift_admin', 'drift_worker_start'),
			('drift_admin', 'enqueue_run')
		 ) AS f(role, function)
$$;
COMMENT ON FUNCTION schemadrift.role_functions() IS 'which functions drift_create_roles() grants to which role';

/* Grant EXECUTE on what role_functions() lists for the role. */
CREATE FUNCTION schemadrift.grant_functions(grantee text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	function regprocedure;
BEGIN
	FOR function IN
		SELECT p.oid
		  FROM pg_catalog.pg_depend AS d
		  JOIN pg_catalog.pg_extension AS x ON x.oid = d.refobjid AND x.extname = 'schemadrift'
		  JOIN pg_catalog.pg_proc AS p ON p.oid = d.objid
		  JOIN schemadrift.role_functions() AS f ON f.function = p.proname AND f.role = grantee
		 WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
		   AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
		   AND d.deptype = 'e'
		 ORDER BY p.oid
	LOOP
		EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION %s TO %I', function, grantee);
	END LOOP;
END
$$;
COMMENT ON FUNCTION schemadrift.grant_functions(text) IS 'grants to a role what role_functions() lists for it';

/*
 * SECURITY INVOKER: the caller's own right to create roles and to grant is
 * what counts.  Membership nests upwards, except that no role but
 * drift_deployer itself may deploy: an admin who wants to is granted it.
 */
CREATE FUNCTION drift_create_roles() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	names CONSTANT text[] := ARRAY['drift_reader', 'drift_deployer', 'drift_operator', 'drift_admin'];
	home text;
	name text;
	adopted text[];
BEGIN
	SELECT n.nspname INTO STRICT home
	  FROM pg_catalog.pg_extension AS x
	  JOIN pg_catalog.pg_namespace AS n ON n.oid = x.extnamespace
	 WHERE x.extname = 'schemadrift';
	PERFORM schemadrift.own_change(true);
	-- before the first grant: the roles above a role have what it is granted
	SELECT COALESCE(pg_catalog.array_agg(r.name ORDER BY r.place), '{}') INTO adopted
	  FROM pg_catalog.unnest(names) WITH ORDINALITY AS r(name, place)
	  JOIN pg_catalog.pg_roles AS p ON p.rolname = r.name
	 WHERE NOT pg_catalog.has_schema_privilege(p.oid, 'schemadrift', 'USAGE');
	FOREACH name IN ARRAY names LOOP
		IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles AS r WHERE r.rolname = name) THEN
			EXECUTE pg_catalog.format('CREATE ROLE %I NOLOGIN', name);
		END IF;
		IF NOT pg_catalog.has_schema_privilege(name, home, 'USAGE') THEN
			EXECUTE pg_catalog.format('GRANT USAGE ON SCHEMA %I TO %I', home, name);
		END IF;
		EXECUTE pg_catalog.format('GRANT USAGE ON SCHEMA schemadrift TO %I', name);
		PERFORM schemadrift.grant_functions(name);
	END LOOP;
	EXECUTE pg_catalog.format('GRANT SELECT ON %1$I.drift_deliveries, %1$I.drift_schedules TO drift_reader', home);
	IF NOT pg_catalog.pg_has_role('drift_operator', 'drift_reader', 'MEMBER') THEN
		GRANT drift_reader TO drift_operator;
	END IF;
	IF NOT pg_catalog.pg_has_role('drift_admin', 'drift_operator', 'MEMBER') THEN
		GRANT drift_operator TO drift_admin;
	END IF;
	PERFORM schemadrift.own_change(false);
	IF adopted <> '{}' THEN
		RAISE NOTICE USING
			MESSAGE = pg_catalog.format('%s there already: whoever is a member may now do here what the role may',
				CASE pg_catalog.array_length(adopted, 1) WHEN 1 THEN 'role ' || adopted[1] || ' was'
				ELSE 'roles ' || pg_catalog.array_to_string(adopted, ', ') || ' were' END),
			DETAIL = COALESCE('Members: ' || (
				SELECT pg_catalog.string_agg(pg_catalog.format('%I of %I', m.rolname, r.rolname), ', '
											 ORDER BY r.rolname, m.rolname)
				  FROM pg_catalog.pg_auth_members AS a
				  JOIN pg_catalog.pg_roles AS r ON r.oid = a.roleid
				  JOIN pg_catalog.pg_roles AS m ON m.oid = a.member
				 WHERE r.rolname = ANY (adopted) AND m.rolname <> ALL (names)) || '.', 'They have no members.'),
			HINT = 'Roles belong to the whole server; REVOKE takes members out.';
	END IF;
END
$$;
COMMENT ON FUNCTION drift_create_roles() IS
	'creates drift_reader, drift_deployer, drift_operator and drift_admin where they are missing, and grants what each needs; '
	'a notice names roles that were there, and their members';

REVOKE ALL ON FUNCTION
	schemadrift.role_functions(), schemadrift.grant_functions(text),
	drift_create_roles()
	FROM PUBLIC;
