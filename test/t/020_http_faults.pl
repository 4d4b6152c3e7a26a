# What services, certificates and the environment can do to a delivery, and
# that the key of the integration appears nowhere.
#
# One channel, one message for each fault: the message must end delivered, or
# waiting with the right reason, and the worker must live on.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use IO::Socket::INET;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);

use SchemaDrift::Cluster;
use SchemaDrift::PagerDuty;

# Whoever is asked to be a proxy, or is redirected to, is noticed.
my $trap = IO::Socket::INET->new(
	LocalAddr => '127.0.0.1', LocalPort => 0, Proto => 'tcp', Listen => 8)
  or die "could not listen: $@";
$trap->blocking(0);
my $trap_host = '127.0.0.1:' . $trap->sockport;
$ENV{$_} = "http://$trap_host" foreach qw(http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY);

my $pd = SchemaDrift::PagerDuty->start;
my $node = SchemaDrift::Cluster->start_new('faults', pagerduty => $pd, conf => <<'EOC');
schemadrift.http_timeout = '2s'
schemadrift.max_attempts = 1000
log_min_messages = debug5
EOC

sub query { return $node->safe_psql('postgres', $_[0]); }

# Put a test message into the outbox; returns its number.
sub enqueue { return query("SELECT drift_channel_test('" . ($_[0] // 'oncall') . "')"); }

sub state_of
{
	my ($id) = @_;
	return query("SELECT state FROM schemadrift.delivery WHERE id = $id");
}

sub wait_delivered
{
	my ($id, $name) = @_;
	ok($node->poll_query_until('postgres',
		"SELECT state = 'delivered' FROM schemadrift.delivery WHERE id = $id"), $name)
	  or diag(query("SELECT state, attempts, last_error FROM schemadrift.delivery WHERE id = $id"));
	return;
}

sub wait_error
{
	my ($id, $pattern, $name, $state) = @_;
	my $condition = $state ? "state = '$state'" : 'attempts > 0';
	ok($node->poll_query_until('postgres',
		"SELECT $condition AND last_error ~ '$pattern' FROM schemadrift.delivery WHERE id = $id"), $name)
	  or diag(query("SELECT state, attempts, last_error FROM schemadrift.delivery WHERE id = $id"));
	return;
}

# Sweep the outbox, so that what still waits does not meet the next fault.
sub sweep
{
	$pd->no_faults;
	query("DELETE FROM schemadrift.delivery");
	return;
}

# Changed settings end kept-alive connections, so that the next message makes a
# new one.
my $changes = 0;
sub end_connections
{
	my ($hosts) = @_;
	$hosts //= $pd->host . ', change-' . ++$changes . '.example';
	$node->append_conf('postgresql.conf', "schemadrift.allowed_hosts = '$hosts'");
	$node->reload;
	return;
}

sub is_trapped
{
	my $caught = $trap->accept;
	close $caught if $caught;
	return defined $caught;
}

# -- the good case --------------------------------------------------------
my $id = enqueue();
wait_delivered($id, 'a test message is delivered');
is(scalar(() = $pd->requests(action => 'trigger')), 1, 'as one trigger');
is(scalar(() = $pd->requests(action => 'resolve')), 1, 'and one resolve');
is_deeply([ map { $_->{state} } $pd->alerts ], ['resolved'], 'which leave nothing open');
my ($request) = $pd->requests(action => 'trigger');
is($request->{headers}->{'content-type'}, 'application/json', 'sent as JSON');
ok(!exists $request->{headers}->{'accept-encoding'}, 'asking for no compression');
ok(!exists $request->{headers}->{expect}, 'and for no leave to go on');
like($request->{headers}->{'user-agent'}, qr{\Aschemadrift/\d}, 'by our name');

# -- what passes by itself --------------------------------------------------
foreach my $fault (
	{ kind => 'stall', seconds => 30, error => 'timed out' },
	{ kind => 'stall_tls', error => 'timed out' },
	{ kind => 'close_before', error => 'no answer' },
	{ kind => 'close_after', error => 'no answer' },
	{ kind => 'garbage', error => 'not HTTP' },
	{ kind => 'status', status => 500, error => 'HTTP 500' },
	{ kind => 'status', status => 503, retry_after => 'soon', error => 'HTTP 503' },
	{ kind => 'status', status => 429, retry_after => '-1', error => 'HTTP 429' })
{
	my $error = delete $fault->{error};
	my $name = join ' ', map { $fault->{$_} } grep { exists $fault->{$_} } qw(kind status);

	$pd->forget;
	end_connections() if $fault->{kind} eq 'stall_tls';
	$pd->fault(%$fault);
	$id = enqueue();
	wait_error($id, $error, "$name: the reason is kept");
	isnt(state_of($id), 'dead', "$name: it is tried again");
	$pd->no_faults;
	wait_delivered($id, "$name: and delivered when it is over");
	my %keys = map { $_->{event}->{dedup_key} => 1 } grep { ref $_->{event} eq 'HASH' } $pd->requests;
	is(scalar keys %keys, 1, "$name: under the same key each time");
	sweep();
}

# -- answers too large: the status counts, the rest is cut off ----------------
foreach my $kind (qw(endless_body huge_headers))
{
	$pd->forget;
	$pd->fault(kind => $kind, times => 1);
	$id = enqueue();
	wait_delivered($id, "$kind: delivered all the same");
	is(scalar(() = $pd->requests(action => 'trigger')), 1, "$kind: and sent once");
	sweep();
}

# -- Retry-After ------------------------------------------------------------
$pd->forget;
$pd->fault(kind => 'status', status => 429, retry_after => 3, times => 1);
$id = enqueue();
wait_delivered($id, 'a 429 with Retry-After is delivered in the end');
my @sent = $pd->requests(action => 'trigger');
cmp_ok($sent[1]->{at} - $sent[0]->{at}, '>=', 2.9, 'but not before its time');
sweep();
$pd->fault(kind => 'status', status => 503, retry_after => '999999999999');
$id = enqueue();
wait_error($id, 'HTTP 503', 'a Retry-After of thousands of years');
is(query("SELECT retry_at <= now() + interval '2 hours' FROM schemadrift.delivery WHERE id = $id"), 't',
	'is cut to a sane one');
sweep();

# -- what is permanent ------------------------------------------------------
$pd->fault(kind => 'redirect', location => "http://$trap_host/");
$id = enqueue();
wait_error($id, 'redirected', 'a redirect is a dead letter', 'dead');
ok(!is_trapped(), 'and nobody went there');
sweep();
$pd->fault(kind => 'status', status => 413);
$id = enqueue();
wait_error($id, 'too large', 'a 413 is a dead letter', 'dead');
sweep();

# -- certificates -------------------------------------------------------------
foreach my $bad (qw(expired wrong_host untrusted))
{
	$pd->forget;
	end_connections();
	$pd->certificate($bad);
	$id = enqueue();
	wait_error($id, 'certificate', "certificate \"$bad\" is refused");
	is(scalar(() = $pd->requests), 0, "certificate \"$bad\": nothing was sent");
	$pd->certificate('good');
	wait_delivered($id, "certificate \"$bad\": delivered when it is good again");
	sweep();
}

# -- policy -------------------------------------------------------------------
my ($code, $out, $err) = $node->psql('postgres',
	"SELECT drift_channel_add('plain', 'pagerduty', '{\"url\": \"http://localhost:1\"}', 'pagerduty_key')");
like($err, qr/without TLS/, 'http to a host that is not listed is refused at once');
query("SELECT drift_channel_add('inside', 'pagerduty',"
	  . " '{\"url\": \"https://localhost:" . ($pd->port + 1) . "\"}', 'pagerduty_key')");
$id = enqueue('inside');
wait_error($id, 'no public address', 'a name that resolves to a private address is refused when connecting');
is(query("SELECT bool_or(problem IS NOT NULL) FROM drift_channels()"), 'f', 'its URL alone looks fine');
sweep();

# The list may shrink after a channel was added.
end_connections('elsewhere.example');
$pd->forget;
$id = enqueue();
wait_error($id, 'no public address', 'a host taken off the list is refused');
is(scalar(() = $pd->requests), 0, 'also when a connection was kept');
end_connections();
wait_delivered($id, 'and delivered when it is back');
sweep();

# -- secrets --------------------------------------------------------------------
foreach my $case (
	[ 'mode 0644', sub { $node->secret('pagerduty_key', $pd->routing_key, 0644); }, 'mode 0644' ],
	[ 'missing', sub { unlink $node->secrets_directory . '/pagerduty_key'; }, 'cannot be opened' ],
	[ 'a link', sub { $node->secret('real', $pd->routing_key);
			symlink $node->secrets_directory . '/real', $node->secrets_directory . '/pagerduty_key'; },
		'symbolic link' ])
{
	my ($name, $break, $problem) = @$case;
	unlink $node->secrets_directory . '/pagerduty_key';
	$break->();
	$pd->forget;
	like(query("SELECT problem FROM drift_channels() WHERE name = 'oncall'"), qr/$problem/,
		"secret, $name: drift_channels() says so");
	$id = enqueue();
	wait_error($id, 'secret', "secret, $name: the message waits");
	is(scalar(() = $pd->requests), 0, "secret, $name: nothing is sent");
	unlink $node->secrets_directory . '/pagerduty_key';
	$node->secret('pagerduty_key', $pd->routing_key);
	query("UPDATE schemadrift.delivery SET state = 'pending', retry_at = now() WHERE id = $id");
	wait_delivered($id, "secret, $name: delivered when it is right");
	sweep();
}

# -- nothing leaks ----------------------------------------------------------------
ok(!is_trapped(), 'no proxy of the environment was asked');
my $key = $pd->routing_key;
ok(!$node->log_has(qr/\Q$key\E/), 'the key is nowhere in the log at debug5');
ok(!$node->log_has(qr/PANIC|terminated by signal|TRAP:/), 'and nothing crashed');
my $dump = $node->basedir . '/dump.sql';
command_ok([ 'pg_dumpall', '-f', $dump, '-d', $node->connstr('postgres') ], 'a dump');
ok(slurp_file($dump) !~ /\Q$key\E/, 'does not hold it');
is(query("SELECT count(*) FROM schemadrift.delivery WHERE delivery::text LIKE '%$key%'"), '0',
	'nor does the outbox');

$node->stop;
$pd->stop;
done_testing();
