# Incidents as those who are paged see them: one per burst and owner, told when
# it is time, never twice for the same, resolved wherever it was told.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);

use SchemaDrift::Cluster;
use SchemaDrift::PagerDuty;

my $pd = SchemaDrift::PagerDuty->start;
my $node = SchemaDrift::Cluster->start_new('main', pagerduty => $pd);
my $url = $pd->url;

sub sql { return $node->safe_psql('postgres', $_[0]); }

sub set
{
	my (%settings) = @_;
	sql("ALTER SYSTEM SET schemadrift.$_ = '$settings{$_}'") foreach keys %settings;
	sql('SELECT pg_reload_conf()');
	return;
}

sub pages { return scalar $pd->requests(action => 'trigger'); }

# Everything accepted, told to be over, and forgotten.
sub calm
{
	sql("SELECT drift_accept_all('test'); TRUNCATE schemadrift.time_window");
	$node->wait_until("SELECT count(*) = 0 FROM schemadrift.delivery WHERE state IN ('pending', 'sending')");
	sql('DELETE FROM schemadrift.delivery');
	sql("ALTER SYSTEM RESET schemadrift.$_")
	  foreach qw(incident_window alert_grace update_interval realert_interval storm_pages);
	sql('SELECT pg_reload_conf()');
	$pd->forget;
	return;
}

# The worker has looked at all that was committed, and sent what followed.
sub settled
{
	my ($sql) = @_;
	$node->wait_until($sql) if $sql;
	$node->wait_until("SELECT count(*) = 0 FROM schemadrift.delivery WHERE state IN ('pending', 'sending')");
	return;
}

sub drift_seen { return settled("SELECT count(*) > 0 FROM schemadrift.drift WHERE object LIKE '%$_[0]%'"); }

sql("SELECT drift_channel_add('team', 'pagerduty', jsonb_build_object('url', '$url', 'client', 'team'),"
	  . " 'pagerduty_key')");
sql("CREATE TABLE mine (i int); COMMENT ON TABLE mine IS '\@owner: team-a'; CREATE TABLE yours (i int)");
sql("CREATE TABLE parent (i int PRIMARY KEY); CREATE TABLE child (i int REFERENCES parent)");
sql("CREATE VIEW v1 AS SELECT i FROM parent; CREATE VIEW v2 AS SELECT i FROM v1");
sql("SELECT drift_watch(channel => 'oncall')");
sql("SELECT drift_route_add('watch', 'team', owner => 'team-a')");
calm();

# a burst is one incident, and one page until the next update is due
sql('CREATE TABLE burst_1 (i int)');
$pd->wait_for(action => 'trigger');
sql("CREATE TABLE burst_$_ (i int)") foreach 2 .. 5;
drift_seen('burst_5');
is(sql("SELECT count(*) FROM drift_incidents() WHERE state = 'open'"), 1, 'a burst is one incident');
is(pages(), 1, 'and one page');
is(sql("SELECT tell_at > now() FROM drift_incidents() WHERE state = 'open'"), 't',
	'what came later waits for the update');
sql("SELECT drift_check()") foreach 1 .. 3;
settled();
is(pages(), 1, 'checks alone tell nothing');
sql('GRANT SELECT ON yours TO PUBLIC');
$pd->wait_for(action => 'trigger', count => 2);
my $worse = ($pd->requests(action => 'trigger'))[-1]->{event};
is($worse->{payload}->{severity}, 'critical', 'what makes it worse is told at once');
is($worse->{payload}->{custom_details}->{count}, 6, 'with all that came meanwhile');
is($worse->{dedup_key}, ($pd->requests(action => 'trigger'))[0]->{event}->{dedup_key}, 'as the same alert');
calm();

# what one statement dropped is one thing; owners have incidents of their own
sql('DROP TABLE parent CASCADE; ALTER TABLE mine ADD j int');
$pd->wait_for(action => 'trigger', count => 3);
settled();
my @all = $pd->requests(action => 'trigger');
my %keys = map { $_->{event}->{dedup_key} => 1 } @all;
is(scalar keys %keys, 2, 'two owners, two incidents');
my ($dropped) = grep { $_->{body} =~ /table public.parent removed/ } @all;
is($dropped->{event}->{payload}->{custom_details}->{count}, 1, 'a dropped table is one drift');
like($dropped->{event}->{payload}->{summary}, qr/with 3 that depended on it/, 'which says what went with it');
my @team = grep { $_->{event}->{client} eq 'team' } @all;
is(scalar @team, 1, 'the team hears of its own');
like($team[0]->{body}, qr/public\.mine\.j/, 'and only of that');
unlike($team[0]->{event}->{payload}->{custom_details}->{sql}, qr/parent/, 'with the SQL that takes that back');
my $drift = sql("SELECT id FROM schemadrift.drift WHERE object = 'public.mine.j'");
is(sql("SELECT string_agg(channel || ' ' || takes || ' ' || sent_state, ', ') FROM drift_routes_explain($drift)"),
	'oncall true delivered, team true delivered', 'routes say what they took and sent');
sql('ALTER TABLE mine DROP j');
$pd->wait_for(action => 'resolve', count => 2);
settled();
is(scalar(grep { $_->{state} ne 'resolved' } grep { $_->{dedup_key} eq $team[0]->{event}->{dedup_key} } $pd->alerts),
	0, 'what was told on two channels is resolved on both');
calm();

# grace
set(alert_grace => '2s');
sql('CREATE TABLE brief (i int)');
$node->wait_until("SELECT count(*) = 1 FROM schemadrift.drift WHERE object = 'public.brief'");
sql('DROP TABLE brief');
$node->wait_until("SELECT state = 'gone' FROM schemadrift.drift WHERE object = 'public.brief'");
my $start = time;
sql('CREATE TABLE lasting (i int)');
my $request = $pd->wait_for(action => 'trigger');
cmp_ok($request->{at} - $start, '>=', 1.9, 'drift is told when its grace is over, without any new command');
unlike($request->{body}, qr/brief/, 'what was gone by then is not');
is(scalar($pd->requests(action => 'resolve')), 0, 'nor is that it is gone');
calm();

# quiet hours: the lesser wait, the others do not
set(incident_window => '0', update_interval => '0');
sql("SELECT drift_window_add('* * * * *', '1 hour', 'quiet')");
sql('CREATE TABLE lesser (i int)');
$node->wait_until("SELECT count(*) = 1 FROM drift_incidents()"
	  . " WHERE state = 'open' AND tell_at > now() + interval '1 minute'");
is(pages(), 0, 'in quiet hours the lesser waits for their end');
sql('ALTER TABLE yours DROP i');
like($pd->wait_for(action => 'trigger')->{body}, qr/yours\.i/, 'what is critical does not');
sql('SELECT drift_window_drop(id) FROM drift_windows()');
sql('UPDATE schemadrift.incident SET tell_at = now() WHERE told_at IS NULL');
sql('SELECT drift_check()');
like($pd->wait_for(action => 'trigger', count => 2)->{body}, qr/public\.lesser/, 'when they end it is told');
calm();

# re-alert, until somebody acknowledges
set(realert_interval => '1s');
sql('CREATE TABLE forgotten (i int)');
$pd->wait_for(action => 'trigger', count => 3);
pass('an open incident that nobody acknowledged is told again');
sql("SELECT drift_ack((SELECT id FROM schemadrift.drift WHERE object = 'public.forgotten'), 'seen')");
settled();
my $acknowledged = pages();
sql('SELECT pg_sleep(2)');
is(pages(), $acknowledged, 'acknowledged, no more');
is(sql("SELECT state FROM schemadrift.incident ORDER BY id DESC LIMIT 1"), 'open', 'which is not the end of it');
calm();

# never twice for the same content, also when it went and came back
set(update_interval => '0');
sql('CREATE TABLE stays (i int); CREATE TABLE flaps (i int)');
drift_seen('flaps');
my $before = pages();
sql('DROP TABLE flaps');
settled("SELECT count(*) = 0 FROM schemadrift.drift WHERE object = 'public.flaps' AND state = 'open'");
sql('CREATE TABLE flaps (i int)');
settled("SELECT count(*) = 2 FROM schemadrift.drift WHERE object = 'public.flaps'");
is(pages(), $before, 'the same content is not told again');
calm();

# a storm: so many pages, then one digest, then the rest when there is room
set(storm_pages => '3', incident_window => '0', update_interval => '0');
foreach my $n (1 .. 6)
{
	sql("CREATE TABLE storm_$n (i int)");
	drift_seen("storm_$n");
}
settled();
is(sql("SELECT count(*) FROM drift_incidents() WHERE state = 'open'"), 6, 'in a storm nothing is missed');
is(pages(), 4, 'but only so many pages go out, and a digest');
like(($pd->requests(action => 'trigger'))[-1]->{body}, qr/1 more incident"/, 'which says that there are more');
sql("UPDATE schemadrift.delivery SET created_at = created_at - interval '1 hour'");
sql('UPDATE schemadrift.incident SET tell_at = now()');
sql('SELECT drift_check()');
$pd->wait_for(action => 'resolve');
settled();
is(sql("SELECT count(*) FROM drift_incidents() WHERE told_at IS NULL AND state = 'open'"), 0,
	'with room again the others are told, and the digest is over');
is(pages(), 7, 'each once');
calm();

# one message that waits is replaced, not joined by more
set(update_interval => '0');
sql('ALTER SYSTEM SET schemadrift.delivery = off');
sql('SELECT pg_reload_conf()');
foreach my $n (1 .. 3)
{
	sql("CREATE TABLE waiting_$n (i int)");
	$node->wait_until("SELECT count(*) = 1 FROM schemadrift.drift WHERE object = 'public.waiting_$n'");
}
is(sql("SELECT count(*) || ' ' || max(payload->>'count') FROM schemadrift.delivery WHERE state = 'pending'"), '1 3',
	'one message waits, which tells it all');

# parked after a promotion, it is told again since it is open still
sql("UPDATE schemadrift.delivery SET created_at = now() - interval '1 day'");
sql('UPDATE schemadrift.arming SET timeline = timeline - 1');
sql('ALTER SYSTEM RESET schemadrift.delivery');
sql('SELECT pg_reload_conf()');
sql('SELECT drift_worker_start()');
$pd->wait_for(action => 'trigger');
settled();
is(pages(), 1, 'an incident whose message was parked is told once');
is(sql('SELECT count(*) FROM schemadrift.delivery WHERE state = \'dead\''), 1, 'by a message of its own');
calm();

$node->stop;
$pd->stop;
done_testing();
