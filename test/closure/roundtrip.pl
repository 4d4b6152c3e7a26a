# Roundtrip: real schemas stay what they are.  For each:
#	  - baseline, then drift_check() finds nothing: twice, after VACUUM ANALYZE,
#	    after a restart
#	  - pg_dump -s into a second database: same fingerprint, no plan either way
#	  - the plan from an empty database, applied, gives the same fingerprint and
#	    the same pg_dump -s (of the kinds we know); the plan back to nothing
#	    leaves nothing of them
#	  - the time of a snapshot as a part of pg_dump -s's
#	  - with SD_EXCHANGE, a directory: same objects as on the server that ran
#	    before, whose pg_dump -s is what is loaded; this server's is left for the
#	    next ("make majors" runs 15, 17 and 18 so)
#
#	  perl test/closure/roundtrip.pl [NAME ...]
#
# SHARED/schemas/NAME.sql are the schemas; the one called "regression" is what
# PostgreSQL's regression suite in the directory SD_REGRESSION leaves behind.
# What a schema demands beyond this server (extensions, roles) is tolerated and
# counted.  SD_RESTART is the command that restarts the server.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use File::Basename qw(basename);
use File::Temp;
use Time::HiRes qw(time);

use SchemaDrift::Dump;
use SchemaDrift::Psql;

my $shared = $ENV{SHARED} || "$FindBin::RealBin/../../../shared";
my @names = @ARGV ? @ARGV : map { basename($_, '.sql') } sort glob("$shared/schemas/*.sql");
if (!$ENV{SD_REGRESSION} && (!@names || !-r "$shared/schemas"))
{
	print "roundtrip: no schemas at $shared/schemas, nothing was run (set SHARED)\n";
	exit 0;
}
my $control = 'rt_control';
my $failed = 0;

sub connection
{
	my ($database) = @_;
	return "host=$ENV{PGHOST} port=$ENV{PGPORT} user=$ENV{PGUSER} dbname=$database";
}

sub recreate
{
	my ($database, $template) = @_;
	SchemaDrift::Psql::run('postgres', sql => "DROP DATABASE IF EXISTS $database (FORCE);");
	SchemaDrift::Psql::must('postgres', "CREATE DATABASE $database TEMPLATE " . ($template // 'template0'));
	return;
}

sub of_control
{
	my ($format, @databases) = @_;
	return SchemaDrift::Psql::must($control, sprintf($format, map { connection($_) } @databases));
}

sub verdict
{
	my ($name, $what, $problem) = @_;
	$failed++ if $problem ne '';
	printf "%s %s: %s%s\n", $problem eq '' ? 'ok    ' : 'NOT OK', $name, $what,
	  $problem eq '' ? '' : "\n\t" . ($problem =~ s/\n/\n\t/gr);
	return;
}

sub first_lines
{
	my ($text, $count) = @_;
	my @lines = split /\n/, $text;
	return join "\n", @lines > $count ? (@lines[ 0 .. $count - 1 ], sprintf('(%d lines)', scalar @lines)) : @lines;
}

# Rows of drift_check(), or its error.
sub check
{
	my ($database) = @_;
	my ($status, $out, $err) = SchemaDrift::Psql::run($database, stop => 1, sql =>
		"SELECT concat_ws(' ', change, object_type, object, attribute, expected, '->', actual) FROM drift_check();");
	return first_lines($status ? $err : $out, 5);
}

# Run the server's regression suite; how many of its tests fail does not matter.
sub run_suite
{
	my ($database) = @_;
	my $suite = $ENV{SD_REGRESSION};
	my $output = File::Temp->newdir;
	open(my $pipe, '-|', $ENV{PG_REGRESS}, "--inputdir=$suite", "--outputdir=$output", "--dlpath=$suite",
		"--bindir=$ENV{SD_BINDIR}", "--host=$ENV{PGHOST}", "--port=$ENV{PGPORT}", '--max-concurrent-tests=20',
		"--schedule=$suite/parallel_schedule", "--dbname=$database")
	  or die "could not run the suite: $!\n";
	my $log = do { local $/; <$pipe> } // '';
	close $pipe;
	my $failures = () = $log =~ /FAILED|^not ok/mg;
	return $failures;
}

sub load
{
	my ($name) = @_;
	my $errors;
	my $err = '';
	if ($name eq 'regression' && $ENV{SD_REGRESSION})
	{
		$errors = run_suite("rt_$name");
	}
	else
	{
		recreate("rt_$name");
		my $handed_on = exchanged("$name.sql");
		(undef, undef, $err) = SchemaDrift::Psql::run("rt_$name",
			file => $handed_on && -r $handed_on ? $handed_on : "$shared/schemas/$name.sql");
		$errors = () = $err =~ /ERROR:/g;
	}
	my $objects = of_control("SELECT count(*) FROM drift_objects('%s')", "rt_$name");
	print "       $name: $objects objects, $errors statements refused by this server",
	  $err =~ /ERROR:/ ? ' (first: ' . SchemaDrift::Psql::first_error($err) . ')' : '', "\n";
	recreate("rt_${name}_watched", "rt_$name");
	SchemaDrift::Psql::must("rt_${name}_watched", 'CREATE EXTENSION schemadrift', 'SELECT drift_baseline_set()');
	return;
}

# A file that servers of different majors hand on to each other, if they do.
sub exchanged
{
	my ($file) = @_;
	return $ENV{SD_EXCHANGE} ? "$ENV{SD_EXCHANGE}/$file" : undef;
}

sub read_lines
{
	my ($path) = @_;
	open(my $in, '<', $path) or die "could not read $path: $!\n";
	chomp(my @lines = <$in>);
	close $in;
	return @lines;
}

sub write_text
{
	my ($path, $text) = @_;
	unlink $path;    # may be another system's user's
	open(my $out, '>', $path) or die "could not write $path: $!\n";
	print $out $text;
	close $out or die "could not write $path: $!\n";
	return;
}

# Is every object what it was on the server before?  Hands the schema on.
sub check_majors
{
	my ($name) = @_;
	my $path = exchanged("$name.objects");
	return if !$path;
	my $objects = of_control("SELECT kind || ' ' || replace(identity, E'\\n', ' ') || ' ' || fingerprint"
		  . " FROM drift_objects('%s') UNION ALL SELECT drift_fingerprint('%s')", "rt_$name", "rt_$name");
	if (-r $path)
	{
		my %count;
		$count{$_}-- foreach read_lines($path);
		$count{$_}++ foreach split /\n/, $objects;
		verdict($name, 'same fingerprint as on the major before',
			first_lines(join("\n",
				map { ($count{$_} > 0 ? '+ ' : '- ') . $_ } grep { $count{$_} } sort keys %count), 8));
	}
	write_text($path, "$objects\n");
	write_text(exchanged("$name.sql"), SchemaDrift::Dump->take("rt_$name")->text);
	return;
}

sub check_stability
{
	my ($name) = @_;
	my $database = "rt_${name}_watched";
	verdict($name, 'nothing after the baseline', check($database) || check($database));
	SchemaDrift::Psql::must($database, 'VACUUM ANALYZE');
	verdict($name, 'nothing after VACUUM ANALYZE', check($database));
	return;
}

# The plan between two databases; '' when there is none.
sub plan
{
	my ($from, $to) = @_;
	return of_control("SELECT drift_sql('%s', '%s')", $from, $to);
}

sub check_restore
{
	my ($name) = @_;
	my ($database, $restored) = ("rt_$name", "rt_${name}_restored");
	recreate($restored);
	my $dump = SchemaDrift::Dump->take($database);
	my (undef, undef, $err) = SchemaDrift::Psql::run($restored, sql => $dump->text);
	verdict($name, 'pg_dump -s restores', $err =~ /ERROR/ ? first_lines($err, 3) : '');
	verdict($name, 'same fingerprint after dump and restore',
		of_control("SELECT 'fingerprints differ' WHERE drift_fingerprint('%s') <> drift_fingerprint('%s')",
			$database, $restored));
	verdict($name, 'no plan either way', first_lines(plan($database, $restored) . plan($restored, $database), 5));
	SchemaDrift::Psql::must('postgres', "DROP DATABASE $restored (FORCE)");
	return $dump;
}

# Turn one database into another; the first error, or ''.
sub become
{
	my ($from, $to) = @_;
	my ($status, undef, $err) = SchemaDrift::Psql::run($from, sql => plan($from, $to) . "\n", stop => 1);
	return $status ? first_lines($err, 3) : '';
}

# What two dumps differ in, of the kinds that are measured.
sub compare_dumps
{
	my ($mine, $goal) = @_;
	my ($extra, $missing) = map { [ grep { is_measured($_) } @$_ ] } $mine->differences($goal);
	return first_lines(join("\n", map({ "+ $_" } @$extra), map({ "- $_" } @$missing)), 6);
}

sub is_measured
{
	my ($entry) = @_;
	my ($type) = $entry =~ /\A([A-Z ]+) [^A-Z ]/;
	return SchemaDrift::Dump::is_covered($type // '');
}

sub check_from_nothing
{
	my ($name, $dump) = @_;
	my ($database, $built, $empty) = ("rt_$name", "rt_${name}_built", 'rt_empty');
	recreate($_) foreach $built, $empty;
	my $empty_dump = SchemaDrift::Dump->take($empty);

	verdict($name, 'the plan from nothing applies', become($built, $database));
	verdict($name, 'and gives the same fingerprint', first_lines(of_control(
		"SELECT concat_ws(' ', change, object_type, object, attribute, expected, '->', actual)"
		  . " FROM drift_diff('%s', '%s')", $built, $database), 5));
	verdict($name, 'and the same pg_dump -s', compare_dumps(SchemaDrift::Dump->take($built), $dump));
	verdict($name, 'the plan to nothing applies', become($built, $empty));
	verdict($name, 'and leaves nothing', compare_dumps(SchemaDrift::Dump->take($built), $empty_dump));
	SchemaDrift::Psql::must('postgres', "DROP DATABASE $built (FORCE)");
	return;
}

# Best of three, in seconds.
sub best
{
	my ($work) = @_;
	my @times = map { my $start = time; $work->(); time - $start } 1 .. 3;
	return (sort { $a <=> $b } @times)[0];
}

sub measure
{
	my ($name) = @_;
	my $snapshot = best(sub { SchemaDrift::Psql::must("rt_${name}_watched", 'SELECT drift_fingerprint()') });
	my $dump = best(sub { SchemaDrift::Dump->take("rt_$name") });
	printf "       %s: snapshot %.2f s, pg_dump -s %.2f s, ratio %.2f\n", $name, $snapshot, $dump, $snapshot / $dump;
	return;
}

$| = 1;
recreate($control);
SchemaDrift::Psql::must($control, 'CREATE EXTENSION schemadrift');
foreach my $name (@names)
{
	load($name);
	check_majors($name);
	check_stability($name);
	my $dump = check_restore($name);
	check_from_nothing($name, $dump);
	measure($name);
}
if ($ENV{SD_RESTART})
{
	system("$ENV{SD_RESTART} >/dev/null") == 0 or die "could not restart the server\n";
	verdict($_, 'nothing after a restart', check("rt_${_}_watched")) foreach @names;
}
SchemaDrift::Psql::run('postgres', sql => "DROP DATABASE $_ (FORCE);")
  foreach $control, 'rt_empty', map { ("rt_$_", "rt_${_}_watched") } @names;
print $failed ? "$failed checks failed\n" : "all checks passed\n";
exit($failed ? 1 : 0);
