# Decisions as people live with them: what the service is told of an
# acknowledgement, what comes back when a rule or a snooze ends although nobody
# touches the schema, two people who decide at once, a dump, a standby; and the
# gate's exit status, from a shell.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use IPC::Run ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use SchemaDrift::Cluster;
use SchemaDrift::PagerDuty;

my $pd = SchemaDrift::PagerDuty->start;
my $node = SchemaDrift::Cluster->start_new('main', pagerduty => $pd, init => { allows_streaming => 1 },
	conf => "schemadrift.update_interval = 0\n");

sub sql
{
	my ($sql) = @_;
	return $node->safe_psql('postgres', $sql);
}

# The open drift about an object, once the worker has seen it.
sub drift_on
{
	my ($object) = @_;
	$node->wait_until("SELECT count(*) = 1 FROM schemadrift.drift WHERE state = 'open' AND object = '$object'");
	return sql("SELECT id FROM schemadrift.drift WHERE state = 'open' AND object = '$object'");
}

# How psql ends, as a pipeline sees it.
sub status
{
	my ($connection, @arguments) = @_;
	my ($out, $err) = ('', '');
	my $script = ref $arguments[-1] ? ${ pop @arguments } : '';
	IPC::Run::run([ 'psql', '-XAtq', '-d', $connection, @arguments ], '<', \$script, '>', \$out, '2>', \$err);
	return $? >> 8;
}

my $connection = $node->connstr('postgres');
my @gate = ('-c', 'SELECT drift_gate()');
my @other = ('-c', 'SELECT 1');
my @stop = ('-v', 'ON_ERROR_STOP=1');

# -- the gate's exit status ----------------------------------------------------
is(status($connection, @gate), 1, 'gate: no baseline');
sql(q{CREATE TABLE orders (id integer PRIMARY KEY, note text); SELECT drift_watch(channel => 'oncall')});
is(status($connection, @gate), 0, 'gate: green');
sql('ALTER TABLE orders ADD COLUMN total numeric');
is(status($connection, @gate), 1, 'gate: red is status 1');
is(status($connection, '-c', q{SELECT drift_gate('error')}), 0, 'gate: not worse than that');
is(status($connection, '-c', q{SELECT drift_gate('harmless')}), 1, 'gate: no such severity');
is(status($connection, '-c', q{SELECT drift_gate(NULL)}), 1, 'gate: no severity');
is(status($connection, @gate, @other), 0, 'gate: of more commands the last counts, as documented');
is(status($connection, @stop, @gate, @other), 1, 'gate: but with ON_ERROR_STOP');
is(status($connection, \"SELECT drift_gate();\n"), 0, 'gate: nor does a script fail, as documented');
is(status($connection, @stop, \"SELECT drift_gate();\n"), 3, 'gate: but with ON_ERROR_STOP');
is(status($connection . ' host=/nonexistent', @gate), 2, 'gate: no connection');
is(status($connection, '-c', q{SELECT drift_gate('info', 'live', 'host=/nonexistent')}), 1, 'gate: unreachable');

# -- acknowledged ---------------------------------------------------------------
my $id = drift_on('public.orders.total');
my $key = $pd->wait_for(action => 'trigger')->{event}->{dedup_key};
sql("SELECT drift_ack($id, 'on it')");
my $request = $pd->wait_for(action => 'acknowledge');
is($request->{event}->{dedup_key}, $key, 'the alert is acknowledged under its key');
is_deeply([ sort keys %{ $request->{event} } ], [qw(dedup_key event_action routing_key)],
	'by what the service takes, and no more');
is($request->{status}, 202, 'and it takes it');
is(($pd->alerts)[0]->{state}, 'acknowledged', 'the alert is');
$pd->forget;
sql('ALTER TABLE orders ALTER COLUMN total SET NOT NULL');
$pd->wait_for(action => 'trigger');
pass('what changes is told, acknowledged or not');
sql('ALTER TABLE orders DROP COLUMN total');
$pd->wait_for(action => 'resolve');
is(status($connection, @gate), 0, 'and green again');

# -- a rule that ends, and a snooze, without any change ---------------------------
$pd->forget;
sql(q{SELECT drift_ignore('public.tmp_*', 'scratch', now() + interval '6 s')});
sql('CREATE TABLE tmp_1 (a integer)');
$node->wait_until(q{SELECT count(*) = 1 FROM drift_ignored() WHERE object = 'public.tmp_1'});
is(status($connection, @gate), 0, 'what is ignored does not stop the gate');
is_deeply([ $pd->requests ], [], 'nor is it told');
$request = $pd->wait_for(action => 'trigger');
like($request->{body}, qr/tmp_1/, 'when the rule ends it is told, by a worker alone');
is(status($connection, @gate), 1, 'and stops the gate');
$id = drift_on('public.tmp_1');
$pd->forget;
sql("SELECT drift_snooze($id, '4 s')");
sql('ALTER TABLE tmp_1 ADD COLUMN b integer');
$node->wait_until("SELECT actual ~ 'b integer' FROM schemadrift.drift WHERE id = $id");
is_deeply([ $pd->requests ], [], 'what is snoozed is not told, whatever becomes of it');
is(status($connection, @gate), 1, 'but stops the gate');
$pd->wait_for(action => 'trigger');
pass('when the snooze ends it is told again');

# -- two at once -------------------------------------------------------------------
my $first = $node->background_psql('postgres');
$first->query_safe(qq{BEGIN; SELECT drift_accept($id, 'first')});
my ($out, $err) = ('', '');
my $second = IPC::Run::start(
	[ 'psql', '-XAtq', '-v', 'VERBOSITY=verbose', '-d', $connection, '-c', "SELECT drift_accept($id, 'second')" ],
	'<', \'', '>', \$out, '2>', \$err);
$node->wait_until(q{SELECT count(*) > 0 FROM pg_stat_activity WHERE query ~ 'second' AND wait_event_type = 'Lock'});
$first->query_safe('COMMIT');
$first->quit;
IPC::Run::finish($second);
like($err, qr/42704.*no open drift/, 'who comes second is told that it is decided');
is(sql("SELECT count(*), min(reason) FROM drift_decisions($id) WHERE action = 'accept'"), '1|first', 'by one decision');

# a rule that is not committed hides nothing
my $undecided = $node->background_psql('postgres');
sql('CREATE TABLE tmp_2 (a integer)');
$id = drift_on('public.tmp_2');
$undecided->query_safe(q{SET client_min_messages = warning; BEGIN;
	SELECT drift_ignore('public.tmp_2', 'maybe', now() + interval '1 hour')});
is(status($connection, @gate), 1, 'a rule that is not committed hides nothing');
$undecided->query_safe('ROLLBACK');
$undecided->quit;
is(sql('SELECT count(*) FROM drift_check()'), '1', 'and one that is rolled back never did');
is(sql(q{SELECT count(*) FROM drift_decisions() WHERE reason = 'maybe'}), '0', 'nor was it decided');

# -- a dump ---------------------------------------------------------------------------
sql(q{SELECT drift_ignore('public.tmp_2', 'kept', now() + interval '1 hour')});
my $dump = $node->basedir . '/dump.sql';
$node->command_ok([ 'pg_dump', '-d', $connection, '-f', $dump ], 'the database is dumped');
sql('CREATE DATABASE restored TEMPLATE template0');
is(status($node->connstr('restored'), @stop, '-f', $dump), 0, 'and restored');
is($node->safe_psql('restored', 'SELECT pattern, state, hides FROM drift_ignore_rules() ORDER BY rule DESC LIMIT 1'),
	'public.tmp_2|active|0', 'rules go along');
is($node->safe_psql('restored', 'SELECT count(*) FROM drift_check()'), '0', 'and hide what they did');
is($node->safe_psql('restored', q{SELECT drift_ignore('x.y', 'next', now() + interval '1 h') >
	(SELECT min(rule) FROM drift_ignore_rules())}), 't', 'new ones have numbers of their own');

# -- a standby ---------------------------------------------------------------------------
$node->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'base', has_streaming => 1);
$standby->start;
$node->wait_for_catchup($standby);
is(status($standby->connstr('postgres'), @gate), 0, 'standby: green, and what is ignored there is ignored here');
$node->safe_psql('postgres', 'CREATE TABLE more (a integer)');
$node->wait_for_catchup($standby);
is(status($standby->connstr('postgres'), @gate), 1, 'standby: red');
foreach my $write (q{drift_ignore('public.more', 'x', now() + interval '1 day')}, "drift_ack($id)", 'drift_undo(1)',
	"drift_snooze($id, '1 h')", "drift_comment($id, 'x')", 'drift_unignore(1)', q{drift_accept_all('x')})
{
	my ($code, undef, $error) = $standby->psql('postgres', "SELECT $write");
	like($error, qr/cannot execute drift_\w+\(\) during recovery/, "standby: no $write");
}
isnt($standby->safe_psql('postgres', 'SELECT count(*) FROM drift_ignored()'), '0', 'standby: what is hidden is listed');

$standby->stop;
$node->stop;
$pd->stop;
done_testing();
