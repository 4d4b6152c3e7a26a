# What is read straight from the catalogs is, letter by letter, what the queries
# of the kinds give; a side named by a connection string always uses these.  And
# it waits for nobody's lock.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use PostgreSQL::Test::Utils;
use Test::More;

use SchemaDrift::Bench;
use SchemaDrift::Cluster;

my $node = SchemaDrift::Cluster->start_new('main', preload => '', databases => [],
	conf => "max_prepared_transactions = 2\n");

# Loads files into a new database and compares both ways of reading it, with
# all that a baseline stores: properties that are not compared, needs, addresses.
sub same
{
	my ($name, @files) = @_;
	$node->safe_psql('postgres', qq{CREATE DATABASE "$name"});
	system_log('psql', '-XAtq', '-d', $node->connstr($name), '-f', $_) foreach @files;
	$node->safe_psql($name, 'CREATE EXTENSION IF NOT EXISTS schemadrift');
	my $self = $node->connstr($name) =~ s/'/''/gr;
	$node->safe_psql($name, "SELECT drift_baseline_set('query', side => '$self'), drift_baseline_set('scan')");
	my $stored = "(SELECT * FROM schemadrift.baseline_object WHERE name = '%s' AND NOT form->'values' ? 'secret')";
	my $differing = $node->safe_psql($name,
		'SELECT key, q.form, s.form FROM ' . sprintf($stored, 'query') . ' q FULL JOIN '
		  . sprintf($stored, 'scan') . ' s USING (key)'
		  . q{ WHERE q.form IS DISTINCT FROM s.form AND key !~ '^(user_mapping|subscription) ' ORDER BY key LIMIT 5});
	is($differing, '', "$name is the same by query and by scan");
	cmp_ok($node->safe_psql($name, "SELECT count(*) FROM schemadrift.baseline_object WHERE name = 'scan'"),
		'>', 20, "$name has objects");
	same_beside($name);
}

# Both ways of comparing with another database: its server does the work where it
# has the extension, else it answers the queries of the kinds.
sub same_beside
{
	my ($name) = @_;
	my $other = "${name}_other";
	$node->safe_psql('postgres', qq{CREATE DATABASE "$other" TEMPLATE "$name"});
	$node->safe_psql($other, <<'EOF');
DO $$
DECLARE
	altered regclass;
	n integer := 0;
BEGIN
	FOR altered IN SELECT oid FROM pg_class WHERE relkind = 'r' AND NOT relispartition AND oid >= 16384
		AND reloftype = 0 AND relnamespace = 'public'::regnamespace ORDER BY relname COLLATE "C" LIMIT 5 LOOP
		EXECUTE format('ALTER TABLE %s ADD COLUMN beside_%s integer DEFAULT 7', altered, n);
		EXECUTE format('COMMENT ON TABLE %s IS %L', altered, 'beside');
		n := n + 1;
	END LOOP;
END $$;
CREATE TABLE public.beside (id integer PRIMARY KEY, note text CHECK (note <> 'it''s "so"'));
CREATE VIEW public.beside_view AS SELECT id FROM public.beside;
CREATE FOREIGN DATA WRAPPER beside_wrapper;
CREATE SERVER beside_server FOREIGN DATA WRAPPER beside_wrapper OPTIONS (password 'not told');
EOF
	my @answers;
	foreach my $has (1, 0)
	{
		$node->safe_psql($other, 'DROP EXTENSION schemadrift CASCADE') if !$has;
		my $side = ($node->connstr($other) . " options='-c log_statement=all'") =~ s/'/''/gr;
		my $from = -s $node->logfile;
		push @answers, $node->safe_psql($name, <<"EOF");
SELECT * FROM drift_diff('live', '$side');
SELECT * FROM drift_diff('$side', 'live');
SELECT drift_sql('live', '$side'), drift_sql('$side', 'live'), drift_sql('baseline:scan', '$side');
EOF
		my $asked = slurp_file($node->logfile, $from) =~ /execute <unnamed>: SELECT key, form FROM schemadrift/;
		is($asked ? 1 : 0, $has, "$other is " . ($has ? '' : 'not ') . 'asked for forms');
	}
	is($answers[0], $answers[1], "$other differs in the same from $name, with the extension and without");
	like($answers[0], qr/beside_view/, 'and does differ');
	unlike($answers[0], qr/not told/, 'secrets are not told');
}

# a property that a scan does not know would make everything slow, in silence
my (undef, undef, $debug) = $node->psql('postgres', <<'EOF');
CREATE EXTENSION schemadrift;
SET client_min_messages = debug1;
SELECT drift_fingerprint();
EOF
unlike($debug, qr/other properties than its scan/, 'scans know all properties of their kinds');

same('expressions', 'test/fixtures/expressions.sql');
same('all_kinds', 'test/fixtures/all_kinds.sql');
same($_->{name}, $_->{path}) foreach SchemaDrift::Bench::schemas();

# -- nobody's lock matters --------------------------------------------------------
$node->safe_psql('postgres', <<'EOF');
CREATE TABLE locked (
	id integer PRIMARY KEY,
	a text DEFAULT 'x',
	b integer GENERATED ALWAYS AS (id * 2) STORED,
	CHECK (length(a) > 0),
	CONSTRAINT cased CHECK (CASE WHEN id > 0 THEN a <> '' ELSE true END)
);
CREATE TABLE parts (id integer) PARTITION BY LIST (id);
CREATE TABLE part PARTITION OF parts FOR VALUES IN (1);
CREATE INDEX ON locked (lower(a)) WHERE id > 5;
EOF
my $before = $node->safe_psql('postgres', 'SELECT drift_fingerprint()');
$node->safe_psql('postgres', q{BEGIN; LOCK TABLE locked, parts, part; PREPARE TRANSACTION 'locker'});
is($node->safe_psql('postgres', q{SET lock_timeout = '2s'; SELECT drift_fingerprint()}), $before,
	'tables that somebody else has locked exclusively are read all the same');
$node->safe_psql('postgres', q{ROLLBACK PREPARED 'locker'});

$node->stop;
done_testing();
