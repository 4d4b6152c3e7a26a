/*
 * problem_query.h
 *	  The queries of problem.c.
 */
#ifndef SD_PROBLEM_QUERY_H
#define SD_PROBLEM_QUERY_H

/* A row of one of the branches below; their order is the same under each collation. */
#define ROW(what, object, detail) \
	"SELECT " what " COLLATE pg_catalog.\"C\" AS what, (" object ") COLLATE pg_catalog.\"C\" AS object," \
	" " detail " AS detail," \
	" NULL::pg_catalog.text AS role, false AS here"

#define TABLE "'schemadrift.' || pg_catalog.quote_ident(c.relname)"

#define GRANTEES \
	"pg_catalog.string_agg(DISTINCT COALESCE(pg_catalog.quote_ident(g.rolname), 'everybody')" \
	" COLLATE pg_catalog.\"C\", ', ')"

/*
 * what, object, detail, role, here: one row for each thing that is wrong, and
 * such about version, preloading and settings that the caller judges.
 */
#define SD_PROBLEM_SQL \
	"WITH n AS MATERIALIZED (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = 'schemadrift')," \
	" c AS MATERIALIZED (SELECT c.* FROM pg_catalog.pg_class c, n" \
	"   WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'p', 'f', 'S'))," \
	" a AS MATERIALIZED (SELECT * FROM schemadrift.arming WHERE watching) " \
	ROW("'version'", "NULL::pg_catalog.text", "extversion") \
	" FROM pg_catalog.pg_extension WHERE extname = 'schemadrift'" \
	" UNION ALL SELECT 'setting', pg_catalog.lower(pg_catalog.split_part(v, '=', 1))," \
	"   pg_catalog.split_part(v, '=', 2), r.rolname, s.setdatabase <> 0" \
	"   FROM pg_catalog.pg_db_role_setting s CROSS JOIN pg_catalog.unnest(s.setconfig) v" \
	"   LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole" \
	"  WHERE s.setdatabase IN (0, (SELECT oid FROM pg_catalog.pg_database" \
	"                              WHERE datname = pg_catalog.current_database()))" \
	"    AND pg_catalog.lower(pg_catalog.split_part(v, '=', 1)) IN" \
	"        ('schemadrift.enabled', 'schemadrift.capture', 'event_triggers')" \
	"    AND (s.setrole = 0 OR r.rolname IS NOT NULL)" \
	" UNION ALL " ROW("'preload'", "NULL", "NULL") " FROM a WHERE a.preloaded" \
	" UNION ALL " ROW("'misses'", "NULL", \
	"CASE WHEN m.n < a.misses THEN 'The count of commands that could not be captured was set back.'" \
	" ELSE pg_catalog.format('%s %s could not be captured since %s UTC.', m.n - a.misses," \
	" CASE m.n - a.misses WHEN 1 THEN 'command' ELSE 'commands' END," \
	" pg_catalog.to_char(a.armed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')) END") \
	"   FROM a, (SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS n" \
	"              FROM schemadrift.capture_miss_seq) m WHERE m.n <> a.misses" \
	" UNION ALL " ROW("'trigger'", "pg_catalog.quote_ident(t.tgname) || ' on ' || " TABLE, \
	"pg_catalog.format('Trigger %I is on %s, a table of ours.', t.tgname, " TABLE ")") \
	"   FROM pg_catalog.pg_trigger t JOIN c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal" \
	" UNION ALL " ROW("'rule'", "pg_catalog.quote_ident(t.rulename) || ' on ' || " TABLE, \
	"pg_catalog.format('Rule %I is on %s, a table of ours.', t.rulename, " TABLE ")") \
	"   FROM pg_catalog.pg_rewrite t JOIN c ON c.oid = t.ev_class" \
	" UNION ALL " ROW("'table'", TABLE, \
	"pg_catalog.format('Table %s %s.', " TABLE ", CASE WHEN c.relrowsecurity OR c.relforcerowsecurity" \
	"   THEN 'has row security' WHEN NOT o.rolsuper THEN 'belongs to a role that is no superuser'" \
	"   WHEN c.relname = 'event' AND c.relpersistence <> 'p' THEN 'is not logged'" \
	"   ELSE 'has a child or a parent' END)") \
	"   FROM c LEFT JOIN pg_catalog.pg_roles o ON o.oid = c.relowner" \
	"  WHERE c.relrowsecurity OR c.relforcerowsecurity OR o.rolsuper IS NOT TRUE" \
	"     OR c.relname = 'event' AND c.relpersistence <> 'p'" \
	"     OR EXISTS (SELECT FROM pg_catalog.pg_inherits i" \
	"                 WHERE c.relkind = 'r' AND c.oid IN (i.inhparent, i.inhrelid))" \
	" UNION ALL " ROW("'columns of'", "'schemadrift.event'", \
	"'Table schemadrift.event has other columns than the library expects.'") \
	"  WHERE (SELECT pg_catalog.string_agg(t.attname || ' ' || t.atttypid::pg_catalog.regtype, ',' ORDER BY t.attnum)" \
	"           FROM pg_catalog.pg_attribute t JOIN c ON c.oid = t.attrelid AND c.relname = 'event'" \
	"          WHERE t.attnum > 0) IS DISTINCT FROM" \
	"   'id bigint,at timestamp with time zone,xid xid8,pid integer,tag text,session_role text,' ||" \
	"   'effective_role text,client text,application text,' ||" \
	"   'statement text,deploy_id bigint,deploy text,refused_claim text,objects jsonb'" \
	" UNION ALL " ROW("'privileges on'", TABLE, \
	"pg_catalog.format('%s may be changed by %s.', " TABLE ", " GRANTEES ")") \
	"   FROM c CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) p" \
	"   LEFT JOIN pg_catalog.pg_roles g ON g.oid = p.grantee" \
	"  WHERE p.grantee <> c.relowner AND p.privilege_type <> 'SELECT'" \
	"  GROUP BY c.relname" \
	" UNION ALL " ROW("'privileges on'", "'schemadrift.' || f.proname || '()'", \
	"pg_catalog.format('schemadrift.%s() may be executed by %s.', f.proname, " GRANTEES ")") \
	"   FROM n JOIN pg_catalog.pg_proc f ON f.pronamespace = n.oid" \
	"   CROSS JOIN LATERAL pg_catalog.aclexplode(COALESCE(f.proacl, pg_catalog.acldefault('f', f.proowner))) p" \
	"   LEFT JOIN pg_catalog.pg_roles g ON g.oid = p.grantee" \
	"  WHERE f.proname IN ('capture_ddl', 'capture_drop') AND p.grantee <> f.proowner" \
	"  GROUP BY f.proname" \
	" ORDER BY 1, 2, 4, 5"

/*
 * Is $1 off because a file or the command line says so?  What this session set
 * for itself hides that, except from the file.
 */
#define SD_SERVER_WIDE_SQL \
	"SELECT COALESCE(s.sourcefile, s.source) AS source FROM pg_catalog.pg_settings s" \
	" WHERE s.name = $1 AND s.source IN ('configuration file', 'command line', 'environment variable')" \
	" UNION ALL SELECT f.sourcefile FROM pg_catalog.pg_settings s, pg_catalog.pg_file_settings f" \
	" WHERE s.name = $1 AND s.source IN ('session', 'user', 'database', 'database user')" \
	"   AND f.name = s.name AND f.applied" \
	"   AND s.reset_val = f.setting LIMIT 1"

#endif							/* SD_PROBLEM_QUERY_H */
