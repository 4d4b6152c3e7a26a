/* -- looking at differences ---------------------------------------------- */

CREATE TYPE drift_item AS (
	id bigint,
	severity text,
	class text,
	change text,
	object_type text,
	object text,
	attribute text,
	expected text,
	actual text,
	who text,
	via text,
	at timestamptz,
	ddl text,
	state text,
	hint text
);
REVOKE ALL ON TYPE drift_item FROM PUBLIC;
GRANT USAGE ON TYPE drift_item TO PUBLIC;
COMMENT ON TYPE drift_item IS 'one difference: id is NULL where it is no recorded drift';

CREATE FUNCTION drift_diff(from_side text, to_side text)
RETURNS SETOF drift_item
LANGUAGE C VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_diff';
REVOKE ALL ON FUNCTION drift_diff(text, text) FROM PUBLIC;
COMMENT ON FUNCTION drift_diff(text, text) IS
	'what changes from the first side to the second; a side is live, baseline, baseline@VERSION, asof:TIME or a connection string';

CREATE FUNCTION drift_sql(from_side text, to_side text)
RETURNS text
LANGUAGE C VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_plan';
REVOKE ALL ON FUNCTION drift_sql(text, text) FROM PUBLIC;
COMMENT ON FUNCTION drift_sql(text, text) IS
	'the DDL that turns the first side into the second, as a script for psql; empty when they are equal';

CREATE FUNCTION drift_report(from_side text DEFAULT 'baseline', to_side text DEFAULT 'live', format text DEFAULT 'text')
RETURNS text
LANGUAGE C VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_report';
REVOKE ALL ON FUNCTION drift_report(text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION drift_report(text, text, text) IS
	'the differences from the first side to the second as text, markdown, html or json, with the DDL that takes them back';

CREATE FUNCTION drift_fingerprint(side text DEFAULT 'live')
RETURNS text
LANGUAGE C VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_fingerprint';
REVOKE ALL ON FUNCTION drift_fingerprint(text) FROM PUBLIC;
COMMENT ON FUNCTION drift_fingerprint(text) IS
	'digest of the side''s schema: sd2: (the canonical form''s version) and 64 hexadecimal digits; equal for equal schemas';

CREATE FUNCTION drift_objects(side text DEFAULT 'live', OUT kind text, OUT identity text, OUT definition text, OUT fingerprint text)
RETURNS SETOF record
LANGUAGE C VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_objects';
REVOKE ALL ON FUNCTION drift_objects(text) FROM PUBLIC;
COMMENT ON FUNCTION drift_objects(text) IS 'every object of a side with its DDL and its digest';

CREATE FUNCTION schemadrift.canonical_query(query text)
RETURNS text
LANGUAGE C IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_canonical_query';
REVOKE ALL ON FUNCTION schemadrift.canonical_query(text) FROM PUBLIC;
COMMENT ON FUNCTION schemadrift.canonical_query(text) IS
	'the text of a view as it is compared: what servers of different majors print differently is made the same';

/* -- for another database that compares itself with this one ------------------ */

CREATE FUNCTION schemadrift.object_digests(form text, with_needs boolean, with_addresses boolean)
RETURNS text
LANGUAGE C VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_object_digests';
REVOKE ALL ON FUNCTION schemadrift.object_digests(text, boolean, boolean) FROM PUBLIC;
COMMENT ON FUNCTION schemadrift.object_digests(text, boolean, boolean) IS
	'digests of the objects of this database, which stay at hand until the end of the transaction; NULL for another form';

CREATE FUNCTION schemadrift.object_forms(buckets integer[], OUT key text, OUT form text)
RETURNS SETOF record
LANGUAGE C VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_object_forms';
REVOKE ALL ON FUNCTION schemadrift.object_forms(integer[]) FROM PUBLIC;
COMMENT ON FUNCTION schemadrift.object_forms(integer[]) IS
	'the stored forms of the objects that one of these digests of schemadrift.object_digests() covers';
