# Copies of a watched database with everything that people have told it: what
# pg_dump takes along and what not, and that no copy sends what the original has
# sent or is about to send.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use SchemaDrift::Cluster;
use SchemaDrift::PagerDuty;

my $pd = SchemaDrift::PagerDuty->start;
my $node = SchemaDrift::Cluster->start_new('main', databases => ['shop'], pagerduty => $pd,
	init => { allows_streaming => 1 });
local $ENV{PGHOST} = $node->host;
local $ENV{PGPORT} = $node->port;

# -- a database that people live with ------------------------------------------------
$node->safe_psql('shop', <<'EOS');
CREATE ROLE deployer LOGIN;
SELECT drift_create_roles();
GRANT drift_deployer TO deployer, CURRENT_USER;
CREATE SCHEMA scratch;
CREATE TABLE customer (id serial PRIMARY KEY, email text UNIQUE NOT NULL);
CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	customer integer NOT NULL REFERENCES customer, total numeric CHECK (total >= 0));
CREATE TABLE log (at date NOT NULL, line text) PARTITION BY RANGE (at);
CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE MATERIALIZED VIEW totals AS SELECT customer, sum(total) AS total FROM orders GROUP BY customer;
INSERT INTO customer (email) SELECT 'c' || i FROM generate_series(1, 20) AS i;
INSERT INTO orders (customer, total) SELECT i, i FROM generate_series(1, 20) AS i;
REFRESH MATERIALIZED VIEW totals;
GRANT ALL ON SCHEMA public TO deployer;
SELECT drift_watch(channel => 'oncall');
SELECT drift_deployer_add('deployer', 'flyway%');
SELECT drift_window_add('0 2 * * 6', '2 hours', 'allow', 'saturdays', NULL, 'UTC');
SELECT drift_window_add('0 0 24 12 *', '3 days', 'deny', 'holidays', NULL, 'UTC');
SELECT drift_ignore('scratch.*', 'nobody depends on it', now() + interval '30 days');
SELECT drift_route_add('watch', 'oncall', pattern => 'public.orders*', min_severity => 'error');
SELECT drift_partition_policy('public.log', 'structure');
SELECT drift_severity_set((SELECT min(finding) FROM drift_severities()), 'info');
SELECT drift_deploy_begin('release 11', 'abc');
ALTER TABLE customer ADD released int;
SELECT drift_deploy_end();
ALTER TABLE orders ADD rogue int;
CREATE TABLE scratch.pad (a int);
SELECT count(*) FROM drift_check();
EOS
$pd->wait_for(action => 'trigger');
$node->append_conf('postgresql.conf', "schemadrift.delivery = off\n");
$node->restart;
$node->safe_psql('shop', <<'EOS');
ALTER TABLE customer DROP COLUMN email;
SELECT count(*) FROM drift_check();
SELECT schemadrift.enqueue_delivery('oncall', 'trigger', 0, 'waits',
	jsonb_build_object('title', 'waits', 'database', 'shop', 'severity', 'error'));
SELECT drift_deploy_begin('release 12', scope => 'database');
EOS
is($node->safe_psql('shop', q{SELECT count(*) > 0 FROM schemadrift.delivery WHERE state = 'pending'}), 't',
	'a message waits when the copies are made');

my $told = join ' UNION ALL ', map { "SELECT t::text FROM $_ AS t" }
  'drift_deployers()', 'drift_windows()', 'drift_routes()', 'drift_partition_policies()', 'drift_severities()',
  'drift_channels()', '(SELECT id, pattern, reason, author, until FROM schemadrift.ignore_rule)';
my $found = 'SELECT change, object_type, object, attribute, expected, actual FROM drift_check() ORDER BY 2, 3, 4, 1';

sub requests { return scalar(() = $pd->requests); }

sub schema_of
{
	my ($database) = @_;
	my ($out, $err) = run_command([ 'pg_dump', '-s', $database ]);
	is($err, '', "pg_dump of $database");
	return join "\n", grep { !/^\\(?:un)?restrict / } split /\n/, $out;
}

# -- dumps --------------------------------------------------------------------------
my $dump = $node->basedir . '/shop';
command_ok([ 'pg_dump', '-f', "$dump.sql", 'shop' ], 'dump as a script');
command_ok([ 'pg_dump', '-Fc', '-f', "$dump.fc", 'shop' ], 'dump in the custom format');
my ($schema, $rules, $drifts) = (schema_of('shop'), map { $node->safe_psql('shop', $_) } $told, $found);
my $sent = requests();
my %restores = (
	plain => [ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-o', "$dump.log", '-f', "$dump.sql", '-d', 'plain' ],
	custom => [ 'pg_restore', '-e', '-d', 'custom', "$dump.fc" ],
	parallel => [ 'pg_restore', '-e', '-j2', '-d', 'parallel', "$dump.fc" ],
	single => [ 'pg_restore', '--single-transaction', '-d', 'single', "$dump.fc" ]);
$node->append_conf('postgresql.conf', "schemadrift.delivery = on\n");
$node->safe_psql('shop', 'UPDATE schemadrift.channel SET enabled = false');
$node->restart;
foreach my $copy (sort keys %restores)
{
	$node->safe_psql('postgres', "CREATE DATABASE $copy TEMPLATE template0");
	command_ok($restores{$copy}, "restore $copy");
	is(schema_of($copy), $schema, "$copy: the schema is the same");
	is($node->safe_psql($copy, $told), $rules, "$copy: rules, windows, routes, policies and severities came along");
	is($node->safe_psql($copy, q{SELECT (SELECT count(*) FROM schemadrift.delivery),
		(SELECT count(*) FROM schemadrift.incident), (SELECT count(*) FROM schemadrift.event),
		(SELECT count(*) FROM drift_deploys())}), '0|0|0|0', "$copy: outbox, incidents, log and deploys are empty");
	is($node->safe_psql($copy, 'SELECT schemadrift.capture_problem() IS NULL'), 't', "$copy: capture is armed");
	is($node->safe_psql($copy, 'SELECT count(*) FROM totals'), '20', "$copy: so are the data");
	is($node->safe_psql($copy, $found), $drifts, "$copy: a check finds by the baseline what it found there");
	$node->safe_psql($copy, 'CREATE TABLE afterwards (a int)');
	is($node->safe_psql($copy, q{SELECT who, class <> 'unattributed', state FROM drift_check()
		WHERE object = 'public.afterwards'}), $node->safe_psql('shop', 'SELECT current_user') . '|t|open',
		"$copy: and new DDL with its author, as no deploy is open");
}

# -- a template -----------------------------------------------------------------------
$node->safe_psql('postgres', 'CREATE DATABASE twin TEMPLATE shop');
$node->safe_psql('twin', 'UPDATE schemadrift.channel SET enabled = true');
foreach my $copy ('twin', sort keys %restores)
{
	$node->safe_psql($copy, 'SELECT drift_worker_start()');
	ok($node->poll_query_until($copy, q{SELECT detail LIKE 'quarantined%' OR detail LIKE '%not armed%'
		FROM drift_health() WHERE check_name = 'fence'}), "$copy: the fence is shut");
}
is($node->safe_psql('twin', q{SELECT count(*) FROM schemadrift.delivery
	WHERE state <> 'delivered' AND attempts > 0}), '0', 'what waited in the template is tried in no copy');
is(requests(), $sent, 'no copy has sent anything');

# -- a base backup, and a standby that is promoted ---------------------------------------
$node->backup('base');
my %other;
foreach my $name ('backup', 'heir')
{
	$other{$name} = PostgreSQL::Test::Cluster->new($name);
	$other{$name}->init_from_backup($node, 'base', has_streaming => $name eq 'heir');
}
$other{backup}->append_conf('postgresql.conf', "schemadrift.secrets_directory = '/nowhere'\n");
$other{backup}->start;
$other{backup}->safe_psql('shop', 'UPDATE schemadrift.channel SET enabled = true; SELECT drift_worker_start()');
$other{heir}->start;

# the original sends what waited, and then is lost
$node->safe_psql('shop', 'UPDATE schemadrift.channel SET enabled = true; SELECT drift_worker_start()');
$node->wait_until(q{SELECT count(*) = 0 FROM schemadrift.delivery WHERE state NOT IN ('delivered', 'dead')}, 't',
	'shop');
$node->wait_for_catchup($other{heir});
$node->stop('immediate');
$sent = requests();
$other{heir}->promote;
$other{heir}->safe_psql('shop', 'ALTER TABLE orders ADD later int; SELECT drift_deploy_end()');
ok($other{heir}->poll_query_until('shop', q{SELECT status = 'ok' FROM drift_health() WHERE check_name = 'fence'}),
	'a promoted standby goes on');
$other{heir}->safe_psql('shop', 'ALTER TABLE orders ADD evil int; SELECT count(*) FROM drift_check()');
ok($other{heir}->poll_query_until('shop',
	q{SELECT count(*) = 0 FROM schemadrift.delivery WHERE state NOT IN ('delivered', 'dead')}), 'and sends');
my %times;
$times{"$_->{event}{event_action} $_->{event}{dedup_key} $_->{event}{payload}{summary}"}++ foreach $pd->requests;
is(join("\n", grep { $times{$_} > 1 } sort keys %times), '', 'nothing was sent twice');
is($other{backup}->safe_psql('shop', q{SELECT count(*) FROM schemadrift.delivery WHERE state = 'delivered'
	AND delivered_at > (SELECT pg_postmaster_start_time())}), '0', 'a base backup without the secrets sends nothing');

$_->stop foreach values %other;
$pd->stop;
done_testing();
