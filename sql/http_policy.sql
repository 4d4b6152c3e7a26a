-- Which URLs and addresses may be talked to, and how long a service may make us wait.
\set QUIET on
\pset format unaligned
\pset tuples_only on
\pset null '(allowed)'
CREATE EXTENSION schemadrift;

-- URLs without an allow list
SELECT u, schemadrift.url_problem(u) FROM unnest(ARRAY[
	'https://events.pagerduty.com', 'HTTPS://Events.PagerDuty.com/v2/enqueue?a=b', 'https://events.pagerduty.com:8443/',
	'https://8.8.8.8/', 'https://[2606:4700::1111]/',
	'http://events.pagerduty.com', 'ftp://x', 'file:///etc/passwd', 'gopher://x', '//x', 'x', '', 'https:/x', 'https://',
	'https:///path', 'https://:443/', 'https://user@x.example', 'https://api.pagerduty.com@evil.example/',
	'https://x.example\@evil.example/', 'https://x.example#@evil.example/', 'https://x.example/#f',
	'https://x.example/a b', E'https://x.example/\r\nX: y', E'https://x.example/\n', 'https://x.example/ä', 'https://ä.example/',
	'https://x..example', 'https://.example', 'https://-x.example', 'https://x.example.',
	'https://x.example:', 'https://x.example:0', 'https://x.example:65536', 'https://x.example:99999999999', 'https://x.example:80a',
	'https://127.0.0.1/', 'https://127.1/', 'https://2130706433/', 'https://0x7f000001/', 'https://0x7f.1/', 'https://0177.0.0.1/',
	'https://1.2.3.4.5/', 'https://10.0.0.1', 'https://169.254.169.254/latest/meta-data', 'https://[::1]/',
	'https://[::ffff:127.0.0.1]/', 'https://[::ffff:8.8.8.8]/', 'https://[fe80::1%25eth0]/', 'https://[::1', 'https://[::1]x/',
	'https://[x.example]/', 'https://' || repeat('a', 254), 'https://x.example/' || repeat('a', 2000)]) AS u
 WHERE length(u) < 200;
SELECT length(u), schemadrift.url_problem(u) FROM unnest(ARRAY[
	'https://' || repeat('a', 254), 'https://x.example/' || repeat('a', 2000)]) AS u;

-- with one
SELECT u, l, schemadrift.url_problem(u, l)
  FROM (VALUES
	('http://localhost/', 'localhost'), ('http://LOCALHOST:8080/', 'localhost'), ('http://localhost:8080/', 'localhost:8080'),
	('http://localhost:8081/', 'localhost:8080'), ('https://localhost/', 'localhost:443'), ('http://localhost/', 'localhost:443'),
	('http://127.0.0.1:9/', 'x.example , 127.0.0.1:9'), ('http://[::1]:9/', '[::1]:9'), ('http://[::1]:9/', '::1'),
	('http://localhost.evil.example/', 'localhost'), ('http://evil.example/localhost', 'localhost'),
	('http://user@localhost/', 'localhost'), ('http://xlocalhost/', 'localhost'), ('http://10.1.1.1/', '10.0.0.0/8'),
	('http://x.example/', '*'), ('http://x.example/', ''), ('http://x.example/', ',,"x.example",')) AS v (u, l);

-- addresses
SELECT a, schemadrift.address_is_public(a) FROM unnest(ARRAY[
	'1.1.1.1', '8.8.8.8', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255', '128.0.0.1',
	'169.253.255.255', '169.255.0.0', '172.15.255.255', '172.32.0.0', '192.167.255.255', '192.169.0.0', '198.17.255.255',
	'198.20.0.0', '223.255.255.255', '2606:4700::1111', '2a00::1', '64:ff9b::808:808',
	'0.0.0.0', '0.1.2.3', '10.0.0.0', '10.255.255.255', '100.64.0.0', '100.127.255.255', '127.0.0.1', '127.255.255.255',
	'169.254.0.0', '169.254.169.254', '172.16.0.0', '172.31.255.255', '192.0.0.1', '192.0.2.1', '192.88.99.1', '192.168.0.1',
	'198.18.0.0', '198.19.255.255', '198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255',
	'::', '::1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '64:ff9b::7f00:1', '64:ff9b::a00:1', '64:ff9b:1::1', '100::1',
	'2001::1', '2001:db8::1', '2002:7f00:1::', '3fff::1', 'fc00::1', 'fd00::1', 'fe80::1', 'fec0::1', 'ff02::1', '4000::1',
	'localhost', '', '1.2.3', '127.1']) AS a;

-- Retry-After at 2026-11-20 12:00:00 UTC
SELECT v, schemadrift.retry_after(v, 1795176000) FROM unnest(ARRAY[
	'0', '1', '30', '86400', '86401', '999999', '1000000', '1000000000', '99999999999999999999999',
	'Fri, 20 Nov 2026 12:00:30 GMT', 'Fri, 20 Nov 2026 11:00:00 GMT', 'Fri, 20 Nov 2099 12:00:00 GMT', 'Sun, 29 Feb 2032 00:00:00 GMT',
	'', '-1', '+5', '1.5', '1e9', '5 ', 'soon', '0x10', 'Fri, 20 Nov 2026 12:00:30', 'Fri, 20 Nov 2026 12:00:30 GMT x',
	'Fri, 20 Xyz 2026 12:00:30 GMT', 'Fri, 99 Nov 2026 12:00:30 GMT', 'Fri, 20 Nov 2026 25:00:00 GMT', 'Fri, 20 ovD 2026 12:00:30 GMT',
	'Friday, 20-Nov-26 12:00:30 GMT', 'Fri Nov 20 12:00:30 2026']) AS v;

DROP EXTENSION schemadrift;
