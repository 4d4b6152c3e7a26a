# Every statement of test/fixtures/ddl_statements.sql is found with its text and
# role, or not found where it changes nothing.  "make coverage" runs the same
# one session at a time and asks pg_dump -s whether the list is right.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use IPC::Run ();
use PostgreSQL::Test::Utils;
use Test::More;

use SchemaDrift::Cluster;
use SchemaDrift::Statements;

my $node = SchemaDrift::Cluster->start_new('main', databases => ['watched']);
$node->safe_psql('watched', <<'EOS');
CREATE ROLE contractor LOGIN;
GRANT CREATE ON DATABASE watched TO contractor;
SELECT drift_watch();
EOS

# One session runs them all; "\x1e" ends each statement's findings.
my @statements = SchemaDrift::Statements::read_all();
my $script = '';
foreach my $statement (@statements)
{
	$script .= <<"EOS";
SET SESSION AUTHORIZATION $statement->{role};
$statement->{sql}
RESET SESSION AUTHORIZATION;
RESET session_replication_role;
SELECT concat_ws(E'\\x1f', class, coalesce(who, ''), coalesce(ddl, '')) || E'\\x1d' FROM drift_check();
SELECT drift_baseline_set() \\g /dev/null
SELECT E'\\x1e';
EOS
}
my ($out, $err) = ('', '');
IPC::Run::run([ 'psql', '-XAtq', '-d', $node->connstr('watched'), '-f', '-' ],
	'<', \$script, '>', \$out, '2>', \$err, IPC::Run::timeout(600));
is($err =~ /^.*ERROR.*$/m ? $& : '', '', 'each statement runs');

my @findings = split /\x1e\n?/, $out;
is(scalar @findings, scalar @statements, 'findings for each statement');
foreach my $i (0 .. $#statements)
{
	my @rows = map { [ split /\x1f/, $_, -1 ] } grep { /\x1f/ } split /\x1d\n/, $findings[$i] // '';
	is(SchemaDrift::Statements::verdict($statements[$i], @rows), '',
		"line $statements[$i]{line}: $statements[$i]{sql}");
}
$node->stop('fast');
done_testing();
