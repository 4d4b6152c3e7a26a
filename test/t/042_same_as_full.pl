# A check of what changed finds what a check of everything finds: after each
# statement of test/fixtures/ddl_statements.sql, both are made of the same state
# (the full one is rolled back) and compared: every column of every item, and
# the message that goes out with the script that takes all of it back.
#
# Drifts pile up over a few statements, so that a check also meets open ones.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use IPC::Run ();
use PostgreSQL::Test::Utils;
use Test::More;

use SchemaDrift::Cluster;
use SchemaDrift::Statements;

# No worker may check before we do.
my $node = SchemaDrift::Cluster->start_new('main', databases => ['watched'], preload => '',
	conf => "max_worker_processes = 0\nschemadrift.allowed_hosts = '127.0.0.1:1'\n");
$node->safe_psql('watched', <<'EOS');
CREATE ROLE contractor LOGIN;
GRANT CREATE ON DATABASE watched TO contractor;
SELECT drift_channel_add('oncall', 'webhook', '{"url": "https://127.0.0.1:1/"}');
SELECT drift_watch(channel => 'oncall');
SELECT drift_check();
EOS

my $check = <<'EOS';
SELECT coalesce(max(id), 0) AS told FROM schemadrift.delivery \gset
SELECT concat_ws('|', severity, class, change, object_type, object, attribute, expected, actual, who, via, at, ddl,
	state) FROM drift_check() ORDER BY object_type, object, attribute, change, expected;
SELECT 'message: ' || concat_ws('|', purpose, payload->>'title', payload->>'severity', payload->>'revert_sql')
  FROM schemadrift.delivery WHERE id > :told;
SELECT 'open: ' || open_addresses || open_keys FROM schemadrift.check_state;
EOS
my $pile = 7;

my @statements = SchemaDrift::Statements::read_all();
my $script = "SET client_min_messages = error;\nLOAD 'schemadrift';\n";
foreach my $i (0 .. $#statements)
{
	$script .= <<"EOS";
SET SESSION AUTHORIZATION $statements[$i]{role};
$statements[$i]{sql}
RESET SESSION AUTHORIZATION;
RESET session_replication_role;
SELECT E'\\x1c';
BEGIN;
SET LOCAL schemadrift.full_check_interval = 0;
$check
SELECT E'\\x1d';
ROLLBACK;
SELECT full_at AS full_at FROM schemadrift.check_state \\gset
$check
SELECT E'\\x1d';
SELECT CASE WHEN full_at = :'full_at' THEN 'part' ELSE 'full' END FROM schemadrift.check_state;
EOS
	$script .= "SELECT drift_baseline_set() \\g /dev/null\nSELECT drift_check() \\g /dev/null\n"
	  if $i % $pile == $pile - 1;
	$script .= "SELECT E'\\x1e';\n";
}
my ($out, $err) = ('', '');
IPC::Run::run([ 'psql', '-XAtq', '-d', $node->connstr('watched'), '-f', '-' ],
	'<', \$script, '>', \$out, '2>', \$err, IPC::Run::timeout(900));
is($err =~ /^.*ERROR.*$/m ? $& : '', '', 'each statement runs');

my @results = split /\x1e\n?/, $out;
is(scalar @results, scalar @statements, 'results for each statement');
my %paths;
foreach my $i (0 .. $#statements)
{
	my ($full, $part, $path) = map { s/\A\n//r =~ s/^open: .*\n//mr } split /\x1d/,
	  ($results[$i] // '') =~ s/\A.*\x1c//sr;
	is($part, $full, "line $statements[$i]{line}: $statements[$i]{sql}");
	chomp($path //= 'none');
	$paths{$path}++;
}
note join(', ', map { "$_ $paths{$_}" } sort keys %paths);
cmp_ok($paths{part} // 0, '>', @statements / 2, 'most checks look at a part');
$node->stop('fast');
done_testing();
