# A list of statements, each run in a session of its own against a watched
# database, and the table of what became of each: who saw it (our event triggers,
# the hook, nobody), what the next check found, what pg_dump says changed, and
# the verdict.
#
# The lists: test/fixtures/statements.txt always, and SHARED/faults/stmts_all.txt
# where there is one, of which nothing is expected beforehand: it must run,
# or be refused by the server, whatever is in it.
#
# The judges are pg_dump -s -C and, for what is of the cluster, pg_dumpall -g.  What
# is not schema is what the table "What is not schema" of doc/capture.md names.  A
# statement fails as
#	  MISSED		pg_dump shows a change, and the check found nothing; or pg_dumpall
#					does, and it is not even in the log
#	  FALSE			the check found something, and both dumps are as before
#	  PARTLY		some of what was found has no author
#	  LOST			captured, and yet none of it has one
#	  UNKNOWN		nothing was seen, nothing changed, and the document has no word of it
# An independent event trigger tells which are captured by triggers.
#
# Needs the library preloaded.  SD_VERBOSE=1 shows what was found.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use SchemaDrift::Psql;

my $database = 'matrix';
my $tree = "$FindBin::RealBin/../..";
my %count;

sub slurp
{
	my ($path) = @_;
	open(my $file, '<', $path) or die "could not read $path: $!\n";
	local $/;
	return scalar <$file>;
}

# -- what is not schema ---------------------------------------------------------

# Rows of the table are "| commands | reason |", commands set in backquotes.
sub read_reasons
{
	my ($table) = slurp("$tree/doc/capture.md") =~ /^### What is not schema$(.*?)^##/ms
	  or die "doc/capture.md has no section \"What is not schema\"\n";
	my @reasons;
	foreach my $row ($table =~ /^\| (`.*)\|$/mg)
	{
		my ($commands, $reason) = split / \| /, $row;
		push @reasons, map { [ pattern_of($_), $reason =~ s/\s+\z//r ] } $commands =~ /`([^`]+)`/g;
	}
	return @reasons;
}

# "CREATE … IF NOT EXISTS": the words in this order, at the beginning of a command.
sub pattern_of
{
	my ($words) = @_;
	my $pattern = join '.*?', map { join '\s+', map { quotemeta } split ' ' } split /…/, $words;
	return qr/(?:\A|;\s*)\s*$pattern(?!\w)/is;
}

my @reasons = read_reasons();

sub reason_for
{
	my ($sql) = @_;
	foreach my $reason (@reasons)
	{
		return $reason->[1] if $sql =~ $reason->[0];
	}
	return;
}

# -- a watched database -----------------------------------------------------------

sub ask
{
	my ($sql) = @_;
	return SchemaDrift::Psql::must($database, $sql);
}

sub prepare
{
	SchemaDrift::Psql::run('postgres', sql => "DROP DATABASE IF EXISTS $database (FORCE);"
		  . join('', map { "DROP ROLE IF EXISTS $_;" } qw(alice bob tester)) . "CREATE DATABASE $database;"
		  . 'CREATE ROLE alice; CREATE ROLE bob; CREATE ROLE tester');
	my ($status, undef, $err) = SchemaDrift::Psql::run($database, stop => 1, sql => <<'EOS');
CREATE EXTENSION postgres_fdw;
CREATE EXTENSION dblink;
CREATE SCHEMA probe;
CREATE TABLE probe.fired (what text);
CREATE FUNCTION probe.fire() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER
	AS $$ BEGIN INSERT INTO probe.fired VALUES (tg_event || ' ' || tg_tag); END $$;
CREATE EVENT TRIGGER probe_ddl ON ddl_command_end EXECUTE FUNCTION probe.fire();
CREATE EVENT TRIGGER probe_drop ON sql_drop EXECUTE FUNCTION probe.fire();
ALTER EVENT TRIGGER probe_ddl ENABLE ALWAYS;
ALTER EVENT TRIGGER probe_drop ENABLE ALWAYS;
-- what the shared list takes for granted
CREATE FUNCTION log_ev() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER e1 ON ddl_command_end EXECUTE FUNCTION log_ev();
CREATE EXTENSION schemadrift;
SELECT drift_watch();
EOS
	die "$err\n" if $status;
	return;
}

sub dump_of
{
	my %text = (
		schema => scalar `pg_dump -s -C -d $database 2>&1`,
		cluster => scalar `pg_dumpall -g 2>&1`);
	s/^\\(?:un)?restrict .*$//mg foreach values %text;
	return \%text;
}

sub difference
{
	my ($before, $after) = @_;
	return (grep { $before->{$_} ne $after->{$_} } qw(schema cluster))[0] // '';
}

# Events as "tag", findings as [ class, who, statement, what ].
sub observe
{
	my ($last) = @_;
	my $out = ask(<<"EOS");
SELECT 'fired', count(*) FROM probe.fired;
SELECT 'event', tag FROM schemadrift.event WHERE id > $last ORDER BY id;
SELECT 'found', class, who, ddl IS NOT NULL,
	   translate(concat_ws(' ', change, object_type, object, attribute), E'|\\n', '  ')
  FROM drift_check();
SELECT drift_baseline_set() \\g /dev/null
TRUNCATE probe.fired;
SELECT 'last', coalesce(max(id), 0) FROM schemadrift.event
EOS
	my %seen = (fired => 0, events => [], found => [], last => $last);
	foreach my $line (split /\n/, $out)
	{
		my ($what, @fields) = split /\|/, $line, -1;
		if ($what eq 'event') { push @{ $seen{events} }, $fields[0]; }
		elsif ($what eq 'found') { push @{ $seen{found} }, [@fields]; }
		else { $seen{$what} = $fields[0]; }
	}
	return \%seen;
}

# -- the verdict --------------------------------------------------------------------

# (captured by, found as, verdict, comment); verdicts in capitals are failures.
# $changed is '', 'schema' or 'cluster'.
sub judge
{
	my ($sql, $error, $changed, $seen) = @_;
	my @found = @{ $seen->{found} };
	my $captured = !@{ $seen->{events} } ? '-' : $seen->{fired} ? 'trigger' : 'hook';
	my $attributed = grep { $_->[0] ne 'unattributed' && $_->[1] ne '' && $_->[2] eq 't' } @found;
	my $finding = !@found ? '-' : $attributed == @found ? 'attributed' : $attributed ? 'partly' : 'unattributed';
	my @what = ($captured, $finding);

	return (@what, 'MISSED', 'captured, not found') if $changed eq 'schema' && !@found;
	return (@what, 'MISSED', 'in no log') if $changed eq 'cluster' && $captured eq '-';
	return (@what, 'FALSE', '') if $changed eq '' && @found;
	return (@what, 'PARTLY', 'some of it without author') if $finding eq 'partly';
	return (@what, 'LOST', 'captured, and yet without author') if $finding eq 'unattributed' && $captured ne '-';
	return (@what, 'found', '') if @found;
	return (@what, 'refused', $error) if $error ne '' && $captured eq '-';
	my $reason = reason_for($sql);
	return (@what, 'not schema', $reason) if defined $reason;
	return (@what, 'as before', 'in the log, and nothing of it is left') if $captured ne '-';
	return (@what, 'UNKNOWN', 'neither seen nor documented');
}

sub run_list
{
	my ($name, @statements) = @_;
	prepare();
	my $before = dump_of();
	my $last = ask('SELECT coalesce(max(id), 0) FROM schemadrift.event');
	printf "%s: %d statements, PostgreSQL %s\n", $name, scalar @statements, ask('SHOW server_version');
	printf "%3s %-62s %-8s %-12s %-10s %s\n", '', 'statement', 'captured', 'found', 'verdict', '';
	my $n = 0;
	foreach my $sql (@statements)
	{
		my (undef, undef, $err) = SchemaDrift::Psql::run($database, sql => "$sql;\n");
		my $error = $err =~ /^(?:psql:\S+ )?ERROR:\s+(.*)/m ? $1 : '';
		my $seen = observe($last);
		my $after = dump_of();
		my ($captured, $found, $verdict, $comment) = judge($sql, $error, difference($before, $after), $seen);

		$last = $seen->{last};
		$before = $after;
		$count{$verdict}++;
		printf "%3d %-62.62s %-8s %-12s %-10s %s\n", ++$n, $sql =~ s/\s+/ /gr, $captured, $found, $verdict, $comment;
		next unless $ENV{SD_VERBOSE} || $verdict =~ /\A[A-Z]/;
		print "\tevent $_\n" foreach @{ $seen->{events} };
		print "\tfound ", join(' | ', @$_), "\n" foreach @{ $seen->{found} };
		print "\terror $error\n" if $error ne '';
	}
	return;
}

# -- the lists ------------------------------------------------------------------------

my @own = map { s/\A\S+\t//r =~ s/(DATABASE) postgres\b/$1 $database/r }
  grep { /\A\w\t/ } split /\n/, slurp("$tree/test/fixtures/statements.txt");
run_list('test/fixtures/statements.txt', @own);

my $shared = ($ENV{SHARED} // '') . '/faults/stmts_all.txt';
run_list('faults/stmts_all.txt', grep { /\S/ && !/\A#/ } split /\n/, slurp($shared)) if -r $shared;

SchemaDrift::Psql::run('postgres', sql => "DROP DATABASE $database (FORCE)");
my @failures = grep { /\A[A-Z]/ } keys %count;
print join(', ', map { "$count{$_} $_" } sort keys %count), "\n";
exit(@failures ? 1 : 0);
