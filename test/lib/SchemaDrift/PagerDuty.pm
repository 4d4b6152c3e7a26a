# SchemaDrift::PagerDuty
#	  Starts, scripts, reads and stops the stand-in for PagerDuty.
#
#	  use lib "$FindBin::RealBin/../lib";
#	  use SchemaDrift::PagerDuty;
#
#	  my $pd = SchemaDrift::PagerDuty->start;      # own temporary directory
#	  $pd->url                 https://localhost:PORT, for a channel's config
#	  $pd->host                localhost:PORT, for schemadrift.allowed_hosts
#	  $pd->ca_file             for schemadrift.ca_file
#	  $pd->routing_key         32 characters, for the secret's file
#
#	  my @r = $pd->requests;                       # all, oldest first
#	  my @r = $pd->requests(action => 'trigger');  # trigger, acknowledge,
#	                                               # resolve or change
#	  my @r = $pd->requests(status => 202, dedup_key => $key);
#	  my $r = $pd->wait_for(action => 'trigger');  # newest fitting; dies at the
#	                                               # deadline
#	  my $r = $pd->wait_for(action => 'trigger', count => 2, timeout => 60);
#	  my @a = $pd->alerts;                         # {dedup_key, state, log, …}
#
# A request is a hash: n, at (Time::HiRes), connection, method, path, headers,
# body, event (decoded body), status, answer, fault.
#
#	  $pd->fault(kind => 'status', status => 429, retry_after => 2, times => 3);
#	  $pd->fault(kind => 'stall', seconds => 60);  # kinds: see StandIn.pm
#	  $pd->no_faults;
#	  $pd->certificate('expired');                 # see CA.pm
#	  $pd->options(rate => 120, keys => [$pd->routing_key]);
#	  $pd->forget;                                 # requests and alerts
#	  $pd->drop_connections;                       # kept ones; certificate()
#	                                               # and stall_tls do so too
#	  $pd->stop;                                   # also when $pd goes away
#
# The server is a program of its own (exec, not only fork), so that no END
# block of the test runs in it.
package SchemaDrift::PagerDuty;

use strict;
use warnings;

use Carp;
use Cwd ();
use File::Basename;
use File::Temp ();
use JSON::PP ();
use POSIX ();
use Time::HiRes qw(time sleep);

use SchemaDrift::StandIn;

my $json = JSON::PP->new->canonical->utf8;
my $program = Cwd::abs_path(dirname(__FILE__) . '/../../standin');

sub start
{
	my ($class, %options) = @_;
	my $directory = $options{directory} // File::Temp::tempdir('sd-pagerduty-XXXXXX',
		TMPDIR => 1, CLEANUP => 1);
	my $self = bless { directory => $directory, owner => $$, routing_key => _random_key() },
	  $class;

	unlink "$directory/port";
	$self->{pid} = fork() // croak "could not fork: $!";
	if ($self->{pid} == 0)
	{
		open(STDOUT, '>>', "$directory/log");
		open(STDERR, '>&', \*STDOUT);
		exec $^X, $program, 'pagerduty', $directory or POSIX::_exit(127);
	}
	my $deadline = time + 60;
	until (-e "$directory/port")
	{
		croak 'the stand-in did not start: ' . (SchemaDrift::StandIn::get($directory, 'log') // '')
		  if time > $deadline || waitpid($self->{pid}, POSIX::WNOHANG()) != 0;
		sleep 0.02;
	}
	return $self;
}

sub port { return SchemaDrift::StandIn::get($_[0]->{directory}, 'port'); }
sub host { return 'localhost:' . $_[0]->port; }
sub url { return 'https://' . $_[0]->host; }
sub ca_file { return $_[0]->{directory} . '/ca/ca.crt'; }
sub routing_key { return $_[0]->{routing_key}; }

sub stop
{
	my ($self) = @_;
	return unless defined $self->{pid} && $self->{owner} == $$;
	local $?;
	kill 'TERM', $self->{pid};
	waitpid($self->{pid}, 0);
	undef $self->{pid};
	return;
}

sub DESTROY { $_[0]->stop; return; }

sub requests
{
	my ($self, %want) = @_;
	SchemaDrift::StandIn::locked($self->{directory}, sub { $self->_read_new; });
	return grep { _fits($_, \%want) } @{ $self->{requests} };
}

# The file only grows (but for forget), so each line is decoded once.
sub _read_new
{
	my ($self) = @_;
	$self->{requests} //= [];
	open(my $file, '<', "$self->{directory}/requests.jsonl") or return;
	seek($file, $self->{position} // 0, 0);
	while (my $line = <$file>)
	{
		push @{ $self->{requests} }, $json->decode($line);
	}
	$self->{position} = tell $file;
	close $file;
	return;
}

# What a request asks for: trigger, acknowledge, resolve, change, or ''.
sub action_of
{
	my ($request) = @_;
	return 'change' if $request->{path} eq '/v2/change/enqueue';
	return '' unless ref $request->{event} eq 'HASH';
	return $request->{event}->{event_action} // '';
}

sub _fits
{
	my ($request, $want) = @_;
	my $event = ref $request->{event} eq 'HASH' ? $request->{event} : {};
	return 0 if defined $want->{action} && action_of($request) ne $want->{action};
	return 0 if defined $want->{status} && $request->{status} != $want->{status};
	return 0 if defined $want->{path} && $request->{path} ne $want->{path};
	return 0
	  if defined $want->{dedup_key} && ($event->{dedup_key} // '') ne $want->{dedup_key};
	return 0 if $want->{where} && !$want->{where}->($request);
	return 1;
}

sub wait_for
{
	my ($self, %want) = @_;
	my $count = delete $want{count} // 1;
	my $timeout = delete $want{timeout} // $ENV{PG_TEST_TIMEOUT_DEFAULT} // 180;
	my $deadline = time + $timeout;
	while (1)
	{
		my @found = $self->requests(%want);
		return $found[-1] if @found >= $count;
		if (time > $deadline)
		{
			my @all = map { "$_->{n} " . action_of($_) . " $_->{status}" } $self->requests;
			croak 'timed out waiting for ' . $json->encode({ map { $_ => "$want{$_}" } keys %want })
			  . "; got: @all";
		}
		sleep 0.02;
	}
}

sub alerts
{
	my ($self) = @_;
	my $text = SchemaDrift::StandIn::locked($self->{directory},
		sub { return scalar SchemaDrift::StandIn::get($self->{directory}, 'state.json'); });
	my $state = $json->decode($text // '{}');
	return map { @{ $state->{alerts}->{$_} } } sort keys %{ $state->{alerts} // {} };
}

sub fault
{
	my ($self, %fault) = @_;
	my $dir = $self->{directory};
	SchemaDrift::StandIn::locked($dir, sub {
		my $faults = $json->decode(SchemaDrift::StandIn::get($dir, 'faults.json') // '[]');
		SchemaDrift::StandIn::put($dir, 'faults.json', $json->encode([ @$faults, \%fault ]));
	});
	$self->drop_connections if $fault{kind} eq 'stall_tls';
	return;
}

sub no_faults { return $_[0]->_put('faults.json', '[]'); }

sub certificate
{
	my ($self, $name) = @_;
	$self->_put('certificate', $name);
	$self->drop_connections;
	return;
}

# What concerns new connections is not seen on one that is kept.  Done under
# the lock, so that none ends between taking a request and remembering it.
sub drop_connections
{
	my ($self) = @_;
	my $done = "$self->{directory}/dropped";
	SchemaDrift::StandIn::locked($self->{directory}, sub {
		my $deadline = time + 60;
		unlink $done;
		kill 'HUP', $self->{pid};
		until (-e $done)
		{
			croak 'the stand-in does not drop its connections' if time > $deadline;
			sleep 0.01;
		}
	});
	return;
}

sub options
{
	my ($self, %options) = @_;
	return $self->_put('options.json', $json->encode(\%options));
}

sub forget
{
	my ($self) = @_;
	$self->_put('requests.jsonl', '');
	$self->_put('state.json', '{}');
	$self->{requests} = [];
	$self->{position} = 0;
	return;
}

sub _put
{
	my ($self, $name, $text) = @_;
	my $dir = $self->{directory};
	SchemaDrift::StandIn::locked($dir, sub { SchemaDrift::StandIn::put($dir, $name, $text); });
	return;
}

sub _random_key
{
	my @letters = ('a' .. 'z', 0 .. 9);
	return 'e' . join('', map { $letters[ rand @letters ] } 2 .. 32);
}

1;
