# What a plain user can do about being told on: nothing.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use PostgreSQL::Test::Utils;
use Test::More;

use SchemaDrift::Cluster;

my $node = SchemaDrift::Cluster->start_new('main', databases => [ 'postgres', 'other' ],
	conf => "schemadrift.worker_linger = '10min'\n");
$node->safe_psql('postgres', 'CREATE ROLE plain LOGIN; CREATE TABLE t (i int); SELECT drift_watch()');

# -- locks that anybody may take ------------------------------------------------
my $session = $node->background_psql('postgres', extra_params => [ '-U', 'plain' ]);
$session->query_safe('SELECT pg_advisory_lock(1935962729), pg_advisory_lock(1398032203, 1)');
$session->query_safe("SELECT pg_advisory_lock(0, 1396986441), pg_advisory_lock($_, 2), pg_advisory_lock($_, 1)")
  foreach 1396986441;
$node->safe_psql('postgres', 'ALTER TABLE t ADD COLUMN rogue int');
$node->wait_until("SELECT count(*) = 1 FROM schemadrift.drift WHERE object LIKE '%rogue%'");
pass('advisory locks hold up neither worker nor check');
$session->quit;

# -- commands that the server will refuse -----------------------------------------
my $workers = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'schemadrift worker' AND datname = 'postgres'";
$node->wait_until("SELECT count(*) = 1 FROM ($workers) w");
my $pid = $node->safe_psql('postgres', $workers);
foreach my $sql ('DROP DATABASE postgres', 'ALTER DATABASE postgres RENAME TO mine',
	'CREATE DATABASE mine TEMPLATE postgres')
{
	my ($code, $out, $err) = $node->psql_as('plain', $sql, database => 'other');
	like($err, qr/must be owner|permission denied/, "refused: $sql");
}
is($node->safe_psql('postgres', $workers), $pid, 'and the worker stayed');

# -- a command that capture missed -------------------------------------------------
$node->safe_psql('postgres', "SET client_min_messages = error; SET schemadrift.inject_fault = 'capture.insert';"
	  . ' ALTER TABLE t ADD COLUMN missed int');
$node->wait_until("SELECT count(*) = 1 FROM schemadrift.drift WHERE object LIKE '%missed%' AND class = 'unattributed'");
pass('a missed command is looked for at once');

# -- a scheduled command has the rights of who scheduled it ---------------------------
$node->safe_psql('postgres', 'GRANT EXECUTE ON FUNCTION drift_fingerprint(text) TO plain');
$node->safe_psql('postgres', q{INSERT INTO schemadrift.run (command, run_as)
	VALUES ('SELECT drift_fingerprint(''dbname=other'')', 'plain'); SELECT drift_worker_start()});
$node->wait_until("SELECT count(*) = 1 FROM schemadrift.run WHERE state = 'failed'");
is($node->safe_psql('postgres', 'SELECT result FROM schemadrift.run'),
	'only superusers may compare with a connection string', 'no superuser by way of a worker');

$node->stop;
done_testing();
