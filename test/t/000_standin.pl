# The stand-in itself: it takes what PagerDuty takes, refuses what PagerDuty
# refuses, and fails when it is told to.  No server is needed.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use HTTP::Tiny;
use JSON::PP;
use Test::More;
use Time::HiRes qw(time);

use SchemaDrift::CA;
use SchemaDrift::PagerDuty;

$SIG{ALRM} = sub { die "the test took too long\n" };
alarm 240;

my $pd = SchemaDrift::PagerDuty->start;
my $json = JSON::PP->new->canonical->utf8;

sub client
{
	my (%options) = @_;
	return HTTP::Tiny->new(
		verify_SSL => 1, timeout => 10, max_redirect => 0, keep_alive => 0,
		SSL_options => { SSL_ca_file => $pd->ca_file }, %options);
}

my $client = client();

# Send; returns (status, decoded answer, all of HTTP::Tiny's answer).
sub send_to
{
	my ($path, $body, %headers) = @_;
	my $response = $client->request('POST', $pd->url . $path,
		{ content => $body, headers => { 'Content-Type' => 'application/json', %headers } });
	return ($response->{status}, eval { $json->decode($response->{content}) } // {}, $response);
}

sub trigger
{
	my (%change) = @_;
	my $payload = {
		summary => 'drift', source => 'db1', severity => 'error',
		custom_details => { ddl => 'ALTER TABLE t' }, %{ delete $change{payload} // {} } };
	my $event = {
		routing_key => $pd->routing_key, event_action => 'trigger', dedup_key => 'k1',
		payload => $payload, %change };
	delete $event->{$_} foreach grep { !defined $event->{$_} } keys %$event;
	delete $payload->{$_} foreach grep { !defined $payload->{$_} } keys %$payload;
	return $json->encode($event);
}

sub change
{
	my (%change) = @_;
	return $json->encode({
		routing_key => $pd->routing_key, payload => { summary => 'deployed' }, %change });
}

# -- taken -----------------------------------------------------------------
my ($status, $answer) = send_to('/v2/enqueue', trigger());
is($status, 202, 'a good trigger is taken');
is($answer->{dedup_key}, 'k1', 'and its dedup_key comes back');
($status) = send_to('/v2/enqueue', trigger(payload => { summary => 'more' }));
is_deeply([ map { "$_->{dedup_key} $_->{state} " . @{ $_->{log} } } $pd->alerts ],
	['k1 open 2'], 'the same key again adds to the open alert');
send_to('/v2/enqueue', trigger(event_action => 'resolve', payload => undef));
send_to('/v2/enqueue', trigger());
is_deeply([ map { $_->{state} } $pd->alerts ],
	[ 'resolved', 'open' ], 'after a resolve the same key opens a new alert');
($status) = send_to('/v2/enqueue',
	trigger(event_action => 'resolve', dedup_key => 'nobody', payload => undef));
is($status, 202, 'a resolve without an open alert is taken');
is(scalar(() = $pd->alerts), 2, 'and dropped');
($status, $answer) = send_to('/v2/enqueue', trigger(dedup_key => undef));
ok($status == 202 && $answer->{dedup_key}, 'a trigger without a key gets one');
($status) = send_to('/v2/change/enqueue', change());
is($status, 202, 'a change event is taken');
($status) = send_to('/v2/enqueue', trigger(payload => { summary => "\x{20ac}" x 1024 }));
is($status, 202, 'the limit of the summary counts characters');
is(scalar(() = $pd->requests(action => 'change')), 1, 'requests are found by action');
is($pd->wait_for(dedup_key => 'nobody')->{event}->{event_action}, 'resolve', 'and by key');

# -- refused ---------------------------------------------------------------
my @refused = (
	[ 'a short routing key', trigger(routing_key => 'abc') ],
	[ 'a routing key with a dash', trigger(routing_key => ('a' x 31) . '-') ],
	[ 'a routing key with a line break', trigger(routing_key => ('a' x 31) . "\n") ],
	[ 'no routing key', trigger(routing_key => undef) ],
	[ 'an unknown action', trigger(event_action => 'open') ],
	[ 'no action', trigger(event_action => undef) ],
	[ 'a long dedup_key', trigger(dedup_key => 'd' x 256) ],
	[ 'a resolve without a dedup_key', trigger(event_action => 'resolve', dedup_key => undef) ],
	[ 'a trigger without a payload', $json->encode(
		{ routing_key => $pd->routing_key, event_action => 'trigger' }) ],
	[ 'no summary', trigger(payload => { summary => undef }) ],
	[ 'an empty summary', trigger(payload => { summary => '' }) ],
	[ 'a long summary', trigger(payload => { summary => 's' x 1025 }) ],
	[ 'a summary that is a number', trigger(payload => { summary => 7 }) ],
	[ 'no source', trigger(payload => { source => undef }) ],
	[ 'no severity', trigger(payload => { severity => undef }) ],
	[ 'a severity of our own', trigger(payload => { severity => 'Error' }) ],
	[ 'a timestamp without T', trigger(payload => { timestamp => '2026-01-01 00:00:00+00' }) ],
	[ 'details that are text', trigger(payload => { custom_details => 'text' }) ],
	[ 'a link without href', trigger(links => [ { text => 'x' } ]) ],
	[ 'links that are no array', trigger(links => { href => 'https://example.org' }) ],
	[ 'an image over http', trigger(images => [ { src => 'http://example.org/a.png' } ]) ],
	[ 'an array', '[]' ],
	[ 'broken JSON', '{"routing_key": ' ],
	[ 'bytes that are not UTF-8', trigger(payload => { summary => 'X' }) =~ s/"X"/"\xff"/r ]);
foreach my $case (@refused)
{
	my ($name, $body) = @$case;
	my ($got, $why) = send_to('/v2/enqueue', $body);
	ok($got == 400 && ref $why->{errors} eq 'ARRAY', "refused: $name") or diag("status $got");
}
($status) = send_to('/v2/change/enqueue', change(payload => { source => 'x' }));
is($status, 400, 'refused: a change without a summary');
($status) = send_to('/v2/change/enqueue', change(routing_key => 'R' . ('a' x 31)));
is($status, 400, 'refused: a change for a ruleset');
($status) = send_to('/v2/enqueue', trigger(payload => { custom_details => { x => 'y' x 512_000 } }));
is($status, 413, 'refused: more than 512 KB');
($status) = send_to('/v2/enqueue', trigger(), 'Content-Type' => 'text/plain');
is($status, 415, 'refused: not JSON by its own account');
($status) = send_to('/v1/enqueue', trigger());
is($status, 404, 'refused: another path');
is($client->get($pd->url . '/v2/enqueue')->{status}, 405, 'refused: GET');
$pd->options(keys => ['k' x 32]);
($status) = send_to('/v2/enqueue', trigger());
is($status, 400, 'refused: a key that nobody issued');
$pd->options(rate => 2);
is_deeply([ map { (send_to('/v2/enqueue', trigger()))[0] } 1 .. 3 ],
	[ 202, 202, 429 ], 'refused: too many a minute');
$pd->options();

# -- faults ----------------------------------------------------------------
$pd->forget;
is(scalar(() = $pd->requests), 0, 'forget forgets');
$pd->fault(kind => 'status', status => 429, retry_after => 7, times => 2, path => '/v2/enqueue');
is((send_to('/v2/change/enqueue', change()))[0], 202, 'a fault for another path does not fit');
my $response = (send_to('/v2/enqueue', trigger()))[2];
is("$response->{status} $response->{headers}->{'retry-after'}", '429 7', 'a 429 with Retry-After');
is((send_to('/v2/enqueue', trigger()))[0], 429, 'twice');
is((send_to('/v2/enqueue', trigger()))[0], 202, 'and no more');
$pd->fault(kind => 'status', status => 503, skip => 1, times => 1);
is_deeply([ map { (send_to('/v2/enqueue', trigger()))[0] } 1 .. 3 ],
	[ 202, 503, 202 ], 'a fault may skip requests');
$pd->fault(kind => 'redirect', location => 'https://localhost:1/', times => 1);
$response = (send_to('/v2/enqueue', trigger()))[2];
is("$response->{status} $response->{headers}->{location}", '307 https://localhost:1/', 'a redirect');

$pd->forget;
$pd->fault(kind => 'close_after', times => 1);
is((send_to('/v2/enqueue', trigger(dedup_key => 'ca')))[0], 599, 'closed after accepting');
is($pd->wait_for(dedup_key => 'ca')->{status}, 202, 'which it did');
is(scalar(() = $pd->alerts), 1, 'and remembers');
$pd->fault(kind => 'close_before', times => 1);
is((send_to('/v2/enqueue', trigger(dedup_key => 'cb')))[0], 599, 'closed before accepting');
is(scalar(() = $pd->alerts), 1, 'which it did not');

my $started = time;
$pd->fault(kind => 'stall', seconds => 1, times => 1);
is((send_to('/v2/enqueue', trigger()))[0], 202, 'a stall goes on in the end');
cmp_ok(time - $started, '>=', 1, 'but not before');
$client = client(timeout => 1);
$pd->fault(kind => 'stall_tls', times => 1);
is((send_to('/v2/enqueue', trigger()))[0], 599, 'a stall before TLS');
$client = client(max_size => 1_000_000);
$pd->fault(kind => 'endless_body', times => 1);
is((send_to('/v2/enqueue', trigger()))[0], 599, 'an endless body');
$pd->fault(kind => 'huge_headers', times => 1);
is((send_to('/v2/enqueue', trigger()))[0], 599, 'huge headers');
$pd->fault(kind => 'garbage', times => 1);
is((send_to('/v2/enqueue', trigger()))[0], 599, 'garbage');
$pd->fault(kind => 'slow_body', seconds => 0.005, times => 1);
is((send_to('/v2/enqueue', trigger()))[0], 202, 'a slow body');
$pd->fault(kind => 'status');
$pd->no_faults;
is((send_to('/v2/enqueue', trigger()))[0], 202, 'no_faults ends them');

# -- certificates and connections --------------------------------------------
foreach my $bad (qw(expired wrong_host untrusted))
{
	$pd->certificate($bad);
	my $got = (send_to('/v2/enqueue', trigger()))[2];
	ok($got->{status} == 599 && $got->{content} =~ /certificate|SSL|hostname/i,
		"the certificate \"$bad\" does not verify") or diag($got->{content});
}
$pd->certificate('good');
$pd->forget;
$client = client(keep_alive => 1);
send_to('/v2/enqueue', trigger()) foreach 1 .. 3;
my %connections = map { $_->{connection} => 1 } $pd->requests;
is(scalar keys %connections, 1, 'a connection is kept');
is(join(' ', map { $_->{n} } $pd->requests), '1 2 3', 'requests are numbered');
$pd->drop_connections;

# The client may or may not notice before it sends.
send_to('/v2/enqueue', trigger()) if (send_to('/v2/enqueue', trigger()))[0] != 202;
isnt(($pd->requests)[-1]->{connection}, ($pd->requests)[0]->{connection}, 'until it is dropped');

my $pid = $pd->{pid};
$pd->stop;
ok(!kill(0, $pid), 'stop ends the server');
done_testing();
