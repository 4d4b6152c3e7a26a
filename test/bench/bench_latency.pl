# From COMMIT of a rogue ALTER TABLE to the page arriving.
#
# The server is preloaded and armed.  A contractor adds a column; the time is
# taken in his session just before COMMIT is sent, and the stand-in for
# PagerDuty, which speaks TLS, notes on the same clock when it has read the
# request.  The column is dropped again and the incident's resolve awaited, so
# each run opens an incident of its own and pages.
#
#	  warm   a worker is attached to the database (schemadrift.worker_linger)
#	  cold   none is (worker_linger 0): the launcher starts one, which connects
#	         to the database and to the service
#
# Elapsed time includes waiting for whoever else uses the machine; the worker's
# processor time from the page to its next rest, one check and one message, is
# printed beside it for the warm runs.
#
# RUNS (200) runs each on 150 generated tables, 30 on GitLab's schema where
# SHARED/schemas has it.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use PostgreSQL::Test::Utils;
use Test::More;

use SchemaDrift::Bench;
use SchemaDrift::Cluster;
use SchemaDrift::PagerDuty;

my $runs = SchemaDrift::Bench::runs(200);
my $pd = SchemaDrift::PagerDuty->start;
my $node = SchemaDrift::Cluster->start_new('latency', pagerduty => $pd, databases => [],
	conf => "autovacuum = off\nschemadrift.poll_interval = '1h'\nmax_wal_size = 2GB\n");
$node->safe_psql('postgres', 'CREATE ROLE contractor LOGIN');

sub workers
{
	return $node->safe_psql('postgres',
		"SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'schemadrift worker'");
}

# Processor ms of the attached worker so far, as it rests; 0 when none is there.
sub worker_cpu
{
	my ($pid) = split /\n/, $node->safe_psql('postgres', <<'EOF');
SELECT pid FROM pg_stat_activity WHERE backend_type = 'schemadrift worker'
EOF
	return 0 unless $pid;
	$node->poll_query_until('postgres', "SELECT state = 'idle' FROM pg_stat_activity WHERE pid = $pid");
	return (split / /, slurp_file("/proc/$pid/schedstat"))[0] / 1e6;
}

# Alter as the contractor; the time at which COMMIT was sent.
sub alter
{
	my ($database, $statement) = @_;
	my ($status, $out, $err) = $node->psql_as('contractor',
		"BEGIN;\n$statement;\nSELECT extract(epoch FROM clock_timestamp());\nCOMMIT;\n",
		database => $database);
	die "$statement: $err\n" if $status != 0;
	return $out;
}

# One run: milliseconds from COMMIT to the page, and of the worker's processor.
sub run_once
{
	my ($database, $table, $n, $cold) = @_;
	$node->poll_query_until('postgres',
		"SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'schemadrift worker'", '0')
	  if $cold;
	$pd->forget;
	my $cpu = $cold ? 0 : worker_cpu();
	my $committed = alter($database, "ALTER TABLE $table ADD COLUMN rogue_$n text");
	my $page = $pd->wait_for(action => 'trigger', timeout => 120);
	$cpu = worker_cpu() - $cpu unless $cold;
	alter($database, "ALTER TABLE $table DROP COLUMN rogue_$n");
	$pd->wait_for(action => 'resolve', timeout => 120);
	return { elapsed => 1000 * ($page->{at} - $committed), cpu => $cpu };
}

sub measure
{
	my ($database, $what, $n, @tables) = @_;
	my %times;
	foreach my $mode ('warm', 'cold')
	{
		$node->safe_psql('postgres', sprintf("ALTER SYSTEM SET schemadrift.worker_linger = '%s'",
				$mode eq 'warm' ? '60s' : '0'));
		$node->reload;
		# one that is not counted, after which the mode holds
		run_once($database, $tables[0], "first_$mode", 0);
		$times{$mode} =
		  [ map { run_once($database, $tables[ $_ % @tables ], "${mode}_$_", $mode eq 'cold') } 1 .. $n ];
		note sprintf('COMMIT to page, %s, %s, %d runs: %s', $what, $mode, $n,
			SchemaDrift::Bench::summary(map { $_->{elapsed} } @{ $times{$mode} }));
	}
	note sprintf('the worker\'s processor time for it, warm: %s',
		SchemaDrift::Bench::summary(map { $_->{cpu} } @{ $times{warm} }));
	return SchemaDrift::Bench::median(map { $_->{elapsed} } @{ $times{warm} });
}

# Armed and routed, its tables the contractor's.
sub prepare
{
	my ($database, $condition) = @_;
	$node->add_channel($database, $pd);
	my @tables = split /\n/, $node->safe_psql($database, <<"EOF");
SELECT c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND NOT c.relispartition AND n.nspname = 'public' $condition
 ORDER BY c.relname COLLATE "C" LIMIT 150
EOF
	$node->safe_psql($database, join('', map { "ALTER TABLE $_ OWNER TO contractor;\n" } @tables)
		  . "GRANT ALL ON SCHEMA public TO contractor; SELECT drift_watch(channel => 'oncall'); VACUUM ANALYZE");
	return @tables;
}

my $small = SchemaDrift::Bench::generate($node, 'small', 150);
my $median = measure($small, '150 tables', $runs, prepare($small, ''));
ok($median < 50, 'a page takes less than 50 ms on a small schema');

foreach my $schema (SchemaDrift::Bench::schemas('gitlab'))
{
	my $database = SchemaDrift::Bench::load($node, $schema);
	my @tables = prepare($database,
		"AND NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhparent = c.oid)");
	measure($database, 'GitLab', $runs < 30 ? $runs : 30, @tables);
}
$node->stop('fast');
$pd->stop;
done_testing();
