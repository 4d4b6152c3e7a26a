# Deploys as they end: by a crash, by the clock, in a transaction that goes on,
# prepared, while somebody else checks; clients by network; a tool that logs
# what another session ran.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use PostgreSQL::Test::Utils;
use Test::More;

use SchemaDrift::Cluster;
use SchemaDrift::Outbox;
use SchemaDrift::PagerDuty;

my $pd = SchemaDrift::PagerDuty->start;
my $node = SchemaDrift::Cluster->start_new('deploys', pagerduty => $pd,
	conf => "listen_addresses = '127.0.0.1'\nmax_prepared_transactions = 4\n");
$node->safe_psql('postgres', <<'EOF');
CREATE ROLE ci LOGIN;
CREATE ROLE tool LOGIN;
SELECT drift_create_roles();
GRANT drift_deployer TO ci;
GRANT CREATE ON SCHEMA public TO ci, tool;
SELECT drift_watch(channel => 'oncall');
EOF

# What is open, as the next check finds it.
sub open_drifts
{
	return $node->safe_psql('postgres',
		"SELECT string_agg(object, ',' ORDER BY object) FROM drift_check()"
		  . " WHERE object_type IN ('table', 'deploy claim')");
}

sub accept_all
{
	$node->safe_psql('postgres', "SELECT drift_accept_all('fine')");
	return;
}

sub session_of
{
	my ($user) = @_;
	return $node->background_psql('postgres', extra_params => [ '-U', $user ]);
}

sub as
{
	my ($user, $sql, %options) = @_;
	my ($code, $out, $err) = $node->psql_as($user, $sql, %options);
	is($code, 0, "$user: $sql") or diag $err;
	return $out;
}

# -- clients by network ------------------------------------------------------------
$node->safe_psql('postgres', "SELECT drift_deployer_add('tool', client => '127.0.0.0/8', implied => true)");
as('tool', 'CREATE TABLE by_socket (i int)');
system_or_bail('psql', '-XAtq', '-h', '127.0.0.1', '-p', $node->port, '-U', 'tool', '-d', 'postgres',
	'-c', 'CREATE TABLE by_network (i int)');
is(open_drifts(), 'public.by_socket', 'a rule for a network is for those who come from it');
accept_all();

# -- the clock ----------------------------------------------------------------------
my $session = session_of('ci');
$session->query_safe("SELECT drift_deploy_begin('clock', scope => 'role')");
$session->query_safe('BEGIN; CREATE TABLE in_time (i int)');
$node->safe_psql('postgres', 'UPDATE schemadrift.deploy SET expires_at = clock_timestamp() WHERE closed_at IS NULL');
$session->query_safe('CREATE TABLE too_late (i int)');
$session->query_safe('COMMIT');
is(open_drifts(), 'public.too_late', 'a command counts when it runs, not when its transaction ends');
is($node->safe_psql('postgres', 'SELECT label, state, commands, cardinality(baseline_versions) FROM drift_deploys()'),
	'clock|expired|1|1', 'what was left open is listed as expired');
like($node->safe_psql('postgres', "SELECT status || ': ' || detail FROM drift_health() WHERE check_name = 'deploys'"),
	qr/^warning: 0 open; 1 left open .* "clock"/, 'and drift_health() says so');
accept_all();
$session->query_safe("SELECT drift_deploy_begin('back', scope => 'role')");
$node->safe_psql('postgres',
	"UPDATE schemadrift.deploy SET expires_at = clock_timestamp() + '5 hours' WHERE label = 'back'");
$session->query_safe('CREATE TABLE clock_back (i int)');
is(open_drifts(), 'public.clock_back', 'a clock that was set back makes no window longer than the longest');
accept_all();
$session->query_safe('SELECT drift_deploy_end()');
$session->quit;

# -- a crash -------------------------------------------------------------------------
$session = session_of('ci');
$session->query_safe("SELECT drift_deploy_begin('crash')");
$session->query_safe('CREATE TABLE before_crash (i int)');
$node->stop('immediate');
$node->start;
eval { $session->quit };
as('ci', 'CREATE TABLE after_crash (i int)');
is(open_drifts(), 'public.after_crash', 'a crash ends the window of a session and keeps what it explained');
is($node->safe_psql('postgres', "SELECT state, commands FROM drift_deploys() WHERE label = 'crash'"),
	'session ended|1', 'and it is listed as ended with its session');
accept_all();

# -- two phases -----------------------------------------------------------------------
as('ci', "BEGIN; SELECT drift_deploy_begin('2pc', scope => 'transaction');"
	  . "CREATE TABLE prepared (i int); PREPARE TRANSACTION 'x'");
as('ci', 'CREATE TABLE beside_prepared (i int)');
is(open_drifts(), 'public.beside_prepared', 'what is prepared is not there yet');
as('ci', "COMMIT PREPARED 'x'");
is(open_drifts(), 'public.beside_prepared', 'what was prepared in a window is of the window');
is($node->safe_psql('postgres', "SELECT state FROM drift_deploys() WHERE label = '2pc'"),
	'transaction ended', 'which ended with the transaction');
accept_all();

# -- an end while somebody else checks ---------------------------------------------------
my $other = session_of($node->safe_psql('postgres', 'SELECT session_user'));
$session = session_of('ci');
$session->query_safe("SELECT drift_deploy_begin('busy')");
$other->query_safe('BEGIN; SELECT FROM drift_check()');
$session->query_safe('CREATE TABLE busy (i int)');
$session->query_safe("SET lock_timeout = '100ms'");
like($session->query_safe('SELECT drift_deploy_end()'),
	qr/not checked now: .*lock timeout; the next check absorbs what is left/,
	'a deploy ends although it cannot be checked now');
$other->query_safe('COMMIT');
$other->quit;
$node->wait_until("SELECT cardinality(baseline_versions) > 0 FROM drift_deploys() WHERE label = 'busy'");
is(open_drifts(), '', 'and the worker absorbs it');
$session->quit;

# -- Sqitch: one session runs the script, another logs it -----------------------------------
$node->safe_psql('postgres', <<'EOF');
SELECT drift_tool_add('sqitch');
CREATE SCHEMA sqitch AUTHORIZATION ci;
CREATE TABLE sqitch.changes (change text);
CREATE TABLE sqitch.events (event text, change text, committed_at timestamptz DEFAULT clock_timestamp());
ALTER TABLE sqitch.changes OWNER TO ci;
ALTER TABLE sqitch.events OWNER TO ci;
SELECT drift_baseline_set();
EOF
$session = session_of('ci');
$session->query_safe('BEGIN; LOCK TABLE sqitch.changes IN EXCLUSIVE MODE');
as('ci', 'CREATE TABLE appschema (i int)');
is(open_drifts(), '', 'Sqitch is recognised while it has not logged the change yet');
$session->query_safe("INSERT INTO sqitch.events (event, change) VALUES ('deploy', 'appschema'); COMMIT");
$session->quit;
as('ci', 'CREATE TABLE after_sqitch (i int)');
is(open_drifts(), 'public.after_sqitch', 'and nothing is recognised after it');
accept_all();

# -- somebody who may not ---------------------------------------------------------------------
$node->safe_psql('postgres', 'SELECT drift_deployer_drop(id) FROM drift_deployers() WHERE id IS NOT NULL');
$pd->forget;
as('tool', 'CREATE TABLE claimed (i int); DROP TABLE claimed', options => '-c schemadrift.deploy=PR-1');
my $request = $pd->wait_for(action => 'trigger');
like($request->{body}, qr/deploy claim/, 'a claim by somebody who may not pages, although nothing is left of it');
is(open_drifts(), 'tool', 'and is open');
accept_all();
is(open_drifts(), '', 'until it is accepted');

$node->stop;
$pd->stop;
done_testing();
