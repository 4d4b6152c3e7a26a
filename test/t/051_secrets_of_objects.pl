# Passwords of user mappings, servers and subscriptions are nowhere to be found,
# and what a plain user may not read is neither the same nor gone.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use SchemaDrift::Cluster;

my $node = SchemaDrift::Cluster->start_new('main', databases => [ 'one', 'two' ]);
$node->safe_psql('postgres', 'CREATE ROLE plain LOGIN; CREATE ROLE mapped');

sub make
{
	my ($database, $word) = @_;
	$node->safe_psql($database, <<"EOS");
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (host 'h', dsn 'user=me password=$word-1');
CREATE USER MAPPING FOR mapped SERVER s OPTIONS (user 'me', password '$word-2');
CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (user 'me', password '$word-2');
CREATE FOREIGN TABLE far (a integer OPTIONS (column_name 'A')) SERVER s OPTIONS (token '$word-3');
CREATE SUBSCRIPTION sub CONNECTION 'host=127.0.0.1 port=1 password=$word-4' PUBLICATION p
	WITH (connect = false, slot_name = NONE, streaming = off);
EOS
	return;
}
make('one', 'canary');
make('two', 'finch');

sub side
{
	my ($database, $user) = @_;
	return q{'} . ($node->connstr($database) =~ s/'/''/gr) . " user=$user'";
}

sub read_in
{
	my ($database, $sql) = @_;
	return $node->safe_psql($database, $sql);
}

my $superuser = read_in('one', 'SELECT current_user');
my ($one, $two) = (side('one', $superuser), side('two', $superuser));
my $columns = 'class, severity, change, object_type, object, attribute, expected, actual';

# -- secrets --------------------------------------------------------------------

is(read_in('one', "SELECT drift_fingerprint('live') = drift_fingerprint($two)"), 't',
	'databases that differ in passwords alone are the same');
is(read_in('one', "SELECT $columns FROM drift_diff('live', $two)"), '', 'and do not differ');
read_in('one', 'SELECT drift_baseline_set()');
is(read_in('one', q{SELECT count(*), count(DISTINCT form->'values'->>'secret') FROM schemadrift.baseline_object
	WHERE form->'values'->>'secret' <> ''}), '5|5', 'equal passwords in two places have different digests');
make_other_passwords();
my $report = join "\n", map { read_in('one', $_) } q{SELECT * FROM drift_check()},
  q{SELECT drift_sql('live', 'baseline')},
  map({ "SELECT drift_report(format => '$_')" } 'text', 'markdown', 'html', 'json'),
  'SELECT * FROM drift_objects()', 'SELECT form FROM schemadrift.baseline_object',
  'SELECT statement FROM schemadrift.event', 'SELECT drift_baseline_export()';
unlike($report, qr/canary|finch/, 'no password is in any output or table');
is(read_in('one', q{SELECT string_agg(concat_ws(' ', class, object, attribute), '; ' ORDER BY object)
	FROM drift_check()}),
	'security mapped SERVER s secret; security public.far secret; security s secret; security sub secret',
	'that they changed is seen');
like($report, qr/The secret of the subscription sub differs; it is kept nowhere/,
	'and the plan says that it cannot help');
unlike(slurp_file($node->logfile), qr/canary-\d|finch-\d/, 'nor are they in the log');

sub make_other_passwords
{
	$node->safe_psql('one', <<'EOS');
ALTER SERVER s OPTIONS (SET dsn 'user=me password=canary-6');
ALTER USER MAPPING FOR mapped SERVER s OPTIONS (SET password 'canary-7');
ALTER FOREIGN TABLE far OPTIONS (SET token 'canary-8');
ALTER SUBSCRIPTION sub CONNECTION 'host=127.0.0.1 port=1 password=canary-9';
EOS
	return;
}

# -- what cannot be read ----------------------------------------------------------

my $plain = side('two', 'plain');
my $unread = '(not readable)';
my @unread = (
	"additive|info|changed|subscription|sub|connection|host=127.0.0.1 port=1 password=(secret)|$unread",
	"additive|info|changed|user_mapping|PUBLIC SERVER s|options|password='(secret)', \"user\"='me'|$unread",
	"additive|info|changed|user_mapping|mapped SERVER s|options|password='(secret)', \"user\"='me'|$unread");
is(read_in('one', "SELECT $columns FROM drift_diff('live', $plain) ORDER BY object_type, object COLLATE \"C\""),
	join("\n", @unread), 'what a plain user may not read is no change, and not gone');
is(read_in('one', "SELECT count(*) FROM drift_diff($plain, $plain)"), '3', 'and not equal to itself');
my $plan = read_in('one', "SELECT drift_sql('live', $plain)");
is(scalar(() = $plan =~ /could not be read on both sides/g), 3, 'the plan says what it leaves alone');
unlike($plan, qr/^(?:ALTER|CREATE|DROP)/m, 'and does nothing about it');
read_in('two', 'DROP USER MAPPING FOR mapped SERVER s');
like(read_in('one', "SELECT $columns FROM drift_diff('live', $plain)"),
	qr/breaking\|critical\|removed\|user_mapping\|mapped SERVER s\|/, 'what is gone is gone for a plain user too');
$plan = read_in('one', "SELECT drift_sql($two, $plain)");
unlike($plan, qr/^(?:ALTER|CREATE|DROP)/m, 'the same from the other side');

# -- wrappers of the server's own package ----------------------------------------------

SKIP:
{
	skip 'postgres_fdw is not installed', 2
	  if read_in('two', q{SELECT count(*) FROM pg_available_extensions WHERE name = 'postgres_fdw'}) eq '0';
	read_in('two', <<'EOS');
CREATE EXTENSION postgres_fdw;
CREATE SERVER near FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'localhost', dbname 'one', fetch_size '10');
CREATE USER MAPPING FOR PUBLIC SERVER near OPTIONS (user 'me', password_required 'false');
CREATE FOREIGN TABLE near_by (a integer OPTIONS (column_name 'b')) SERVER near OPTIONS (table_name 't');
EOS
	is(read_in('two', q{SELECT string_agg(identity, ' ' ORDER BY identity) FROM drift_objects()
		WHERE kind IN ('foreign_data_wrapper', 'server', 'foreign_table')}), 'near public.far public.near_by s w',
		'a wrapper that belongs to an extension is left out');
	read_in('two', 'SELECT drift_baseline_set()');
	read_in('two', <<'EOS');
DROP SERVER near CASCADE;
CREATE SERVER near FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'elsewhere');
EOS
	read_in('two', read_in('two', q{SELECT drift_sql('live', 'baseline')}));
	is(read_in('two', q{SELECT count(*) FROM drift_diff('baseline', 'live')}), '0', 'the plan back is accepted by it');
}

read_in($_, 'DROP SUBSCRIPTION sub') foreach 'one', 'two';
$node->stop('fast');
done_testing();
