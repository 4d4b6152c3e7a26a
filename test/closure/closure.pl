# Closure: for each pair of schemas the plan from one to the other, applied to
# the one, leaves nothing to report between them, neither by pg_dump -s nor by
# ourselves.  Both directions, each from a fresh copy.
#
#	  perl test/closure/closure.pl [TOOL[/CASE] ...]
#
# SHARED/corpus holds the pairs: TOOL/CASE/{a,b}.sql, pre.sql loaded first on
# both sides, roles.sql once, index.tsv with the kinds of each pair's changes.
# Tablespaces that some pairs name are made here.
# SD_JOBS (2) pairs are worked on at once; SD_FAILURES names the file that lists
# what failed (default: standard output); SD_VERBOSE=1 shows the plans and the differences, for few pairs.
#
# A pair counts as one "of these kinds" when neither its changes nor anything
# that pg_dump writes of either side is of a kind beyond them.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use IO::Handle;

use SchemaDrift::Dump;
use SchemaDrift::Psql;

my $shared = $ENV{SHARED} || "$FindBin::RealBin/../../../shared";
my $corpus = "$shared/corpus";
if (!-r "$corpus/index.tsv")
{
	print "closure: no pairs of schemas at $corpus, nothing was run (set SHARED)\n";
	exit 0;
}
my @tablespaces = ('k_ts', 'ts1');
my $jobs = $ENV{SD_JOBS} || 2;
my $verbose = $ENV{SD_VERBOSE};
my $failures = $ENV{SD_FAILURES};
my $control = "sd_$$";

sub connection
{
	my ($database) = @_;
	return "host=$ENV{PGHOST} port=$ENV{PGPORT} user=$ENV{PGUSER} dbname=$database";
}

sub read_index
{
	my @wanted = @_;
	my @pairs;
	open(my $file, '<', "$corpus/index.tsv") or die "could not read the index: $!\n";
	<$file>;
	while (my $line = <$file>)
	{
		chomp $line;
		my ($tool, $case, undef, undef, $kinds) = split /\t/, $line;
		next if @wanted && !grep { $_ eq $tool || $_ eq "$tool/$case" } @wanted;
		push @pairs, { tool => $tool, name => "$tool/$case", kinds => $kinds // '',
			directory => "$corpus/$tool/$case" };
	}
	close $file;
	return @pairs;
}

# Some pairs name roles that roles.sql does not have.
sub make_role
{
	my ($error) = @_;
	return 0 if $error !~ /role "(.*)" does not exist/;
	my ($status) = SchemaDrift::Psql::run($control, sql => "CREATE ROLE \"$1\";", stop => 1);
	return $status == 0;
}

sub load
{
	my ($database, @files) = @_;
	foreach my $file (grep { -e $_ } @files)
	{
		my ($status, undef, $err) = SchemaDrift::Psql::run($database, file => $file, stop => 1);
		return load_again($database, @files) if $status && make_role($err);
		die 'does not load: ' . SchemaDrift::Psql::first_error($err) . "\n" if $status;
	}
	return;
}

sub load_again
{
	my ($database, @files) = @_;
	SchemaDrift::Psql::must($control, "DROP DATABASE $database (FORCE)",
		"CREATE DATABASE $database TEMPLATE template0");
	return load($database, @files);
}

# The plans of both directions, in one session.
sub plans
{
	my ($a, $b) = map { connection($_) } @_;
	my $mark = '-- the way back';
	my (undef, $out, $err) = SchemaDrift::Psql::run($control,
		sql => "SELECT drift_sql('$a', '$b');\n\\echo $mark\nSELECT drift_sql('$b', '$a');\n");
	my @plans = map { { sql => s/\A\n+//r, error => $err && 'no plan: ' . SchemaDrift::Psql::first_error($err) } }
	  split /^\Q$mark\E$/m, $out, 2;
	return @plans;
}

# Apply a plan; what then still differs, as one line, or '' when nothing does.
sub apply_and_compare
{
	my ($plan, $database, $goal, $before, $goal_dump) = @_;
	return $plan->{error} if $plan->{error};
	print "-- plan of $database\n$plan->{sql}\n" if $verbose;
	my ($status, undef, $err) = SchemaDrift::Psql::run($database, sql => "$plan->{sql}\n", stop => 1);
	print "$err\n" if $verbose && $err;
	my ($not_done) = $plan->{sql} =~ /\ASELECT (.*) AS not_done;/;
	my $because = $not_done ? " (plan says: $not_done)" : '';
	return 'plan fails: ' . SchemaDrift::Psql::first_error($err) . $because if $status;

	my ($extra, $missing) = SchemaDrift::Dump->take($database)->differences($goal_dump, $before->tables);
	print map({ "+ $_\n" } @$extra), map({ "- $_\n" } @$missing) if $verbose;
	return 'pg_dump differs: ' . ($missing->[0] ? "- $missing->[0]" : "+ $extra->[0]") . $because
	  if @$extra || @$missing;

	my ($here, $there) = (connection($database), connection($goal));
	my $rows = SchemaDrift::Psql::must($control,
		"SELECT concat_ws(' ', change, object_type, object, attribute, expected, '->', actual)"
		  . " FROM drift_diff('$here', '$there') WHERE attribute IS DISTINCT FROM 'column_order'");
	print "$rows\n" if $verbose && $rows ne '';
	return $rows eq '' ? '' : 'drift_diff differs: ' . (split /\n/, $rows)[0] . $because;
}

# Drop databases; a subscription keeps its database from being dropped.
sub drop
{
	my @databases = @_;
	my (undef, undef, $err) = SchemaDrift::Psql::run($control,
		sql => join('', map { "DROP DATABASE IF EXISTS $_ (FORCE);\n" } @databases));
	return if $err !~ /ERROR/;
	foreach my $database (@databases)
	{
		SchemaDrift::Psql::run($database, sql => <<'EOS');
SELECT format('ALTER SUBSCRIPTION %I DISABLE', subname),
       format('ALTER SUBSCRIPTION %I SET (slot_name = NONE)', subname),
       format('DROP SUBSCRIPTION %I', subname)
  FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid WHERE d.datname = current_database() \gexec
EOS
		SchemaDrift::Psql::run($control, sql => "DROP DATABASE IF EXISTS $database (FORCE);");
	}
	return;
}

# Is everything of the pair of the kinds that are measured?
sub is_of_these_kinds
{
	my ($pair, @dumps) = @_;
	my @kinds = (split(/,/, $pair->{kinds}), map { keys %{ $_->types } } @dumps);
	return !grep { !SchemaDrift::Dump::is_covered($_) } @kinds;
}

# A copy of the first side.  Subscriptions belong to the cluster and are not
# copied with their database.
sub copy_first
{
	my ($pair, $a, $copy) = @_;
	my $has_more = $pair->{kinds} =~ /SUBSCRIPTION/;
	SchemaDrift::Psql::must($control, "CREATE DATABASE $copy TEMPLATE " . ($has_more ? 'template0' : $a));
	load($copy, "$pair->{directory}/pre.sql", "$pair->{directory}/a.sql") if $has_more;
	return;
}

sub run_pair
{
	my ($pair, $worker) = @_;
	my ($a, $b, $copy) = map { "${control}_${worker}_$_" } 'a', 'b', 'copy';
	my ($dump_a, $dump_b);
	my @verdicts;

	my $fine = eval {
		SchemaDrift::Psql::must($control, map { "CREATE DATABASE $_ TEMPLATE template0" } $a, $b);
		load($a, "$pair->{directory}/pre.sql", "$pair->{directory}/a.sql");
		load($b, "$pair->{directory}/pre.sql", "$pair->{directory}/b.sql");
		copy_first($pair, $a, $copy);
		($dump_a, $dump_b) = map { SchemaDrift::Dump->take($_) } $a, $b;
		my ($there, $back) = plans($a, $b);
		push @verdicts, apply_and_compare($there, $copy, $b, $dump_a, $dump_b);
		push @verdicts, apply_and_compare($back, $b, $a, $dump_b, $dump_a);
		1;
	};
	my $error = (split /\n/, $@ || '')[0];
	push @verdicts, $error while !$fine && @verdicts < 2;
	drop($a, $b, $copy);
	my $ours = $dump_b ? is_of_these_kinds($pair, $dump_a, $dump_b) : is_of_these_kinds($pair);
	return map { { pair => $pair, direction => ('a to b', 'b to a')[$_], verdict => $verdicts[$_],
			ours => $ours ? 1 : 0 } } 0, 1;
}

# Each worker takes every n-th pair and writes one line per direction.
sub work
{
	my ($worker, $output, @pairs) = @_;
	$output->autoflush(1);
	for (my $i = $worker; $i < @pairs; $i += $jobs)
	{
		foreach my $result (run_pair($pairs[$i], $worker))
		{
			my $line = join "\t", $result->{pair}{tool}, $result->{pair}{name}, $result->{direction},
			  $result->{ours}, $result->{verdict} =~ s/[\t\n]+/ /gr;
			print $output "$line\n";
		}
	}
	close $output;
	return;
}

sub run_all
{
	my @pairs = @_;
	my @files = map { File::Temp->new } 1 .. $jobs;
	my @pids;
	foreach my $worker (0 .. $jobs - 1)
	{
		my $pid = fork // die "could not fork: $!\n";
		if ($pid == 0)
		{
			work($worker, $files[$worker], @pairs);
			require POSIX;
			POSIX::_exit(0);
		}
		push @pids, $pid;
	}
	waitpid $_, 0 foreach @pids;
	my @results;
	foreach my $file (@files)
	{
		open(my $input, '<', $file->filename) or die "could not read results: $!\n";
		while (my $line = <$input>)
		{
			chomp $line;
			my %result;
			@result{qw(tool name direction ours verdict)} = split /\t/, $line, 5;
			push @results, \%result;
		}
		close $input;
	}
	return sort { $a->{name} cmp $b->{name} || $a->{direction} cmp $b->{direction} } @results;
}

# "closed of all" of pairs: a pair is closed when both its directions are.
sub figures
{
	my @results = @_;
	my %open;
	$open{ $_->{name} } += $_->{verdict} ne '' foreach @results;
	my $all = keys %open;
	my $closed = grep { !$_ } values %open;
	my $directions = grep { $_->{verdict} eq '' } @results;
	return sprintf '%4d of %4d pairs (%5.1f %%), %4d of %4d directions (%5.1f %%)',
	  $closed, $all, $all ? 100 * $closed / $all : 100,
	  $directions, scalar @results, @results ? 100 * $directions / @results : 100;
}

sub report
{
	my @results = @_;
	my %tools = map { ($_->{tool} => 1) } @results;
	foreach my $tool (sort keys %tools)
	{
		my @of_tool = grep { $_->{tool} eq $tool } @results;
		printf "%-10s %s\n", $tool, figures(@of_tool);
	}
	printf "%-10s %s\n", 'all', figures(@results);
	printf "%-10s %s\n", 'of these', figures(grep { $_->{ours} } @results);
	printf "%-10s %s\n", 'of others', figures(grep { !$_->{ours} } @results);
	my $file = \*STDOUT;
	if ($failures)
	{
		undef $file;
		open($file, '>', $failures) or die "could not write \"$failures\": $!\n";
	}
	foreach my $result (grep { $_->{verdict} ne '' } @results)
	{
		print $file join("\t", $result->{ours} ? 'these' : 'others', $result->{name}, $result->{direction},
			$result->{verdict}), "\n";
	}
	return;
}

my @pairs = read_index(@ARGV);
my $started = time;
$jobs = @pairs if @pairs && $jobs > @pairs;
SchemaDrift::Psql::run('postgres',
	sql => "DROP DATABASE IF EXISTS $control (FORCE); CREATE DATABASE $control TEMPLATE template0;");
SchemaDrift::Psql::must($control, 'CREATE EXTENSION schemadrift');
SchemaDrift::Psql::run($control, file => "$corpus/roles.sql");
SchemaDrift::Psql::run($control, sql => join '', 'SET allow_in_place_tablespaces = on;',
	map { "CREATE TABLESPACE $_ LOCATION '';" } @tablespaces);
my @results = run_all(@pairs);
report(@results);
printf "%d pairs in %d s, %d at once\n", scalar @pairs, time - $started, $jobs;
SchemaDrift::Psql::run('postgres',
	sql => join('', "DROP DATABASE $control (FORCE);\n", map { "DROP TABLESPACE IF EXISTS $_;\n" } @tablespaces));

# the bar: 95 of 100 pairs of these kinds
my %ours = map { ($_->{name} => 1) } grep { $_->{ours} } @results;
my %open = map { ($_->{name} => 1) } grep { $_->{ours} && $_->{verdict} ne '' } @results;
exit(20 * keys(%open) > keys(%ours) ? 1 : 0);
