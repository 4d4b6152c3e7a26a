# What is set on the database and on roles in it: found, told who did it, undone
# by the plan, left alone in copies; and security labels, with a provider that
# is built here.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use PostgreSQL::Test::Utils;
use SchemaDrift::Cluster;
use Test::More;

my $provider = PostgreSQL::Test::Utils::tempdir();
foreach my $file ('Makefile', 'sd_label.c')
{
	append_to_file("$provider/$file", slurp_file("$FindBin::RealBin/../label/$file"));
}
my $pg_config = $ENV{SD_PG_CONFIG} || $ENV{PG_CONFIG} || 'pg_config';
my ($made, $errors) = run_command([ 'make', '-s', '-C', $provider, "PG_CONFIG=$pg_config" ]);
ok(-e "$provider/sd_label.so", 'the label provider is built') or diag("$made $errors");

my $node = SchemaDrift::Cluster->start_new('shared', databases => ['shop'],
	conf => "wal_level = logical\nsession_preload_libraries = '$provider/sd_label.so'\n");
local $ENV{PGHOST} = $node->host;
local $ENV{PGPORT} = $node->port;
$node->safe_psql('shop', <<'EOT');
CREATE ROLE alice SUPERUSER LOGIN;
CREATE ROLE bob SUPERUSER LOGIN;
CREATE ROLE reader LOGIN;
CREATE ROLE app;
ALTER DATABASE shop SET work_mem = '5MB';
ALTER ROLE app IN DATABASE shop SET lock_timeout = '5s';
CREATE TABLE orders (id integer PRIMARY KEY, note text);
SELECT drift_watch();
EOT

sub found
{
	return $node->safe_psql('shop', "SELECT concat_ws('|', who, object_type, object, attribute,"
		  . " regexp_replace(ddl, '\\s*\\[.*', '')) FROM drift_check() ORDER BY 1");
}

# Put it back by the plan, in a session of the given user.
sub revert
{
	my ($what) = @_;
	my $plan = $node->safe_psql('shop', "SELECT drift_sql('live', 'baseline')");
	my ($code, undef, $error) = $node->psql_as('postgres', $plan, database => 'shop');
	is($error, '', "$what: the plan runs");
	is(found(), '', "$what: and leaves nothing");
	return;
}

# -- each change is told with its own statement and author ------------------------
$node->psql_as('alice', "ALTER DATABASE shop SET work_mem = '6MB'", database => 'shop');
$node->psql_as('bob', "ALTER DATABASE shop SET statement_timeout = '1h'", database => 'shop');
$node->psql_as('bob', 'ALTER ROLE app IN DATABASE shop RESET ALL', database => 'shop');
$node->psql_as('alice', 'ALTER ROLE app IN DATABASE shop SET search_path = public', database => 'shop');
is(found(), join("\n",
		'alice|database_setting|work_mem|value|ALTER DATABASE shop SET work_mem',
		'alice|role_setting|search_path for app|ALTER ROLE app IN DATABASE shop SET search_path',
		'bob|database_setting|statement_timeout|ALTER DATABASE shop SET statement_timeout',
		'bob|role_setting|lock_timeout for app|ALTER ROLE app IN DATABASE shop RESET ALL'),
	'settings, each with its statement');
revert('settings');

$node->psql_as('alice', 'ALTER DATABASE shop CONNECTION LIMIT 50', database => 'shop');
is(found(), 'alice|database|itself|connection_limit|ALTER DATABASE shop CONNECTION LIMIT 50', 'an option');
revert('an option');
$node->psql_as('alice', 'ALTER DATABASE shop OWNER TO app', database => 'shop');
is(found(), 'alice|database|itself|owner|ALTER DATABASE shop OWNER TO app', 'the owner');
revert('the owner');
$node->psql_as('bob', 'GRANT CREATE ON DATABASE shop TO app', database => 'shop');
$node->psql_as('alice', q{COMMENT ON DATABASE shop IS 'ours'}, database => 'shop');
is(found(), join("\n", q{alice|database|itself|comment|COMMENT ON DATABASE shop IS 'ours'},
		'bob|database|itself|privileges|GRANT CREATE ON DATABASE shop TO app'), 'privileges and comment');
revert('privileges and comment');
$node->safe_psql('shop', 'GRANT CREATE ON DATABASE shop TO app; SELECT drift_baseline_set()');
$node->psql_as('alice', 'DROP OWNED BY app', database => 'shop');
is(found(), 'alice|database|itself|privileges|DROP OWNED BY app', 'privileges lost with all others of a role');
revert('privileges lost with all others of a role');
$node->psql_as('bob', 'GRANT EXECUTE ON FUNCTION pg_read_file(text) TO app', database => 'shop');
is(found(), 'bob|changed_privileges|FUNCTION pg_catalog.pg_read_file(text)|'
	  . 'GRANT EXECUTE ON FUNCTION pg_read_file(text) TO app', 'a grant on a function of the server');
revert('a grant on a function of the server');

# -- a copy ------------------------------------------------------------------------
$node->safe_psql('shop', <<'EOT');
ALTER DATABASE shop CONNECTION LIMIT 70;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader;
REVOKE EXECUTE ON FUNCTION pg_sleep(double precision) FROM PUBLIC;
SELECT drift_baseline_set();
EOT
my $dump = $node->basedir . '/shop.sql';
command_ok([ 'pg_dump', '-f', $dump, 'shop' ], 'dump');
$node->safe_psql('postgres', 'CREATE DATABASE copy TEMPLATE template0');
command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-o', "$dump.log", '-f', $dump, '-d', 'copy' ], 'restore');
is($node->safe_psql('copy', 'SELECT drift_fingerprint()'), $node->safe_psql('shop', 'SELECT drift_fingerprint()'),
	'the copy has the same fingerprint, though not the same settings');
is($node->safe_psql('copy', 'SELECT * FROM drift_check()'), '', 'and finds nothing by the baseline it brought along');
$node->safe_psql('copy', q{COMMENT ON DATABASE copy IS 'mine'});
is($node->safe_psql('copy', 'SELECT object_type, attribute FROM drift_check()'), 'database|comment',
	'from then on it is watched itself');
my $as_reader = sprintf "host=%s port=%s user=reader dbname=%s", $node->host, $node->port, 'copy';
is($node->safe_psql('shop', "SELECT object_type, object FROM drift_diff('live', '$as_reader')"), '',
	'read by an ordinary role it is the same');

# -- security labels ----------------------------------------------------------------
$node->safe_psql('shop', <<'EOT');
CREATE SCHEMA k;
CREATE SEQUENCE k.numbers;
CREATE TABLE k.part (a integer, b text) PARTITION BY LIST (a);
CREATE VIEW k.v AS SELECT 1 AS a;
CREATE MATERIALIZED VIEW k.m AS SELECT 1 AS a;
CREATE TYPE k.c AS (x integer);
CREATE TYPE k.e AS ENUM ('a');
CREATE TYPE k.r AS RANGE (SUBTYPE = integer);
CREATE DOMAIN k.d AS text;
CREATE FUNCTION k.f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE k.p() LANGUAGE sql AS '';
CREATE AGGREGATE k.g (integer) (SFUNC = int4pl, STYPE = integer);
CREATE FUNCTION k.t() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER k_trigger ON ddl_command_start EXECUTE FUNCTION k.t();
CREATE PUBLICATION k_publication;
CREATE TRUSTED LANGUAGE k_language HANDLER plpgsql_call_handler;
CREATE FOREIGN DATA WRAPPER k_wrapper;
CREATE SERVER k_server FOREIGN DATA WRAPPER k_wrapper;
CREATE FOREIGN TABLE k.far (a integer) SERVER k_server;
CREATE SUBSCRIPTION k_subscription CONNECTION 'dbname=x' PUBLICATION y
	WITH (connect = false, slot_name = NONE, enabled = false);
SELECT drift_baseline_set();
EOT
my %labelled = (
	'SCHEMA k' => 'schema|k', 'SEQUENCE k.numbers' => 'sequence|k.numbers', 'TABLE k.part' => 'table|k.part',
	'COLUMN k.part.b' => 'column|k.part.b', 'VIEW k.v' => 'view|k.v', 'COLUMN k.v.a' => 'view_column|k.v.a',
	'MATERIALIZED VIEW k.m' => 'matview|k.m', 'COLUMN k.m.a' => 'view_column|k.m.a',
	'TYPE k.c' => 'composite|k.c', 'COLUMN k.c.x' => 'attribute|k.c.x', 'TYPE k.e' => 'enum|k.e',
	'TYPE k.r' => 'range|k.r', 'DOMAIN k.d' => 'domain|k.d', 'FUNCTION k.f()' => 'function|k.f()',
	'PROCEDURE k.p()' => 'procedure|k.p()', 'AGGREGATE k.g(integer)' => 'aggregate|k.g(integer)',
	'EVENT TRIGGER k_trigger' => 'event_trigger|k_trigger', 'PUBLICATION k_publication' => 'publication|k_publication',
	'LANGUAGE k_language' => 'language|k_language', 'FOREIGN TABLE k.far' => 'foreign_table|k.far',
	'SUBSCRIPTION k_subscription' => 'subscription|k_subscription', 'DATABASE shop' => 'database|itself');
foreach my $object (sort keys %labelled)
{
	$node->psql_as('alice', "SECURITY LABEL FOR \"sd test\" ON $object IS 'it''s secret'", database => 'shop');
	# a label's text is withheld from what is captured, and with it the object
	like(found(), qr/\Aalice\|\Q$labelled{$object}\E\|(?:security_label\|)?SECURITY LABEL FOR "sd test"\z/,
		"label on $object");
	revert("label on $object");
}

# all at once, of two providers, changed and taken away
sub label_all
{
	my ($first, $second) = @_;
	$node->safe_psql('shop', join '',
		map { qq{SECURITY LABEL FOR "sd test" ON $_ IS $first;\nSECURITY LABEL FOR other ON $_ IS $second;\n} }
		sort keys %labelled);
	return;
}
label_all(q{'a'}, q{'b'});
$node->safe_psql('shop', 'SELECT drift_baseline_set()');
label_all(q{'c'}, 'NULL');
is($node->safe_psql('shop', 'SELECT count(*) FROM drift_check()'), scalar keys %labelled, 'all of them differ');
revert('all labels');
$node->stop;
done_testing();
