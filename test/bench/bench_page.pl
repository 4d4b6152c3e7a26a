# From COMMIT of a rogue ALTER TABLE to the page arriving at the stand-in: both
# times are read from the same clock, the first as the server's own commit
# timestamp.  Each run ends with the revert and its resolve, so that all runs
# start alike.
#
# SD_BENCH_RUNS (200) and SD_BENCH_TABLES (150) change the size.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use PostgreSQL::Test::Utils;
use Test::More;

use SchemaDrift::Cluster;
use SchemaDrift::PagerDuty;

my $runs = $ENV{SD_BENCH_RUNS} // 200;
my $tables = $ENV{SD_BENCH_TABLES} // 150;

my $pd = SchemaDrift::PagerDuty->start;
my $node = SchemaDrift::Cluster->start_new('page', pagerduty => $pd,
	conf => "track_commit_timestamp = on\nschemadrift.worker_linger = '10s'\n");
$node->safe_psql('postgres', <<"EOF");
CREATE TABLE t0 (id int PRIMARY KEY);
DO \$\$
BEGIN
	FOR n IN 1..$tables LOOP
		EXECUTE format('CREATE TABLE t%s (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL,
			amount numeric(12,2) CHECK (amount > 0), at timestamptz DEFAULT now(), other int REFERENCES t%s)',
			n, n - 1);
		EXECUTE format('CREATE INDEX ON t%s (name)', n);
	END LOOP;
END \$\$;
SELECT drift_watch(channel => 'oncall');
EOF

# One run: milliseconds from COMMIT to the page.
sub run_once
{
	my ($n) = @_;
	my $table = 't' . (1 + $n % $tables);
	$pd->forget;
	$node->safe_psql('postgres', "ALTER TABLE $table ADD COLUMN rogue_$n text");
	my $page = $pd->wait_for(action => 'trigger', timeout => 60);
	my $committed = $node->safe_psql('postgres', <<"EOF");
SELECT extract(epoch FROM pg_xact_commit_timestamp(xid::text::xid))
  FROM schemadrift.event WHERE statement LIKE '%rogue_$n text%' ORDER BY id DESC LIMIT 1
EOF
	$node->safe_psql('postgres', "ALTER TABLE $table DROP COLUMN rogue_$n");
	$pd->wait_for(action => 'resolve', timeout => 60);
	return 1000 * ($page->{at} - $committed);
}

my @times = sort { $a <=> $b } map { run_once($_) } 1 .. $runs;
note sprintf("COMMIT to page, %d tables, %d runs: median %.0f ms, p99 %.0f ms, maximum %.0f ms",
  $tables, $runs, $times[ $#times / 2 ], $times[ int(0.99 * $#times) ], $times[-1]);
ok($times[-1] < 60_000, 'every rogue change was paged');
$node->stop('fast');
$pd->stop;
done_testing();
