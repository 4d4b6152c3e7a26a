# Names and texts that try to be something else: nothing is reported, dumps keep
# the fingerprint, plans build and remove exactly the schema, psql runs nothing
# else and expands nothing, reports are well-formed.
use strict;
use warnings;

use Encode ();
use FindBin;
use lib "$FindBin::RealBin/../lib";

use IPC::Run ();
use JSON::PP ();
use PostgreSQL::Test::Utils;
use Test::More;

use SchemaDrift::Cluster;
use SchemaDrift::Dump;
use SchemaDrift::Hostile;

my $node = SchemaDrift::Cluster->start_new('hostile', databases => ['control'], conf => "wal_level = logical\n");
local $ENV{PGHOST} = $node->host;
local $ENV{PGPORT} = $node->port;
local $ENV{PGCLIENTENCODING} = 'UTF8';

# short, so that it is whole in names; psql runs where it would come to be
my $canary = 'canary';
chdir $node->basedir or die "could not change the directory: $!\n";
my $user = $node->safe_psql('postgres', 'SELECT current_user');
my @names = SchemaDrift::Hostile::names($canary);

sub write_file
{
	my ($name, $text) = @_;
	my $path = $node->basedir . "/$name.sql";
	open(my $out, '>:raw', $path) or die "could not write $path: $!\n";
	print $out $text;
	close $out or die "could not write $path: $!\n";
	return $path;
}

# A script as people run it, with variables that would be expanded by mistake.
sub run_script
{
	my ($database, $name, $text, @to_expand) = @_;
	my ($out, $err) = ('', '');
	my @variables = map { ('-v', "$_=EXPANDED") } @to_expand;
	my @command = ('psql', '-Xq', '-v', 'ON_ERROR_STOP=1', @variables, '-d', $database);
	IPC::Run::run([ @command, '-f', write_file($name, $text) ], '<', \undef, '>', \$out, '2>', \$err);
	return $? ? $err : '';
}

sub side { return "host=@{[ $node->host ]} port=@{[ $node->port ]} user=$user dbname=$_[0]"; }

# What a function of two databases says, as bytes.
sub ask
{
	my ($format, @databases) = @_;
	my $sql = sprintf($format, map { q{'} . side($_) . q{'} } @databases);
	my ($out, $err) = ('', '');
	IPC::Run::run([ 'psql', '-XAtq', '-d', 'control', '-f', '-' ], '<', \$sql, '>', \$out, '2>', \$err);
	is($err, '', $format);
	chomp $out;
	return $out;
}

sub differences
{
	my ($one, $other) = map { SchemaDrift::Dump->take($_) } @_;
	my ($only_one, $only_other) = $one->differences($other);
	return join "\n", (map { "- $_" } @$only_one), map { "+ $_" } @$only_other;
}

$node->safe_psql('postgres', "CREATE DATABASE $_ TEMPLATE template0") foreach qw(empty source);
foreach my $database (qw(empty source))
{
	$node->safe_psql($database, 'CREATE TABLE public.untouched (a integer)');
}
$node->safe_psql('postgres', "CREATE DATABASE built TEMPLATE empty; CREATE DATABASE restored TEMPLATE template0;");
is(run_script('postgres', 'roles', Encode::encode('UTF-8', SchemaDrift::Hostile::roles(@names))), '', 'roles');
is(run_script('source', 'schema', Encode::encode('UTF-8', SchemaDrift::Hostile::schema(@names))), '',
	'the schema loads');

# -- no alarm ---------------------------------------------------------------------
$node->safe_psql('postgres', 'CREATE DATABASE watched TEMPLATE source');
$node->safe_psql('watched', 'CREATE EXTENSION schemadrift; SELECT drift_watch()');
is($node->safe_psql('watched', 'SELECT object, attribute FROM drift_check()'), '', "nothing is reported ($_)")
  foreach 1, 2;
my $name = SchemaDrift::Hostile::ident($names[0]);
$node->safe_psql('watched', "COMMENT ON TABLE $name.$name IS '(not readable)'");
is($node->safe_psql('watched', 'SELECT object_type, attribute, actual FROM drift_check()'),
	'table|comment|(not readable)', 'a text that looks like our mark is a change like any other');

# -- dump and restore ---------------------------------------------------------------
is(run_script('restored', 'dump', SchemaDrift::Dump->take('source')->text), '', 'pg_dump -s restores');
is(ask('SELECT drift_fingerprint(%s)', 'restored'), ask('SELECT drift_fingerprint(%s)', 'source'), 'same fingerprint');
is(ask('SELECT drift_sql(%s, %s)', 'restored', 'source'), '', 'and nothing to do');

# -- plans ---------------------------------------------------------------------------
my $oid = q{SELECT 'public.untouched'::regclass::oid};
my $before = $node->safe_psql('built', $oid);
is(run_script('built', 'build', ask('SELECT drift_sql(%s, %s)', 'built', 'source'), 'i', 'expanded'), '',
	'the plan from nothing runs');
is(differences('source', 'built'), '', 'and builds what pg_dump sees');
is(ask('SELECT drift_sql(%s, %s)', 'built', 'source'), '', 'and leaves nothing to do');
is(run_script('built', 'remove', ask('SELECT drift_sql(%s, %s)', 'built', 'empty'), 'i', 'expanded'), '',
	'the plan back runs');
is(differences('built', 'empty'), '', 'and leaves nothing');
is($node->safe_psql('built', $oid), $before, 'what is in neither plan was not touched');
ok(!-e $canary, 'psql ran no command');

# -- reports -------------------------------------------------------------------------
my $hidden = qr/[\x00-\x08\x0b-\x1f\x7f-\x9f\x{200b}-\x{200f}\x{2028}-\x{202e}\x{2060}-\x{206f}\x{feff}]/;
foreach my $format (qw(text markdown html))
{
	foreach my $direction ([ 'empty', 'source' ], [ 'source', 'empty' ])
	{
		my $bytes = ask("SELECT drift_report(%s, %s, '$format')", @$direction);
		my $report = Encode::decode('UTF-8', $bytes, Encode::FB_CROAK);
		cmp_ok(length $report, '>', 100000, "$format from $direction->[0] to $direction->[1]");
		unlike($report, $hidden, 'has no hidden characters');
		unlike($report, qr/<script>alert/, 'and no markup of names') if $format eq 'html';
	}
}
my $json = ask("SELECT drift_report(%s, %s, 'json')", 'empty', 'source');
my $report = JSON::PP->new->utf8->decode($json);
cmp_ok(scalar @{ $report->{differences} }, '>', 1000, 'JSON parses');
ok(Encode::encode('UTF-8', $report->{revert}) eq ask('SELECT drift_sql(%s, %s)', 'source', 'empty'),
	'and has the statements as they are');
$node->stop;
done_testing();
