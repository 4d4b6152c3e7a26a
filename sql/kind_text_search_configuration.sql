-- Kind: text search configurations.
CREATE EXTENSION schemadrift;
CREATE ROLE regress_words;
CREATE SCHEMA k;
GRANT ALL ON SCHEMA k TO regress_words;
CREATE TEXT SEARCH DICTIONARY k."odd: one, two" (TEMPLATE = simple);
CREATE TEXT SEARCH DICTIONARY k.old (TEMPLATE = simple);
CREATE TEXT SEARCH PARSER k.parser (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end,
	LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH CONFIGURATION k.mapped (PARSER = "default");
ALTER TEXT SEARCH CONFIGURATION k.mapped ADD MAPPING FOR asciiword, word, numword WITH k."odd: one, two", simple;
ALTER TEXT SEARCH CONFIGURATION k.mapped ADD MAPPING FOR email, url WITH simple;
ALTER TEXT SEARCH CONFIGURATION k.mapped ADD MAPPING FOR int WITH k.old;
CREATE TEXT SEARCH CONFIGURATION k.bare (PARSER = "default");
CREATE TEXT SEARCH CONFIGURATION k.gone (COPY = english);
CREATE TEXT SEARCH CONFIGURATION k.moving (PARSER = k.parser);
ALTER TEXT SEARCH CONFIGURATION k.moving ADD MAPPING FOR word WITH simple;
COMMENT ON TEXT SEARCH CONFIGURATION k.mapped IS 'a configuration';
CREATE TABLE k.t (a text);
CREATE INDEX words ON k.t USING gin (to_tsvector('k.moving', a));
SELECT identity, definition FROM drift_objects() WHERE kind = 'text_search_configuration' ORDER BY 1;

SELECT drift_baseline_set() AS version;
ALTER TEXT SEARCH CONFIGURATION k.mapped ALTER MAPPING FOR word, numword WITH simple, k."odd: one, two";
ALTER TEXT SEARCH CONFIGURATION k.mapped DROP MAPPING FOR email, int;
ALTER TEXT SEARCH CONFIGURATION k.mapped ADD MAPPING FOR float WITH k."odd: one, two";
ALTER TEXT SEARCH CONFIGURATION k.mapped OWNER TO regress_words;
COMMENT ON TEXT SEARCH CONFIGURATION k.mapped IS NULL;
ALTER TEXT SEARCH CONFIGURATION k.bare ADD MAPPING FOR word WITH simple;
DROP TEXT SEARCH DICTIONARY k.old;
DROP TEXT SEARCH CONFIGURATION k.gone;
DROP TEXT SEARCH CONFIGURATION k.moving CASCADE;
CREATE TEXT SEARCH CONFIGURATION k.moving (PARSER = "default");
ALTER TEXT SEARCH CONFIGURATION k.moving ADD MAPPING FOR word WITH simple;
CREATE INDEX words ON k.t USING gin (to_tsvector('k.moving', a));
CREATE TEXT SEARCH CONFIGURATION k.added (PARSER = "default");
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live')
	ORDER BY object, attribute;
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
:back
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SET client_min_messages = warning;
DROP SCHEMA k CASCADE;
DROP EXTENSION schemadrift;
DROP ROLE regress_words;
