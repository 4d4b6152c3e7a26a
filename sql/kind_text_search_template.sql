-- Kind: text search templates.
CREATE EXTENSION schemadrift;
CREATE SCHEMA k;
CREATE TEXT SEARCH TEMPLATE k.lexes (LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH TEMPLATE k.gone (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY k.of_lexes (TEMPLATE = k.lexes);
CREATE TEXT SEARCH DICTIONARY k.of_gone (TEMPLATE = k.gone);
COMMENT ON TEXT SEARCH TEMPLATE k.lexes IS 'a template';
SELECT identity, definition FROM drift_objects() WHERE kind = 'text_search_template' ORDER BY 1;

SELECT drift_baseline_set() AS version;
DROP TEXT SEARCH DICTIONARY k.of_lexes;
DROP TEXT SEARCH TEMPLATE k.lexes;
CREATE TEXT SEARCH TEMPLATE k.lexes (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY k.of_lexes (TEMPLATE = k.lexes);
DROP TEXT SEARCH TEMPLATE k.gone CASCADE;
CREATE TEXT SEARCH TEMPLATE k."added one" (INIT = dsynonym_init, LEXIZE = dsynonym_lexize);
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
