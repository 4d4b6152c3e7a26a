# A storm of DDL: how many pages, how many rows, and what it costs whoever runs
# the DDL.
#
# DDL (default 10000) commands, each in a transaction of its own, from one
# session without a pause, in two storms: "mix" makes tables with a key, adds
# columns, indexes and comments in turns; "comments" is the cheapest command
# there is and nothing else, so that what capture adds weighs most.  A database
# that is watched, with the worker, the outbox and the stand-in for PagerDuty
# behind it, and one that is not take turns, RUNS (3) times each.  Printed are
# pages, rows, and the ratio of the medians of elapsed and of the session's own
# processor time.  Settings are the shipped ones.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time sleep);

use SchemaDrift::Bench;
use SchemaDrift::Cluster;
use SchemaDrift::PagerDuty;

my $runs = SchemaDrift::Bench::runs(3);
my $count = $ENV{DDL} || 10000;
my $pd = SchemaDrift::PagerDuty->start;
my $node = SchemaDrift::Cluster->start_new('storm', pagerduty => $pd, databases => ['watched'],
	conf => "autovacuum = off\nmax_wal_size = 4GB\nschemadrift.poll_interval = '30s'\n"
	  . "schemadrift.worker_linger = '10s'\n");
$node->safe_psql('postgres', 'CREATE DATABASE alone');
$node->safe_psql('watched', "SELECT drift_watch(channel => 'oncall')");

my %command = (
	mix => sub {
		my ($run, $n) = @_;
		my $table = "r${run}_" . int($n / 4);
		return (
			"CREATE TABLE $table (id int PRIMARY KEY, a text)",
			"ALTER TABLE $table ADD COLUMN b text",
			"CREATE INDEX ON $table (a)",
			"COMMENT ON TABLE $table IS '$n'")[ $n % 4 ];
	},
	comments => sub {
		my ($run, $n) = @_;
		return "COMMENT ON TABLE r1_" . ($n % 500) . " IS '$run, $n'";
	});

# The storm; elapsed and the session's processor seconds.
sub storm
{
	my ($database, $what, $run) = @_;
	my $sql = "SELECT $SchemaDrift::Bench::cpu_sql AS before \\gset\n";
	$sql .= $command{$what}->($run, $_) . ";\n" foreach 0 .. $count - 1;
	$sql .= "SELECT ($SchemaDrift::Bench::cpu_sql - :before) / 1000;\n";
	my $start = time;
	my ($status, $out, $err) = $node->psql_as($node->safe_psql('postgres', 'SELECT current_user'), $sql,
		database => $database);
	is($status, 0, "$what over $database") or diag $err;
	return (time - $start, $out);
}

# When the tail of it is told, too: pages and rows.
sub aftermath
{
	my ($elapsed, $ended) = (@_, time);
	$node->poll_query_until('watched', "SELECT count(*) >= $count / 4 FROM schemadrift.drift"
		  . " WHERE object_type = 'table' AND state = 'open'");
	note sprintf('all of it was found %.0f s after the storm', time - $ended);
	$node->poll_query_until('watched', "SELECT count(*) = 0 FROM drift_incidents()"
		  . " WHERE state = 'open' AND tell_at IS NOT NULL");
	$node->poll_query_until('watched',
		"SELECT count(*) = 0 FROM schemadrift.delivery WHERE state IN ('pending', 'sending')");
	my $pages = $pd->requests(action => 'trigger');
	cmp_ok($pages, '<=', 3, "$count commands in " . sprintf('%.0f', $elapsed) . " s are $pages pages");
	note sprintf('the last page came %.0f s after the storm', time - $ended);
	note 'rows: ' . $node->safe_psql('watched', "SELECT format('%s in the outbox, %s of the log, %s drifts,"
		  . " %s incidents', (SELECT count(*) FROM schemadrift.delivery),"
		  . " (SELECT count(*) FROM schemadrift.event), (SELECT count(*) FROM schemadrift.drift),"
		  . " (SELECT count(*) FROM schemadrift.incident))");
	is($node->safe_psql('watched', 'SELECT count(*) FROM schemadrift.event'), $count, 'each command is in the log');
	return;
}

my (%elapsed, %cpu);
foreach my $what ('mix', 'comments')
{
	foreach my $run (1 .. $runs)
	{
		foreach my $database ($run % 2 ? ('watched', 'alone') : ('alone', 'watched'))
		{
			my ($elapsed, $cpu) = storm($database, $what, $run);
			push @{ $elapsed{$what}{$database} }, $elapsed;
			push @{ $cpu{$what}{$database} }, $cpu;
			next if $database eq 'alone';
			aftermath($elapsed) if $what eq 'mix' && $run == 1;
			$node->safe_psql('watched', "SELECT drift_accept_all('$what $run')");
		}
	}
	foreach my $figure ([ 'elapsed', $elapsed{$what} ], [ 'processor', $cpu{$what} ])
	{
		my ($name, $times) = @$figure;
		my ($watched, $alone) = map { SchemaDrift::Bench::median(@{ $times->{$_} }) } ('watched', 'alone');
		note sprintf('%-8s %-9s %6.2f s watched, %6.2f s not watched: %+.0f%%, %.0f us a command'
			  . ' (medians of %d runs of %d commands)', $what, $name, $watched, $alone,
			100 * ($watched / $alone - 1), 1e6 * ($watched - $alone) / $count, $runs, $count);
	}
}
$node->stop('fast');
$pd->stop;
done_testing();
