# SchemaDrift::Psql
#	  psql and databases for programs that work on many databases of one server
#	  chosen by the environment (PGHOST, PGPORT, PGUSER).
#
#	  SchemaDrift::Psql::run('postgres', sql => 'SELECT 1', stop => 1);
#	  SchemaDrift::Psql::run('postgres', file => $path);
#
# run() gives (exit code, standard output, standard error).  With stop the
# first error ends the script.
package SchemaDrift::Psql;

use strict;
use warnings;

use File::Temp ();

sub run
{
	my ($database, %options) = @_;
	my $out = File::Temp->new;
	my $err = File::Temp->new;
	my $in = $options{file};
	my $script;

	if (!defined $in)
	{
		$script = File::Temp->new;
		print $script $options{sql};
		close $script;
		$in = $script->filename;
	}
	my @command = ('psql', '-XAtq', '-d', $database, ($options{stop} ? ('-v', 'ON_ERROR_STOP=1') : ()), '-f', $in);
	my $pid = fork // die "could not fork: $!\n";
	if ($pid == 0)
	{
		open(STDOUT, '>&', $out);
		open(STDERR, '>&', $err);
		open(STDIN, '<', '/dev/null');
		exec { $command[0] } @command or exit 127;
	}
	waitpid $pid, 0;
	my $status = $? >> 8 || ($? ? 1 : 0);
	return ($status, _slurp($out->filename), _slurp($err->filename));
}

sub _slurp
{
	my ($path) = @_;
	open(my $file, '<', $path) or die "could not read \"$path\": $!\n";
	local $/;
	my $text = <$file> // '';
	close $file;
	$text =~ s/\n+\z//;
	return $text;
}

# Several statements, each of its own (CREATE DATABASE wants that), or die.
sub must
{
	my ($database, @statements) = @_;
	my ($status, $out, $err) = run($database, sql => join('', map { "$_;\n" } @statements), stop => 1);
	die "$err\n" if $status;
	return $out;
}

# The first error of psql's standard error, without file and line.
sub first_error
{
	my ($err) = @_;
	foreach my $line (split /\n/, $err)
	{
		return $2 if $line =~ /\A(psql:\S+ )?(?:ERROR|FATAL):\s+(.*)/;
		return $line if $line =~ /\Apsql: /;
	}
	return (split /\n/, $err)[0] // '';
}

1;
