# A whole snapshot, and a check of a schema that did not change, against
# pg_dump -s of the same database in the same run.
#
# Compared is processor time, client and server together, each time in a session
# of its own, since a fresh session's empty caches are part of the price: the
# median of RUNS (5) runs, in which the three take turns.  Times are those of
# the postmaster's ended children, so nothing else runs on this server, which is
# preloaded, but whose workers only look at a new database once.
#
# Databases: GitLab's schema of SHARED/schemas where it is at hand, and 10,000
# generated tables.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use PostgreSQL::Test::Utils;
use Test::More;

use SchemaDrift::Bench;
use SchemaDrift::Cluster;

my $runs = SchemaDrift::Bench::runs(5);
my $node = SchemaDrift::Cluster->start_new('snapshot', databases => [],
	conf => "autovacuum = off\nmax_wal_size = 4GB\nschemadrift.poll_interval = '1h'\n"
	  . "schemadrift.worker_linger = 0\n");
my ($postmaster) = slurp_file($node->data_dir . '/postmaster.pid') =~ /\A(\d+)/;

sub cost_of
{
	my ($database, $sql) = @_;
	return SchemaDrift::Bench::cpu_of($postmaster, 'psql', '-XAtq', '-d', $node->connstr($database),
		'-v', 'ON_ERROR_STOP=1', '-o', '/dev/null', '-c', $sql);
}

# (median CPU, median elapsed) of costs
sub medians
{
	my @costs = @_;
	return (SchemaDrift::Bench::median(map { $_->{client} + $_->{server} } @costs),
		SchemaDrift::Bench::median(map { $_->{elapsed} } @costs));
}

sub measure
{
	my ($database) = @_;
	my %costs;
	$node->safe_psql($database, "SELECT drift_baseline_set()");
	$node->safe_psql($database, 'VACUUM ANALYZE');
	foreach (1 .. $runs)
	{
		push @{ $costs{dump} }, SchemaDrift::Bench::cpu_of($postmaster, 'pg_dump', '-s',
			'-f', '/dev/null', '-d', $node->connstr($database));
		push @{ $costs{snapshot} }, cost_of($database, 'SELECT drift_fingerprint()');
		push @{ $costs{check} }, cost_of($database, 'SELECT * FROM drift_check()');
	}
	my ($dump, $dump_elapsed) = medians(@{ $costs{dump} });
	my ($snapshot, $snapshot_elapsed) = medians(@{ $costs{snapshot} });
	my ($check, $check_elapsed) = medians(@{ $costs{check} });
	note sprintf("%-24s pg_dump -s %5.0f ms CPU (%5.0f elapsed) | snapshot %5.0f (%5.0f): %.1f times cheaper"
		  . " | unchanged check %5.0f (%5.0f): %.1f times cheaper",
		$database, $dump, $dump_elapsed, $snapshot, $snapshot_elapsed, $dump / ($snapshot || 10),
		$check, $check_elapsed, $dump / ($check || 10));
	return $dump / ($snapshot || 10);
}

foreach my $schema (SchemaDrift::Bench::schemas('gitlab'))
{
	my $database = SchemaDrift::Bench::load($node, $schema);
	my $ratio = measure($database);
	ok($ratio >= 5, "a snapshot of $schema->{name} is at least five times cheaper than pg_dump -s");
	$node->safe_psql('postgres', "DROP DATABASE $database");
}
note 'no real schema at hand (SHARED)' unless SchemaDrift::Bench::schemas('gitlab');
my $ratio = measure(SchemaDrift::Bench::generate($node, 'generated_10000', 10_000));
ok($ratio >= 5, 'a snapshot of 10,000 tables is at least five times cheaper than pg_dump -s');
$node->stop('fast');
done_testing();
