# A check of a schema that did not change, and of one in which a single table
# did, against pg_dump -s of the same database in the same run.
#
# Compared is processor time, client and server together, each time in a session
# of its own: connecting and a fresh session's empty caches are part of the
# price.  A check takes little more than the clock's tick of 10 ms, so each of
# the RUNS (5) measures a batch of them; given is the median.  What the check of
# a changed table costs is a batch of changes, each followed by a check, less a
# batch of changes alone.
#
# Bars: an unchanged check is 50 times cheaper than pg_dump -s for GitLab's schema and
# 30 times for 10,000 tables; one changed table among them costs at most 3 times
# an unchanged check.  Databases as for bench_snapshot.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use PostgreSQL::Test::Utils;
use Test::More;

use SchemaDrift::Bench;
use SchemaDrift::Cluster;

my $runs = SchemaDrift::Bench::runs(5);
my $batch = 10;
my $node = SchemaDrift::Cluster->start_new('check', databases => [],
	conf => "autovacuum = off\nmax_wal_size = 4GB\nschemadrift.poll_interval = '1h'\n"
	  . "schemadrift.worker_linger = 0\n");
my ($postmaster) = slurp_file($node->data_dir . '/postmaster.pid') =~ /\A(\d+)/;
my $changes = 0;

# Processor ms of one of a batch; each is some sessions one after the other.
sub cost_of
{
	my ($database, $size, @sessions) = @_;
	my $script = join(' && ', map { $_ eq 'dump' ? 'pg_dump -s -f /dev/null -d "$1"' :
		  "psql -XAtq -d \"\$1\" -o /dev/null -c \"$_\"" } @sessions);
	my $first = $changes + 1;
	my $last = $changes += $size;
	my $cost = SchemaDrift::Bench::cpu_of($postmaster, 'sh', '-c',
		"n=$first; while [ \$n -le $last ]; do $script || exit 1; n=\$((n + 1)); done", 'sh',
		$node->connstr($database));
	return ($cost->{client} + $cost->{server}) / $size;
}

sub measure
{
	my ($database, $table) = @_;
	my ($check, $change) = ('SELECT * FROM drift_check()', "COMMENT ON TABLE $table IS '\$n'");
	my %costs;
	$node->safe_psql($database, "SELECT drift_baseline_set()");
	$node->safe_psql($database, 'VACUUM ANALYZE');
	$node->safe_psql($database, $check);
	foreach (1 .. $runs)
	{
		push @{ $costs{dump} }, cost_of($database, 1, 'dump');
		push @{ $costs{connect} }, cost_of($database, $batch, 'SELECT 1');
		push @{ $costs{unchanged} }, cost_of($database, $batch, $check);
		push @{ $costs{both} }, cost_of($database, $batch, $change, $check);
		push @{ $costs{change} }, cost_of($database, $batch, $change);
		$node->safe_psql($database, $check);
	}
	is($node->safe_psql($database, 'SELECT count(*) FROM drift_check()'), '1', "$database: the change is found");
	my %cost = map { $_ => SchemaDrift::Bench::median(@{ $costs{$_} }) } keys %costs;
	my $changed = $cost{both} - $cost{change};
	note sprintf("%-20s pg_dump -s %5.0f ms CPU | connecting alone %4.1f | unchanged check %5.1f: %5.1f times cheaper"
		  . " | one table changed %5.1f: %.1f times the unchanged check",
		$database, $cost{dump}, $cost{connect}, $cost{unchanged}, $cost{dump} / $cost{unchanged},
		$changed, $changed / $cost{unchanged});
	return ($cost{dump} / $cost{unchanged}, $changed / $cost{unchanged});
}

foreach my $schema (SchemaDrift::Bench::schemas('gitlab'))
{
	my $database = SchemaDrift::Bench::load($node, $schema);
	my ($cheaper) = measure($database, 'abuse_events');
	cmp_ok($cheaper, '>=', 50, 'an unchanged check of GitLab costs a fiftieth of pg_dump -s');
	$node->safe_psql('postgres', "DROP DATABASE $database");
}
note 'no real schemas at hand (SHARED)' unless SchemaDrift::Bench::schemas();
my ($cheaper, $changed) = measure(SchemaDrift::Bench::generate($node, 'generated_10000', 10_000), 't5000');
cmp_ok($cheaper, '>=', 30, 'an unchanged check of 10,000 tables costs a thirtieth of pg_dump -s');
cmp_ok($changed, '<=', 3, 'one changed table among them costs three unchanged checks at most');
$node->stop('fast');
done_testing();
