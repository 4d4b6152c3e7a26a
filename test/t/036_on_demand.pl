# Without preloading: workers come at commit, miss none, leave at once, and are
# in nobody's way while a message waits for its next attempt.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use List::Util qw(min);
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);

use SchemaDrift::Cluster;
use SchemaDrift::Outbox;
use SchemaDrift::PagerDuty;

my $pd = SchemaDrift::PagerDuty->start;
my $node = SchemaDrift::Cluster->start_new('bare', pagerduty => $pd, preload => '', databases => [],
	conf => "schemadrift.worker_linger = '60s'\n");

sub create
{
	my ($database) = @_;
	$node->safe_psql('postgres', "CREATE DATABASE $database");
	$node->safe_psql($database, 'CREATE EXTENSION schemadrift');
	$node->add_channel($database, $pd);
	return;
}

sub quickly
{
	my ($sql, $name) = @_;
	my $start = time;
	$node->safe_psql('postgres', $sql);
	cmp_ok(time - $start, '<', 4, $name);
	return time - $start;
}

# -- DDL, its page, DROP DATABASE ------------------------------------------------
# The library comes with that very command, so its text is not known; see doc/capture.md.
my @times;
foreach my $round (1 .. 3)
{
	create('d');
	$node->safe_psql('d', "SELECT drift_watch(channel => 'oncall')");
	$pd->forget;
	$node->safe_psql('d', 'CREATE TABLE rogue (i int)');
	like($pd->wait_for(action => 'trigger')->{body}, qr/table public\.rogue added by/, 'DDL pages');
	push @times, quickly('DROP DATABASE d', 'DROP DATABASE works right after');
}
cmp_ok(min(@times), '<', 1, 'and at once, where the machine has time for it');

# -- a message that waits for its next attempt -------------------------------------
create('d');
arm($node, 'd');
$pd->fault(kind => 'status', status => 503, retry_after => 3, times => 1);
enqueue($node, 'd', 'later');
my $waiters = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'schemadrift waiter'";
$node->wait_until("$waiters AND datname IS NULL", 1);
$node->wait_until("SELECT count(*) = 0 FROM pg_stat_activity WHERE backend_type = 'schemadrift worker'");
is($node->safe_psql('d', "SELECT state, attempts FROM drift_deliveries WHERE idempotency_key = 'later'"),
	'pending|1', 'a message waits for its next attempt');
quickly('CREATE DATABASE copy TEMPLATE d', 'CREATE DATABASE … TEMPLATE does not wait for it');
enqueue($node, 'd', 'meanwhile');
$node->wait_until("SELECT state = 'delivered' FROM drift_deliveries WHERE idempotency_key = 'meanwhile'", 't', 'd');
cmp_ok($node->safe_psql('postgres', $waiters), '<=', 1, 'there is one waiter at most');
$node->wait_until("SELECT state = 'delivered' FROM drift_deliveries WHERE idempotency_key = 'later'", 't', 'd');
$node->wait_until("SELECT count(*) = 0 FROM pg_stat_activity WHERE backend_type LIKE 'schemadrift %'");

# -- a database that goes meanwhile ---------------------------------------------------
$pd->fault(kind => 'status', status => 503, retry_after => 3, times => 1);
enqueue($node, 'd', 'too late');
$node->wait_until($waiters, 1);
quickly('DROP DATABASE d', 'DROP DATABASE does not wait for it');
quickly('DROP DATABASE copy', 'nor for anything in a copy');
$node->wait_until("SELECT count(*) = 0 FROM pg_stat_activity WHERE backend_type LIKE 'schemadrift %'");
ok(!$node->log_has(qr/database \d+ does not exist/), 'and the log is quiet about it');
$pd->no_faults;

# -- old events are deleted, but not those that explain an open drift ----------------------
create('d');
$node->safe_psql('d', "SELECT drift_watch(); CREATE TABLE accepted (i int); SELECT drift_accept_all('test')");
$node->wait_until('SELECT max(last_event) >= (SELECT max(id) FROM schemadrift.event) FROM schemadrift.event_seal',
	't', 'd');
$node->safe_psql('d', "CREATE TABLE rogue (i int);"
	  . " UPDATE schemadrift.event SET at = at - interval '91 days';"
	  . " UPDATE schemadrift.event_seal SET sealed_at = sealed_at - interval '91 days'");
$node->safe_psql('d', 'CREATE TABLE young (i int)');
$node->wait_until("SELECT string_agg(objects->0->>'identity', ' ' ORDER BY id) FROM schemadrift.event",
	'public.rogue public.young', 'd');
$node->wait_until("SELECT count(*) FROM pg_stat_activity WHERE backend_type LIKE 'schemadrift %'", 0);
is($node->safe_psql('d', "SELECT who IS NOT NULL FROM drift_check() WHERE object = 'public.rogue'"),
	't', 'an old drift still names its author');
$node->safe_psql('postgres', 'DROP DATABASE d');

# -- no commit is missed ------------------------------------------------------------------
# Each message is sent as soon as it commits, whatever the worker does just then.
create('d');
arm($node, 'd');
my $script = $node->basedir . '/enqueue.sql';
append_to_file($script, enqueue_sql("k:client_id") . ";\n\\set ms random(0, 40)\n\\sleep :ms ms\n");
$node->command_ok([ 'pgbench', '-n', '-c', '4', '-t', '40', '-f', $script, $node->connstr('d') ],
	'sessions commit while workers come and go');
$node->wait_until("SELECT count(*) = 160 FROM drift_deliveries WHERE state = 'delivered'", 't', 'd');
quickly('DROP DATABASE d', 'when all is sent nobody stays');

$node->stop;
$pd->stop;
done_testing();
