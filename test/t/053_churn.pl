# DDL that never stops while snapshots are taken: an answer is right or says that
# it could not be had, and no DDL fails because of us.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use IPC::Run ();
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);

use SchemaDrift::Cluster;

my $node = SchemaDrift::Cluster->start_new('churn', preload => '');
local $ENV{PGHOST} = $node->host;
local $ENV{PGPORT} = $node->port;
my $user = $node->safe_psql('postgres', 'SELECT current_user');
$node->safe_psql('postgres', <<'SQL');
CREATE TABLE steady (a integer PRIMARY KEY, b text DEFAULT 'x', CHECK (a > 0));
CREATE INDEX ON steady (b);
CREATE VIEW steady_v AS SELECT a, b FROM steady;
CREATE FUNCTION steady_f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER steady_t BEFORE INSERT ON steady FOR EACH ROW EXECUTE FUNCTION steady_f();
SELECT drift_baseline_set();
SQL

my $script = $node->basedir . '/churn.sql';
append_to_file($script, <<'SQL');
BEGIN; CREATE TABLE churn_:client_id (a int PRIMARY KEY, b text); CREATE INDEX ON churn_:client_id (b); COMMIT;
CREATE VIEW churn_v_:client_id AS SELECT a, b FROM churn_:client_id;
CREATE FUNCTION churn_f_:client_id(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
ALTER TABLE churn_:client_id RENAME TO churn_x_:client_id;
ALTER TABLE churn_x_:client_id ADD CHECK (a > 0);
CREATE TEMP TABLE churn_t (a int); DROP TABLE churn_t;
DROP TABLE churn_x_:client_id CASCADE;
DROP FUNCTION churn_f_:client_id(int);
CREATE SCHEMA churn_s_:client_id CREATE TABLE t (a int, b text) CREATE VIEW v AS SELECT a FROM t;
CREATE TRIGGER churn AFTER INSERT ON churn_s_:client_id.t FOR EACH ROW EXECUTE FUNCTION steady_f();
DROP SCHEMA churn_s_:client_id CASCADE;
BEGIN; LOCK TABLE steady, steady_v IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(0.02); COMMIT;
SQL

my $side = "'host=@{[ $node->host ]} port=@{[ $node->port ]} user=$user dbname=postgres'";
my @queries = (
	'SELECT object FROM drift_check()', q{SELECT object FROM drift_diff('baseline', 'live')},
	q{SELECT 'churn' FROM drift_fingerprint()}, "SELECT object FROM drift_diff('baseline', $side)",
	"SELECT 'churn' WHERE drift_sql('live', $side) IS NOT NULL");
my ($out, $err) = ('', '');
my @pgbench = ('pgbench', '-n', '-c', '3', '-T', '12', '-f', $script, 'postgres');
my $churn = IPC::Run::start(\@pgbench, '<', \undef, '>', \$out,
	'2>', \$err);
my $end = time + 11;
my (%answers, @wrong);
while (time < $end)
{
	foreach my $sql (@queries)
	{
		my ($code, $rows, $error) = $node->psql_as($user, "\\set VERBOSITY sqlstate\n$sql;");
		my $kind = $error eq '' ? 'right' : $error =~ /ERROR:  SD004/ ? 'raced' : "wrong: $error";
		$answers{$kind}++;
		push @wrong, grep { !/churn/ } split /\n/, $rows;
	}
}
$churn->finish;
is("@wrong", '', 'nothing is said about what nobody touched');
is(join(' ', grep { !/^(?:right|raced)$/ } keys %answers), '', 'an answer is right or says that it raced');

# how many are right meanwhile is a matter of the machine; now all are
foreach my $sql (@queries)
{
	my ($code, $rows, $error) = $node->psql_as($user, "\\set VERBOSITY sqlstate\n$sql;");
	is($error, '', "right when it is quiet: $sql");
	is(join(' ', grep { !/churn/ } split /\n/, $rows), '', 'and about nothing that nobody touched');
}
# a snapshot may be the victim of a deadlock, which is a race like any other
unlike($err, qr/ERROR|abort/, 'no DDL fails, in a deadlock or otherwise');
$node->wait_until('SELECT count(*) = 0 FROM drift_check()');
note join ', ', map { "$answers{$_} $_" } sort keys %answers;
$node->stop;
done_testing();
