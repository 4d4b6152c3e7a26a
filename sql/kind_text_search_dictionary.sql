-- Kind: text search dictionaries.
CREATE EXTENSION schemadrift;
CREATE ROLE regress_words;
CREATE SCHEMA k;
GRANT ALL ON SCHEMA k TO regress_words;
CREATE TEXT SEARCH DICTIONARY k.plain (TEMPLATE = simple);
CREATE TEXT SEARCH DICTIONARY k.stopping (TEMPLATE = simple, STOPWORDS = english, ACCEPT = false);
CREATE TEXT SEARCH DICTIONARY k.stem (TEMPLATE = snowball, LANGUAGE = english, STOPWORDS = english);
CREATE TEXT SEARCH DICTIONARY k.gone (TEMPLATE = simple);
CREATE TEXT SEARCH CONFIGURATION k.using_plain (PARSER = "default");
ALTER TEXT SEARCH CONFIGURATION k.using_plain ADD MAPPING FOR word, asciiword WITH k.stopping, k.plain;
COMMENT ON TEXT SEARCH CONFIGURATION k.using_plain IS 'kept';
CREATE FUNCTION k.words(text) RETURNS tsvector LANGUAGE sql IMMUTABLE
	BEGIN ATOMIC SELECT to_tsvector('k.using_plain', $1); END;
COMMENT ON TEXT SEARCH DICTIONARY k.stem IS 'a dictionary';
SELECT identity, definition FROM drift_objects() WHERE kind = 'text_search_dictionary' ORDER BY 1;

SELECT drift_baseline_set() AS version;
ALTER TEXT SEARCH DICTIONARY k.stopping (StopWords = german, Accept);
ALTER TEXT SEARCH DICTIONARY k.stem (StopWords = NONE_SUCH, StopWords);
ALTER TEXT SEARCH DICTIONARY k.stem OWNER TO regress_words;
COMMENT ON TEXT SEARCH DICTIONARY k.stem IS NULL;
DROP TEXT SEARCH CONFIGURATION k.using_plain CASCADE;
DROP TEXT SEARCH DICTIONARY k.plain;
DROP TEXT SEARCH DICTIONARY k.gone;
CREATE TEXT SEARCH DICTIONARY k.plain (TEMPLATE = snowball, LANGUAGE = french);
CREATE TEXT SEARCH CONFIGURATION k.using_plain (PARSER = "default");
ALTER TEXT SEARCH CONFIGURATION k.using_plain ADD MAPPING FOR word, asciiword WITH k.stopping, k.plain;
COMMENT ON TEXT SEARCH CONFIGURATION k.using_plain IS 'kept';
CREATE FUNCTION k.words(text) RETURNS tsvector LANGUAGE sql IMMUTABLE
	BEGIN ATOMIC SELECT to_tsvector('k.using_plain', $1); END;
CREATE TEXT SEARCH DICTIONARY k.added (TEMPLATE = simple);
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
