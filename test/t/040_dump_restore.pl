# An armed database survives pg_dump and pg_restore: the copy has the same
# schema, its triggers come last, and the restore itself is not captured.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use PostgreSQL::Test::Utils;
use SchemaDrift::Cluster;
use Test::More;

my $node = SchemaDrift::Cluster->start_new('dump', databases => ['shop'], conf => "wal_level = logical\n");
local $ENV{PGHOST} = $node->host;
local $ENV{PGPORT} = $node->port;

$node->safe_psql('shop', <<'EOF');
SELECT schemadrift.capture_arm();
CREATE TABLE customer (id serial PRIMARY KEY, email text UNIQUE NOT NULL);
CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	customer integer NOT NULL REFERENCES customer ON DELETE CASCADE, total numeric CHECK (total >= 0));
CREATE INDEX orders_customer ON orders (customer);
CREATE MATERIALIZED VIEW totals AS SELECT customer, sum(total) AS total FROM orders GROUP BY customer;
CREATE UNIQUE INDEX totals_customer ON totals (customer);
CREATE FUNCTION noop() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER orders_noop BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION noop();
INSERT INTO customer (email) SELECT 'c' || i FROM generate_series(1, 50) AS i;
INSERT INTO orders (customer, total) SELECT i, i FROM generate_series(1, 50) AS i;
REFRESH MATERIALIZED VIEW totals;
SELECT drift_deployer_add('postgres', 'flyway%');
EOF
my $events = $node->safe_psql('shop', 'SELECT count(*) FROM schemadrift.event');
cmp_ok($events, '>=', 7, 'the database has events');

# pg_dump's text without the lines that differ from run to run
sub schema_of
{
	my ($database) = @_;
	my ($out, $err) = run_command([ 'pg_dump', '-s', $database ]);
	is($err, '', "pg_dump of $database");
	return join "\n", grep { !/^\\(?:un)?restrict / } split /\n/, $out;
}

my $dump = $node->basedir . '/shop';
command_ok([ 'pg_dump', '-f', "$dump.sql", 'shop' ], 'dump as a script');
command_ok([ 'pg_dump', '-Fd', '-f', "$dump.dir", 'shop' ], 'dump as a directory');
unlike(slurp_file("$dump.sql"), qr/^COPY schemadrift\.(?:event|delivery|incident|arming) /m,
	'events and the outbox are not dumped');

my %restores = (
	by_psql => [ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-o', "$dump.log", '-f', "$dump.sql", '-d', 'by_psql' ],
	parallel => [ 'pg_restore', '-j2', '-d', 'parallel', "$dump.dir" ],
	single => [ 'pg_restore', '-1', '-d', 'single', "$dump.dir" ]);
my $schema = schema_of('shop');
foreach my $copy (sort keys %restores)
{
	$node->safe_psql('postgres', "CREATE DATABASE $copy TEMPLATE template0");
	command_ok($restores{$copy}, "restore $copy");
	is(schema_of($copy), $schema, "$copy: pg_dump -s is the same");
	is($node->safe_psql($copy, 'SELECT tag, objects, statement FROM drift_log()'), '',
		"$copy: the restore was not captured");
	is($node->safe_psql($copy, 'SELECT schemadrift.capture_misses()'), '0', "$copy: nor missed");
	is($node->safe_psql($copy, 'SELECT schemadrift.capture_problem() IS NULL'), 't', "$copy: capture is armed");
	is($node->safe_psql($copy,
		"SELECT count(*) FROM pg_constraint WHERE conrelid IN ('orders'::regclass, 'customer'::regclass)"
		  . " AND contype IN ('p', 'f', 'u', 'c')"),
		'5', "$copy: keys and constraints are there");
	is($node->safe_psql($copy, 'SELECT count(*) FROM totals'), '50', "$copy: the materialized view is filled");
	is($node->safe_psql($copy, 'SELECT role, application FROM drift_deployers()'), 'postgres|flyway%',
		"$copy: deployers came along");
	$node->safe_psql($copy, 'CREATE TABLE afterwards (a int)');
	is($node->safe_psql($copy, "SELECT id > $events FROM schemadrift.event"), 't', "$copy: new events go on counting");
}

# every way to take the extension away
my ($code, $out, $err) = $node->psql_as('postgres', 'DROP EXTENSION schemadrift', database => 'by_psql');
isnt($code, 0, 'an armed extension is not dropped by accident');
like($err, qr/event trigger schemadrift_capture_ddl depends on function.*HINT:.*CASCADE/s, 'and the error says how');
my %removals = (
	by_psql => 'DROP EXTENSION schemadrift CASCADE',
	parallel => 'DROP EVENT TRIGGER schemadrift_capture_ddl; DROP EXTENSION schemadrift CASCADE',
	single => 'SELECT schemadrift.capture_disarm(); DROP EXTENSION schemadrift');
foreach my $copy (sort keys %removals)
{
	($code, $out, $err) = $node->psql_as('postgres',
		"SET client_min_messages = warning; $removals{$copy}; CREATE TABLE free (a int)", database => $copy);
	is("$code $err", '0 ', $removals{$copy});
}
$node->stop;
done_testing();
