# Snapshot and diff of two live databases against the tools that do the same
# here, side by side in one run: pg-delta and @pgkit/migra (from npm), apgdiff
# (from Debian), and pg_dump -s of both with diff.
#
# Two copies of GitLab's schema (else 1,000 generated tables), ten changes in
# the second.  Compared is processor time, client and server together, the
# median of RUNS (5) in which all take turns; a tool that needs more than 20 s
# has one run, which is printed.  apgdiff reads dumps only, so those are part of
# its time.  Tools that cannot be installed, for want of a network or of Java,
# are left out with a line that says so.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use PostgreSQL::Test::Utils;
use Test::More;

use SchemaDrift::Bench;
use SchemaDrift::Cluster;
use SchemaDrift::Peers;

my $runs = SchemaDrift::Bench::runs(5);
my $slow = 20_000;
my $node = SchemaDrift::Cluster->start_new('peers', databases => [],
	conf => "autovacuum = off\nmax_wal_size = 4GB\nschemadrift.poll_interval = '1h'\n"
	  . "schemadrift.worker_linger = 0\nlisten_addresses = '127.0.0.1'\n");
my ($postmaster) = slurp_file($node->data_dir . '/postmaster.pid') =~ /\A(\d+)/;

my ($schema) = SchemaDrift::Bench::schemas('gitlab');
my $from = $schema ? SchemaDrift::Bench::load($node, $schema) : SchemaDrift::Bench::generate($node, 'generated', 1_000);
my $to = "${from}_changed";
$node->safe_psql('postgres', "CREATE DATABASE $to TEMPLATE $from");
my @tables = split /\n/, $node->safe_psql($to,
	"SELECT oid::regclass FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
	  . ' AND NOT relispartition ORDER BY oid LIMIT 10');
$node->safe_psql($to, join ';', map { "ALTER TABLE $_ ADD COLUMN added_for_the_diff integer" } @tables);
$node->safe_psql($_, 'VACUUM ANALYZE') foreach $from, $to;

my $user = $node->safe_psql('postgres', 'SELECT current_user');
my $other = $node->connstr($to) =~ s/'/''/gr;
my @urls = map { "postgresql://$user\@127.0.0.1:" . $node->port . "/$_" } $from, $to;
my $directory = $node->basedir;
my $dumps = join ' && ', map { "pg_dump -s -f $directory/$_.sql -d '" . $node->connstr($_) . "'" } $from, $to;

my %commands = (
	'schemadrift' => "psql -XAtq -v ON_ERROR_STOP=1 -o /dev/null -d '" . $node->connstr($from)
	  . qq{' -c "SELECT * FROM drift_diff('live', '$other')"},
	'pg_dump -s twice + diff' => "$dumps && { diff $directory/$from.sql $directory/$to.sql >$directory/diff.out; [ \$? = 1 ]; }");
my $peers = SchemaDrift::Peers->new($directory);
my %skipped = %{ $peers->skipped };
$commands{'apgdiff'} = "$dumps && " . $peers->apgdiff("$directory/$from.sql", "$directory/$to.sql") if $peers->apgdiff;
$commands{'pg-delta'} = $peers->pg_delta(@urls) if $peers->pg_delta;
$commands{'@pgkit/migra'} = $peers->migra(@urls) if $peers->migra;
note "left out: $_ ($skipped{$_})" foreach sort keys %skipped;

my %costs;
foreach my $run (1 .. $runs)
{
	foreach my $name (sort keys %commands)
	{
		next if $run > 1 && $costs{$name}[0] > $slow;
		my $cost = SchemaDrift::Bench::cpu_of($postmaster, 'sh', '-c', $commands{$name});
		push @{ $costs{$name} }, $cost->{client} + $cost->{server};
	}
}
my %median = map { $_ => SchemaDrift::Bench::median(@{ $costs{$_} }) } keys %costs;
my $ours = delete $median{schemadrift};
my @others = sort { $median{$a} <=> $median{$b} } keys %median;
note sprintf('%-26s %7.0f ms CPU', 'schemadrift, both live', $ours);
note sprintf('%-26s %7.0f ms CPU: %.1f times ours%s', $_, $median{$_}, $median{$_} / $ours,
	@{ $costs{$_} } > 1 ? '' : ' (one run)') foreach @others;
cmp_ok($median{ $others[0] } / $ours, '>=', 3, "at least three times cheaper than $others[0], the fastest");
note sprintf('times cheaper than the fastest: %.1f (the aim is 10)', $median{ $others[0] } / $ours);

$node->stop('fast');
done_testing();
