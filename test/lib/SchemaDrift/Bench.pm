# SchemaDrift::Bench
#	  What the benchmarks share: figures, processor time, schemas.
#
#	  my %cpu = SchemaDrift::Bench::cpu_of($postmaster, sub { … });
#	  printf "%s\n", SchemaDrift::Bench::summary(@milliseconds);
#	  foreach my $schema (SchemaDrift::Bench::schemas()) { … }
#
# Processor time is what a benchmark compares: on a machine that others use too,
# elapsed time says more about them.
package SchemaDrift::Bench;

use strict;
use warnings;

use File::Basename;
use Time::HiRes qw(time sleep);

# SQL giving the processor time of the session's own process so far, ms.
our $cpu_sql = "split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::numeric / 1000000";

sub quantile
{
	my ($q, @sorted) = @_;
	return $sorted[ int($q * $#sorted + 0.5) ];
}

sub median
{
	return quantile(0.5, sort { $a <=> $b } @_);
}

# "min 1.0, median 2.0, p99 3.0, max 4.0 ms"
sub summary
{
	my @sorted = sort { $a <=> $b } @_;
	return sprintf('min %.1f, median %.1f, p99 %.1f, max %.1f ms',
		$sorted[0], quantile(0.5, @sorted), quantile(0.99, @sorted), $sorted[-1]);
}

# Runs, as given or by default; make bench RUNS=20 is for a quick look.
sub runs
{
	my ($default) = @_;
	return $ENV{SD_RUNS} || $default;
}

# The real schemas at hand: (name, path) hashes; none without SHARED.
sub schemas
{
	my (@names) = @_;
	my $shared = $ENV{SHARED} || return ();
	my @found = map { { name => basename($_, '.sql'), path => $_ } } sort glob("$shared/schemas/*.sql");
	return @found unless @names;
	return grep { my $found = $_; grep { $found->{name} eq $_ } @names } @found;
}

# A database with that schema.  What it wants beyond this server, roles mostly,
# is left out, so errors are not looked at.
sub load
{
	my ($node, $schema) = @_;
	my ($name, $log) = ("bench_$schema->{name}", $node->basedir . "/$schema->{name}.log");
	$node->safe_psql('postgres', "CREATE DATABASE $name");
	system('psql', '-XAtq', '-d', $node->connstr($name), '-f', $schema->{path}, '-o', '/dev/null',
		'-L', $log) == 0 or print "# could not load all of $schema->{name}\n";
	$node->safe_psql($name, 'CREATE EXTENSION schemadrift');
	$node->safe_psql($name, 'VACUUM ANALYZE');
	return $name;
}

# N generated tables, made in transactions of 500.
sub generate
{
	my ($node, $name, $n) = @_;
	$node->safe_psql('postgres', "CREATE DATABASE $name");
	$node->safe_psql($name, <<"EOF");
DO \$\$
BEGIN
	FOR n IN 1..$n LOOP
		EXECUTE format('CREATE TABLE t%s (id int PRIMARY KEY, name text NOT NULL, '
			'amount numeric(12,2), at timestamptz DEFAULT now())', n);
		IF n % 500 = 0 THEN
			COMMIT;
		END IF;
	END LOOP;
END \$\$;
EOF
	$node->safe_psql($name, 'CREATE EXTENSION schemadrift');
	$node->safe_psql($name, 'VACUUM ANALYZE');
	return $name;
}

# Processor ms of the ended children of a process; ticks are 10 ms.
sub _reaped
{
	my ($pid) = @_;
	open(my $file, '<', "/proc/$pid/stat") or die "could not read /proc/$pid/stat: $!\n";
	my @field = split / /, (<$file> =~ s/\A.*\) //r);
	close $file;
	return 10 * ($field[13] + $field[14]);
}

# Backends are children of the postmaster: wait until the last one is reaped.
sub _reaped_all
{
	my ($pid) = @_;
	my $before = -1;
	my $now = _reaped($pid);
	while ($now != $before)
	{
		sleep 0.5;
		($before, $now) = ($now, _reaped($pid));
	}
	return $now;
}

# Processor and elapsed ms of a command, its server sessions included; nothing
# else may run on that server.
sub cpu_of
{
	my ($postmaster, @command) = @_;
	my $server = _reaped_all($postmaster);
	my (undef, undef, $user, $system) = times;
	my $start = time;
	system(@command) == 0 or die "failed: @command\n";
	my $elapsed = time - $start;
	my (undef, undef, $user_after, $system_after) = times;
	return {
		elapsed => 1000 * $elapsed,
		client => 1000 * ($user_after + $system_after - $user - $system),
		server => _reaped_all($postmaster) - $server
	};
}

1;
