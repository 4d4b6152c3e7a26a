-- Webhook: requests and verdicts, without a network.
\set QUIET on
\pset format unaligned
\pset tuples_only on
CREATE EXTENSION schemadrift;

CREATE FUNCTION wh_channel(config jsonb DEFAULT '{}', secret text DEFAULT NULL) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_strip_nulls(jsonb_build_object('kind', 'webhook',
		'config', '{"url": "https://hooks.example.com/drift?team=a"}'::jsonb || config, 'secret', secret))
$$;
CREATE FUNCTION wh_delivery(key text DEFAULT 'schemadrift:1-5:abc', purpose text DEFAULT 'trigger', payload jsonb DEFAULT '{}')
RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('purpose', purpose, 'key', key, 'payload', payload)
$$;

-- the message goes as it is, whatever is in it
SELECT jsonb_pretty(schemadrift.sink_request(wh_channel(), wh_delivery()));
SELECT r->>'body', (r->>'body')::jsonb->'payload' = p
  FROM (VALUES ('{"title": "a\n\"b\" \\ 漂", "n": 1.50, "items": [{"ddl": null}, []], "at": "2026-11-20T10:15:30Z"}'::jsonb)) AS v (p),
       schemadrift.sink_request(wh_channel(), wh_delivery(payload => p)) AS r;

-- an incident's messages share the key in the body, not the header
SELECT r->'headers'->>2, (r->>'body')::jsonb - 'payload'
  FROM unnest(ARRAY['trigger', 'resolve', 'change', 'test']) AS purpose,
       schemadrift.sink_request(wh_channel(), wh_delivery(purpose => purpose)) AS r;
SELECT r->'headers'->>2, r->>'body' LIKE '%' || left(k, 5) || '%'
  FROM unnest(ARRAY[repeat('k', 255), repeat('k', 256), E'k\nEvil: 1', 'kä']) AS k,
       schemadrift.sink_request(wh_channel(), wh_delivery(k)) AS r;

-- the secret goes into one header
SELECT r->'headers'->3 FROM schemadrift.sink_request(wh_channel('{}', 's3cret~'), wh_delivery()) AS r;
SELECT r->'headers'->3 FROM schemadrift.sink_request(wh_channel('{"prefix": "Bearer "}', 's3cret'), wh_delivery()) AS r;
SELECT r->'headers'->3 FROM schemadrift.sink_request(wh_channel('{"header": "X-Token", "prefix": ""}', 's3cret'), wh_delivery()) AS r;

-- what cannot be sent says why, and not the secret
SELECT schemadrift.sink_request(wh_channel('{}', s), wh_delivery())
  FROM unnest(ARRAY['', E's3cret\r\nEvil: 1', E's3cret\n', 's3crät', repeat('s', 8193)]) AS s;
SELECT schemadrift.sink_request(wh_channel(), d)
  FROM unnest(ARRAY['{"purpose": "trigger", "payload": {}}', '{"purpose": "", "key": "k"}',
	'{"purpose": "a\nb", "key": "k"}']::jsonb[]) AS d;

-- verdicts
SELECT s.status, schemadrift.sink_verdict(wh_channel('{}', 's3cret'), wh_delivery(),
	jsonb_build_object('status', s.status, 'body', 's3cret is bad', 'retry_after', s.retry_after))
  FROM (VALUES (200, -1), (201, -1), (202, 9), (204, -1), (299, -1), (301, -1), (308, -1), (400, -1), (401, -1), (403, -1),
	(404, -1), (408, -1), (409, -1), (410, -1), (413, -1), (422, -1), (429, 30), (500, -1), (503, 120), (600, -1)) AS s (status, retry_after);
SELECT schemadrift.sink_verdict(wh_channel(), wh_delivery(), r)
  FROM unnest(ARRAY['{"status": 0, "error": "Connection timed out"}', '{"status": 0, "refused": true, "error": "no"}']::jsonb[]) AS r;

-- configs that cannot be
SELECT schemadrift.sink_request('{"kind": "webhook"}', '{}');
SELECT schemadrift.sink_request(wh_channel('{"url": "ftp://x"}'), '{}');
SELECT schemadrift.sink_request(wh_channel('{"url": "https://me:s3cret@x.example/"}'), '{}');
SELECT schemadrift.sink_request(wh_channel('{"header": ""}'), '{}');
SELECT schemadrift.sink_request(wh_channel('{"header": "X: y"}'), '{}');
SELECT schemadrift.sink_request(wh_channel('{"header": "host"}'), '{}');
SELECT schemadrift.sink_request(wh_channel('{"prefix": "a\nb"}'), '{}');
SELECT schemadrift.sink_request(wh_channel('{"secret": "s3cret"}'), '{}');

-- as users meet it: no secret is needed, none is shown
SELECT drift_channel_add('hook', 'webhook');
SELECT drift_channel_add('hook', 'webhook', '{"url": "https://hooks.example.com/a"}');
SET client_min_messages = warning;
SELECT drift_channel_add('hook with secret', 'webhook', '{"url": "https://hooks.example.com/b", "prefix": "Bearer "}', 'hook_token');
INSERT INTO schemadrift.delivery (channel, purpose, incident_id, idempotency_key, payload)
	VALUES ('hook', 'trigger', 7, 'schemadrift:1-5:abc', '{"title": "t"}');
SELECT p->>'url', p->'headers'->3, p->>'body'
  FROM unnest(ARRAY['hook', 'hook with secret']) AS c, drift_preview(7, c) AS p;

DROP FUNCTION wh_delivery, wh_channel;
DROP EXTENSION schemadrift;
