/* -- migration tools by their history -------------------------------------- */

CREATE FUNCTION schemadrift.tool_table(tool text) RETURNS text
	LANGUAGE C IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'sd_sql_tool_table';
COMMENT ON FUNCTION schemadrift.tool_table(text) IS
	'name of the table in which a migration tool keeps its history by default; an error for a tool that is not known';

CREATE FUNCTION drift_tool_add(tool text, role text DEFAULT NULL, history_table text DEFAULT NULL)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	new_id bigint;
	parts text[];
BEGIN
	IF tool IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'null_value_not_allowed', MESSAGE = '"tool" must not be null';
	END IF;
	PERFORM schemadrift.tool_table(tool);
	IF role IS NOT NULL THEN
		PERFORM schemadrift.require_role(role);
	END IF;
	parts := pg_catalog.parse_ident(COALESCE(history_table, schemadrift.tool_table(tool)));
	IF pg_catalog.cardinality(parts) > 2 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = pg_catalog.format('history table "%s" has too many parts', history_table),
			HINT = 'As in app.schema_migrations, or only a name for tables of that name in any schema.';
	END IF;
	SELECT t.id INTO new_id
	  FROM schemadrift.tool AS t
	 WHERE t.tool = tool AND t.role IS NOT DISTINCT FROM role
	   AND t.history_schema IS NOT DISTINCT FROM CASE WHEN pg_catalog.cardinality(parts) = 2 THEN parts[1] END
	   AND t.history_name = parts[pg_catalog.cardinality(parts)];
	IF FOUND THEN
		RAISE NOTICE USING
			MESSAGE = pg_catalog.format('%s is recognised already, by entry %s', tool, new_id),
			HINT = 'SELECT * FROM drift_tools() lists them.';
		RETURN new_id;
	END IF;
	INSERT INTO schemadrift.tool AS t (tool, role, history_schema, history_name)
	VALUES (tool, role, CASE WHEN pg_catalog.cardinality(parts) = 2 THEN parts[1] END,
			parts[pg_catalog.cardinality(parts)])
	RETURNING t.id INTO new_id;
	RETURN new_id;
END
$$;
COMMENT ON FUNCTION drift_tool_add(text, text, text) IS
	'recognises a migration tool by the history table it keeps (default: its usual name, in any schema): what a role that may '
	'deploy, or a member of role, does with evidence in it is a deploy; the entry''s id. Errors: a tool or role that is not known';

CREATE FUNCTION drift_tool_drop(id bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	DELETE FROM schemadrift.tool AS t WHERE t.id = drift_tool_drop.id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = pg_catalog.format('there is no tool with id %s', drift_tool_drop.id),
			HINT = 'SELECT * FROM drift_tools() lists them.';
	END IF;
END
$$;
COMMENT ON FUNCTION drift_tool_drop(bigint) IS 'takes back what drift_tool_add() gave';

CREATE FUNCTION drift_tools(
	OUT id bigint, OUT tool text, OUT role text, OUT history_table text, OUT tables text[],
	OUT added_at timestamptz, OUT added_by text)
RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
	SELECT t.id, t.tool, t.role,
		   CASE WHEN t.history_schema IS NULL THEN '' ELSE pg_catalog.quote_ident(t.history_schema) || '.' END
		   || pg_catalog.quote_ident(t.history_name),
		   ARRAY(SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
				   FROM pg_catalog.pg_class AS c
				   JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
				  WHERE c.relname = t.history_name AND c.relkind = 'r' AND c.relpersistence <> 't'
					AND (t.history_schema IS NULL OR n.nspname = t.history_schema)
				  ORDER BY 1),
		   t.added_at, t.added_by
	  FROM schemadrift.tool AS t
	 ORDER BY t.id
$$;
COMMENT ON FUNCTION drift_tools() IS 'migration tools that are recognised by their history; tables: those that are there now';

REVOKE ALL ON FUNCTION
	schemadrift.tool_table(text), drift_tool_add(text, text, text), drift_tool_drop(bigint), drift_tools()
	FROM PUBLIC;
