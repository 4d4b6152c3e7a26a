# How much more room a hundred versions of a baseline take than one.
#
# GitLab's schema (else 1,000 generated tables): one version is stored and its
# tables measured; then comes ten changes, another version, and so on up to RUNS
# (100).  Sizes are of the tables of baselines with their indexes, after VACUUM.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use PostgreSQL::Test::Utils;
use Test::More;

use SchemaDrift::Bench;
use SchemaDrift::Cluster;

my $versions = SchemaDrift::Bench::runs(100);
my $node = SchemaDrift::Cluster->start_new('baselines', preload => '', databases => [],
	conf => "autovacuum = off\nfsync = off\n");
my ($schema) = SchemaDrift::Bench::schemas('gitlab');
my $database = $schema ? SchemaDrift::Bench::load($node, $schema) :
  SchemaDrift::Bench::generate($node, 'generated', 1_000);

sub size
{
	$node->safe_psql($database, 'VACUUM FULL schemadrift.baseline') if $_[0];
	return $node->safe_psql($database, q{SELECT sum(pg_total_relation_size(oid)) FROM pg_class
		WHERE relnamespace = 'schemadrift'::regnamespace AND relkind = 'r' AND relname LIKE 'baseline%'}) / 1024 / 1024;
}

$node->safe_psql($database, "SELECT drift_baseline_set('many')");
my $one = size();
my @tables = split /\n/, $node->safe_psql($database,
	"SELECT oid::regclass FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
	  . ' AND NOT relispartition ORDER BY oid LIMIT 1000');
foreach my $version (2 .. $versions)
{
	my @changed = @tables[ map { ($version * 10 + $_) % @tables } 0 .. 9 ];
	$node->safe_psql($database, join ';',
		(map { "ALTER TABLE $_ ADD COLUMN of_version_$version integer" } @changed),
		"SELECT drift_baseline_set('many')");
}
my $many = size();
note sprintf('one version %.1f MB, %d versions with 10 changes between them %.1f MB: %.2f times',
	$one, $versions, $many, $many / $one);
cmp_ok($many / $one, '<=', 2, "$versions versions take at most twice the room of one");

$node->safe_psql($database, "SELECT drift_baseline_set('tenant_' || n) FROM generate_series(1, 10) n");
my $tenants = size();
note sprintf('ten more baselines of the same shape: %.1f MB more, %.2f of one each',
	$tenants - $many, ($tenants - $many) / 10 / $one);

$node->stop('fast');
done_testing();
