# The worker: delivers what commits, at once, in order, once; retries, gives
# up, keeps channels apart; starts on demand without preloading.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time sleep);

use SchemaDrift::Cluster;
use SchemaDrift::Outbox;
use SchemaDrift::PagerDuty;

my $pd = SchemaDrift::PagerDuty->start;
my $node = SchemaDrift::Cluster->start_new('main', pagerduty => $pd,
	databases => [ 'postgres', 'second' ], conf => "schemadrift.max_attempts = 3\n");

sub delivered
{
	my ($key, $database) = @_;
	return $node->wait_until(
		"SELECT state = 'delivered' FROM schemadrift.delivery WHERE idempotency_key = '$key'",
		't', $database);
}

sub column
{
	my ($key, $column) = @_;
	return $node->safe_psql('postgres',
		"SELECT $column FROM drift_deliveries WHERE idempotency_key = '$key'");
}

# -- the fence ------------------------------------------------------------------
enqueue($node, 'postgres', 'unarmed');
$node->safe_psql('postgres', "SELECT drift_channel_test('oncall')");
$node->wait_until("SELECT count(*) = 1 FROM schemadrift.delivery WHERE purpose = 'test' AND state = 'delivered'");
is(column('unarmed', 'state'), 'pending', 'an unarmed database sends tests and nothing else');
arm($node, $_) foreach ('postgres', 'second');
is($node->safe_psql('second', "SELECT status FROM drift_health() WHERE check_name = 'worker'"), 'ok',
	'a worker that was not there yet is starting, not late');
$node->safe_psql('postgres', 'SELECT drift_worker_start()');
delivered('unarmed');

# -- at commit --------------------------------------------------------------------
$node->safe_psql('postgres', 'BEGIN; ' . enqueue_sql('never') . '; ROLLBACK');
my $start = time;
enqueue($node, 'postgres', 'first');
my $request = $pd->wait_for(dedup_key => 'first');
cmp_ok($request->{at} - $start, '<', 5, 'a message is sent when it commits, not at the next poll');
delivered('first');
is(scalar($pd->requests(dedup_key => 'never')), 0, 'a message that was rolled back is not sent');
is(column('first', 'attempts'), 1, 'one attempt');

# -- two databases, one worker each ------------------------------------------------
enqueue($node, 'second', 'elsewhere');
delivered('elsewhere', 'second');

# -- order within an incident ------------------------------------------------------
$pd->fault(kind => 'status', status => 503, times => 2);
$node->safe_psql('postgres', 'BEGIN; '
	  . enqueue_sql('incident', incident => 7, purpose => 'trigger', title => 'one') . ';'
	  . enqueue_sql('incident', incident => 7, purpose => 'resolve') . ';'
	  . enqueue_sql('other', incident => 8) . '; COMMIT');
$node->wait_until("SELECT count(*) = 2 FROM schemadrift.delivery"
	  . " WHERE idempotency_key = 'incident' AND state = 'delivered'");
is(join(' ', map { $_->{event}{event_action} } $pd->requests(dedup_key => 'incident', status => 202)),
	'trigger resolve', 'a resolve does not overtake its trigger');

# -- retries, Retry-After ------------------------------------------------------------
delivered('other');
$pd->no_faults;
$pd->fault(kind => 'status', status => 429, retry_after => 2, times => 1);
enqueue($node, 'postgres', 'limited');
delivered('limited');
my @tries = $pd->requests(dedup_key => 'limited');
cmp_ok($tries[-1]{at} - $tries[0]{at}, '>=', 1.9, 'Retry-After is honoured');

# -- dead letters --------------------------------------------------------------------
$pd->fault(kind => 'status', status => 500, times => 3);
enqueue($node, 'postgres', 'hopeless');
$node->wait_until("SELECT state = 'dead' FROM drift_deliveries WHERE idempotency_key = 'hopeless'");
is(column('hopeless', 'attempts'), 3, 'max_attempts are made');
like(column('hopeless', 'last_error'), qr/gave up after 3 attempts/, 'the reason is kept');
is($node->safe_psql('postgres', "SELECT status FROM drift_health() WHERE check_name = 'dead letters'"),
	'error', 'drift_health() shows it');
$pd->no_faults;
$node->safe_psql('postgres', 'SELECT drift_redeliver(' . column('hopeless', 'id') . ')');
delivered('hopeless');
my ($code, $out, $err) = $node->psql('postgres', 'SELECT drift_redeliver(' . column('hopeless', 'id') . ')');
like($err, qr/is not a dead letter/, 'only a dead letter can be sent again');

# -- poison items, unknown channels ---------------------------------------------------
enqueue($node, 'postgres', 'nowhere', channel => 'no such channel');
$node->safe_psql('postgres', <<"EOF");
INSERT INTO schemadrift.channel (name, kind) VALUES ('odd', 'no such service');
EOF
enqueue($node, 'postgres', 'poison', channel => 'odd');
enqueue($node, 'postgres', 'healthy');
delivered('healthy');
$node->wait_until("SELECT count(*) = 2 FROM drift_deliveries"
	  . " WHERE state = 'dead' AND idempotency_key IN ('nowhere', 'poison')");
is(column('nowhere', 'last_error'), 'its channel no longer exists', 'a message without a channel is dead');

# -- a disabled channel keeps its messages ----------------------------------------------
$node->safe_psql('postgres', "SELECT drift_channel_enable('oncall', false)");
enqueue($node, 'postgres', 'kept');
$node->safe_psql('postgres', "INSERT INTO schemadrift.channel (name, kind, config, secret)"
	  . " SELECT 'again', kind, config, secret FROM schemadrift.channel WHERE name = 'oncall'");
enqueue($node, 'postgres', 'after', channel => 'again');
delivered('after');
is(column('kept', 'state || attempts'), 'pending0', 'a disabled channel keeps its messages');
$node->safe_psql('postgres', "SELECT drift_channel_enable('oncall', true); SELECT drift_worker_start()");
delivered('kept');

# -- a channel that does not answer delays no other -----------------------------------------
$node->safe_psql('postgres', "INSERT INTO schemadrift.channel (name, kind, config, secret)"
	  . " SELECT 'refusing', kind, '{\"url\": \"https://localhost:1\"}', secret"
	  . " FROM schemadrift.channel WHERE name = 'oncall'");
$node->append_conf('postgresql.conf',
	"schemadrift.max_attempts = 100\nschemadrift.allowed_hosts = '" . $pd->host . ",localhost:1'\n");
$node->reload;
enqueue($node, 'postgres', "refused $_", channel => 'refusing') foreach (1 .. 20);
$start = time;
enqueue($node, 'postgres', 'through');
delivered('through');
cmp_ok(time - $start, '<', 10, 'a channel that fails does not delay another');
$node->safe_psql('postgres', "SELECT drift_channel_drop('refusing')");

# -- DROP EXTENSION, DROP DATABASE, CREATE DATABASE … TEMPLATE with a worker around ----------
$node->append_conf('postgresql.conf', "schemadrift.worker_linger = '60s'\n");
$node->reload;
enqueue($node, 'second', 'linger');
delivered('linger', 'second');
$node->wait_until("SELECT count(*) > 0 FROM pg_stat_activity"
	  . " WHERE backend_type = 'schemadrift worker' AND datname = 'second'");
$start = time;
$node->safe_psql('postgres', 'CREATE DATABASE copy TEMPLATE second');
cmp_ok(time - $start, '<', 3, 'CREATE DATABASE … TEMPLATE does not wait for a worker');
enqueue($node, 'copy', 'from the copy');
$node->wait_until("SELECT status = 'error' FROM drift_health() WHERE check_name = 'fence'", 't', 'copy');
$node->safe_psql('copy', 'SELECT drift_worker_start()');
$node->wait_until("SELECT detail LIKE '%the last look ended%' FROM drift_health() WHERE check_name = 'worker'",
	't', 'copy');
is($node->safe_psql('copy', "SELECT state, attempts FROM schemadrift.delivery WHERE idempotency_key = 'from the copy'"),
	'pending|0', 'a copy of a database is quarantined');
is(scalar($pd->requests(dedup_key => 'from the copy')), 0, 'and sends nothing');
$start = time;
$node->safe_psql('postgres', 'DROP DATABASE copy');
cmp_ok(time - $start, '<', 3, 'DROP DATABASE does not wait for a worker');
$node->safe_psql('second', 'DROP EXTENSION schemadrift');
$node->safe_psql('postgres', 'DROP DATABASE second');
sleep 0.5;
my $log = slurp_file($node->logfile);
my $complaints = () = $log =~ /database \d+ does not exist|database "(?:copy|second)" does not exist/g;
cmp_ok($complaints, '<=', 1, 'the log is quiet about dropped databases');

# -- a session can end a worker; it comes back -------------------------------------------------
enqueue($node, 'postgres', 'before terminate');
delivered('before terminate');
$node->safe_psql('postgres', "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
	  . " WHERE backend_type LIKE 'schemadrift %'");
enqueue($node, 'postgres', 'after terminate');
delivered('after terminate');
$node->stop;

# -- without preloading ----------------------------------------------------------------------
my $bare = SchemaDrift::Cluster->start_new('bare', pagerduty => $pd, preload => '');
arm($bare);
enqueue($bare, 'postgres', 'on demand');
$bare->wait_until("SELECT state = 'delivered' FROM drift_deliveries WHERE idempotency_key = 'on demand'");
is(scalar($pd->requests(dedup_key => 'on demand')), 1, 'without preloading a worker starts on demand');
$start = time;
enqueue($bare, 'postgres', 'on demand again');
$request = $pd->wait_for(dedup_key => 'on demand again');
cmp_ok($request->{at} - $start, '<', 5, 'and is woken while it is there');
$bare->wait_until("SELECT count(*) = 0 FROM pg_stat_activity WHERE backend_type = 'schemadrift worker'");
$pd->fault(kind => 'status', status => 500, times => 2);
enqueue($bare, 'postgres', 'retried on demand');
$bare->wait_until("SELECT state = 'delivered' FROM drift_deliveries WHERE idempotency_key = 'retried on demand'");
is($bare->safe_psql('postgres', "SELECT status FROM drift_health() WHERE check_name = 'launcher'"),
	'warning', 'drift_health() hints at preloading');
$bare->stop;
$pd->stop;

done_testing();
