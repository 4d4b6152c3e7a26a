# The watch watches itself: whatever keeps DDL from being captured is a drift
# that pages, found by the worker without anybody's help, and gone when it is
# mended.  And whatever changes the schema without DDL is found.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use PostgreSQL::Test::Utils;
use Test::More;

use SchemaDrift::Cluster;
use SchemaDrift::PagerDuty;

my $pd = SchemaDrift::PagerDuty->start;
my $node = SchemaDrift::Cluster->start_new('selfcheck', pagerduty => $pd,
	init => { allows_streaming => 1 });

sub query { return $node->safe_psql('postgres', $_[0]); }

# Open drifts of capture as "object: actual (who)".
my $findings = "SELECT coalesce(string_agg(object || ': ' || actual || coalesce(' (' || who || ')', ''), '; '"
  . " ORDER BY object), '')"
  . " FROM schemadrift.drift WHERE state = 'open' AND object_type = 'capture'";

# What $break does is found by the worker as $pattern, and gone after $mend.
sub found
{
	my ($name, $break, $pattern, $mend) = @_;
	query($break);
	ok($node->poll_query_until('postgres', "SELECT ($findings) ~ \$q\$$pattern\$q\$"), "$name is found")
	  or diag(query($findings));
	is(query("SELECT count(*) FROM schemadrift.drift WHERE state = 'open' AND object_type = 'capture'"
		  . " AND (class <> 'security' OR severity <> 'critical')"), 0, "$name is critical");
	query($mend // 'SELECT drift_watch()');
	ok($node->poll_query_until('postgres', "SELECT ($findings) = ''"), "$name is mended")
	  or diag(query($findings));
	return;
}

query('CREATE TABLE t (a int PRIMARY KEY, b text); CREATE ROLE mallory SUPERUSER LOGIN; CREATE ROLE ci LOGIN');
query("SELECT drift_create_roles(); GRANT drift_deployer TO ci; GRANT CREATE ON SCHEMA public TO ci");
query("SELECT drift_watch(channel => 'oncall')");
is(query('SELECT count(*) FROM drift_check()'), 0, 'nothing is wrong at first');
is(query('SELECT schemadrift.capture_problem() IS NULL'), 't', 'nor does capture say so');

# -- what keeps DDL from being captured --------------------------------------
found('a disabled trigger', 'SET ROLE mallory; ALTER EVENT TRIGGER schemadrift_capture_ddl DISABLE',
	'schemadrift_capture_ddl is disabled. \(postgres as mallory\)');
found('one that was disabled in the catalog',
	"UPDATE pg_event_trigger SET evtenabled = 'D' WHERE evtname = 'schemadrift_capture_drop'",
	'schemadrift_capture_drop is disabled');
found('one that replica mode switches off', 'ALTER EVENT TRIGGER schemadrift_capture_ddl ENABLE',
	'is not enabled always');
found('a dropped trigger', 'DROP EVENT TRIGGER schemadrift_capture_drop',
	'schemadrift_capture_drop is missing. \(postgres\)');
found('a filter',
	"UPDATE pg_event_trigger SET evttags = '{DROP TABLE}' WHERE evtname = 'schemadrift_capture_ddl'",
	'certain commands only');
found('an owner who is no superuser',
	'ALTER EVENT TRIGGER schemadrift_capture_ddl OWNER TO mallory; ALTER ROLE mallory NOSUPERUSER',
	'belongs to role "mallory", which is no superuser', 'SELECT drift_watch(); ALTER ROLE mallory SUPERUSER');
found('a function that became another',
	"UPDATE pg_proc SET prosrc = 'sd_sql_capture_drop' WHERE oid = 'schemadrift.capture_ddl()'::regprocedure",
	'capture_ddl\(\) is not as the extension made it',
	"UPDATE pg_proc SET prosrc = 'sd_sql_capture_ddl' WHERE oid = 'schemadrift.capture_ddl()'::regprocedure");
found('privileges on it', 'GRANT EXECUTE ON FUNCTION schemadrift.capture_ddl() TO PUBLIC', 'executed by everybody',
	'REVOKE EXECUTE ON FUNCTION schemadrift.capture_ddl() FROM PUBLIC');
found('capture that is off for a database', 'ALTER DATABASE postgres SET schemadrift.enabled = off',
	'"schemadrift.enabled" is off for this database.*\(postgres\)',
	'ALTER DATABASE postgres RESET schemadrift.enabled');
found('capture that is off for a role', "ALTER ROLE mallory SET schemadrift.capture = 'off'",
	'off for role mallory: DDL is not captured there. \(postgres\)', 'ALTER ROLE mallory RESET schemadrift.capture');
query('ALTER SYSTEM SET schemadrift.enabled = off');
$node->wait_until("SELECT max(last_event) = (SELECT max(id) FROM schemadrift.event) FROM schemadrift.event_seal");
found('capture that is off for the server', 'SELECT pg_reload_conf()', 'for the whole server.*\(postgres\)',
	'ALTER SYSTEM RESET schemadrift.enabled; SELECT pg_reload_conf()');
found('a trigger on a table of ours',
	'CREATE TRIGGER x BEFORE INSERT ON schemadrift.event FOR EACH ROW'
	  . ' EXECUTE FUNCTION suppress_redundant_updates_trigger()',
	'Trigger x is on schemadrift.event, a table of ours. \(postgres\)', 'DROP TRIGGER x ON schemadrift.event');
found('a rule', 'CREATE RULE r AS ON DELETE TO schemadrift.drift DO INSTEAD NOTHING',
	'Rule r is on schemadrift.drift',
	'DROP RULE r ON schemadrift.drift');
found('row security', 'ALTER TABLE schemadrift.event ENABLE ROW LEVEL SECURITY', 'has row security',
	'ALTER TABLE schemadrift.event DISABLE ROW LEVEL SECURITY');
found('somebody who may write', 'GRANT UPDATE ON schemadrift.event TO ci', 'schemadrift.event may be changed by ci',
	'REVOKE UPDATE ON schemadrift.event FROM ci');
found('a miss', "SET schemadrift.inject_fault = 'capture.insert'; COMMENT ON TABLE t IS 'missed'",
	'1 command could not be captured since', "COMMENT ON TABLE t IS NULL; SELECT drift_watch()");
found('event triggers that are off', 'ALTER DATABASE postgres SET event_triggers = off', '"event_triggers" is off',
	'ALTER DATABASE postgres RESET event_triggers')
  if query("SELECT current_setting('server_version_num')::int >= 170000") eq 't';

# a page, one that bears the head of the log, and nobody can accept it
query('ALTER EVENT TRIGGER schemadrift_capture_ddl DISABLE');
$node->wait_until("SELECT ($findings) ~ 'is disabled'");
like($pd->wait_for(action => 'trigger')->{body}, qr/"log_head"/, 'a page bears the head of the log');
my ($code, $out, $err) = $node->psql('postgres',
	"SELECT drift_accept(id, 'never mind') FROM schemadrift.drift WHERE state = 'open' AND object_type = 'capture'");
like($err, qr/cannot be accepted/, 'that capture is off cannot be accepted');
query('SELECT drift_watch()');
$node->wait_until("SELECT ($findings) = ''");

# the functions dropped with the triggers, by who takes them out of the extension first
query('BEGIN; ALTER EXTENSION schemadrift DROP FUNCTION schemadrift.capture_ddl();'
	  . ' DROP FUNCTION schemadrift.capture_ddl() CASCADE; COMMIT');
ok($node->poll_query_until('postgres',
	"SELECT ($findings) ~ 'trigger schemadrift_capture_ddl is missing.*capture_ddl\\(\\) is missing'"),
	'a dropped function is found with its trigger') or diag(query($findings));

query('CREATE FUNCTION schemadrift.capture_ddl() RETURNS event_trigger LANGUAGE C'
	  . " AS '\$libdir/schemadrift', 'sd_sql_capture_ddl';"
	  . ' REVOKE ALL ON FUNCTION schemadrift.capture_ddl() FROM PUBLIC;'
	  . ' ALTER EXTENSION schemadrift ADD FUNCTION schemadrift.capture_ddl(); SELECT drift_watch()');
ok($node->poll_query_until('postgres', "SELECT ($findings) = ''"), 'and mended') or diag(query($findings));

# -- what changes the schema behind capture's back ----------------------------
query("SELECT drift_baseline_set(reason => 'from here on')");
query("SET session_replication_role = replica; ALTER TABLE t ADD COLUMN by_replica int");
query('CREATE ROLE heir; REASSIGN OWNED BY ci TO heir; CREATE TABLE owned (a int); ALTER TABLE owned OWNER TO ci');
query('REASSIGN OWNED BY ci TO heir');
query('EXPLAIN (ANALYZE, COSTS off) CREATE TABLE explained AS SELECT 1 AS a');
query("UPDATE pg_class SET relname = 'sneaky' WHERE relname = 'owned'");
query("SET schemadrift.enabled = off; CREATE TABLE switched_off (a int)");
query("SET event_triggers = off; CREATE TABLE no_triggers (a int)")
  if query("SELECT current_setting('server_version_num')::int >= 170000") eq 't';
query('SELECT count(*) FROM drift_check()');
is(query("SELECT who FROM schemadrift.drift WHERE state = 'open' AND object = 'public.t.by_replica'"), 'postgres',
	'replica mode hides nothing');
is(query("SELECT who FROM schemadrift.drift WHERE state = 'open' AND object = 'public.explained'"), 'postgres',
	'nor does EXPLAIN ANALYZE');
is(query("SELECT count(*) FROM schemadrift.drift WHERE state = 'open' AND object = 'public.sneaky'"), 1,
	'UPDATE pg_class is found');
is(query("SELECT class FROM schemadrift.drift WHERE state = 'open' AND object = 'public.switched_off'"), 'unattributed',
	'what was done while capture was off has no author');
is(query("SELECT count(*) FROM drift_log() WHERE tag = 'SET' AND statement ~ 'schemadrift.enabled = off'"), 1,
	'but the log says who switched it off');
is(query("SELECT count(*) FROM drift_log() WHERE tag = 'REASSIGN OWNED' AND objects ~ 'public.owned'"), 1,
	'REASSIGN OWNED is in the log');

# -- block mode from the first command of a session ----------------------------
query("ALTER DATABASE postgres SET schemadrift.capture = 'block'");
($code, $out, $err) = $node->psql_as('ci', "CREATE INDEX CONCURRENTLY i ON t (b)");
like($err, qr/not allowed outside a deploy|must be owner/, 'CREATE INDEX CONCURRENTLY is refused');
is(query("SELECT count(*) FROM pg_class WHERE relname = 'i'"), 0, 'and leaves no index');
($code, $out, $err) = $node->psql_as('mallory', "CREATE INDEX CONCURRENTLY i ON t (b)");
like($err, qr/CREATE INDEX is not allowed outside a deploy/, 'also to a superuser');
is(query("SELECT count(*) FROM pg_class WHERE relname = 'i'"), 0, 'who leaves no index either');
($code, $out, $err) = $node->psql_as('ci', "SET schemadrift.capture = 'record'; CREATE TABLE way_out (a int)");
like($err, qr/permission denied to set parameter/, 'SET is no way out');
($code, $out, $err) = $node->psql_as('ci', 'CREATE TABLE way_out (a int)', options => '-c schemadrift.capture=record');
is(query("SELECT to_regclass('way_out') IS NULL"), 't', 'nor are connection options');
($code, $out, $err) = $node->psql_as('ci', 'CREATE TABLE deployed (a int)', options => '-c schemadrift.deploy=PR-1');
is($code, 0, 'a deploy is allowed');
($code, $out, $err) = $node->psql_as('mallory', "SET schemadrift.capture = 'record'; CREATE TABLE emergency (a int)");
is($code, 0, 'a superuser has a way out');
query("SET schemadrift.enabled = off; ALTER DATABASE postgres RESET schemadrift.capture");

# -- the sealed log, here and at another place ------------------------------------
query('SELECT count(*) FROM drift_check()');
is(query('SELECT count(*) FROM drift_verify_log()'), 0, 'after all that the log is intact');
is(query("SELECT string_agg(DISTINCT what, ',') FROM schemadrift.event_seal"), 'anchor,events', 'and sealed');
$node->safe_psql('template1', 'CREATE DATABASE copy TEMPLATE postgres');
$node->safe_psql('copy', 'SELECT drift_watch(); CREATE TABLE in_copy (a int); SELECT count(*) FROM drift_check()');
is($node->safe_psql('copy', "SELECT count(*), count(DISTINCT place) FROM schemadrift.event_seal WHERE what = 'anchor'"),
	'2|2', 'a copy goes on with an anchor of its own');
is($node->safe_psql('copy', 'SELECT count(*) FROM drift_verify_log()'), 0, 'and is intact');
$node->safe_psql('postgres', 'DROP DATABASE copy');
$node->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'base', has_streaming => 1);
$standby->start;
$node->wait_for_catchup($standby);
$standby->promote;
$standby->safe_psql('postgres',
	'SELECT drift_watch(); CREATE TABLE promoted (a int); SELECT count(*) FROM drift_check()');
is($standby->safe_psql('postgres', "SELECT count(DISTINCT split_part(place, '/', 3)) FROM schemadrift.event_seal"
		. " WHERE what = 'anchor'"), 2, 'a promoted standby goes on with an anchor on its timeline');
is($standby->safe_psql('postgres', 'SELECT count(*) FROM drift_verify_log()'), 0, 'and is intact');
$standby->stop;
$node->stop;

# -- preloading that is gone, and a session that has not loaded the library -----
$node->append_conf('postgresql.conf', "shared_preload_libraries = ''\n");
$node->start;
query('SELECT count(*) FROM drift_check()');
like(query($findings), qr/not in shared_preload_libraries any more/, 'preloading that is gone is found');
query("ALTER DATABASE postgres SET schemadrift.capture = 'block'");
($code, $out, $err) = $node->psql_as('ci', "SET schemadrift.capture = 'record'; CREATE TABLE way_out (a int)");
isnt($code, 0, 'a setting made before the library is loaded is no way out');
is(query("SELECT to_regclass('way_out') IS NULL"), 't', 'and nothing was made');

$node->stop;
$pd->stop;
done_testing();
