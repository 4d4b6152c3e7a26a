# History: any moment that a check saw can be rebuilt.  Over a random sequence
# of DDL, with checks of a part and of everything, acceptances, baselines set and
# rolled back, deploys, restarts and crashes, what asof: gives later is what live
# was when the check had just been made: its fingerprint and each object's DDL.
# SD_SEED gives another run, SD_SEED=0 one by chance; the seed is printed.  Then: retention, by a worker.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use PostgreSQL::Test::Utils;
use Test::More;

use SchemaDrift::Cluster;

my $seed = $ENV{SD_SEED} // 20261120;
$seed ||= int(rand(2**31));
srand($seed);
note "SD_SEED=$seed";

# No worker may check before we do.
my $node = SchemaDrift::Cluster->start_new('main', databases => ['watched'], preload => '',
	conf => "max_worker_processes = 0\n");
$node->safe_psql('watched', <<'EOS');
CREATE ROLE migrator LOGIN;
GRANT CREATE ON DATABASE watched TO migrator;
GRANT CREATE ON SCHEMA public TO migrator;
CREATE SCHEMA s1;
CREATE TABLE public.p (k integer, v text) PARTITION BY RANGE (k);
SELECT drift_watch();
SELECT drift_deployer_add('migrator');
EOS

sub any { return $_[ rand @_ ] }

# Most of them fail now and then; that does not matter.
sub statement
{
	my $table = any('public', 's1', 's2') . '.' . any('t1', 't2', 't3', 'p');
	my $other = any('t1', 't2', 't3', 't4');
	my $column = any('a', 'b', 'c', '"D d"');
	my $n = int(rand(1000));
	return any(
		"CREATE TABLE $table (a integer, b text DEFAULT 'x$n')",
		"CREATE TABLE $table (a integer PRIMARY KEY, c integer CHECK (c > $n))",
		"CREATE TABLE s1.part$n PARTITION OF public.p FOR VALUES FROM ($n) TO (" . ($n + 1) . ')',
		"DROP TABLE $table CASCADE",
		"ALTER TABLE $table RENAME TO $other",
		"ALTER TABLE $table RENAME COLUMN a TO $column",
		"ALTER TABLE $table ADD COLUMN $column integer DEFAULT $n",
		"ALTER TABLE $table DROP COLUMN $column CASCADE",
		"ALTER TABLE $table ALTER COLUMN b SET DEFAULT '$n'",
		"ALTER TABLE $table SET SCHEMA " . any('s1', 's2', 'public'),
		"COMMENT ON TABLE $table IS 'comment $n'",
		"COMMENT ON COLUMN $table.$column IS 'comment $n'",
		"CREATE INDEX ON $table ($column)",
		"CREATE VIEW v$n AS SELECT * FROM $table",
		"CREATE OR REPLACE FUNCTION s1.f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT $n'",
		'ALTER FUNCTION s1.f(integer) SET SCHEMA s2',
		"GRANT SELECT ON $table TO migrator",
		"CREATE SCHEMA s2",
		'ALTER SCHEMA s2 RENAME TO s3',
		'ALTER SCHEMA s3 RENAME TO s2',
		'DROP SCHEMA s2 CASCADE',
		"ALTER DATABASE watched SET work_mem = '${n}MB'",
		"CREATE TYPE s1.e$n AS ENUM ('x', 'y')",
		"SET SESSION AUTHORIZATION migrator; SET schemadrift.deploy = 'release $n';"
		  . " CREATE TABLE public.m$n (id integer); RESET schemadrift.deploy; RESET SESSION AUTHORIZATION");
}

my $state = <<'EOS';
SELECT clock_timestamp();
SELECT drift_fingerprint();
SELECT md5(string_agg(concat_ws('|', kind, identity, definition, fingerprint), E'\n' ORDER BY kind, identity))
  FROM drift_objects();
EOS
my @moments;
my %done;

foreach my $step (1 .. 120)
{
	my $statements = join(";\n", map { statement() } 1 .. 1 + rand 3);
	$node->psql('watched', $statements, on_error_stop => 0, stderr => \my $ignored);
	my $how = any(('part') x 8, 'full', 'accept', 'baseline', 'rollback', 'restart', 'crash', 'none');
	$done{$how}++;
	next if $how eq 'none';
	$node->restart if $how eq 'restart';
	if ($how eq 'crash')
	{
		$node->stop('immediate');
		$node->start;
	}
	my $do = $how eq 'full' ? 'SET schemadrift.full_check_interval = 0; SELECT count(*) FROM drift_check();'
	  : $how eq 'accept' ? "SELECT drift_accept_all('because');"
	  : $how eq 'baseline' ? 'SELECT drift_baseline_set();'
	  : 'SELECT count(*) FROM drift_check();';
	# back to an older version, which makes other drifts of the same schema
	$do .= "SELECT drift_baseline_rollback(version => 1); SELECT count(*) FROM drift_check();" if $how eq 'rollback';
	push @moments, { how => $how, step => $step,
		state => [ (split /\n/, $node->safe_psql('watched', "$do $state"))[ -3 .. -1 ] ] };
}
note join(', ', map { "$_ $done{$_}" } sort keys %done);

my $wrong = 0;
foreach my $moment (@moments)
{
	my ($at, $fingerprint, $objects) = @{ $moment->{state} };
	my $then = $node->safe_psql('watched', <<"EOS");
SELECT drift_fingerprint('asof:$at');
SELECT md5(string_agg(concat_ws('|', kind, identity, definition, fingerprint), E'\\n' ORDER BY kind, identity))
  FROM drift_objects('asof:$at');
EOS
	next if $then eq "$fingerprint\n$objects";
	$wrong++;
	diag "step $moment->{step} ($moment->{how}) at $at: $then instead of $fingerprint $objects";
}
is($wrong, 0, scalar(@moments) . ' moments are rebuilt as they were');
is($node->safe_psql('watched',
		"SELECT * FROM schemadrift.history WHERE who IS NULL AND object_type <> 'database_setting'"),
	'', 'each change has its author, but those that no trigger sees');
cmp_ok($node->safe_psql('watched', 'SELECT count(*) FROM schemadrift.history'), '>', 50, 'there is a history');

# What asof: says changed since a moment is what the plan back to it takes back.
my $middle = $moments[ @moments / 2 ]{state};
my $script = $node->safe_psql('watched', "SELECT drift_sql('live', 'asof:$middle->[0]')");
$node->psql('watched', $script, stderr => \my $failure);
diag "$failure\n$script" if $failure;
# ALTER TABLE adds columns at the end
is($node->safe_psql('watched', <<"EOS"), '', 'and the way back leads there') or diag "SD_SEED=$seed\n$script";
SELECT * FROM drift_diff('asof:$middle->[0]', 'live') WHERE attribute IS DISTINCT FROM 'column_order';
EOS
$node->stop('fast');

# -- retention ---------------------------------------------------------------------

my $worked = SchemaDrift::Cluster->start_new('worked', databases => ['watched'],
	conf => "schemadrift.poll_interval = '200ms'\nschemadrift.history_retention = '30d'\n"
	  . "schemadrift.event_retention = '20d'\n");
$worked->safe_psql('watched', 'CREATE TABLE t (a integer); SELECT drift_watch()');
foreach my $n (1 .. 5)
{
	$worked->safe_psql('watched', "COMMENT ON TABLE t IS '$n'; SELECT count(*) FROM drift_check()");
}
$worked->safe_psql('watched', "SELECT drift_accept_all('all'); SELECT count(*) FROM drift_check()");
my $last = $worked->safe_psql('watched', 'SELECT drift_fingerprint()');
$worked->safe_psql('watched', <<'EOS');
UPDATE schemadrift.observation SET seen_at = seen_at - interval '40 days'
 WHERE id < (SELECT max(id) FROM schemadrift.observation);
UPDATE schemadrift.history SET seen_at = seen_at - interval '40 days';
UPDATE schemadrift.event SET at = at - interval '25 days';
UPDATE schemadrift.event_seal SET sealed_at = sealed_at - interval '25 days';
UPDATE schemadrift.drift SET closed_at = closed_at - interval '40 days';
UPDATE schemadrift.incident SET resolved_at = resolved_at - interval '40 days';
EOS
$worked->safe_psql('watched', "COMMENT ON TABLE t IS 'open'");
ok($worked->poll_query_until('watched', "SELECT count(*) = 1 FROM schemadrift.drift WHERE state = 'open'"),
	'a drift is open');
$worked->safe_psql('watched', "UPDATE schemadrift.event SET at = at - interval '50 days'");
$worked->restart;
ok($worked->poll_query_until('watched', "SELECT count(*) = 1 FROM schemadrift.event"),
	'events are deleted but that of an open drift');
ok($worked->poll_query_until('watched', "SELECT count(*) = 1 FROM schemadrift.history"), 'history is deleted');
is($worked->safe_psql('watched', "SELECT count(*) FROM schemadrift.drift WHERE state <> 'open'"), '0',
	'closed drifts are deleted');
is($worked->safe_psql('watched', "SELECT count(*) FROM schemadrift.incident WHERE state <> 'open'"), '0',
	'incidents are deleted');
is($worked->safe_psql('watched',
		"SELECT count(*) FROM schemadrift.observation WHERE seen_at < now() - interval '30 days'"),
	'1', 'but for the last observation before that time');
is($worked->safe_psql('watched', "SELECT drift_fingerprint('asof:-30 days') = '$last'"), 't',
	'of which that time can be rebuilt');
is($worked->safe_psql('watched', "SELECT drift_fingerprint('asof:now') = drift_fingerprint()"), 't',
	'and so can the present');
$worked->stop('fast');
done_testing();
