# Reading works where nothing can be written: on a hot standby, and against
# databases and servers that never heard of the extension.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use SchemaDrift::Cluster;

my $node = SchemaDrift::Cluster->start_new('main', init => { allows_streaming => 1 });
my @schema = (
	'CREATE TABLE orders (id integer PRIMARY KEY, note text)',
	'CREATE VIEW open_orders AS SELECT id, note FROM orders WHERE note IS NOT NULL',
	q{CREATE FUNCTION total(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1'},
	'CREATE INDEX orders_note ON orders (note) WHERE note IS NOT NULL');
$node->safe_psql('postgres', join ';', @schema);
my $version = $node->safe_psql('postgres', 'SELECT drift_baseline_set()');
$node->safe_psql('postgres', 'ALTER TABLE orders ADD COLUMN total numeric');
$node->backup('base');

my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'base', has_streaming => 1);
$standby->start;
$node->wait_for_catchup($standby);

# a server without the extension, whose schema is the baseline's
my $plain = PostgreSQL::Test::Cluster->new('plain');
$plain->init;
$plain->start;
$plain->safe_psql('postgres', join ';', @schema);

sub conninfo
{
	my ($of) = @_;
	return $of->connstr('postgres') . " user=" . $of->safe_psql('postgres', 'SELECT current_user');
}

# Each read function's answer, for a side that the caller quotes.
my $to = q{'} . (conninfo($plain) =~ s/'/''/gr) . q{'};
my %reads = (
	fingerprint => 'SELECT drift_fingerprint()',
	objects => 'SELECT kind, identity, fingerprint FROM drift_objects() ORDER BY 1, 2',
	diff => q{SELECT change, object_type, object FROM drift_diff('baseline', 'live')},
	sql => q{SELECT drift_sql('live', 'baseline')},
	report => q{SELECT drift_report()},
	markdown => q{SELECT drift_report(format => 'markdown')},
	json => q{SELECT drift_report(format => 'json')},
	remote_fingerprint => "SELECT drift_fingerprint($to)",
	remote_diff => "SELECT change, object_type, object FROM drift_diff($to, 'live')",
	remote_sql => "SELECT drift_sql('live', $to)");
foreach my $name (sort keys %reads)
{
	# the time at which each looked is its own
	my ($expected, $got) = map { $_->safe_psql('postgres', $reads{$name}) =~ s/"taken":"[^"]*"//gr } $node, $standby;
	isnt($expected, '', "$name says something");
	is($got, $expected, "$name is the same on the standby");
}
is($node->safe_psql('postgres', $reads{diff}), 'added|column|public.orders.total', 'the difference from the baseline');
is($node->safe_psql('postgres', $reads{remote_diff}), 'added|column|public.orders.total',
	'the same from a server without the extension');

# what the extension itself brings is no difference
is($node->safe_psql('postgres', "SELECT drift_fingerprint($to)"),
	$node->safe_psql('postgres', 'SELECT fingerprint FROM schemadrift.baseline'), 'nor does the extension count');

# the plan works there
$plain->safe_psql('postgres', $node->safe_psql('postgres', "SELECT drift_sql($to, 'live')"));
is($node->safe_psql('postgres', "SELECT drift_fingerprint($to)"),
	$node->safe_psql('postgres', 'SELECT drift_fingerprint()'),
	'the plan made on one server leaves the other equal');

# what writes says so, with the way that works
my ($code, $out, $err) = $standby->psql('postgres', 'SELECT * FROM drift_check()');
isnt($code, 0, 'drift_check() is refused on a standby');
like($err, qr/drift_diff\('baseline', 'live'\) compares without recording/, 'with a hint');

# and reading in a read-only transaction on the primary leaves nothing behind
is($node->safe_psql('postgres', <<'EOF'), "f", 'reading assigns no transaction id');
BEGIN READ ONLY;
DO $$ BEGIN PERFORM drift_fingerprint(), drift_sql('live', 'baseline'), drift_report(),
	(SELECT count(*) FROM drift_diff('baseline', 'live')); END $$;
SELECT pg_current_xact_id_if_assigned() IS NOT NULL;
COMMIT;
EOF

# a snapshot on the standby is not disturbed by the primary's DDL going on
my $done = $node->basedir . '/ddl.log';
my $ddl = IPC::Run::start([ 'pgbench', '-n', '-f', '-', '-t', '200', '-d', $node->connstr('postgres') ],
	'<', \ 'CREATE TABLE passing (a integer); DROP TABLE passing;', '>', $done, '2>', $done);
foreach my $round (1 .. 10)
{
	my ($rc, $stdout, $stderr) = $standby->psql('postgres',
		q{SELECT string_agg(object, ',') FROM drift_diff('baseline', 'live') WHERE object !~ 'passing'});
	# it may give up when the schema never stands still; it may not invent
	ok($rc == 0 ? $stdout eq 'public.orders.total' : $stderr =~ /changed while|kept changing|conflict with recovery/,
		"round $round under replayed DDL") or diag("$stdout $stderr");
}
$ddl->finish;

$_->stop foreach $plain, $standby, $node;
done_testing();
