# While a service stalls, nobody waits for the worker: it holds no snapshot and
# no lock on a table, DROP DATABASE elsewhere and a fast shutdown are quick.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time sleep);

use SchemaDrift::Cluster;
use SchemaDrift::Outbox;
use SchemaDrift::PagerDuty;

my $pd = SchemaDrift::PagerDuty->start;
my $node = SchemaDrift::Cluster->start_new('main', pagerduty => $pd,
	conf => "schemadrift.http_timeout = '60s'\n");
arm($node);

my $worker = "FROM pg_stat_activity a WHERE backend_type = 'schemadrift worker'"
  . " AND query = 'schemadrift: sending a message'";

# A message that the service has and does not answer.
sub stall
{
	my ($kind, $key) = @_;
	# a new worker: an old one has a connection, which needs no handshake
	$node->wait_until("SELECT count(*) = 0 FROM pg_stat_activity WHERE backend_type = 'schemadrift worker'");
	$pd->fault(kind => $kind, seconds => 60, times => $kind eq 'stall' ? 1 : 100);
	enqueue($node, 'postgres', $key);
	$pd->wait_for(dedup_key => $key) if $kind eq 'stall';
	return $node->wait_until("SELECT count(*) = 1 $worker");
}

foreach my $kind ('stall', 'stall_tls')
{
	stall($kind, "$kind drop");
	my $held = 0;
	foreach (1 .. 20)
	{
		$held += $node->safe_psql('postgres', "SELECT count(*) $worker AND (backend_xmin IS NOT NULL"
			  . " OR EXISTS (SELECT FROM pg_locks l WHERE l.pid = a.pid AND l.locktype <> 'advisory'))");
		sleep 0.1;
	}
	is($held, 0, "$kind: the worker holds no snapshot and no lock but its own for two seconds");
	foreach my $turn (1 .. 3)
	{
		$node->safe_psql('postgres', 'CREATE DATABASE other');
		my $start = time;
		$node->safe_psql('postgres', 'DROP DATABASE other');
		cmp_ok(time - $start, '<', 1, "$kind: DROP DATABASE of another database takes less than a second");
	}
	# a handshake is given five seconds, and then there is another attempt
	$node->wait_until("SELECT count(*) = 1 $worker");
	my $start = time;
	$node->stop('fast');
	cmp_ok(time - $start, '<', 1, "$kind: a fast shutdown takes less than a second");
	$pd->no_faults;
	$node->start;
	# a shutdown interrupts the attempt, and the next worker takes it over at once
	$node->wait_until("SELECT state = 'delivered' FROM drift_deliveries WHERE idempotency_key = '$kind drop'");
}

# Its own database can be dropped too, and copied, in the middle of a request.
$node->safe_psql('postgres', 'CREATE DATABASE app');
$node->safe_psql('app', 'CREATE EXTENSION schemadrift');
$node->add_channel('app', $pd);
arm($node, 'app');
$pd->fault(kind => 'stall', seconds => 60, times => 1);
enqueue($node, 'app', 'stalled there');
$pd->wait_for(dedup_key => 'stalled there');
my $start = time;
$node->safe_psql('postgres', 'CREATE DATABASE copy TEMPLATE app');
cmp_ok(time - $start, '<', 3, 'CREATE DATABASE … TEMPLATE interrupts a request');
$node->wait_until("SELECT state = 'delivered' FROM drift_deliveries", 't', 'app');
my @sent = $pd->requests(dedup_key => 'stalled there');
cmp_ok(scalar(@sent), '>=', 2, 'the interrupted message was sent again, with the same key');
is($node->safe_psql('copy', "SELECT state <> 'delivered', attempts FROM drift_deliveries"), 't|1',
	'and the copy sends nothing');

# Cancelling a request is a failed attempt, not the end of the worker.
$pd->no_faults;
$pd->fault(kind => 'stall', seconds => 60, times => 1);
enqueue($node, 'postgres', 'cancelled');
$pd->wait_for(dedup_key => 'cancelled');
my $pid = $node->safe_psql('postgres', "SELECT pid $worker");
$node->safe_psql('postgres', "SELECT pg_cancel_backend($pid)");
$node->wait_until("SELECT state = 'delivered' FROM drift_deliveries WHERE idempotency_key = 'cancelled'");
is($node->safe_psql('postgres', "SELECT attempts FROM drift_deliveries WHERE idempotency_key = 'cancelled'"),
	2, 'a cancelled request is one attempt');

$node->stop;
$pd->stop;
done_testing();
