# The worker checks as soon as DDL commits: a check follows an event, however
# late its transaction commits, and no other wake-up.  Without any event it
# checks when the last look at everything is old enough.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);

use SchemaDrift::Cluster;
use SchemaDrift::Outbox;
use SchemaDrift::PagerDuty;

my $pd = SchemaDrift::PagerDuty->start;

foreach my $preload ('schemadrift', '')
{
	my $how = $preload ? 'preloaded' : 'on demand';
	my $node = SchemaDrift::Cluster->start_new($preload || 'bare', pagerduty => $pd, preload => $preload);
	$pd->forget;
	$node->safe_psql('postgres', 'CREATE TABLE t (i int)');
	$node->safe_psql('postgres', "SELECT drift_watch(channel => 'oncall')");
	my $start = time;
	$node->safe_psql('postgres', 'ALTER TABLE t ADD COLUMN rogue int');
	my $request = $pd->wait_for(action => 'trigger');
	cmp_ok($request->{at} - $start, '<', 5, "$how: a rogue ALTER pages when it commits");
	like($request->{body}, qr/ADD COLUMN rogue int/, "$how: with its statement");

	# an early event that commits late
	my $session = $node->background_psql('postgres');
	$session->query_safe('BEGIN; ALTER TABLE t ADD COLUMN early int');
	$node->safe_psql('postgres', 'CREATE TABLE late (i int)');
	$node->wait_until("SELECT count(*) > 0 FROM schemadrift.drift WHERE object LIKE '%late%'");
	$session->query_safe('COMMIT');
	$session->quit;
	$node->wait_until("SELECT count(*) > 0 FROM schemadrift.drift WHERE object LIKE '%early%'");

	# without a preloaded library only a session's own wake-up brings a worker
	$node->safe_psql('postgres', 'ALTER TABLE t DROP COLUMN rogue, DROP COLUMN early; DROP TABLE late');
	$node->wait_until("SELECT count(*) = 0 FROM schemadrift.drift WHERE state = 'open'");
	$pd->wait_for(action => 'resolve');
	pass("$how: what was taken back is resolved");
	$node->stop;
}

my $node = SchemaDrift::Cluster->start_new('late', conf => "schemadrift.full_check_interval = 2s\n");
$node->safe_psql('postgres', 'CREATE TABLE t (i int); SELECT drift_watch()');
$node->wait_until('SELECT count(*) > 0 FROM schemadrift.check_state');
$node->safe_psql('postgres', "UPDATE pg_attribute SET attname = 'j' WHERE attrelid = 't'::regclass AND attname = 'i'");
$node->wait_until("SELECT count(*) > 0 FROM schemadrift.drift WHERE object = 'public.t.j'");
pass('what no command tells of is found by the check at intervals');
$node->stop;
$pd->stop;
done_testing();
