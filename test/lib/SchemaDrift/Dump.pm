# SchemaDrift::Dump
#	  The text of pg_dump -s as a set of entries that can be compared.
#
#	  my $before = SchemaDrift::Dump->take($database);
#	  my $after = SchemaDrift::Dump->take($other);
#	  my ($only_here, $only_there) = $before->differences($after, $existing);
#
# Entries are compared as a multiset with white space folded.  What follows only
# from the order of history is put aside: the order of entries, that of the
# GRANTs and that of the storage options of one entry, and, in tables named in the hash $existing, that of the
# columns, since no ALTER moves a column.
#
# Passwords are none of schemadrift's business and count as equal.
#
# pg_dump writes the default tablespace and access method where they change, so
# they are carried to the entries that depend on them.
#
# The programs run with the connection parameters of the environment.
package SchemaDrift::Dump;

use strict;
use warnings;

sub take
{
	my ($class, $database) = @_;
	my $pid = open(my $pipe, '-|', 'pg_dump', '-s', '-d', $database)
	  or die "could not run pg_dump: $!\n";
	my $text = do { local $/; <$pipe> } // '';
	close $pipe;
	die "pg_dump of $database failed\n" if $?;
	return $class->parse($text);
}

sub parse
{
	my ($class, $text) = @_;
	my %settings = (default_tablespace => "''", default_table_access_method => 'heap');
	my $self = bless { text => $text, entries => [] }, $class;

	my (undef, @pieces) = split /^--\n-- Name: /m, $text;
	foreach my $piece (@pieces)
	{
		my ($header, $body) = $piece =~ /\A(.*?)\n--\n(.*)\z/s or next;
		my ($name, $type, $schema) =
		  $header =~ /\A(.*); Type: ([A-Z ]+); Schema: (.*); Owner: .*\z/s or next;
		$body =~ s/\n--\n-- PostgreSQL database dump complete.*//s;
		while ($body =~ s/^SET (default_\w+) = (.*);\n//m) { $settings{$1} = $2; }
		push @{ $self->{entries} }, {
			name => $name, type => $type, schema => $schema, body => _fold($body),
			place => $type =~ /\A(?:TABLE|INDEX|CONSTRAINT|MATERIALIZED VIEW)\z/
			? join(' ', map { $settings{$_} } sort keys %settings) : '' };
	}
	return $self;
}

sub _fold
{
	my ($body) = @_;
	$body =~ s/[ \t]+/ /g;
	$body =~ s/ *\n[\n ]*/\n/g;
	$body =~ s/\A\s+|\s+\z//g;
	return $body;
}

sub text { return $_[0]->{text}; }
sub entries { return @{ $_[0]->{entries} }; }

# Types of entries, as pg_dump names them, but for types that are declared only
# or defined by their functions.
sub types
{
	my ($self) = @_;
	my %types;
	foreach my $entry ($self->entries)
	{
		my ($type, $body) = ($entry->{type}, $entry->{body});
		$type = 'BASE TYPE' if $type eq 'TYPE' && $body =~ /^CREATE TYPE [^\n]* \(\nINTERNALLENGTH/m;
		$type = 'SHELL TYPE' if $type eq 'TYPE' && $body =~ /^CREATE TYPE [^\n]*;$/m;
		$types{$type}++;
	}
	return \%types;
}

# The types that the first release's kinds cover.
my %is_covered = map { ($_ => 1) } 'SCHEMA', 'EXTENSION', 'TYPE', 'DOMAIN', 'SEQUENCE', 'SEQUENCE OWNED BY',
  'FUNCTION', 'PROCEDURE', 'AGGREGATE', 'TABLE', 'TABLE ATTACH', 'DEFAULT', 'CONSTRAINT', 'CHECK CONSTRAINT',
  'FK CONSTRAINT', 'INDEX', 'INDEX ATTACH', 'VIEW', 'MATERIALIZED VIEW', 'TRIGGER', 'RULE', 'POLICY',
  'ROW SECURITY', 'ACL', 'DEFAULT ACL', 'COMMENT',
  'PROCEDURAL LANGUAGE', 'COLLATION', 'CONVERSION', 'CAST', 'TRANSFORM', 'ACCESS METHOD',
  'OPERATOR', 'OPERATOR FAMILY', 'OPERATOR CLASS', 'BASE TYPE', 'SHELL TYPE',
  'TEXT SEARCH PARSER', 'TEXT SEARCH TEMPLATE', 'TEXT SEARCH DICTIONARY',
  'TEXT SEARCH CONFIGURATION', 'EVENT TRIGGER', 'PUBLICATION', 'PUBLICATION TABLE', 'PUBLICATION TABLES IN SCHEMA',
  'FOREIGN DATA WRAPPER', 'SERVER', 'USER MAPPING', 'FOREIGN TABLE', 'SUBSCRIPTION';

sub is_covered { return $is_covered{ $_[0] }; }

# Names of the tables, for differences().
sub tables
{
	my ($self) = @_;
	return { map { ("$_->{schema}.$_->{name}" => 1) } grep { $_->{type} eq 'TABLE' } $self->entries };
}

sub _canonical
{
	my ($entry, $existing) = @_;
	my $body = $entry->{body};
	if ($entry->{type} eq 'ACL')
	{
		$body = join "\n", sort split /\n/, $body;
	}
	elsif ($entry->{type} eq 'TABLE' && $existing->{"$entry->{schema}.$entry->{name}"})
	{
		$body =~ s{\A([^\n]*\(\n)(.*?)(\n\))}{$1 . _sort_columns($2) . $3}se;
	}
	elsif ($entry->{type} eq 'USER MAPPING')
	{
		$body =~ s/\b(password) '(?:[^']|'')*'/$1 '(secret)'/g;
	}
	$body =~ s/\bWITH \(([^()]*)\)/'WITH (' . join(', ', sort split(m{,\s*}, $1)) . ')'/ge;
	$body =~ s/\s+/ /g;
	return "$entry->{type} $entry->{schema}.$entry->{name} [$entry->{place}] $body";
}

sub _sort_columns
{
	my ($columns) = @_;
	return join "\n", sort map { s/,\z//r } split /\n/, $columns;
}

# Canonical entries that only this or only the other dump has.
sub differences
{
	my ($self, $other, $existing) = @_;
	my %count;
	$count{ _canonical($_, $existing // {}) }++ foreach $self->entries;
	$count{ _canonical($_, $existing // {}) }-- foreach $other->entries;
	return ([ sort grep { $count{$_} > 0 } keys %count ], [ sort grep { $count{$_} < 0 } keys %count ]);
}

1;
