# SchemaDrift::Cluster
#	  A PostgreSQL::Test::Cluster with schemadrift in it.
#
#	  use strict;
#	  use warnings;
#	  use FindBin;
#	  use lib "$FindBin::RealBin/../lib";
#	  use PostgreSQL::Test::Utils;
#	  use Test::More;
#	  use SchemaDrift::Cluster;
#	  use SchemaDrift::PagerDuty;
#
#	  my $pd = SchemaDrift::PagerDuty->start;
#	  my $node = SchemaDrift::Cluster->start_new('main', pagerduty => $pd);
#	  $node->safe_psql('postgres', 'SELECT drift_watch()');
#
# Options of start_new, all optional:
#	  pagerduty   stand-in: its CA, host and key are configured (the secret's
#	              file is "pagerduty_key") and a channel "oncall" is added and,
#	              by drift_watch(channel => 'oncall') of the test, routed
#	  preload     shared_preload_libraries; default 'schemadrift', '' for none
#	              (pg_cron gets cron.database_name and background workers)
#	  databases   where the extension is created; default ['postgres'], [] none
#	  conf        more lines for postgresql.conf
#	  init        hash of options for init()
#
# Everything of PostgreSQL::Test::Cluster works as usual.  More methods:
#	  secret($name, $text, $mode)     write a file in the secrets directory
#	  secrets_directory
#	  psql_as($user, $sql, database => 'postgres', options => '-c …')
#	                                  run SQL in psql as a user with PGOPTIONS;
#	                                  returns (exit code, stdout, stderr)
#	  wait_until($sql, $expected)     poll until the query gives that (default
#	                                  't') or fail at the deadline
#	  log_has($regex)                 is it in the server's log?
#
# Worker timings are short here, so that retries take no test time: poll 1 s,
# linger 1 s, retries from 50 ms.
package SchemaDrift::Cluster;

use strict;
use warnings;

use Carp;
use IPC::Run ();
use PostgreSQL::Test::Cluster;
# nothing is imported: command_ok and others would hide methods of that name
use PostgreSQL::Test::Utils ();

our @ISA = ('PostgreSQL::Test::Cluster');

sub start_new
{
	my ($class, $name, %options) = @_;
	my $preload = $options{preload} // 'schemadrift';
	my $self = bless PostgreSQL::Test::Cluster->new($name), $class;

	$self->init(%{ $options{init} // {} });
	mkdir $self->secrets_directory, 0700 or croak "could not make the secrets directory: $!";
	$self->append_conf('postgresql.conf', _configuration($self, $preload));
	$self->_configure_pagerduty($options{pagerduty}) if $options{pagerduty};
	$self->append_conf('postgresql.conf', $options{conf}) if defined $options{conf};
	$self->start;
	foreach my $database (@{ $options{databases} // ['postgres'] })
	{
		$self->safe_psql('postgres', "CREATE DATABASE $database") if $database ne 'postgres';
		$self->safe_psql($database, 'CREATE EXTENSION schemadrift');
		$self->add_channel($database, $options{pagerduty}) if $options{pagerduty};
	}
	return $self;
}

sub _configuration
{
	my ($self, $preload) = @_;
	my $directory = $self->secrets_directory;
	my $conf = <<"EOF";
log_line_prefix = '%m [%p] %b %q%a '
log_statement = none
max_worker_processes = 16
shared_preload_libraries = '$preload'
schemadrift.secrets_directory = '$directory'
schemadrift.poll_interval = '1s'
schemadrift.worker_linger = '1s'
schemadrift.retry_base = '50ms'
EOF
	$conf .= "cron.database_name = 'postgres'\ncron.use_background_workers = on\n"
	  if $preload =~ /\bpg_cron\b/;
	return $conf;
}

sub _configure_pagerduty
{
	my ($self, $pd) = @_;
	my ($ca_file, $host) = ($pd->ca_file, $pd->host);
	$self->secret('pagerduty_key', $pd->routing_key);
	$self->append_conf('postgresql.conf',
		"schemadrift.ca_file = '$ca_file'\nschemadrift.allowed_hosts = '$host'\n");
	return;
}

# Add the channel "oncall" of the stand-in.
sub add_channel
{
	my ($self, $database, $pd) = @_;
	my $url = $pd->url;
	$self->safe_psql($database,
		"SELECT drift_channel_add('oncall', 'pagerduty',"
		  . " jsonb_build_object('url', '$url'), 'pagerduty_key')");
	return;
}

# Outside the data directory, as an operator would have it.
sub secrets_directory { return $_[0]->basedir . '/secrets'; }

sub secret
{
	my ($self, $name, $text, $mode) = @_;
	my $path = $self->secrets_directory . "/$name";
	unlink $path;
	open(my $file, '>', $path) or croak "could not write secret \"$name\": $!";
	chmod $mode // 0600, $path;
	print $file "$text\n";
	close $file or croak "could not write secret \"$name\": $!";
	return;
}

sub psql_as
{
	my ($self, $user, $sql, %options) = @_;
	local $ENV{PGOPTIONS} = $options{options} // '';
	local $ENV{PGAPPNAME} = $options{application} // 'psql';
	my ($out, $err) = ('', '');
	my $database = $options{database} // 'postgres';
	my @command = ('psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-U', $user,
		'-d', $self->connstr($database), '-f', '-');
	IPC::Run::run(\@command, '<', \$sql, '>', \$out, '2>', \$err,
		IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));
	chomp $out;
	return ($? >> 8, $out, $err);
}

sub wait_until
{
	my ($self, $sql, $expected, $database) = @_;
	return Test::More::ok(
		$self->poll_query_until($database // 'postgres', $sql, $expected // 't'), "wait: $sql");
}

sub log_has
{
	my ($self, $regex) = @_;
	return PostgreSQL::Test::Utils::slurp_file($self->logfile) =~ $regex ? 1 : 0;
}

1;
