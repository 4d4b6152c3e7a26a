# SchemaDrift::CA
#	  A certificate authority that lives as long as a test.
#
#	  my $ca = SchemaDrift::CA->new($directory);
#	  $ca->ca_file;                 # PEM, for schemadrift.ca_file
#	  $ca->certificate('good');     # (certificate file, key file)
#
# Certificates:
#	  good         localhost and 127.0.0.1, valid now
#	  expired      the same, but of last year
#	  wrong_host   valid now, for another host
#	  untrusted    localhost, valid now, signed by nobody we trust
#
# "openssl ca" makes them because it alone, in every OpenSSL from 3.0 on, takes
# a start and an end date, which an expired certificate needs.
package SchemaDrift::CA;

use strict;
use warnings;

use Carp;
use POSIX qw(strftime);

my $day = 86400;
my %leaf = (
	good => { host => 'localhost', ca => 'root', from => -$day, until => 2 * $day },
	expired => { host => 'localhost', ca => 'root', from => -400 * $day, until => -35 * $day },
	wrong_host => { host => 'pagerduty.invalid', ca => 'root', from => -$day, until => 2 * $day },
	untrusted => { host => 'localhost', ca => 'other', from => -$day, until => 2 * $day });

sub new
{
	my ($class, $directory) = @_;
	my $self = bless { directory => $directory }, $class;
	return $self if -e $self->ca_file;

	mkdir $directory;
	mkdir "$directory/issued";
	_write("$directory/index.txt", '');
	_write("$directory/index.txt.attr", "unique_subject = no\n");
	_write("$directory/serial", "1000\n");
	_write("$directory/openssl.conf", $self->_configuration);
	$self->_authority('root', '/CN=schemadrift test');
	$self->_authority('other', '/CN=schemadrift test, not trusted');
	$self->_issue($_) foreach sort keys %leaf;

	# Last: its presence says that all the others are there.
	rename "$directory/root.crt", $self->ca_file or croak "could not rename root.crt: $!";
	return $self;
}

sub ca_file { return $_[0]->{directory} . '/ca.crt'; }

sub certificate
{
	my ($self, $name) = @_;
	croak "no certificate \"$name\"" unless exists $leaf{$name};
	return ("$self->{directory}/$name.crt", "$self->{directory}/$name.key");
}

sub _configuration
{
	my ($self) = @_;
	my $dir = $self->{directory};
	my $conf = <<"EOF";
[ca]
default_ca = here
[here]
new_certs_dir = $dir/issued
database = $dir/index.txt
serial = $dir/serial
default_md = sha256
policy = any
copy_extensions = none
[any]
commonName = supplied
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
EOF
	foreach my $name (sort keys %leaf)
	{
		my $host = $leaf{$name}->{host};
		my $address = $host eq 'localhost' ? ',IP:127.0.0.1' : '';
		$conf .= "[leaf_$name]\nbasicConstraints = CA:false\n"
		  . "subjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid\n"
		  . "extendedKeyUsage = serverAuth\nsubjectAltName = DNS:$host$address\n";
	}
	return $conf;
}

# A CA certificate and its key.
sub _authority
{
	my ($self, $name, $subject) = @_;
	my $dir = $self->{directory};
	_openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1',
		'-nodes', '-config', "$dir/openssl.conf", '-extensions', 'authority',
		'-subj', $subject, '-days', '2', '-keyout', "$dir/$name.key",
		'-out', "$dir/$name.crt");
	return;
}

# A server's certificate and its key.
sub _issue
{
	my ($self, $name) = @_;
	my $dir = $self->{directory};
	my $what = $leaf{$name};
	_openssl('req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1',
		'-nodes', '-config', "$dir/openssl.conf", '-subj', "/CN=$what->{host}",
		'-keyout', "$dir/$name.key", '-out', "$dir/$name.csr");
	_openssl('ca', '-batch', '-notext', '-config', "$dir/openssl.conf",
		'-cert', "$dir/$what->{ca}.crt", '-keyfile', "$dir/$what->{ca}.key",
		'-extensions', "leaf_$name", '-in', "$dir/$name.csr", '-out', "$dir/$name.crt",
		'-startdate', _date($what->{from}), '-enddate', _date($what->{until}));
	return;
}

sub _date
{
	my ($offset) = @_;
	return strftime('%Y%m%d%H%M%SZ', gmtime(time + $offset));
}

sub _openssl
{
	my (@arguments) = @_;
	my $pid = open(my $out, '-|') // croak "could not fork: $!";
	if ($pid == 0)
	{
		open(STDERR, '>&', \*STDOUT);
		open(STDIN, '<', '/dev/null');
		exec 'openssl', @arguments or POSIX::_exit(127);
	}
	my $text = do { local $/; <$out> };
	close $out or croak "openssl $arguments[0] failed: " . ($text // '');
	return;
}

sub _write
{
	my ($path, $text) = @_;
	open(my $file, '>', $path) or croak "could not write $path: $!";
	print $file $text;
	close $file or croak "could not write $path: $!";
	return;
}

1;
