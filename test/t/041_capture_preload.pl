# Capture in a preloaded server: every statement leaves the event it should,
# with its exact text and nobody else's.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use PostgreSQL::Test::Utils;
use SchemaDrift::Cluster;
use Test::More;

my $node = SchemaDrift::Cluster->start_new('capture', conf => "wal_level = logical\n");
$node->safe_psql('postgres', 'SET client_min_messages = error; CREATE ROLE tester; SELECT schemadrift.capture_arm()');

sub texts
{
	my ($where) = @_;
	return $node->safe_psql('postgres',
		"SELECT coalesce(statement, '(null)') FROM schemadrift.event WHERE $where ORDER BY id");
}

sub clear { return $node->safe_psql('postgres', 'TRUNCATE schemadrift.event'); }

# -- the list -------------------------------------------------------------------
my @statements;
foreach my $line (split /\n/, slurp_file("$FindBin::RealBin/../fixtures/statements.txt"))
{
	next if $line =~ /\A(?:#|\s*\z)/;
	my ($expected, $sql) = split /\t/, $line, 2;
	push @statements, { expected => $expected, sql => $sql };
}

# One session for all; after each statement, what it left.
my $script = "SET client_min_messages = error;\n";
foreach my $n (0 .. $#statements)
{
	$script .= "SELECT coalesce(max(id), 0) AS h FROM schemadrift.event \\gset\n\\o /dev/null\n"
	  . "$statements[$n]{sql};\n\\o\n"
	  . "SELECT 'event $n ' || count(*) || ' ' || coalesce(string_agg(coalesce(statement, '(null)'), ' <> '), '')"
	  . " FROM schemadrift.event WHERE id > :h;\n";
}
my ($code, $out, $err) = $node->psql_as('postgres', $script);
is($err, '', 'every statement of the list runs');
my %left;
$left{$1} = [ $2, $3 ] while $out =~ /^event (\d+) (\d+) (.*)$/mg;
foreach my $n (0 .. $#statements)
{
	my ($expected, $sql) = @{ $statements[$n] }{qw(expected sql)};
	my ($count, $text) = @{ $left{$n} // [ 'no answer', '' ] };
	if ($expected eq '1') { is("$count $text", "1 $sql", "one event: $sql"); }
	elsif ($expected eq '0') { is($count, 0, "no event: $sql"); }
	elsif ($expected eq 'n') { cmp_ok($count, '>', 0, "events: $sql"); }
	else
	{
		is($count, 1, "one event: $sql");
		like($text, qr/withheld\]\z/, 'its text is withheld');
	}
}
is(texts("statement LIKE '%canary-4711%'"), '', 'no secret is kept');
is($node->safe_psql('postgres', 'SELECT schemadrift.capture_misses()'), 0, 'nothing was missed');

# -- exact texts ------------------------------------------------------------------
clear();
$node->safe_psql('postgres', "CREATE TABLE m1 (a int); /* of m2 */ CREATE ROLE m3 PASSWORD 'canary-4711';\n"
	  . "  -- says password 'canary-4711'\n  CREATE TABLE m2 (a int) ; DROP ROLE m3");
is(texts("tag LIKE '% TABLE'"), "CREATE TABLE m1 (a int)\nCREATE TABLE m2 (a int)", 'several statements in one string');

clear();
$node->safe_psql('postgres', <<'EOF');
CREATE FUNCTION sql_made() RETURNS void LANGUAGE sql AS 'CREATE TABLE q1 (a int); CREATE TABLE q2 (a int);';
CREATE PROCEDURE proc() LANGUAGE plpgsql AS $$
BEGIN
	CREATE TABLE q3 (a int);
	COMMIT;
	EXECUTE 'CREATE TABLE q4 (a int); CREATE TABLE q5 (a int)';
END $$;
SELECT sql_made();
CALL proc();
EOF
is(texts("tag = 'CREATE TABLE'"), join("\n", map { "CREATE TABLE q$_ (a int)" } 1 .. 5),
	'functions, procedures with COMMIT, EXECUTE');

clear();
my $extended = $node->basedir . '/extended.sql';
append_to_file($extended, "CREATE TABLE x1 (a int);\nALTER TABLE x1 ADD b int;\nDROP TABLE x1;\n");
foreach my $mode (qw(extended prepared))
{
	command_ok([ 'pgbench', '-n', '-t', '1', '-M', $mode, '-f', $extended, '-h', $node->host, '-p', $node->port,
			'postgres' ], "protocol: $mode");
}
is(texts('true'), join("\n", ('CREATE TABLE x1 (a int)', 'ALTER TABLE x1 ADD b int', 'DROP TABLE x1') x 2),
	'extended protocol');

# -- errors leave nothing behind ------------------------------------------------
clear();
$node->safe_psql('postgres', <<'EOF');
DO $$
BEGIN
	BEGIN
		EXECUTE 'CREATE TABLE e1 AS SELECT 1 / 0 AS a';
	EXCEPTION WHEN division_by_zero THEN NULL;
	END;
	EXECUTE 'CREATE TABLE e2 (a int)';
END $$;
EOF
$node->psql('postgres', 'CREATE TABLE e3 AS SELECT 1 / 0 AS a; CREATE TABLE e4 (a int)');
$node->safe_psql('postgres', 'CREATE TABLE e5 (a int)');
is(texts('true'), "CREATE TABLE e2 (a int)\nCREATE TABLE e5 (a int)", 'an error midway');

# -- triggers of others ------------------------------------------------------------
clear();
$node->safe_psql('postgres', <<'EOF');
SET schemadrift.enabled = off;
CREATE FUNCTION nosy() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
	IF tg_tag = 'DROP TABLE' THEN
		CREATE TABLE IF NOT EXISTS by_trigger (a int);
	END IF;
END $$;
CREATE EVENT TRIGGER a_nosy ON sql_drop EXECUTE FUNCTION nosy();
CREATE EVENT TRIGGER z_nosy ON sql_drop EXECUTE FUNCTION nosy();
SET schemadrift.enabled = on;
DROP TABLE e2;
SET schemadrift.enabled = off;
DROP EVENT TRIGGER a_nosy;
DROP EVENT TRIGGER z_nosy;
EOF
is($node->safe_psql('postgres', "SELECT tag, objects FROM drift_log() WHERE tag <> 'SET'"),
	"CREATE TABLE|table public.by_trigger\nDROP TABLE|table public.e2 (dropped)",
	'DDL of a trigger between our two is an event of its own');

# -- deploys through PGOPTIONS ----------------------------------------------------
clear();
$node->safe_psql('postgres', 'SELECT drift_create_roles(); CREATE ROLE ci LOGIN;'
	  . ' GRANT drift_deployer TO ci; GRANT CREATE ON SCHEMA public TO ci');
clear();
($code, $out, $err) = $node->psql_as('ci', 'CREATE TABLE o1 (a int)',
	options => '-c schemadrift.deploy=PR-812', application => 'flyway');
is($code, 0, 'a migration tool runs with PGOPTIONS') or diag $err;
$node->psql_as('postgres', 'CREATE TABLE o2 (a int)', options => '-c schemadrift.deploy=PR-812');
is($node->safe_psql('postgres', 'SELECT objects, deploy, note FROM drift_log()'),
	"table public.o1|PR-812|\ntable public.o2||claimed to be deploy PR-812, but may not deploy",
	'only who may deploy is believed');
like($node->safe_psql('postgres', "SELECT via FROM drift_log(role => 'ci')"),
	qr/\Aflyway from \[local\] pid \d+\z/, 'application, client and pid');

# -- an extension is one event -------------------------------------------------------
SKIP:
{
	skip 'no contrib module to install', 2
	  if $node->safe_psql('postgres', "SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'") eq '0';
	clear();
	$node->safe_psql('postgres', 'CREATE EXTENSION pg_trgm; CREATE SCHEMA ext;'
		  . ' ALTER EXTENSION pg_trgm SET SCHEMA ext');
	is($node->safe_psql('postgres', "SELECT tag, objects FROM drift_log() WHERE tag LIKE '%EXTENSION'"),
		"CREATE EXTENSION|extension pg_trgm\nALTER EXTENSION|extension pg_trgm", 'members are not listed');
	clear();
	$node->safe_psql('postgres', 'CREATE EXTENSION earthdistance CASCADE');
	is($node->safe_psql('postgres', 'SELECT objects FROM drift_log()'), 'extension earthdistance, extension cube',
		'CASCADE makes others');
}

# -- two-phase commit -----------------------------------------------------------------
clear();
$node->append_conf('postgresql.conf', "max_prepared_transactions = 2\n");
$node->restart;
$node->safe_psql('postgres', "BEGIN; CREATE TABLE two (a int); PREPARE TRANSACTION 'x'");
is(texts('true'), '', 'a prepared transaction has left nothing yet');
$node->safe_psql('postgres', "COMMIT PREPARED 'x'");
is(texts('true'), 'CREATE TABLE two (a int)', 'and its event once it is committed');

# -- ids after a crash -------------------------------------------------------------------
# They are logged ahead: some are skipped, none comes twice, and a checkpoint in between changes nothing.
foreach my $turn (1, 2)
{
	clear();
	my @comments = map { "COMMENT ON TABLE two IS '$_';" } 1 .. 40;
	$node->safe_psql('postgres', join("\n", @comments));
	$node->safe_psql('postgres', 'CHECKPOINT') if $turn == 2;
	$node->safe_psql('postgres', join("\n", @comments[0 .. 2]));
	my $before = $node->safe_psql('postgres', 'SELECT max(id) FROM schemadrift.event');
	is($node->safe_psql('postgres', 'SELECT last_value FROM schemadrift.event_id_seq'), $before,
		"the sequence holds what was drawn, turn $turn");
	$node->stop('immediate');
	$node->start;
	$node->safe_psql('postgres', $comments[0]);
	my $skipped = $node->safe_psql('postgres', "SELECT max(id) - $before - 1 FROM schemadrift.event");
	ok($skipped >= 0 && $skipped <= 32, "an id after a crash is a new one, turn $turn") or diag $skipped;
	is($node->safe_psql('postgres', 'SELECT count(*) FROM schemadrift.event'), 44, "no event is lost, turn $turn");
}
$node->safe_psql('postgres', "COMMENT ON TABLE two IS 'a'; SELECT nextval('schemadrift.event_id_seq');"
	  . " COMMENT ON TABLE two IS 'b'");
is($node->safe_psql('postgres',
		'SELECT id - lag(id) OVER (ORDER BY id) FROM schemadrift.event ORDER BY id DESC LIMIT 1'),
	2, 'nextval() counts along');
is($node->safe_psql('postgres', 'SELECT schemadrift.capture_misses()'), 0, 'still nothing was missed');

$node->stop;
done_testing();
