# Which files count as secrets: private, regular, ours, outside the data
# directory.  No worker is needed.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use POSIX qw(mkfifo);
use PostgreSQL::Test::Utils;
use Test::More;

use SchemaDrift::Cluster;

my $node = SchemaDrift::Cluster->start_new('secrets', preload => '');
my $directory = $node->secrets_directory;
my $canary = 'CANARY0123456789canary0123456789';

# What is wrong with a secret, '' = nothing.  The setting is known only once the
# library is loaded, so that is done first.
sub problem
{
	my ($name) = @_;
	return $node->safe_psql('postgres', "LOAD 'schemadrift'; SELECT schemadrift.secret_problem(\$q\$$name\$q\$)");
}

sub write_raw
{
	my ($name, $bytes) = @_;
	open(my $file, '>:raw', "$directory/$name") or die "could not write $name: $!";
	print $file $bytes;
	close $file;
	chmod 0600, "$directory/$name";
	return;
}

sub set_directory
{
	my ($value) = @_;
	$node->append_conf('postgresql.conf', "schemadrift.secrets_directory = '$value'");
	$node->reload;
	return;
}

foreach my $mode (0600, 0400)
{
	$node->secret('good', $canary, $mode);
	is(problem('good'), '', sprintf('mode %04o is private', $mode));
}
foreach my $mode (0644, 0640, 0604, 0660, 0700, 0500, 0200, 0000, 02600)
{
	$node->secret('bad', $canary, $mode);
	# what cannot be opened at all says that instead
	like(problem('bad'), qr/must be 0600 or 0400|cannot be opened/, sprintf('mode %04o is not', $mode));
	chmod 0600, "$directory/bad";
}
like(problem('absent'), qr/cannot be opened: No such file/, 'no file');
symlink "$directory/good", "$directory/link";
like(problem('link'), qr/symbolic link/, 'a link, even to a good file');
mkdir "$directory/folder";
like(problem('folder'), qr/not a regular file/, 'a directory');
mkfifo("$directory/pipe", 0600);
like(problem('pipe'), qr/not a regular file/, 'a pipe without a writer, at once');
write_raw('empty', '');
like(problem('empty'), qr/is empty/, 'an empty file');
write_raw('large', 'x' x 65537);
like(problem('large'), qr/larger than 65536 bytes/, 'a large file');
write_raw('limit', 'x' x 65536);
is(problem('limit'), '', 'one of just that size');

foreach my $name ('../good', '/etc/passwd', '.hidden', 'a/b', '', 'a b', "a\nb", '-x', 'x' x 129)
{
	like(problem($name), qr/Names of secrets/, 'not a name: "' . $name =~ s/\n/\\n/r . '"');
}

set_directory('');
like(problem('good'), qr/is not set/, 'no directory');
set_directory('secrets');
like(problem('good'), qr/not an absolute path/, 'a relative one');
set_directory("$directory/none");
like(problem('good'), qr/No such file/, 'one that is not there');
my $inside = $node->data_dir . '/secrets';
mkdir $inside, 0700;
set_directory($inside);
like(problem('good'), qr/inside the data directory/, 'one inside the data directory');
set_directory($node->data_dir);
like(problem('good'), qr/inside the data directory/, 'the data directory itself');
symlink $inside, $node->basedir . '/elsewhere';
set_directory($node->basedir . '/elsewhere');
like(problem('good'), qr/inside the data directory/, 'a link into the data directory');
set_directory($directory);
is(problem('good'), '', 'and right again');

# -- a key given where a name belongs ------------------------------------------
my ($code, $out, $err) = $node->psql('postgres',
	"SELECT drift_channel_add('x', 'pagerduty', '{}', '$canary')");
like($err, qr/looks like a key or token/, 'a key instead of a name is refused');
ok(!$node->log_has(qr/\Q$canary\E/), 'and the statement is kept out of the log');

$node->stop;
done_testing();
