# A marked password in every form of statement that can carry one: it is in none
# of our tables and outputs, in no request and no notice, and the server's log
# and pg_stat_statements hold no more of it than without schemadrift.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use IPC::Run ();
use PostgreSQL::Test::Utils;
use Test::More;

use SchemaDrift::Cluster;
use SchemaDrift::PagerDuty;

# %s is the marked word, another one for each statement, so that a leak tells
# where it comes from; \; joins statements into one string of the client.
my @statements = (
	# roles
	q{CREATE ROLE c1 PASSWORD '%s'},
	q{create user c2 with encrypted password E'%s'},
	q{CREATE ROLE c3 LOGIN PASSWORD U&'%s'},
	q{CREATE ROLE c4 PASSWORD $$%s$$},
	q{CREATE USER c5 pAssWoRd $tag$%s$tag$ CONNECTION LIMIT 5},
	qq{ALTER ROLE c1 PASSWORD 'a'\n  '%s'\n  'b'},
	q{ALTER ROLE c1 /* %s */ WITH PASSWORD/* */'%s' -- %s},
	q{ALTER USER c2 VALID UNTIL 'infinity' ENCRYPTED PASSWORD 'x''%s'},
	q{ALTER ROLE c1 SET app.token = '%s'},
	q{ALTER ROLE c1 SET "app"."pass_word" TO 'plain', '%s'},
	q{ALTER ROLE c1 IN DATABASE shop SET app.password TO '%s'},
	q{ALTER ROLE ALL SET app.secret = $_$%s$_$},
	q{ALTER DATABASE shop SET app.api_key = E'%s'},
	q{ALTER SYSTEM SET primary_conninfo = 'host=h password=%s'},
	q{ALTER SYSTEM SET ssl_passphrase_command = 'echo %s'},
	q{ALTER SYSTEM RESET ALL},
	q{SECURITY LABEL FOR "sd test" ON ROLE c1 IS '%s'},
	# foreign data and subscriptions
	q{CREATE FOREIGN DATA WRAPPER w OPTIONS (password '%s')},
	q{ALTER FOREIGN DATA WRAPPER w OPTIONS (SET password '%s', ADD api_token '%s')},
	q{CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (host 'h', dsn 'user=me password=%s')},
	q{ALTER SERVER s OPTIONS (SET dsn 'postgres://me:%s@h/d', ADD passphrase '%s')},
	q{ALTER SERVER s OPTIONS (ADD dsn2 E'password=\'%s\' user=me')},
	q{CREATE USER MAPPING FOR tester SERVER s OPTIONS (user 'me', password '%s')},
	q{create user mapping for public server s options ("Password" $q$%s$q$)},
	q{ALTER USER MAPPING FOR tester SERVER s OPTIONS (SET password U&'%s')},
	q{CREATE FOREIGN TABLE far (a int OPTIONS (token '%s')) SERVER s OPTIONS (secret '%s')},
	q{ALTER FOREIGN TABLE far OPTIONS (SET secret E'%s'), ALTER COLUMN a OPTIONS (SET token '%s')},
	q{ALTER FOREIGN TABLE far ADD b int OPTIONS (access_key '%s')},
	q{CREATE SUBSCRIPTION sub CONNECTION 'host=127.0.0.1 port=1 password=%s' PUBLICATION p
		WITH (connect = false, slot_name = NONE)},
	q{ALTER SUBSCRIPTION sub CONNECTION $$host=127.0.0.1 port=1 password='it is %s'$$},
	q{ALTER SUBSCRIPTION sub CONNECTION 'postgresql://me:%s@127.0.0.1:1/d?sslpassword=%s'},
	# passwords inside of other statements
	q{CREATE TABLE conn AS SELECT 'host=h password=%s'::text AS c},
	q{SELECT E'password=\'%s\'' AS c INTO conn2},
	q{EXPLAIN ANALYZE CREATE TABLE conn3 AS SELECT 'postgres://a:%s@h' AS c},
	q{CREATE TABLE t1 (a int) /* password=%s */},
	qq{CREATE TABLE t2 (a int -- token=%s\n)},
	# what runs others
	q{DO $$ BEGIN EXECUTE format('CREATE ROLE d1 PASSWORD %L', '%s'); END $$},
	q{DO $$ BEGIN CREATE TABLE t3 (a int); PERFORM set_config('app.x', '%s', true); END $$},
	q{DO $$ BEGIN EXECUTE 'CREATE TABLE t4 (a int); CREATE ROLE d2 PASSWORD ''%s'''; END $$},
	q{DO $$ BEGIN EXECUTE 'CREATE ROLE d3 PASSWORD ' || quote_literal('%s'); CREATE TABLE t5 (a int); END $$},
	q{SELECT make_role('d4', '%s')},
	q{SELECT make_role(quote_ident('d5'), E'%s') \; CREATE TABLE t6 (a int)},
	q{PREPARE p AS SELECT make_role('d6', $1) \; EXECUTE p('%s')},
	q{CREATE FUNCTION gone() RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'CREATE ROLE x PASSWORD ''%s''';
		PERFORM dblink_connect(E'password=\'%s a\' user=x'); ALTER ROLE x PASSWORD '%s'; END $$
		\; DROP FUNCTION gone()},
	# neighbours
	q{SELECT set_config('app.y', '%s', false) \; CREATE TABLE t7 (a int) \; SELECT '%s'},
	q{CREATE TABLE t8 (a int) \; CREATE ROLE d7 PASSWORD '%s' \; ALTER TABLE t8 ADD b int},
	q{BEGIN \; SET LOCAL app.z = '%s' \; CREATE TABLE t9 (a int) \; COMMIT},
	q{/* %s */ CREATE TABLE t10 (a int) /* after: password '%s' */},
	q{COPY (SELECT 1) TO PROGRAM 'cat >/dev/null # %s' \; CREATE TABLE t11 (a int)},
	# errors
	q{CREATE ROLE c1 PASSWORD '%s'},
	q{CREATE USER MAPPING FOR tester SERVER s OPTIONS (password '%s')},
	q{ALTER SERVER nowhere OPTIONS (ADD password '%s')},
	q{CREATE ROLE d8 PASSWORD '%s' NONSENSE},
	q{DO $$ BEGIN CREATE TABLE t12 (a int); EXECUTE 'CREATE ROLE c1 PASSWORD ''%s'''; END $$},
	q{DO $$ BEGIN BEGIN EXECUTE 'CREATE ROLE c1 PASSWORD ''%s'''; EXCEPTION WHEN OTHERS THEN NULL; END;
		CREATE TABLE t13 (a int); END $$},
	q{CREATE TABLE t14 (a int) \; CREATE ROLE c1 PASSWORD '%s'});

my $provider = PostgreSQL::Test::Utils::tempdir();
append_to_file("$provider/$_", slurp_file("$FindBin::RealBin/../label/$_")) foreach 'Makefile', 'sd_label.c';
my $pg_config = $ENV{SD_PG_CONFIG} || $ENV{PG_CONFIG} || 'pg_config';
my ($made, $errors) = run_command([ 'make', '-s', '-C', $provider, "PG_CONFIG=$pg_config" ]);
ok(-e "$provider/sd_label.so", 'the label provider is built') or diag("$made $errors");

my ($library) = run_command([ $pg_config, '--pkglibdir' ]);
my @statistics = -e "$library/pg_stat_statements.so" ? ('pg_stat_statements') : ();
my $conf = <<"EOC";
wal_level = logical
log_min_messages = debug5
session_preload_libraries = '$provider/sd_label.so'
EOC
$conf .= "pg_stat_statements.track = all\n" if @statistics;
my $pd = SchemaDrift::PagerDuty->start;
my %node = (
	plain => SchemaDrift::Cluster->start_new('plain', databases => [], conf => $conf,
		preload => join(',', @statistics)),
	main => SchemaDrift::Cluster->start_new('main', databases => ['shop'], conf => $conf,
		pagerduty => $pd, preload => join(',', @statistics, 'schemadrift')));
$node{plain}->safe_psql('postgres', 'CREATE DATABASE shop');
foreach my $node (values %node)
{
	$node->safe_psql('postgres', 'CREATE EXTENSION pg_stat_statements') if @statistics;
	$node->safe_psql('shop', <<'EOS');
CREATE ROLE tester;
CREATE FUNCTION make_role(name text, word text) RETURNS void LANGUAGE plpgsql
	AS 'BEGIN EXECUTE format(''CREATE ROLE %s PASSWORD %L'', name, word); END';
EOS
}
my $main = $node{main};
# the server logs at debug1 that it calls an event trigger, whosever it is
$node{plain}->safe_psql('shop', <<'EOS');
CREATE FUNCTION nothing() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER on_ddl ON ddl_command_end EXECUTE FUNCTION nothing();
CREATE EVENT TRIGGER on_drop ON sql_drop EXECUTE FUNCTION nothing();
EOS
$main->safe_psql('shop', q{SELECT drift_watch(channel => 'oncall')});

# Each statement in a session of its own; what psql said of them all.
sub run_all
{
	my ($node, $word, $database, @list) = @_;
	my $said = '';
	foreach my $n (0 .. $#list)
	{
		my $sql = $list[$n] =~ s/%s/$word-$n-x/gr;
		my ($out, $err) = ('', '');
		IPC::Run::run([ 'psql', '-XAtq', '-d', $node->connstr($database), '-f', '-' ],
			'<', \"$sql;\n", '>', \$out, '2>', \$err);
		$said .= $err;
	}
	return $said;
}

# Lines of a log with the word, without what differs from run to run.
sub lines_with
{
	my ($node, $word) = @_;
	my %lines;
	foreach my $line (split /\n/, slurp_file($node->logfile))
	{
		next if $line !~ /$word/;
		$lines{ $line =~ s/\A.*?\s(?=(?:[A-Z]+\d?): )//r }++;
	}
	return \%lines;
}

# Everything that schemadrift keeps and says.
sub everything
{
	my @queries = split /\n/, $main->safe_psql('shop', <<'EOS');
SELECT format('SELECT t::text FROM %s AS t', c.oid::regclass)
  FROM pg_class AS c JOIN pg_depend AS d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid
 WHERE d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'schemadrift') AND c.relkind IN ('r', 'v')
UNION ALL
SELECT format('SELECT t::text FROM %s() AS t', p.oid::regproc)
  FROM pg_proc AS p JOIN pg_depend AS d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid
 WHERE d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'schemadrift') AND p.provolatile <> 'v'
	AND p.pronargs = p.pronargdefaults AND p.proname LIKE 'drift%'
EOS
	cmp_ok(scalar(grep { /drift_log|schemadrift\.event / } @queries), '>', 1, 'events and the log are looked at');
	push @queries, map { "SELECT drift_report(format => '$_')" } qw(text markdown html json);
	push @queries, 'SELECT t::text FROM drift_check() AS t', q{SELECT drift_sql('live', 'baseline')},
	  q{SELECT drift_sql('baseline', 'live')}, 'SELECT drift_revert_sql(array_agg(id)) FROM schemadrift.drift',
	  'SELECT drift_adopt_sql(array_agg(id)) FROM schemadrift.drift', 'SELECT drift_baseline_export()',
	  q{SELECT query FROM pg_stat_activity WHERE backend_type LIKE 'schemadrift%'};
	my $text = '';
	foreach my $query (@queries)
	{
		my ($status, $out, $err) = $main->psql_as($main->safe_psql('shop', 'SELECT current_user'), $query,
			database => 'shop');
		$text .= "$query\n$out\n$err\n";
	}
	return $text;
}

sub leaks
{
	my ($text) = @_;
	my $hex = unpack 'H*', 'canary';
	return join("\n", map { substr $_, 0, 2000 } grep { /canary|\Q$hex\E/ } split /\n/, $text);
}

# -- recorded ---------------------------------------------------------------------

run_all($node{plain}, 'canary', 'shop', @statements);
run_all($main, 'canary', 'shop', @statements);
is($main->safe_psql('shop', 'SELECT schemadrift.capture_misses()'), '0', 'nothing was missed');
cmp_ok($main->safe_psql('shop', 'SELECT count(*) FROM schemadrift.event'), '>=', 45, 'there are events of them');
is($main->safe_psql('shop', q{SELECT statement FROM schemadrift.event WHERE statement LIKE '%canary%'}), '',
	'no event holds a password');
$pd->wait_for(action => 'trigger');
$main->safe_psql('shop', 'SELECT drift_baseline_set() FROM (SELECT count(*) FROM drift_check()) AS c');
my @again = grep { /\AALTER/ && !/ROLE|SYSTEM/ } @statements;
run_all($node{$_}, 'canary-again', 'shop', @again) foreach 'plain', 'main';
is(leaks(everything()), '', 'no table, view, function and report has one');
is(leaks(join "\n", map { $_->{body} } $pd->requests), '', 'no request has one');
cmp_ok(scalar($pd->requests), '>', 0, 'and there were requests');

my ($with, $without) = map { lines_with($node{$_}, 'canary') } qw(main plain);
cmp_ok(scalar(keys %$without), '>', 3, 'the server itself logs statements that fail');
is(join("\n", grep { !$without->{$_} } sort keys %$with), '', 'the log has no more of them than without schemadrift');

SKIP:
{
	skip 'pg_stat_statements is not installed', 2 if !@statistics;
	my %rows = map { $_ => { map { $_ => 1 } split /\x1e\n?/, $node{$_}->safe_psql('postgres',
		q{SELECT query || E'\x1e' FROM pg_stat_statements WHERE query LIKE '%canary%'}) } } qw(main plain);
	cmp_ok(scalar(keys %{ $rows{plain} }), '>', 3, 'pg_stat_statements has commands by itself');
	is(join("\n", grep { !$rows{plain}{$_} } sort keys %{ $rows{main} }), '', 'and no more with schemadrift');
}

# -- told of, and refused ------------------------------------------------------------

my @late = (
	q{CREATE SERVER s2 FOREIGN DATA WRAPPER w OPTIONS (host 'h', dsn 'user=me password=%s')},
	q{CREATE USER MAPPING FOR c1 SERVER s OPTIONS (user 'me', odd '%s')},
	q{ALTER USER MAPPING FOR c2 SERVER s OPTIONS (SET odd '%s')},
	q{CREATE SUBSCRIPTION sub2 CONNECTION 'host=127.0.0.1 port=1 password=%s' PUBLICATION p
		WITH (connect = false, slot_name = NONE)},
	q{CREATE TABLE late1 AS SELECT 'password=%s' AS c},
	q{SELECT '%s' \; CREATE TABLE late2 (a int) \; SELECT '%s'},
	q{/* %s */ ALTER TABLE t1 ADD c int},
	q{DO $$ BEGIN PERFORM '%s'; EXECUTE 'CREATE TABLE late3 AS SELECT ''password=%s'' AS c'; END $$},
	q{DO $$ BEGIN BEGIN PERFORM '%s'; CREATE TABLE late4 (a int); EXCEPTION WHEN unique_violation THEN NULL; END;
		END $$},
	q{EXPLAIN ANALYZE CREATE TABLE late5 AS SELECT 'password=%s' AS c});
$_->safe_psql('shop', q{CREATE USER MAPPING FOR c2 SERVER s OPTIONS (user 'me', odd 'x')}) foreach values %node;
run_all($node{plain}, 'plain-word', 'shop', @late);
$without = lines_with($node{plain}, 'plain-word');
foreach my $mode ('block', 'notice')
{
	$main->safe_psql('postgres', "ALTER DATABASE shop SET schemadrift.capture = '$mode'");
	my $said = run_all($main, "${mode}-word", 'shop', @late);
	my $times = () = $said =~ /outside a deploy/g;
	cmp_ok($times, '>=', scalar(@late) - 1, "$mode: they are");
	is(join("\n", grep { /^(?:psql:\S+ )?(?:ERROR|NOTICE|WARNING|DETAIL|HINT):.*${mode}-word/ } split /\n/, $said), '',
		"$mode: what is said holds no password");
	$with = lines_with($main, "${mode}-word");
	is(join("\n", grep { !$without->{ s/${mode}-word/plain-word/gr } } sort keys %$with), '',
		"$mode: nor does the log");
}
like(slurp_file($main->logfile), qr/Refused: CREATE USER MAPPING FOR c1 SERVER s \[options user, odd withheld\]/,
	'the log says what was refused');
is(leaks(everything() =~ s/(?:block|notice)-word/canary/gr), '', 'and still nothing is kept');

$_->stop('fast') foreach values %node;
$pd->stop;
done_testing();
