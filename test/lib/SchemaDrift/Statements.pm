# SchemaDrift::Statements
#	  The statements of test/fixtures/ddl_statements.sql with what they expect,
#	  and the judgement over what was found.
#
#	  foreach my $statement (SchemaDrift::Statements::read_all()) { … }
#
# A statement has line, sql, role, nothing and unattributed (truth values) and
# ddl, the text by which it is to be found.
package SchemaDrift::Statements;

use strict;
use warnings;

use FindBin;

sub read_all
{
	my ($path) = grep { -e $_ } map { "$FindBin::RealBin/$_/fixtures/ddl_statements.sql" } '..', '../..';
	my @statements;
	my $words = '';
	open(my $file, '<', $path) or die "could not read the statements: $!\n";
	while (my $line = <$file>)
	{
		chomp $line;
		if ($line =~ /\A--: (.*)/) { $words = $1; next; }
		next if $line eq '' || $line =~ /\A--/;
		push @statements, _statement($., $line, $words);
		$words = '';
	}
	close $file;
	return @statements;
}

sub _statement
{
	my ($number, $line, $words) = @_;
	my $ddl = $words =~ s/\bddl (.*)// ? $1 : $line =~ s/;\z//r;
	$ddl =~ s/\ASET [^;]*; //;
	return {
		line => $number, sql => $line, ddl => $ddl,
		role => $words =~ /\bas (\w+)/ ? $1 : 'postgres',
		nothing => $words =~ /\bnothing\b/ ? 1 : 0,
		unattributed => $words =~ /\bunattributed\b/ ? 1 : 0 };
}

# What is wrong with what was found, or ''.  Found are the rows of
#	  SELECT class, who, ddl FROM drift_check()
# as references to arrays.
sub verdict
{
	my ($statement, @found) = @_;
	if ($statement->{nothing})
	{
		return @found ? 'found although nothing changed' : '';
	}
	return 'not found' if !@found;
	foreach my $row (@found)
	{
		my ($class, $who, $ddl) = @$row;
		if ($statement->{unattributed})
		{
			return "attributed to $who: $ddl" if $class ne 'unattributed' || $ddl ne '';
			next;
		}
		return 'unattributed' if $class eq 'unattributed';
		return "attributed to \"$who\"" if $who ne $statement->{role};
		return "attributed to: $ddl" if $ddl ne $statement->{ddl};
	}
	return '';
}

1;
