-- Kind aggregate: all sorts of them; what a caller does not see is replaced.
\set VERBOSITY terse
\pset format unaligned
CREATE EXTENSION schemadrift;
CREATE AGGREGATE plain(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');
CREATE AGGREGATE every_row(*) (SFUNC = int8inc, STYPE = int8, INITCOND = '0');
CREATE AGGREGATE moving(integer) (SFUNC = int4pl, STYPE = integer, MSFUNC = int4pl, MINVFUNC = int4mi,
MSTYPE = integer, MINITCOND = '0', SSPACE = 32, MSSPACE = 64, MFINALFUNC = int4um, FINALFUNC = int4um,
FINALFUNC_MODIFY = SHAREABLE);
CREATE AGGREGATE partial(numeric) (SFUNC = numeric_avg_accum, STYPE = internal, FINALFUNC = numeric_avg,
COMBINEFUNC = numeric_avg_combine, SERIALFUNC = numeric_avg_serialize,
DESERIALFUNC = numeric_avg_deserialize, PARALLEL = SAFE);
CREATE AGGREGATE largest(integer) (SFUNC = int4larger, STYPE = integer, SORTOP = >);
CREATE AGGREGATE ordered(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal,
FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
CREATE AGGREGATE supposed(VARIADIC "any" ORDER BY VARIADIC "any") (SFUNC = ordered_set_transition_multi,
STYPE = internal, FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL);
CREATE AGGREGATE texts(text) (SFUNC = textcat, STYPE = text, INITCOND = 'it''s "\');
COMMENT ON AGGREGATE every_row(*) IS 'counts';
REVOKE ALL ON FUNCTION every_row() FROM PUBLIC;
COMMENT ON AGGREGATE supposed(VARIADIC "any" ORDER BY VARIADIC "any") IS 'ranks';
SELECT kind, identity, definition FROM drift_objects()
WHERE kind = 'aggregate' ORDER BY identity;
SELECT drift_baseline_set() > 0 AS set;

CREATE OR REPLACE AGGREGATE plain(integer) (SFUNC = int4larger, STYPE = integer, PARALLEL = SAFE);
GRANT EXECUTE ON FUNCTION every_row() TO PUBLIC;
DROP AGGREGATE supposed(VARIADIC "any" ORDER BY VARIADIC "any");
DROP AGGREGATE moving(integer);
DROP AGGREGATE partial(numeric);
DROP AGGREGATE ordered(float8 ORDER BY anyelement);
DROP AGGREGATE texts(text);
CREATE AGGREGATE texts(text) (SFUNC = textcat, STYPE = text, FINALFUNC = length);
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('live', 'baseline') AS plan \gset
SELECT :'plan';
\o /dev/null
:plan
\o
SELECT * FROM drift_diff('baseline', 'live');
