# SchemaDrift::Check
#	  What the test/check_* scripts share.
#
# A check is a script that takes the root of a source tree (default: the tree
# it is in), complains about each thing that is wrong, and exits 1 when it
# complained.  test/check_selftest shows each of them a tree in which it must.
#
#	  my $check = SchemaDrift::Check->new;
#	  foreach my $file ($check->files('src', qr/\.[ch]\z/)) { … }
#	  $check->text($file)      the file's text
#	  $check->code($file)      C without comments and literals, lines kept
#	  $check->complain("$file:$line", 'what is wrong');
#	  $check->done;
package SchemaDrift::Check;

use strict;
use warnings;

use File::Find ();
use FindBin;

sub new
{
	my ($class) = @_;
	my $root = $ARGV[0] // "$FindBin::RealBin/..";
	chdir $root or die "could not change to $root: $!\n";
	return bless { complaints => 0 }, $class;
}

# Paths below a directory whose name fits, sorted; none where it is missing.
sub files
{
	my ($self, $directory, $regex) = @_;
	my @files;
	return () unless -d $directory;
	File::Find::find({
		no_chdir => 1,
		wanted => sub { push @files, $_ if -f $_ && $_ =~ $regex; } }, $directory);
	return sort @files;
}

sub text
{
	my ($self, $file) = @_;
	open(my $handle, '<', $file) or return '';
	local $/;
	my $text = <$handle>;
	close $handle;
	return $text // '';
}

# Comments and the insides of literals become blanks, so that what is left is
# code and every line keeps its number.
sub code
{
	my ($self, $file) = @_;
	my $text = $self->text($file);
	my $blank = sub { my ($piece) = @_; $piece =~ s/[^\n]/ /g; return $piece; };
	my $blank_inside = sub {
		my ($piece) = @_;
		my $quote = substr($piece, 0, 1);
		return $quote . $blank->(substr($piece, 1, -1)) . $quote;
	};
	$text =~ s{(/\*.*?\*/)|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')}
		{defined $2 ? $blank_inside->($2) : $blank->($1)}gse;
	return $text;
}

sub complain
{
	my ($self, $where, $what) = @_;
	$self->{complaints}++;
	print "$where: $what\n";
	return;
}

sub done
{
	my ($self) = @_;
	exit($self->{complaints} ? 1 : 0);
}

1;
