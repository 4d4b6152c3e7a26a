# What a check looks at: nothing where nothing changed, whatever VACUUM and the
# like wrote meanwhile; what changed, however late its transaction committed; and
# everything after a crash.  A check that looks at nothing writes nothing.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use PostgreSQL::Test::Utils;
use Test::More;

use SchemaDrift::Cluster;

# No worker may check before we do.
my $node = SchemaDrift::Cluster->start_new('main', preload => '',
	conf => "max_worker_processes = 0\nmax_prepared_transactions = 4\nautovacuum = off\n");
$node->safe_psql('postgres', <<'EOS');
CREATE TABLE t (a int PRIMARY KEY, b text DEFAULT 'x');
CREATE VIEW v AS SELECT a FROM t;
CREATE SEQUENCE s;
CREATE TABLE other (a int);
SELECT drift_watch();
EOS

sub state_of
{
	return split /\|/, $node->safe_psql('postgres', 'SELECT xmin, full_at FROM schemadrift.check_state');
}

# Check; "nothing", "part" or "everything", and the objects found.
sub check
{
	my ($xmin, $full_at) = (state_of(), '', '');
	my $found = $node->safe_psql('postgres', <<'EOS');
SELECT concat_ws(' ', change, object, attribute) FROM drift_check() ORDER BY object, attribute
EOS
	my ($xmin_after, $full_at_after) = state_of();
	my $path = $xmin_after eq $xmin ? 'nothing' : $full_at_after eq $full_at ? 'part' : 'everything';
	return ($path, join(', ', split /\n/, $found));
}

sub looks_at
{
	my ($path, $found, $what) = @_;
	is_deeply([ check() ], [ $path, $found ], $what);
	return;
}

looks_at('everything', '', 'the first check');
looks_at('nothing', '', 'the second');

foreach my $sql ('VACUUM', 'VACUUM (FREEZE, ANALYZE)', 'VACUUM FULL', 'VACUUM FULL pg_class',
	'CLUSTER pg_attribute USING pg_attribute_relid_attnum_index', 'REINDEX DATABASE postgres',
	'REINDEX SYSTEM postgres', 'REINDEX TABLE t', 'TRUNCATE other', 'ANALYZE',
	"INSERT INTO t SELECT n, 'y' FROM generate_series(1, 1000) n", "SELECT nextval('s')", 'CHECKPOINT',
	'CREATE TEMP TABLE passing (a int PRIMARY KEY, b text DEFAULT 1);'
	  . 'CREATE TEMP VIEW passed AS SELECT * FROM passing; DROP TABLE passing CASCADE',
	'CREATE TEMP TABLE dropped_at_exit (a int)')
{
	$node->safe_psql('postgres', $sql);
	my ($path, $found) = check();
	is($found, '', "$sql changes nothing");
	# rewriting a catalog marks its index as clustered, and gives long values new places
	isnt($path, 'everything', "$sql does not make everything be looked at") unless $sql =~ /FULL|CLUSTER/;
	looks_at('nothing', '', "after $sql");
}

$node->restart;
looks_at('nothing', '', 'after a restart');

# written before a check, committed after it
my $session = $node->background_psql('postgres');
$session->query_safe('BEGIN; ALTER TABLE t ADD COLUMN early int');
looks_at('nothing', '', 'DDL that is not committed');
$session->query_safe('COMMIT');
looks_at('part', 'added public.t.early', 'committed after a check that met it');
looks_at('nothing', 'added public.t.early', 'nothing more');
$session->query_safe('BEGIN; ALTER TABLE t DROP COLUMN early');
looks_at('nothing', 'added public.t.early', 'a drop that is not committed');
$session->query_safe('ROLLBACK');
looks_at('nothing', 'added public.t.early', 'rolled back');
$session->query_safe('BEGIN; SAVEPOINT one; ALTER TABLE t DROP COLUMN early; ROLLBACK TO one;'
	  . ' SAVEPOINT two; COMMENT ON TABLE t IS \'kept\'');
looks_at('nothing', 'added public.t.early', 'subtransactions that are not committed');
$session->query_safe('RELEASE two; COMMIT');
looks_at('part', 'changed public.t comment, added public.t.early', 'one of them committed');

# a check inside the transaction that changes things, then undone
my $own = $node->safe_psql('postgres', <<'EOS');
BEGIN;
COMMENT ON VIEW v IS 'mine';
SELECT count(*) FROM drift_check();
SAVEPOINT one;
DROP VIEW v;
SELECT count(*) FROM drift_check();
ROLLBACK TO one;
SELECT count(*) FROM drift_check();
ROLLBACK;
EOS
is($own, "3\n3\n3", 'a transaction sees its own DDL');
looks_at('nothing', 'changed public.t comment, added public.t.early', 'undone with what it remembered');
$own = $node->safe_psql('postgres', <<'EOS');
BEGIN;
COMMENT ON VIEW v IS 'mine';
SELECT count(*) FROM drift_check();
SAVEPOINT one;
COMMENT ON VIEW v IS 'not mine';
ROLLBACK TO one;
COMMENT ON SEQUENCE s IS 'mine too';
COMMIT;
EOS
looks_at('part',
	'changed public.s comment, changed public.t comment, added public.t.early, changed public.v comment',
	'what came after its check is found by the next');

# prepared transactions
$node->safe_psql('postgres', "BEGIN; ALTER TABLE other ADD COLUMN prepared int; PREPARE TRANSACTION 'p'");
my ($path, $found) = check();
unlike($found, qr/prepared/, 'a prepared transaction is not there yet');
$node->restart;
($path, $found) = check();
unlike($found, qr/prepared/, 'nor after a restart');
$node->safe_psql('postgres', "COMMIT PREPARED 'p'");
($path, $found) = check();
like($found, qr/added public\.other\.prepared/, 'but once it is committed');
is($path, 'part', 'which is a small check');

# changes under cover of a rewritten catalog
$node->safe_psql('postgres', 'SELECT drift_accept_all(\'clean slate\')');
check();
$node->safe_psql('postgres', 'ALTER TABLE t ALTER b SET DEFAULT \'z\'; VACUUM FULL; VACUUM FREEZE');
looks_at('part', 'changed public.t.b default', 'a change before VACUUM FULL');
$node->safe_psql('postgres', 'ALTER TABLE t ALTER b SET DEFAULT \'x\'; VACUUM');
looks_at('part', '', 'taken back');

# what is written by hand, without any command
my $write = "UPDATE pg_attribute SET attname = '%s' WHERE attrelid = 'other'::regclass AND attname = '%s'";
$node->safe_psql('postgres', sprintf($write, 'c', 'a'));
looks_at('part', 'renamed public.other.c name', 'a catalog written by hand');
$node->safe_psql('postgres', sprintf($write, 'a', 'c'));
looks_at('part', '', 'and written back');
$node->safe_psql('postgres', 'CREATE ROLE anybody');
looks_at('everything', '', 'a role has no dependents to look at, but everybody may name it');

# what was known does not outlive a crash
looks_at('nothing', '', 'before the crash');
$node->stop('immediate');
$node->start;
($path, $found) = ('', $node->safe_psql('postgres', 'SELECT count(*) FROM schemadrift.check_state'));
is($found, '0', 'after a crash nothing is known');
$node->safe_psql('postgres', 'ALTER TABLE t ADD COLUMN after_crash int');
looks_at('everything', 'added public.t.after_crash', 'so everything is looked at');
looks_at('nothing', 'added public.t.after_crash', 'once');

# the interval, and a baseline that is another
is($node->safe_psql('postgres', 'SET schemadrift.full_check_interval = 0; SELECT object FROM drift_check()'),
	'public.t.after_crash', 'full checks on demand');
$node->safe_psql('postgres', "UPDATE schemadrift.check_state SET full_at = now() - interval '2 hours'");
looks_at('everything', 'added public.t.after_crash', 'when the interval is over');
$node->safe_psql('postgres', 'SELECT drift_baseline_set()');
looks_at('everything', '', 'after a new baseline');
$node->safe_psql('postgres', 'CREATE DATABASE copy TEMPLATE postgres');
is($node->safe_psql('copy', 'SELECT count(*) FROM drift_check()'), '0', 'a copy of the database finds nothing');
is($node->safe_psql('copy', 'ALTER TABLE t ADD COLUMN x int; SELECT object FROM drift_check()'), 'public.t.x',
	'and then what is done to it');

$node->stop('fast');
done_testing();
