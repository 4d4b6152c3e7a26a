# Who may send: a promoted standby with the secrets goes on, one without them
# and a copy of the cluster from another time do not.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use SchemaDrift::Cluster;
use SchemaDrift::Outbox;
use SchemaDrift::PagerDuty;

my $pd = SchemaDrift::PagerDuty->start;
my $node = SchemaDrift::Cluster->start_new('main', pagerduty => $pd, init => { allows_streaming => 1 });
arm($node);
$node->backup('base');

# the wait of a Cluster of ours, for any node
sub wait_for
{
	my ($where, $sql) = @_;
	return ok($where->poll_query_until('postgres', $sql), "wait: $sql");
}

my $fence = "FROM drift_health() WHERE check_name = 'fence'";
my %standby;
foreach my $name ('heir', 'clone')
{
	$standby{$name} = PostgreSQL::Test::Cluster->new($name);
	$standby{$name}->init_from_backup($node, 'base', has_streaming => 1);
}
$standby{clone}->append_conf('postgresql.conf', "schemadrift.secrets_directory = ''\n");
$_->start foreach values %standby;

# what waits when the primary is lost: one message of now, one of yesterday
$node->append_conf('postgresql.conf', "schemadrift.delivery = off\n");
$node->restart;
enqueue($node, 'postgres', 'new');
enqueue($node, 'postgres', 'old');
$node->safe_psql('postgres', "UPDATE schemadrift.delivery SET created_at = now() - interval '1 day'"
	  . " WHERE idempotency_key = 'old'");
$node->wait_for_catchup($_) foreach values %standby;
is($standby{heir}->safe_psql('postgres',
		"SELECT count(*) FROM pg_stat_activity WHERE backend_type LIKE 'schemadrift%'"), 0,
	'nothing of ours runs on a standby');
like($standby{heir}->safe_psql('postgres', 'SELECT check_name, status FROM drift_health()'), qr/standby\|ok/,
	'drift_health() works on a standby');
$node->stop('immediate');

# the clone first: it must leave the messages alone
$standby{clone}->promote;
wait_for($standby{clone}, "SELECT status = 'error' AND detail LIKE 'quarantined%' $fence");
$standby{clone}->safe_psql('postgres', 'SELECT drift_worker_start()');
wait_for($standby{clone},
	"SELECT detail LIKE '%the last look ended%' FROM drift_health() WHERE check_name = 'worker'");
is($standby{clone}->safe_psql('postgres', "SELECT count(*) FROM drift_deliveries WHERE attempts > 0"), 0,
	'without the secrets directory a promoted server sends nothing');
my $lines = () = slurp_file($standby{clone}->logfile) =~ /schemadrift sends nothing/g;
is($lines, 1, 'and says so once');

$standby{heir}->promote;
wait_for($standby{heir}, "SELECT state = 'delivered' FROM drift_deliveries WHERE idempotency_key = 'new'");
is($standby{heir}->safe_psql('postgres', "SELECT state FROM drift_deliveries WHERE idempotency_key = 'old'"), 'dead',
	'a promoted server goes on, and parks what is old');
is(scalar($pd->requests(dedup_key => 'old')), 0, 'which is not sent');
is($standby{heir}->safe_psql('postgres', "SELECT status $fence"), 'ok', 'the new timeline is armed');

$_->stop foreach values %standby;
$pd->stop;
done_testing();
