# Coverage: the statements of test/fixtures/ddl_statements.sql one by one, each
# in a session of its own, against a watched database.  What pg_dump -s shows
# must be found, with the statement and the role that ran it; where it shows
# nothing, nothing may be found.
#
# Needs the library preloaded.  SD_VERBOSE=1 shows what was found.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use SchemaDrift::Dump;
use SchemaDrift::Psql;
use SchemaDrift::Statements;

my $database = 'sd_coverage';
my $separator = "\x1f";

sub run_as
{
	my ($role, $sql) = @_;
	local $ENV{PGUSER} = $role;
	return SchemaDrift::Psql::run($database, sql => $sql);
}

sub dump_text
{
	my $text = SchemaDrift::Dump->take($database)->text;
	$text =~ s/^\\(?:un)?restrict .*$//mg;
	return $text;
}

sub find
{
	my $rows = SchemaDrift::Psql::must($database,
		"SELECT concat_ws('$separator', class, coalesce(who, ''), coalesce(ddl, ''),"
		  . " concat_ws(' ', change, object_type, object, attribute)) || chr(30) FROM drift_check()");
	return map { [ split /$separator/, $_, -1 ] } grep { $_ ne '' } map { s/\A\n//r } split /\x1e/, $rows;
}

SchemaDrift::Psql::run('postgres', sql => <<"EOS");
DROP DATABASE IF EXISTS $database (FORCE);
CREATE DATABASE $database TEMPLATE template0;
CREATE ROLE contractor LOGIN;
EOS
SchemaDrift::Psql::must($database, 'CREATE EXTENSION schemadrift', 'GRANT CREATE ON SCHEMA public TO contractor',
	"GRANT CREATE ON DATABASE $database TO contractor", 'SELECT drift_watch()');

my ($changes, $found, $attributed, $quiet, $false, $failed) = (0) x 6;
my $before = dump_text();
foreach my $statement (SchemaDrift::Statements::read_all())
{
	my (undef, undef, $error) = run_as($statement->{role}, $statement->{sql});
	my @rows = find();
	my $after = dump_text();
	my $has_changed = $after ne $before;
	my $verdict = $error =~ /ERROR|FATAL/ ? 'failed: ' . SchemaDrift::Psql::first_error($error) :
	  $has_changed == $statement->{nothing} ? ($has_changed ? 'pg_dump changed' : 'pg_dump did not change') :
	  SchemaDrift::Statements::verdict($statement, @rows);

	print "line $statement->{line}: $statement->{sql}\n", map { "\t" . join(' | ', @$_) . "\n" } @rows
	  if $ENV{SD_VERBOSE};
	$changes++ if $has_changed;
	$found++ if $has_changed && @rows;
	$attributed++ if $has_changed && @rows && $verdict eq '';
	$quiet++ if !$has_changed;
	$false++ if !$has_changed && @rows;
	if ($verdict ne '')
	{
		$failed++;
		print "not as expected, line $statement->{line}: $statement->{sql}\n\t$verdict\n";
		print map { "\t" . join(' | ', @$_) . "\n" } @rows;
	}
	SchemaDrift::Psql::must($database, 'SELECT drift_baseline_set()');
	$before = $after;
}
print "$changes statements that pg_dump -s shows: $found found, $attributed with the right statement and role\n";
print "$quiet that it does not show: $false found\n";
SchemaDrift::Psql::run('postgres', sql => "DROP DATABASE $database (FORCE); DROP ROLE contractor;");
exit($failed ? 1 : 0);
