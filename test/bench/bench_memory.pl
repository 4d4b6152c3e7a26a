# The most memory that one backend takes for a whole snapshot of many generated
# tables, in a session of its own, beside pg_dump -s of the same database.
#
# Printed is the peak of the resident set (VmHWM), and what of it is the
# process's own: the rest is the server's shared memory, which every session
# touches and none takes.  N (100000) tables; make bench TESTS=bench_memory RUNS=10000
# takes so many instead.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use PostgreSQL::Test::Utils;
use Test::More;

use SchemaDrift::Bench;
use SchemaDrift::Cluster;

my $n = SchemaDrift::Bench::runs(100_000);
my $node = SchemaDrift::Cluster->start_new('memory', databases => [],
	conf => "autovacuum = off\nfsync = off\nmax_wal_size = 8GB\nschemadrift.poll_interval = '1h'\n"
	  . "schemadrift.worker_linger = 0\nshared_buffers = 128MB\n");
my ($postmaster) = slurp_file($node->data_dir . '/postmaster.pid') =~ /\A(\d+)/;
my $database = SchemaDrift::Bench::generate($node, 'generated', $n);

# MB of the session's own process
my $status = "substring(pg_read_file('/proc/self/status') from '%s:\\s+(\\d+)')::int / 1024";
my $answer = $node->safe_psql($database, 'SELECT drift_fingerprint() \gset' . "\nSELECT "
	  . join(" || ' ' || ", map { sprintf $status, $_ } qw(VmHWM RssShmem)));
my ($peak, $shared) = split / /, $answer;
note sprintf('%d tables: snapshot %d MB at its peak, %d of them shared memory', $n, $peak, $shared);

my $snapshot = SchemaDrift::Bench::cpu_of($postmaster, 'psql', '-XAtq', '-d', $node->connstr($database),
	'-o', '/dev/null', '-c', 'SELECT drift_fingerprint()');
note sprintf('%d tables: snapshot %.1f s CPU', $n, ($snapshot->{client} + $snapshot->{server}) / 1000);
cmp_ok($peak, '<', 500, "a snapshot of $n tables takes less than 500 MB");

$node->stop('fast');
done_testing();
