# SchemaDrift::PagerDuty::Rules
#	  What PagerDuty's Events API v2 accepts, refuses and remembers.
#
# Pure: a request and the state in, an answer and the state out; the network
# is StandIn.pm's.  The limits are the vendor's documented ones, each read the
# strict way where the documentation leaves two readings (512 KB is 512,000).
# Where the vendor ignores something (an unknown field), so do we.
package SchemaDrift::PagerDuty::Rules;

use strict;
use warnings;

use B ();
use Encode ();
use JSON::PP ();

use constant MAX_BODY => 512_000;
use constant MAX_SUMMARY => 1024;
use constant MAX_DEDUP_KEY => 255;
use constant KEY_LENGTH => 32;

my %severity = map { $_ => 1 } qw(critical error warning info);
my %action = map { $_ => 1 } qw(trigger acknowledge resolve);
my %path = ('/v2/enqueue' => \&_alert, '/v2/change/enqueue' => \&_change);

my $timestamp = qr/\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)\z/;

sub max_body { return MAX_BODY; }

# Answer one request.  $request: {method, path, headers, body (bytes), at};
# $state: {alerts => {}, changes => [], seen => {}}, changed in place;
# $options: {keys => [known routing keys], rate => requests a minute and key}.
# Returns (status, answer, the decoded event or undef).
sub answer
{
	my ($request, $state, $options) = @_;

	my $handler = $path{ $request->{path} };
	return (404, _refusal('Not Found', "no such path: $request->{path}")) unless $handler;
	return (405, _refusal('Method Not Allowed', 'only POST is accepted'))
	  unless $request->{method} eq 'POST';
	return (413, _refusal('Request Entity Too Large', 'the event is larger than 512 KB'))
	  if $request->{too_large} || length($request->{body}) > MAX_BODY;
	return (415, _refusal('Unsupported Media Type', 'events are application/json'))
	  unless ($request->{headers}->{'content-type'} // '') =~
	  m{\Aapplication/json\s*(?:;\s*charset="?utf-8"?\s*)?\z}i;

	my $event = decode($request->{body});
	return (400, _refusal('Unrecognized object', 'the body is not a JSON object'))
	  unless defined $event;

	my @errors = _key_errors($event, $options);
	my ($errors, $accept) = $handler->($event);
	push @errors, @$errors;
	return (400, _refusal('invalid event', 'Event object is invalid', @errors), $event)
	  if @errors;
	return (429, _refusal('throttle exceeded', 'too many requests for this routing key'), $event)
	  if _too_often($event->{routing_key}, $request->{at}, $state, $options);
	return (202, $accept->($state, $request->{at}), $event);
}

# A JSON object out of bytes that must be UTF-8, or undef.
sub decode
{
	my ($bytes) = @_;
	my $copy = $bytes;
	my $text = eval { Encode::decode('UTF-8', $copy, Encode::FB_CROAK) };
	return unless defined $text;
	my $value = eval { JSON::PP->new->max_depth(64)->decode($text) };
	return ref $value eq 'HASH' ? $value : undef;
}

sub _refusal
{
	my ($status, $message, @errors) = @_;
	return { status => $status, message => $message, errors => \@errors };
}

sub _is_text
{
	my ($value) = @_;
	return 0 if !defined $value || ref $value;

	# A JSON number decodes to a scalar whose text form was never made.
	my $flags = B::svref_2object(\$value)->FLAGS;
	return ($flags & B::SVf_POK()) ? 1 : 0;
}

sub _key_errors
{
	my ($event, $options) = @_;
	my $key = $event->{routing_key};
	return ("'routing_key' is missing or blank") unless _is_text($key) && $key ne '';
	return ("Length of 'routing_key' is incorrect (should be 32 characters)")
	  if length($key) != KEY_LENGTH;
	return ("'routing_key' cannot contain non-alphanumeric characters.")
	  if $key !~ /\A[A-Za-z0-9]+\z/;
	return ('Invalid routing key')
	  if $options->{keys} && !grep { $_ eq $key } @{ $options->{keys} };
	return ();
}

# Sliding window of a minute for each key.
sub _too_often
{
	my ($key, $at, $state, $options) = @_;
	return 0 unless $options->{rate};
	my $seen = $state->{seen}->{$key} //= [];
	@$seen = grep { $_ > $at - 60 } @$seen;
	return 1 if @$seen >= $options->{rate};
	push @$seen, $at;
	return 0;
}

sub _alert
{
	my ($event) = @_;
	my @errors;
	my $what = $event->{event_action};
	my $key = $event->{dedup_key};

	if (!_is_text($what) || !$action{$what})
	{
		push @errors, "'event_action' must be trigger, acknowledge or resolve";
		$what = '';
	}
	push @errors, _text_errors($event, [ 'dedup_key', MAX_DEDUP_KEY ], ['client'], ['client_url']);
	push @errors, "'dedup_key' is missing or blank"
	  if $what =~ /\A(?:acknowledge|resolve)\z/ && (!defined $key || ref $key || $key eq '');
	push @errors, _payload_errors($event, 'source', 'severity') if $what eq 'trigger';
	push @errors, _attachment_errors($event, 'links', 'href');
	push @errors, _attachment_errors($event, 'images', 'src');
	return (\@errors, sub { return _remember_alert($event, @_); });
}

sub _change
{
	my ($event) = @_;
	my @errors = _payload_errors($event);
	push @errors, "'routing_key' of a ruleset cannot take change events"
	  if _is_text($event->{routing_key}) && $event->{routing_key} =~ /\AR/;
	push @errors, _attachment_errors($event, 'links', 'href');
	my $accept = sub {
		my ($state, $at) = @_;
		push @{ $state->{changes} }, { at => $at };
		return { status => 'success', message => 'Change event processed' };
	};
	return (\@errors, $accept);
}

# [name, maximal length]: texts where present
sub _text_errors
{
	my ($object, @fields) = @_;
	my @errors;
	foreach my $field (@fields)
	{
		my ($name, $max) = @$field;
		next unless defined $object->{$name};
		if (!_is_text($object->{$name}))
		{
			push @errors, "'$name' must be a string";
		}
		elsif ($max && length($object->{$name}) > $max)
		{
			push @errors, "'$name' is too long (maximum is $max characters)";
		}
	}
	return @errors;
}

sub _payload_errors
{
	my ($event, @required) = @_;
	my $payload = $event->{payload};
	return ("'payload' is missing or not an object") unless ref $payload eq 'HASH';

	my @errors = _text_errors($payload, [ 'summary', MAX_SUMMARY ], ['source'], ['component'],
		['group'], ['class']);
	foreach my $name ('summary', @required)
	{
		push @errors, "'payload.$name' is missing or blank"
		  if !defined $payload->{$name} || (!ref $payload->{$name} && $payload->{$name} eq '');
	}
	push @errors, "'payload.severity' must be critical, error, warning or info"
	  if defined $payload->{severity}
	  && (!_is_text($payload->{severity}) || !$severity{ $payload->{severity} });
	push @errors, "'payload.timestamp' is not an ISO 8601 date and time"
	  if defined $payload->{timestamp}
	  && (!_is_text($payload->{timestamp}) || $payload->{timestamp} !~ $timestamp);
	push @errors, "'payload.custom_details' must be an object"
	  if defined $payload->{custom_details} && ref $payload->{custom_details} ne 'HASH';
	return @errors;
}

sub _attachment_errors
{
	my ($event, $name, $required) = @_;
	return () unless defined $event->{$name};
	return ("'$name' must be an array") unless ref $event->{$name} eq 'ARRAY';
	my @errors;
	foreach my $item (@{ $event->{$name} })
	{
		if (ref $item ne 'HASH' || !_is_text($item->{$required}))
		{
			push @errors, "each of '$name' must be an object with '$required'";
		}
		elsif ($item->{$required} !~ m{\A[a-z][a-z0-9+.-]*:\S+\z}i
			|| ($name eq 'images' && $item->{$required} !~ m{\Ahttps://}i))
		{
			push @errors, "'$name.$required' is not a URL that can be shown";
		}
	}
	return @errors;
}

# Alerts by routing key and dedup key.  A trigger of an open alert adds to its
# log; after a resolve it opens a new one; acknowledge and resolve without an
# open alert are taken and dropped.
sub _remember_alert
{
	my ($event, $state, $at) = @_;
	my $what = $event->{event_action};
	my $key = $event->{dedup_key};
	$key = sprintf('generated-%d', ++$state->{generated}) if !defined $key || $key eq '';

	my $alerts = $state->{alerts}->{"$event->{routing_key} $key"} //= [];
	my $open = @$alerts && $alerts->[-1]->{state} ne 'resolved' ? $alerts->[-1] : undef;
	if ($what eq 'trigger' && !$open)
	{
		$open = { dedup_key => $key, state => 'open', opened_at => $at, log => [] };
		push @$alerts, $open;
	}
	if ($open)
	{
		push @{ $open->{log} }, { at => $at, event_action => $what };
		$open->{state} = 'acknowledged' if $what eq 'acknowledge';
		$open->{state} = 'resolved' if $what eq 'resolve';
	}
	return { status => 'success', message => 'Event processed', dedup_key => $key };
}

1;
