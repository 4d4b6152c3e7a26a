# Who did what, however transactions are cut: prepared ones across a restart,
# savepoints, exceptions, functions, sessions side by side.  What was rolled back
# leaves neither event nor drift.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use PostgreSQL::Test::Utils;
use Test::More;

use SchemaDrift::Cluster;

my $node = SchemaDrift::Cluster->start_new('main', databases => ['shop'], conf => "max_prepared_transactions = 4\n");
$node->safe_psql('shop', <<'EOS');
SELECT drift_create_roles();
CREATE ROLE alice LOGIN;
CREATE ROLE bob LOGIN;
CREATE ROLE ci LOGIN;
GRANT drift_deployer TO ci;
GRANT CREATE, USAGE ON SCHEMA public TO alice, bob, ci;
CREATE TABLE base (id int);
ALTER TABLE base OWNER TO alice;
SELECT drift_watch();
EOS

sub as
{
	my ($role, $sql) = @_;
	my ($code, $out, $err) = $node->psql_as($role, "SET client_min_messages = error;\n$sql", database => 'shop');
	is($err, '', "$role: $sql") if $code;
	return $out;
}

# What a check finds, "who object; …", and what is in the log that was not yet.
my $seen = 0;

sub found
{
	my $drifts = $node->safe_psql('shop', q{SELECT string_agg(concat_ws(' ', who, object), '; ' ORDER BY object)
		FROM drift_check()});
	my $events = $node->safe_psql('shop', qq{SELECT string_agg(session_role || ' ' || statement, '; ' ORDER BY id)
		FROM schemadrift.event WHERE id > $seen});
	return "$drifts | $events";
}

sub settle
{
	$node->safe_psql('shop', 'SELECT drift_baseline_set()');
	$seen = $node->safe_psql('shop', 'SELECT coalesce(max(id), 0) FROM schemadrift.event');
	return;
}
settle();

# -- prepared transactions --------------------------------------------------------------
as('alice', "BEGIN; CREATE TABLE p1 (a int); ALTER TABLE base ADD p int; PREPARE TRANSACTION 'one'");
as('bob', "BEGIN; CREATE TABLE p2 (a int); PREPARE TRANSACTION 'two'");
as('ci', "BEGIN; SET LOCAL schemadrift.deploy = 'r1'; CREATE TABLE p3 (a int); PREPARE TRANSACTION 'three'");
is(found(), ' | ', 'what is prepared is not there');
$node->restart;
is(found(), ' | ', 'nor after a restart');
as('bob', 'CREATE TABLE b1 (a int)');
is(found(), 'bob public.b1 | bob CREATE TABLE b1 (a int)', 'others commit meanwhile, and are found');
$node->safe_psql('shop', "COMMIT PREPARED 'one'");
is(found(), 'bob public.b1; alice public.base.p; alice public.p1 | '
	  . 'alice CREATE TABLE p1 (a int); alice ALTER TABLE base ADD p int; bob CREATE TABLE b1 (a int)',
	'committed by somebody else, it is of who wrote it, though its events are older than what was checked');
$node->safe_psql('shop', "ROLLBACK PREPARED 'two'");
unlike(found(), qr/p2/, 'what is rolled back then is not there');
$node->safe_psql('shop', "COMMIT PREPARED 'three'");
is($node->safe_psql('shop', q{SELECT count(*) FROM drift_check() WHERE object = 'public.p3'}), '0',
	'a prepared deploy is a deploy');
is($node->safe_psql('shop', q{SELECT deploy FROM schemadrift.event WHERE statement LIKE '%p3%'}), 'r1', 'by its label');
is($node->safe_psql('shop', 'SELECT * FROM drift_verify_log()'), '',
	'the log is as it was captured');
settle();

# -- savepoints and exceptions ------------------------------------------------------------
as('alice', <<'EOS');
BEGIN;
CREATE TABLE s1 (a int);
SAVEPOINT one;
CREATE TABLE s2 (a int);
ALTER TABLE base ADD s int;
ROLLBACK TO one;
CREATE TABLE s3 (a int);
SAVEPOINT two;
CREATE TABLE s4 (a int);
SAVEPOINT three;
DROP TABLE s1;
ROLLBACK TO two;
ALTER TABLE s3 ADD b int;
RELEASE two;
COMMIT;
BEGIN; CREATE TABLE s5 (a int); DROP TABLE base; ROLLBACK;
EOS
is(found(), 'alice public.s1; alice public.s3 | alice CREATE TABLE s1 (a int); alice CREATE TABLE s3 (a int); '
	  . 'alice ALTER TABLE s3 ADD b int', 'savepoints');
settle();
as('bob', <<'EOS');
DO $$
BEGIN
	CREATE TABLE e1 (a int);
	BEGIN
		CREATE TABLE e2 (a int);
		BEGIN
			CREATE TABLE e3 (a int);
			RAISE division_by_zero;
		EXCEPTION WHEN division_by_zero THEN CREATE TABLE e4 (a int);
		END;
		RAISE unique_violation;
	EXCEPTION WHEN unique_violation THEN CREATE TABLE e5 (a int);
	END;
	BEGIN
		DROP TABLE e1;
		CREATE TABLE e1 (a int);
		PERFORM 1 / 0;
	EXCEPTION WHEN OTHERS THEN NULL;
	END;
	FOR i IN 6 .. 8 LOOP
		BEGIN
			EXECUTE format('CREATE TABLE e%s (a int)', i);
			IF i = 7 THEN RAISE 'no'; END IF;
		EXCEPTION WHEN OTHERS THEN NULL;
		END;
	END LOOP;
END $$;
EOS
is(found(), join('; ', map { "bob public.e$_" } 1, 5, 6, 8) . ' | '
	  . join('; ', map { "bob CREATE TABLE e$_ (a int)" } 1, 5, 6, 8), 'exceptions');
settle();

# -- functions, nested, as another role ---------------------------------------------------
$node->safe_psql('shop', <<'EOS');
CREATE FUNCTION inner_one(name text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public
	AS 'BEGIN EXECUTE format(''CREATE TABLE %I (a int)'', name); END';
CREATE FUNCTION outer_one() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM inner_one('f1');
	CREATE TABLE f2 (a int);
	EXECUTE 'DO $d$ BEGIN PERFORM inner_one(''f3''); EXECUTE ''CREATE TABLE f4 (a int)''; END $d$';
END $$;
EOS
settle();
as('bob', 'SELECT outer_one()');
is(found() =~ s/.* \| //r, join('; ', map { "bob CREATE TABLE f$_ (a int)" } 1 .. 4), 'functions in functions');
is($node->safe_psql('shop', q{SELECT string_agg(object || ' ' || (who ~ '^bob'), '; ' ORDER BY object)
	FROM drift_check()}), join('; ', map { "public.f$_ true" } 1 .. 4), 'are of who called them');
settle();

# -- side by side ---------------------------------------------------------------------------
my %session = map { $_ => $node->background_psql('shop', extra_params => [ '-U', $_ ]) } 'alice', 'bob', 'ci';
$session{$_}->query_safe('BEGIN') foreach sort keys %session;
$session{ci}->query_safe(q{SET LOCAL schemadrift.deploy = 'r2'});
$session{alice}->query_safe('CREATE TABLE w1 (a int)');
$session{ci}->query_safe('CREATE TABLE w2 (a int)');
$session{bob}->query_safe('CREATE TABLE w3 (a int)');
$session{bob}->query_safe('COMMIT');
is(found(), 'bob public.w3 | bob CREATE TABLE w3 (a int)', 'the first to commit, who was the last to begin');
$session{ci}->query_safe('CREATE TABLE w4 (a int); COMMIT');
is($node->safe_psql('shop', q{SELECT string_agg(object, ' ' ORDER BY object) FROM drift_check()}), 'public.w3',
	'a deploy beside it is none of its business');
$session{alice}->query_safe('CREATE TABLE w5 (a int); COMMIT');
is($node->safe_psql('shop', q{SELECT string_agg(who || ' ' || object, '; ' ORDER BY object) FROM drift_check()}),
	'alice public.w1; bob public.w3; alice public.w5', 'each has his own');
$session{$_}->quit foreach keys %session;

is($node->safe_psql('shop', 'SELECT schemadrift.capture_misses()'), '0', 'nothing was missed');
$node->stop('fast');
done_testing();
