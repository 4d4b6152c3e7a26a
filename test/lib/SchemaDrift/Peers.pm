# SchemaDrift::Peers
#	  Other schema-diff tools, installed below a directory of the benchmark's.
#
#	  my $peers = SchemaDrift::Peers->new($directory);
#	  system($peers->pg_delta($from_url, $to_url)) if $peers->pg_delta;
#	  print %{ $peers->skipped };      # tool => why it is not there
#
# Each tool is a method giving a shell command for two sides, false where the
# tool is not there.  Versions are fixed, so that figures can be compared.
package SchemaDrift::Peers;

use strict;
use warnings;

my %npm = ('@supabase/pg-delta' => '1.0.0-alpha.34', '@pgkit/migra' => '0.6.1');

sub _run
{
	my ($self, $command) = @_;
	return system("cd '$self->{directory}' && timeout 300 $command >>peers.log 2>&1") == 0;
}

# Where the file is, or why it is not.
sub _program
{
	my ($self, $name, $path) = @_;
	return $self->{programs}{$name} = $path if -e $path;
	$self->{skipped}{$name} //= 'could not be installed, see peers.log';
	return;
}

sub _install_npm
{
	my ($self) = @_;
	my %programs = ('pg-delta' => 'pgdelta', '@pgkit/migra' => 'migra');
	if (!$self->_run('npm --version'))
	{
		$self->{skipped}{$_} = 'no npm' foreach keys %programs;
		return;
	}
	# the system's certificates, of which node knows nothing by itself
	my ($certificates) = grep { -r } '/etc/ssl/certs/ca-certificates.crt';
	my $install = 'npm install --no-audit --no-fund --prefix .' . ($certificates ? " --cafile $certificates" : '');
	foreach my $package (sort keys %npm)
	{
		$self->_run("$install '$package\@$npm{$package}'") or $self->_run("$install '$package'");
	}
	$self->_program($_, "$self->{directory}/node_modules/.bin/$programs{$_}") foreach sort keys %programs;
}

sub _install_apgdiff
{
	my ($self) = @_;
	if (!$self->_run('java -version'))
	{
		$self->{skipped}{apgdiff} = 'no Java';
		return;
	}
	$self->_run('apt-get download apgdiff && dpkg -x apgdiff_*.deb apgdiff');
	my ($jar) = glob("$self->{directory}/apgdiff/usr/share/java/apgdiff-*.jar");
	$self->_program('apgdiff', $jar // '');
}

sub new
{
	my ($class, $directory) = @_;
	my $self = bless { directory => $directory, programs => {}, skipped => {} }, $class;
	$self->_install_npm;
	$self->_install_apgdiff;
	return $self;
}

sub skipped { return $_[0]{skipped}; }

sub apgdiff
{
	my ($self, @files) = @_;
	my $jar = $self->{programs}{apgdiff} or return;
	return "{ java -jar '$jar' @files >'$self->{directory}/apgdiff.out' || [ \$? -le 1 ]; }";
}

# The tools end with 1 or so where there are differences.
sub pg_delta
{
	my ($self, $from, $to) = @_;
	my $program = $self->{programs}{'pg-delta'} or return;
	return "{ '$program' diff --source '$from' --desired '$to' >'$self->{directory}/pg_delta.out' 2>&1"
	  . ' || [ $? -le 2 ]; }';
}

sub migra
{
	my ($self, $from, $to) = @_;
	my $program = $self->{programs}{'@pgkit/migra'} or return;
	return "{ '$program' '$from' '$to' --unsafe >'$self->{directory}/migra.out' 2>&1 || [ \$? -le 2 ]; }";
}

1;
