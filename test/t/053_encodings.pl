# Databases in other encodings: all functions work, one schema has one
# fingerprint, and what is no text at all breaks nothing.
use strict;
use warnings;
use utf8;

use Encode ();
use FindBin;
use lib "$FindBin::RealBin/../lib";

use IPC::Run ();
use JSON::PP ();
use PostgreSQL::Test::Utils;
use Test::More;

use SchemaDrift::Cluster;
use SchemaDrift::Hostile;

my $node = SchemaDrift::Cluster->start_new('encodings', databases => []);
local $ENV{PGHOST} = $node->host;
local $ENV{PGPORT} = $node->port;
chdir $node->basedir or die "could not change the directory: $!\n";
my $user = $node->safe_psql('postgres', 'SELECT current_user');

# Runs SQL, bytes, in a client of that encoding; gives bytes.
sub run_sql
{
	my ($database, $encoding, $sql) = @_;
	local $ENV{PGCLIENTENCODING} = $encoding;
	my ($out, $err) = ('', '');
	IPC::Run::run([ 'psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', $database, '-f', '-' ], '<', \$sql, '>', \$out,
		'2>', \$err);
	chomp $out;
	return ($? ? "failed: $err" : $out);
}

sub side { return "'host=@{[ $node->host ]} port=@{[ $node->port ]} user=$user dbname=$_[0]'"; }

my $latin = <<'SQL';
CREATE TABLE "été" ("ß" integer CONSTRAINT "ñ" CHECK ("ß" > 0), note text DEFAULT 'naïve ÿ');
CREATE TYPE "ü" AS ENUM ('ä', 'ö');
CREATE TABLE "Ã©" (a integer);
CREATE TABLE "z~" (a integer);
CREATE FUNCTION "ö"() RETURNS text LANGUAGE sql AS 'SELECT ''¿''';
COMMENT ON TABLE "été" IS 'où';
SQL
my $japanese = <<'SQL';
CREATE TABLE "日本" ("語" text DEFAULT 'ﾊﾝｶｸ');
CREATE TABLE "あ" (a integer);
CREATE TABLE "ﾊ" (a integer);
CREATE TABLE "～" (a integer);
SQL
# bytes that are nothing in UTF-8, cut characters, surrogates
my $bytes = <<"SQL";
CREATE TABLE "bad\xff\xfe" ("\xe9t\xe9" text DEFAULT '\xc3\x28');
COMMENT ON TABLE "bad\xff\xfe" IS '\x80 \xed\xa0\x80 \xf5';
CREATE FUNCTION "\xe6\x97"() RETURNS text LANGUAGE sql AS 'SELECT ''\xe9''';
CREATE SCHEMA "\\\xe9\n";
CREATE TYPE e AS ENUM ('\xe9', '\xe6\x97\xa5');
SQL
my %schemas = (
	latin1 => [ 'LATIN1', 'UTF8', Encode::encode('UTF-8', $latin) ],
	latin_in_utf8 => [ 'UTF8', 'UTF8', Encode::encode('UTF-8', $latin) ],
	latin_in_ascii => [ 'SQL_ASCII', 'SQL_ASCII', Encode::encode('UTF-8', $latin) ],
	euc_jp => [ 'EUC_JP', 'UTF8', Encode::encode('UTF-8', $japanese) ],
	japanese_in_utf8 => [ 'UTF8', 'UTF8', Encode::encode('UTF-8', $japanese) ],
	ascii => [ 'SQL_ASCII', 'SQL_ASCII', $bytes ]);
my @hostile = map { SchemaDrift::Hostile::ident($_) } SchemaDrift::Hostile::ascii_names('canary');

foreach my $name (sort keys %schemas)
{
	my ($encoding, $client, $sql) = @{ $schemas{$name} };
	$node->safe_psql('postgres',
		"CREATE DATABASE $_ TEMPLATE template0 ENCODING '$encoding' LC_COLLATE 'C' LC_CTYPE 'C'")
	  foreach $name, "${name}_copy";
	my @tables = map { "CREATE TABLE $_ (a integer);\n" } @hostile;
	is(run_sql($name, $client, join '', $sql, @tables), '', "$name loads");
	my $fingerprint = run_sql($name, $client,
		'CREATE EXTENSION schemadrift; SELECT drift_fingerprint()');
	push @{ $schemas{$name} }, $fingerprint;
	is(run_sql($name, $client, 'SELECT drift_baseline_set(); SELECT object FROM drift_check()'), '1',
		"$name: no alarm");
	my $import = "SELECT drift_baseline_import(drift_baseline_export('default'), 'copy')";
	is(run_sql($name, $client, $import), '1',
		"$name: a baseline travels as JSON");

	# the plan, and the copy that it builds
	my $copy = side("${name}_copy");
	is(run_sql("${name}_copy", $client, run_sql($name, $client, "SELECT drift_sql($copy, 'baseline')")), '',
		"$name: the plan runs");
	is(run_sql($name, $client, "SELECT drift_sql($copy, 'baseline'); SELECT drift_fingerprint($copy)"),
		"\n" . run_sql($name, $client, "SELECT drift_fingerprint('baseline')"), "$name: and leaves nothing");

	# reports, of everything as a difference
	run_sql($name, $client, 'CREATE TABLE later (a integer)');
	foreach my $format (qw(text markdown html json))
	{
		my $report = run_sql($name, $client, "SELECT drift_report(@{[ side('postgres') ]}, 'live', '$format')");
		my $text = eval { Encode::decode('UTF-8', $report, Encode::FB_CROAK) };
		cmp_ok(length($text // ''), '>', 1000, "$name: report in $format is UTF-8");
		cmp_ok(scalar @{ JSON::PP->new->decode($text)->{differences} }, '>', 50, 'and JSON') if $format eq 'json';
	}
}

# -- between encodings ----------------------------------------------------------------
sub fingerprint { return $schemas{ $_[0] }->[3]; }
is(fingerprint('latin1'), fingerprint('latin_in_utf8'), 'one fingerprint in LATIN1 and UTF8');
is(fingerprint('latin_in_ascii'), fingerprint('latin_in_utf8'), 'and in SQL_ASCII that holds UTF-8');
is(fingerprint('euc_jp'), fingerprint('japanese_in_utf8'), 'and in EUC_JP, whose bytes have another order');
my $diff = "SELECT change, object FROM drift_diff(%s, 'live') WHERE object <> 'public.later'"
  . " AND object NOT LIKE '%%schemadrift%%' AND object_type <> 'extension'";
foreach my $pair ([ 'latin1', 'latin_in_utf8' ], [ 'latin_in_utf8', 'latin1' ], [ 'euc_jp', 'japanese_in_utf8' ],
	[ 'japanese_in_utf8', 'euc_jp' ], [ 'latin_in_ascii', 'latin1' ], [ 'latin_in_utf8', 'latin_in_ascii' ])
{
	my ($here, $there) = @$pair;
	is(run_sql($here, $schemas{$here}->[1], sprintf $diff, side($there)), '', "$there compared in $here is the same");
}
like(run_sql('euc_jp', 'UTF8', sprintf $diff, side('latin1')), qr/^removed\|"?.*z~/m,
	'encodings without a direct conversion are compared');
like(run_sql('latin1', 'UTF8', sprintf $diff, side('euc_jp')), qr/has no equivalent in encoding "LATIN1"/,
	'a character that is not to be had here is an error');
like(run_sql('latin_in_utf8', 'UTF8', sprintf $diff, side('ascii')), qr/invalid byte sequence for encoding "UTF8"/,
	'and so are bytes that are no text');
$node->stop;
done_testing();
