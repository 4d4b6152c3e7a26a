-- Kind: text search parsers.
CREATE EXTENSION schemadrift;
CREATE SCHEMA k;
CREATE TEXT SEARCH PARSER k."plain one" (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end,
	LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
CREATE TEXT SEARCH PARSER k.bare (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end,
	LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH PARSER k.gone (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end,
	LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH CONFIGURATION k.using_bare (PARSER = k.bare);
ALTER TEXT SEARCH CONFIGURATION k.using_bare ADD MAPPING FOR word WITH simple;
COMMENT ON TEXT SEARCH PARSER k.bare IS 'a parser';
SELECT identity, definition FROM drift_objects() WHERE kind = 'text_search_parser' ORDER BY 1;

SELECT drift_baseline_set() AS version;
DROP TEXT SEARCH CONFIGURATION k.using_bare;
DROP TEXT SEARCH PARSER k.bare;
CREATE TEXT SEARCH PARSER k.bare (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end,
	LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
CREATE TEXT SEARCH CONFIGURATION k.using_bare (PARSER = k.bare);
ALTER TEXT SEARCH CONFIGURATION k.using_bare ADD MAPPING FOR word WITH simple;
DROP TEXT SEARCH PARSER k.gone;
COMMENT ON TEXT SEARCH PARSER k."plain one" IS 'the plain one';
CREATE TEXT SEARCH PARSER k.added (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end,
	LEXTYPES = prsd_lextype);
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
