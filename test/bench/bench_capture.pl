# What capture adds to a DDL statement: µs of the session's own processor time,
# armed against disarmed.
#
# In each of RUNS (40) rounds the same statements are run once with the event
# triggers enabled and once with them disabled, in turns, in one session; a
# figure is the median of the rounds' differences, which a machine that becomes
# slower or faster meanwhile leaves alone.  A statement is repeated so that
# the clock's resolution does not matter, all in one transaction, whose commit
# is not counted.  Of transaction ids it counts what such a transaction draws
# beyond the one of its own.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use PostgreSQL::Test::Utils;
use Test::More;

use SchemaDrift::Bench;
use SchemaDrift::Cluster;

my $runs = SchemaDrift::Bench::runs(40);
my $repeat = 50;
my $node = SchemaDrift::Cluster->start_new('capture',
	conf => "autovacuum = off\nschemadrift.poll_interval = '1h'\nmax_wal_size = 2GB\n");
my @statements = (
	[ COMMENT => "COMMENT ON TABLE subject IS 'text %d'" ],
	[ 'ALTER TABLE' => 'ALTER TABLE subject ALTER COLUMN name SET STATISTICS %d' ],
	[ 'CREATE TABLE' => 'CREATE TABLE made_%d (id int PRIMARY KEY, name text)' ],
	[ GRANT => 'GRANT SELECT (name) ON subject TO grantee_%d' ]);


$node->safe_psql('postgres', join('', map { "CREATE ROLE grantee_$_;\n" } 1 .. $repeat)
	  . 'CREATE TABLE subject (id int, name text); SELECT drift_watch()');
my @triggers = split /\n/, $node->safe_psql('postgres',
	'SELECT quote_ident(evtname) FROM pg_event_trigger ORDER BY 1');

# One round in a transaction that is rolled back; prints "what armed ms".
sub round_sql
{
	my ($what, $template, $armed) = @_;
	my $sql = "BEGIN;\n";
	$sql .= join('', map { "ALTER EVENT TRIGGER $_ DISABLE;\n" } @triggers) unless $armed;
	$sql .= "SELECT $SchemaDrift::Bench::cpu_sql AS before, pg_current_xact_id() AS xid \\gset\n";
	$sql .= join('', map { sprintf("$template;\n", $_) } 1 .. $repeat);
	$sql .= "SELECT '$what', $armed, $SchemaDrift::Bench::cpu_sql - :before;\n";
	$sql .= "ROLLBACK;\n";
	return $sql . "SELECT '$what ids', $armed, pg_current_xact_id()::text::bigint - :xid - 1;\n";
}

my $script = '';
foreach my $round (1 .. $runs)
{
	foreach my $statement (@statements)
	{
		# who goes first changes, so that neither has the warmer caches
		$script .= round_sql(@{$statement}, ($round + $_) % 2) foreach (0, 1);
	}
}
my ($status, $out, $err) = $node->psql_as($node->safe_psql('postgres', 'SELECT current_user'), $script);
is($status, 0, 'all rounds ran') or diag $err;
my (%times, %ids);
foreach my $line (split /\n/, $out)
{
	my ($what, $armed, $value) = split /\|/, $line;
	if ($what =~ s/ ids$//)
	{
		push @{ $ids{$what}[$armed] }, $value / $repeat;
	}
	else
	{
		push @{ $times{$what}[$armed] }, 1000 * $value / $repeat;
	}
}
foreach my $statement (@statements)
{
	my $what = $statement->[0];
	my ($disarmed, $armed) = map { $times{$what}[$_] } (0, 1);
	my $added = SchemaDrift::Bench::median(map { $armed->[$_] - $disarmed->[$_] } 0 .. $#{$armed});
	($disarmed, $armed) = map { SchemaDrift::Bench::median(@{$_}) } ($disarmed, $armed);
	note sprintf('%-12s %6.1f us disarmed, %6.1f us armed: capture adds %.1f us (%.0f%%) and %g transaction ids,'
		. ' medians of %d rounds of %d',
		$what, $disarmed, $armed, $added, 100 * $added / $disarmed,
		SchemaDrift::Bench::median(@{ $ids{$what}[1] }), $runs, $repeat);
}
$node->stop('fast');
done_testing();
