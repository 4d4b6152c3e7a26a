-- PagerDuty: requests and verdicts, without a network.
\set QUIET on
\pset format unaligned
\pset tuples_only on
CREATE EXTENSION schemadrift;

CREATE FUNCTION pd_channel(config jsonb DEFAULT '{}', secret text DEFAULT 'abcdefgh01234567ABCDEFGH01234567')
RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('kind', 'pagerduty', 'config', config, 'secret', secret)
$$;
CREATE FUNCTION pd_payload() RETURNS jsonb LANGUAGE sql AS $$
	SELECT '{"title": "Unexpected drift in shop: table public.orders",
	         "database": "shop", "cluster": "prod-1", "severity": "critical", "class": "breaking",
	         "incident": 7, "at": "2026-11-20T10:15:30.123456+00:00", "count": 1,
	         "items": [{"id": 42, "severity": "critical", "class": "breaking", "change": "removed",
	                    "object_type": "table column", "object": "public.orders.total", "attribute": null,
	                    "expected": "numeric", "actual": null, "who": "bob", "via": "psql",
	                    "at": "2026-11-20T10:15:29+00:00", "ddl": "ALTER TABLE orders\n\tDROP COLUMN total;"}],
	         "sql": "ALTER TABLE public.orders ADD COLUMN total numeric;\n"}'::jsonb
$$;
-- the request; its body as jsonb
CREATE FUNCTION pd_request(delivery jsonb, channel jsonb DEFAULT pd_channel()) RETURNS jsonb LANGUAGE sql AS $$
	SELECT CASE WHEN r ? 'reason' THEN r ELSE r - 'body' || jsonb_build_object('body', (r->>'body')::jsonb) END
	  FROM schemadrift.sink_request(channel, delivery) AS r
$$;
CREATE FUNCTION pd_trigger(payload jsonb, key text DEFAULT 'schemadrift:1:abc') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('purpose', 'trigger', 'key', key, 'payload', payload)
$$;

-- a trigger, as it is sent
SELECT jsonb_pretty(pd_request(pd_trigger(pd_payload())));
SELECT schemadrift.sink_request(pd_channel(), pd_trigger(pd_payload()))->>'body';

-- a resolve says no more than it must
SELECT pd_request('{"purpose": "resolve", "key": "schemadrift:1:abc", "payload": {}}');

-- nor does an acknowledge
SELECT pd_request('{"purpose": "acknowledge", "key": "schemadrift:1:abc", "payload": {"title": "t"}}');

-- a change event goes elsewhere and has no key and no severity
SELECT jsonb_pretty(pd_request(jsonb_build_object('purpose', 'change', 'key', 'k', 'payload',
	pd_payload() || '{"title": "Deploy PR-812 in shop", "deploy": "PR-812"}')));

-- a test is an alert and its resolution, under one key
SELECT pd_request('{"purpose": "test", "key": "k", "payload": {"title": "t", "severity": "info"}}')->'body';
SELECT pd_request('{"purpose": "test", "key": "k", "payload": {"title": "t", "severity": "info"}, "step": 1}')->'body';

-- settings: another region, a client
SELECT r->>'url', r #>> '{body,client}', r #>> '{body,client_url}'
  FROM pd_request(pd_trigger(pd_payload()),
	pd_channel('{"url": "https://events.eu.pagerduty.com/", "client": "drift \"eu\"", "client_url": "https://wiki.example.com/d?x=1"}')) AS r;

-- the summary: 1024 characters, not bytes, never empty, one line
SELECT length(s), octet_length(s), right(s, 4)
  FROM (SELECT pd_request(pd_trigger(jsonb_build_object('title', repeat('x', 1024)))) #>> '{body,payload,summary}') AS r (s)
UNION ALL
SELECT length(s), octet_length(s), right(s, 4)
  FROM (SELECT pd_request(pd_trigger(jsonb_build_object('title', repeat('x', 1025)))) #>> '{body,payload,summary}') AS r (s)
UNION ALL
SELECT length(s), octet_length(s), right(s, 4)
  FROM (SELECT pd_request(pd_trigger(jsonb_build_object('title', repeat('漂', 1024)))) #>> '{body,payload,summary}') AS r (s)
UNION ALL
SELECT length(s), octet_length(s), right(s, 4)
  FROM (SELECT pd_request(pd_trigger(jsonb_build_object('title', repeat('𝛑', 5000)))) #>> '{body,payload,summary}') AS r (s);
SELECT pd_request(pd_trigger('{}')) #> '{body,payload}';
SELECT pd_request(pd_trigger('{"title": "", "database": "shop", "cluster": ""}')) #> '{body,payload}';

-- hostile names are shown, not obeyed
SELECT r #>> '{body,payload,summary}', r #>> '{body,payload,component}', r #>> '{body,payload,source}',
       r #>> '{body,payload,custom_details,items,0,object}', r #>> '{body,payload,custom_details,items,0,ddl}'
  FROM (SELECT jsonb_build_object('title', n, 'database', n, 'cluster', n,
			'items', jsonb_build_array(jsonb_build_object('object', n, 'ddl', n))) AS payload
	      FROM unnest(ARRAY[E'a\nb', E'a\r\n\\! touch x', E'\x1b[31mred', U&'\202Egnp.exe', U&'zero\200Bwidth\FEFF',
			'<!channel> @here', '<script>alert(1)</script>', '","routing_key":"x', '\u0022', 'a"b\c', '{{x}} %s %n',
			'```', '$$*/--', U&'\+0E0041tag']) AS n) AS hostile,
       pd_request(pd_trigger(payload)) AS r;

-- severities: four words
SELECT s, pd_request(pd_trigger(jsonb_build_object('severity', s))) #>> '{body,payload,severity}'
  FROM unnest(ARRAY['info', 'warning', 'error', 'critical', 'CRITICAL', 'high', '', NULL]) AS s;

-- timestamps: only in the form that the service takes
SELECT t, pd_request(pd_trigger(jsonb_build_object('at', t))) #>> '{body,payload,timestamp}'
  FROM unnest(ARRAY['2026-11-20T10:15:30Z', '2026-11-20T10:15:30.5+05:30', '2026-11-20T10:15:30-0800',
	'2026-11-20T10:15:30', '2026-11-20T10:15:30+00', '2026-11-20 10:15:30Z', '2026-11-20T10:15:30.Z',
	'2026-11-20T10:15:30+05:30x', '2026-11-20T10:15:30+05:', 'infinity', '']) AS t;

-- a key too long for the service is replaced by its digest, always the same
SELECT length(pd_request(pd_trigger('{}', repeat('k', 255))) #>> '{body,dedup_key}'),
       pd_request(pd_trigger('{}', repeat('k', 256))) #>> '{body,dedup_key}';

-- payloads of the wrong shape do no harm
SELECT pd_request(pd_trigger(p)) #> '{body,payload,custom_details}'
  FROM unnest(ARRAY['{"items": {}}', '{"items": [1, null, "x", [2], {}]}', '{"items": 7, "count": "many", "incident": -1}',
	'{"title": {"a": [1]}, "database": [1, 2], "sql": {"x": 1}}']::jsonb[]) AS p;

-- too large: first the SQL goes, then the texts, then the items
CREATE FUNCTION pd_large(sql_bytes int, text_bytes int, items int, name_bytes int) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('title', 't', 'sql', repeat('s', sql_bytes), 'items',
		(SELECT jsonb_agg(jsonb_build_object('id', i, 'object', repeat('n', name_bytes), 'expected', repeat('e', text_bytes),
			'actual', 'a', 'ddl', 'd')) FROM generate_series(1, items) AS i))
$$;
SELECT octet_length(b) <= 512000 AS fits, octet_length(b) AS bytes, d ? 'sql' AS sql, jsonb_array_length(d->'items') AS items,
       d->'items'->0 ? 'expected' AS expected, d->'items'->0 ? 'ddl' AS ddl, d->>'left_out' AS left_out
  FROM (VALUES (100000, 1000, 20, 10), (511000, 1, 2, 10), (512000, 1, 2, 10), (10, 300000, 2, 10),
	(600000, 300000, 20, 10), (10, 10, 5000, 500)) AS v (a, b1, c, d1),
       LATERAL (SELECT schemadrift.sink_request(pd_channel(), pd_trigger(pd_large(a, b1, c, d1)))->>'body') AS r (b),
       LATERAL (SELECT b::jsonb #> '{payload,custom_details}') AS e (d);
-- bytes are counted as they are sent
SELECT octet_length(b) <= 512000 AS fits, b::jsonb #> '{payload,custom_details}' ? 'sql' AS sql
  FROM (SELECT schemadrift.sink_request(pd_channel(), pd_trigger(jsonb_build_object('sql', repeat(U&'\202E', 100000))))->>'body'
	UNION ALL
	SELECT schemadrift.sink_request(pd_channel(), pd_trigger(jsonb_build_object('sql', repeat('漂', 170000))))->>'body'
	UNION ALL
	SELECT schemadrift.sink_request(pd_channel(), pd_trigger(jsonb_build_object('sql', repeat('"', 300000))))->>'body') AS r (b);

-- what cannot be sent says why, and not the key
SELECT pd_request(pd_trigger('{}'), pd_channel('{}', k))
  FROM unnest(ARRAY['', 'short', 'abcdefgh01234567ABCDEFGH0123456', 'abcdefgh01234567ABCDEFGH012345678',
	'abcdefgh01234567ABCDEFGH0123456-', E'abcdefgh01234567ABCDEFGH0123456\n', 'äbcdefgh01234567ABCDEFGH01234567']) AS k;
SELECT pd_request(pd_trigger('{}'), pd_channel() - 'secret');
SELECT pd_request('{"purpose": "change", "key": "k", "payload": {}}', pd_channel('{}', 'Rbcdefgh01234567ABCDEFGH01234567'));
SELECT pd_request('{"purpose": "brief", "key": "k", "payload": {}}');
SELECT pd_request('{"purpose": "trigger", "payload": {}}');
-- the mask of a preview passes for a key
SELECT pd_request('{"purpose": "resolve", "key": "k", "payload": {}}', pd_channel('{}', repeat('*', 32))) #>> '{body,routing_key}';

-- verdicts
SELECT s.n, schemadrift.sink_verdict(pd_channel(), '{"purpose": "trigger", "key": "k"}',
	jsonb_build_object('status', s.status, 'body', s.body, 'retry_after', s.retry_after))
  FROM (VALUES
	(1, 202, '{"status":"success","message":"Event processed","dedup_key":"k"}', -1),
	(2, 202, 'not even JSON', -1),
	(3, 200, '<html>sign in</html>', -1),
	(4, 204, '', -1),
	(5, 301, '', -1), (6, 307, '', -1), (7, 399, '', 5),
	(8, 400, '{"status":"invalid event","message":"Event object is invalid","errors":["Length of ''routing_key'' is incorrect (should be 32 characters)"]}', -1),
	(9, 400, 'Invalid routing key', -1),
	(10, 400, '{"status":"invalid event","errors":["''summary'' is too long (maiximum is 1024 characters)"]}', -1),
	(11, 400, '{"status":"Unrecognized object"}', -1),
	(12, 400, 'your secret abcdefgh01234567ABCDEFGH01234567 is bad', -1),
	(13, 401, '', -1), (14, 403, '', -1), (15, 404, '', -1), (16, 413, '', -1),
	(17, 408, '', -1), (18, 429, '', -1), (19, 429, '{"status":"throttle exceeded"}', 30),
	(20, 500, '', -1), (21, 502, '', -1), (22, 503, '', 120), (23, 599, '', 0), (24, 600, '', -1), (25, 999, '', -1)
	) AS s (n, status, body, retry_after)
 ORDER BY s.n;
SELECT schemadrift.sink_verdict(pd_channel(), '{"purpose": "trigger", "key": "k"}', r)
  FROM unnest(ARRAY['{"status": 0, "error": "Connection timed out"}', '{"status": 0}',
	'{"status": 0, "refused": true, "error": "the URL is refused: it names a user"}']::jsonb[]) AS r;
SELECT schemadrift.sink_verdict(pd_channel(), d, '{"status": 202}')
  FROM unnest(ARRAY['{"purpose": "test", "key": "k"}', '{"purpose": "test", "key": "k", "step": 1}',
	'{"purpose": "acknowledge", "key": "k"}', '{"purpose": "resolve", "key": "k"}', '{"purpose": "change", "key": "k"}']::jsonb[]) AS d;

-- configs that cannot be
SELECT schemadrift.sink_request(pd_channel('{"url": "ftp://x"}'), '{}');
SELECT schemadrift.sink_request(pd_channel('{"url": "https://x.example/?a=b"}'), '{}');
SELECT schemadrift.sink_request(pd_channel('{"client_url": "javascript:alert(1)"}'), '{}');
SELECT schemadrift.sink_request(pd_channel('{"routing_key": "abcdefgh01234567ABCDEFGH01234567"}'), '{}');
SELECT schemadrift.sink_request(pd_channel('{"url": ["https://x.example"]}'), '{}');
SELECT schemadrift.sink_request(pd_channel('[]'), '{}');

DROP FUNCTION pd_large, pd_trigger, pd_request, pd_payload, pd_channel;
DROP EXTENSION schemadrift;
