# SchemaDrift::StandIn
#	  A small TLS server that plays a service, well or badly, and remembers
#	  every request.
#
# Run as   test/standin SERVICE DIRECTORY   (tests use SchemaDrift::PagerDuty).
# It forks for each connection, answers HTTP/1.1 with keep-alive, and ends by
# itself when its parent is gone.  In DIRECTORY:
#
#	  port            its port on 127.0.0.1, written when it listens
#	  requests.jsonl  one line for each request, in the order of arrival, before
#	                  it is answered: n, at (seconds), connection (pid), method,
#	                  path, headers, body (text), event (decoded), status,
#	                  answer, fault
#	  state.json      what the service remembers
#	  options.json    options of the service's rules, read for each request
#	  faults.json     array of faults, see below; the first that fits is used
#	  certificate     name of the certificate to show (SchemaDrift::CA)
#
# A fault is an object: kind, and optionally times (then it is used up), skip
# (so many fitting requests go unharmed first) and path (exact):
#
#	  status        answer status (and Retry-After: retry_after) unprocessed
#	  redirect      answer status (307) with Location: location, unprocessed
#	  stall         wait seconds after the request was read, then go on as usual
#	  close_before  read the request, then close without processing
#	  close_after   process it, then close without an answer
#	  slow_body     process it, then send the answer a byte at a time,
#	                seconds between bytes
#	  endless_body  process it, then send a body that does not end
#	  huge_headers  process it, then answer with 4 MB of headers
#	  garbage       process it, then answer with what is not HTTP
#	  stall_tls     (no path) accept the connection and never speak
#
# All files are read and written under one lock, so the processes agree.
package SchemaDrift::StandIn;

use strict;
use warnings;

use Errno qw(EINTR);
use Fcntl qw(:flock);
use IO::Socket::INET;
use IO::Socket::SSL;
use JSON::PP ();
use POSIX qw(:sys_wait_h);
use Time::HiRes qw(time);

use SchemaDrift::CA;

my $json = JSON::PP->new->canonical->utf8;
my %reason = (
	200 => 'OK', 202 => 'Accepted', 307 => 'Temporary Redirect', 400 => 'Bad Request',
	429 => 'Too Many Requests', 500 => 'Internal Server Error', 503 => 'Service Unavailable');

# Serve until the parent is gone or SIGTERM comes.  $rules: {answer => code,
# max_body => bytes}.
sub serve
{
	my ($class, $directory, $rules) = @_;
	my $self = bless {
		directory => $directory,
		rules => $rules,
		ca => SchemaDrift::CA->new("$directory/ca"),
		children => {} }, $class;
	my $parent = getppid();
	my $listener = IO::Socket::INET->new(
		LocalAddr => '127.0.0.1', LocalPort => 0, Proto => 'tcp', Listen => 64, ReuseAddr => 1)
	  or die "could not listen: $@";
	my $stop = 0;
	local $SIG{TERM} = sub { $stop = 1; };
	local $SIG{INT} = 'IGNORE';

	# Close all connections and say so; see drop_connections() of the client.
	local $SIG{HUP} = sub {
		kill 'KILL', keys %{ $self->{children} };
		put($directory, 'dropped', '');
	};
	local $SIG{PIPE} = 'IGNORE';

	put($directory, 'port', $listener->sockport);
	while (!$stop && getppid() == $parent)
	{
		my $readable = '';
		vec($readable, fileno($listener), 1) = 1;
		my $found = select($readable, undef, undef, 0.25);
		delete $self->{children}->{$_} foreach $self->_ended;
		next if $found < 1;
		my $client = $listener->accept or next;
		$self->_fork_for($client, $listener);
	}
	kill 'KILL', keys %{ $self->{children} };
	return;
}

sub _ended
{
	my @ended;
	while ((my $pid = waitpid(-1, WNOHANG)) > 0)
	{
		push @ended, $pid;
	}
	return @ended;
}

sub _fork_for
{
	my ($self, $client, $listener) = @_;
	my $pid = fork();
	return unless defined $pid;
	if ($pid)
	{
		$self->{children}->{$pid} = 1;
		close $client;
		return;
	}
	$SIG{TERM} = $SIG{HUP} = 'DEFAULT';
	close $listener;
	eval { $self->_converse($client); 1 } or warn "stand-in: $@";
	POSIX::_exit(0);
}

# One connection.
sub _converse
{
	my ($self, $client) = @_;
	my $stall = $self->_locked(sub { return $self->_fault(undef); });
	if ($stall)
	{
		sleep 3600 while 1;
	}
	my ($certificate, $key) =
	  $self->{ca}->certificate(get($self->{directory}, 'certificate') // 'good');
	alarm 300;
	IO::Socket::SSL->start_SSL($client,
		SSL_server => 1, SSL_cert_file => $certificate, SSL_key_file => $key)
	  or return;
	my $buffer = '';
	while (my $request = $self->_read_request($client, \$buffer))
	{
		last unless $self->_answer($client, $request);
	}
	$client->close(SSL_fast_shutdown => 1);
	return;
}

# Read until the pattern is in the buffer or it holds that many bytes.
sub _fill
{
	my ($client, $buffer, $enough) = @_;
	until ($enough->())
	{
		my $got = sysread($client, $$buffer, 65536, length $$buffer);
		next if !defined $got && $! == EINTR;
		return 0 unless $got;
	}
	return 1;
}

sub _read_request
{
	my ($self, $client, $buffer) = @_;
	_fill($client, $buffer, sub { return $$buffer =~ /\r\n\r\n/ || length $$buffer > 65536; })
	  or return;
	$$buffer =~ s/\A(.*?)\r\n\r\n//s or return;
	my ($first, @lines) = split /\r\n/, $1;
	my ($method, $path) = $first =~ m{\A([A-Z]+) (\S+) HTTP/1\.[01]\z} or return;
	my %headers;
	foreach my $line (@lines)
	{
		$headers{ lc $1 } = $2 if $line =~ /\A([^:\s]+):\s*(.*?)\s*\z/;
	}
	my %request = (method => $method, path => $path, headers => \%headers, body => '');
	if (($headers{'transfer-encoding'} // '') =~ /chunked/i)
	{
		$self->_read_chunks($client, $buffer, \%request) or return;
	}
	else
	{
		$self->_read_length($client, $buffer, \%request) or return;
	}
	$request{at} = time;
	return \%request;
}

sub _read_length
{
	my ($self, $client, $buffer, $request) = @_;
	my $length = $request->{headers}->{'content-length'} // 0;
	return 0 unless $length =~ /\A\d+\z/;
	if ($length > $self->{rules}->{max_body})
	{
		# Read past it, up to a point, or the client may never see the answer.
		my $rest = ($length < 16_000_000 ? $length : 0) - length $$buffer;
		while ($rest > 0)
		{
			my $got = sysread($client, my $discarded, $rest < 65536 ? $rest : 65536) or last;
			$rest -= $got;
		}
		$$buffer = '';
		$request->{too_large} = 1;
		return 1;
	}
	print $client "HTTP/1.1 100 Continue\r\n\r\n"
	  if ($request->{headers}->{expect} // '') =~ /100-continue/i;
	_fill($client, $buffer, sub { return length $$buffer >= $length; }) or return 0;
	$request->{body} = substr($$buffer, 0, $length, '');
	return 1;
}

sub _read_chunks
{
	my ($self, $client, $buffer, $request) = @_;
	while (1)
	{
		_fill($client, $buffer, sub { return $$buffer =~ /\r\n/; }) or return 0;
		$$buffer =~ s/\A([0-9a-fA-F]+)[^\r\n]*\r\n// or return 0;
		my $length = hex $1;
		_fill($client, $buffer, sub { return length $$buffer >= $length + 2; }) or return 0;
		$request->{body} .= substr($$buffer, 0, $length, '');
		$$buffer =~ s/\A\r\n// or return 0;
		return 1 if $length == 0;
		if (length $request->{body} > $self->{rules}->{max_body})
		{
			$request->{too_large} = 1;
			return 1;
		}
	}
}

# Process and answer; returns whether the connection may go on.
sub _answer
{
	my ($self, $client, $request) = @_;
	my ($fault, $record);
	$self->_locked(sub {
		$fault = $self->_fault($request->{path});
		$record = $self->_process($request, $fault);
	});
	my $kind = $fault ? $fault->{kind} : '';
	select(undef, undef, undef, $fault->{seconds} // 60) if $kind eq 'stall';
	return 0 if $kind eq 'close_before' || $kind eq 'close_after';

	my $body = $json->encode($record->{answer});
	my $status = $record->{status};
	my $head = sprintf("HTTP/1.1 %d %s\r\nContent-Type: application/json\r\n",
		$status, $reason{$status} // 'Unknown');
	$head .= "Retry-After: $fault->{retry_after}\r\n" if $fault && defined $fault->{retry_after};
	$head .= 'Location: ' . ($fault->{location} // '/elsewhere') . "\r\n" if $kind eq 'redirect';
	return $self->_misbehave($client, $fault, $head, $body)
	  if $kind =~ /\A(?:slow_body|endless_body|huge_headers|garbage)\z/;

	my $go_on = !$request->{too_large}
	  && ($request->{headers}->{connection} // '') !~ /\bclose\b/i;
	$head .= "Connection: close\r\n" unless $go_on;
	print $client $head . 'Content-Length: ' . length($body) . "\r\n\r\n" . $body or return 0;
	return $go_on;
}

# Decide what the answer is, remember it and the request.
sub _process
{
	my ($self, $request, $fault) = @_;
	my $dir = $self->{directory};
	my $kind = $fault ? $fault->{kind} : '';
	my ($status, $answer, $event);

	if ($kind eq 'status' || $kind eq 'redirect' || $kind eq 'close_before')
	{
		$status = $fault->{status} // ($kind eq 'redirect' ? 307 : 503);
		$status = 0 if $kind eq 'close_before';
		$answer = { status => 'fault', message => 'asked for by the test' };
		$event = eval { $json->decode($request->{body}) };
	}
	else
	{
		my $state = $json->decode(get($dir, 'state.json') // '{}');
		my $options = $json->decode(get($dir, 'options.json') // '{}');
		($status, $answer, $event) = $self->{rules}->{answer}->($request, $state, $options);
		put($dir, 'state.json', $json->encode($state));
	}
	my $record = {
		n => ++$self->{count}, at => $request->{at}, connection => $$,
		method => $request->{method}, path => $request->{path},
		headers => $request->{headers}, body => $request->{body}, event => $event,
		status => $status, answer => $answer, fault => $kind || undef };
	$self->_append($record);
	return $record;
}

sub _append
{
	my ($self, $record) = @_;
	my $path = "$self->{directory}/requests.jsonl";
	my $n = 1;
	if (open(my $old, '<', $path))
	{
		$n++ while <$old>;
		close $old;
	}
	$record->{n} = $n;
	open(my $file, '>>', $path) or die "could not append to $path: $!";
	print $file $json->encode($record), "\n";
	close $file or die "could not append to $path: $!";
	return;
}

sub _misbehave
{
	my ($self, $client, $fault, $head, $body) = @_;
	my $kind = $fault->{kind};
	if ($kind eq 'slow_body')
	{
		print $client $head . 'Content-Length: ' . length($body) . "\r\n\r\n" or return 0;
		foreach my $byte (split //, $body)
		{
			print $client $byte or return 0;
			select(undef, undef, undef, $fault->{seconds} // 1);
		}
	}
	elsif ($kind eq 'endless_body')
	{
		my $block = 'x' x 65536;
		print $client $head . "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n" or return 0;
		1 while print $client "10000\r\n$block\r\n";
	}
	elsif ($kind eq 'huge_headers')
	{
		print $client $head or return 0;
		foreach my $n (1 .. 4096)
		{
			print $client "X-Filler-$n: " . ('y' x 1000) . "\r\n" or return 0;
		}
		print $client 'Content-Length: ' . length($body) . "\r\n\r\n$body";
	}
	else
	{
		print $client "\0\1\2 this is not HTTP\r\n\r\n";
	}
	return 0;
}

# The first fault that fits and is due; undef path asks for those of the
# connection.  Called under the lock.
sub _fault
{
	my ($self, $path) = @_;
	my $faults = $json->decode(get($self->{directory}, 'faults.json') // '[]');
	my $found;
	foreach my $fault (@$faults)
	{
		next if ($fault->{kind} eq 'stall_tls') != !defined $path;
		next if defined $path && defined $fault->{path} && $fault->{path} ne $path;
		if (($fault->{skip} // 0) > 0)
		{
			$fault->{skip}--;
			next;
		}
		$fault->{times}-- if defined $fault->{times};
		$found = $fault;
		last;
	}
	@$faults = grep { !defined $_->{times} || $_->{times} > 0 } @$faults;
	put($self->{directory}, 'faults.json', $json->encode($faults));
	return $found;
}

sub _locked
{
	my ($self, $work) = @_;
	return locked($self->{directory}, $work);
}

# Run code while no other process of this stand-in, and no test, looks at its
# files.
sub locked
{
	my ($directory, $work) = @_;
	open(my $lock, '>>', "$directory/lock") or die "could not open lock: $!";
	flock($lock, LOCK_EX) or die "could not lock: $!";
	my @result = wantarray ? $work->() : scalar $work->();
	close $lock;
	return wantarray ? @result : $result[0];
}

# The text of a file in the directory, undef where there is none.
sub get
{
	my ($directory, $name) = @_;
	open(my $file, '<', "$directory/$name") or return;
	local $/;
	my $text = <$file>;
	close $file;
	return $text;
}

# Replace a file in the directory at once.
sub put
{
	my ($directory, $name, $text) = @_;
	open(my $file, '>', "$directory/$name.new") or die "could not write $name: $!";
	print $file $text;
	close $file or die "could not write $name: $!";
	rename "$directory/$name.new", "$directory/$name" or die "could not rename $name: $!";
	return;
}

1;
