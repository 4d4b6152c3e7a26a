# The HTML report as a browser sees it: every element closed, colours that can
# be read, and (where chromium is installed) a script that the page's own
# policy lets run, and nothing else that runs or complains.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use IPC::Run ();
use PostgreSQL::Test::Utils;
use Test::More;

use SchemaDrift::Cluster;

my $node = SchemaDrift::Cluster->start_new('page', preload => '');
my $directory = PostgreSQL::Test::Utils::tempdir();

sub page
{
	my ($name) = @_;
	my $html = $node->safe_psql('postgres', "SELECT drift_report(format => 'html')");
	open(my $file, '>', "$directory/$name.html") or die "could not write $name.html: $!";
	print $file $html;
	close $file or die "could not write $name.html: $!";
	return $html;
}

# Elements without content; everything else must be closed in order.
my %is_void = map { $_ => 1 } qw(meta input rect circle path);

sub unbalanced
{
	my ($html) = @_;
	my @open;
	$html =~ s{<(style|script)>.*?</\1>}{}gs;
	$html =~ s{<!DOCTYPE html>}{};
	while ($html =~ m{<(/?)([a-z]+[0-9]?)(?:\s[^<>]*)?>}g)
	{
		my ($is_end, $name) = ($1, $2);
		next if $is_void{$name};
		if (!$is_end) { push @open, $name; }
		elsif ((pop @open // '') ne $name) { return "$name at " . pos $html; }
	}
	my $rest = $html =~ s{<[^<>]*>}{}gr;
	return join(' ', @open, $rest =~ /([<>].{0,20})/s ? "stray $1" : ());
}

# -- pages with nothing, little and much on them ---------------------------------

$node->safe_psql('postgres', 'CREATE TABLE t (a int, b text); SELECT drift_watch()');
my %page = (nothing => page('nothing'));
$node->safe_psql('postgres', <<'EOS');
ALTER TABLE t ADD COLUMN "</script><script>document.title='owned'</script>" int;
COMMENT ON TABLE t IS '<img src=x onerror="document.title=1"> <!-- </style>';
CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT '</script><b onclick=x>'::text $$;
EOS
$page{hostile} = page('hostile');
$node->safe_psql('postgres',
	'DO $$ BEGIN FOR i IN 1..250 LOOP EXECUTE format(\'CREATE TABLE many_%s (a int)\', i); END LOOP; END $$');
$page{many} = page('many');

foreach my $name (sort keys %page)
{
	is(unbalanced($page{$name}), '', "$name: every element is closed");
	my @levels = $page{$name} =~ /<h([1-6])>/g;
	is($levels[0], 1, "$name: the first heading is the page's");
	is(scalar(grep { $_ == 1 } @levels), 1, "$name: and the only one of its level");
}
unlike($page{hostile}, qr/<img|<script>document|<b onclick/, 'text is no markup');
like($page{hostile}, qr/<div><dt>By<\/dt><dd><bdi>\w+<\/bdi><\/dd><\/div>/, 'the page says who did it');
like($page{many}, qr/<summary>15\d more objects<\/summary>/, 'many objects are folded');
unlike($page{many}, qr/class="object [a-z]+" open/, 'and closed');

# -- contrast --------------------------------------------------------------------

sub luminance
{
	my @parts = map { my $c = hex($_) / 255; $c <= 0.04045 ? $c / 12.92 : (($c + 0.055) / 1.055)**2.4 }
	  $_[0] =~ /^#(..)(..)(..)$/;
	return 0.2126 * $parts[0] + 0.7152 * $parts[1] + 0.0722 * $parts[2];
}

sub contrast
{
	my ($one, $other) = sort { $b <=> $a } map { luminance($_) } @_;
	return ($one + 0.05) / ($other + 0.05);
}

my ($light, $dark) = $page{nothing} =~ /:root \{(.*?)\}.*?prefers-color-scheme: dark\) \{\s*:root \{(.*?)\}/s;
my @pairs = ((map { my $ground = $_; map { [ $_, $ground ] } qw(ink muted link) } qw(page card)),
	(map { [ $_, "$_-fill" ] } qw(additive risky breaking security unattributed)),
	(map { [ $_, 'code' ] } qw(ink muted link keyword string identifier comment number unattributed)),
	(map { [ $_, 'card' ] } qw(keyword string identifier comment number)),
	(map { [ 'change-ink', $_ ] } qw(del del-mark ins ins-mark)));
foreach my $scheme ([ light => $light ], [ dark => $dark ])
{
	my %colour = $scheme->[1] =~ /--([a-z-]+): (#[0-9a-f]{6})/g;
	my @weak = grep { contrast($colour{ $_->[0] }, $colour{ $_->[1] }) < 4.5 } @pairs;
	is(join(', ', map { "$_->[0] on $_->[1]" } @weak), '', "$scheme->[0]: text stands out from its ground");
}

# -- in a browser ----------------------------------------------------------------

my ($browser) = grep { -x } map { "/usr/bin/$_" } qw(chromium chromium-browser google-chrome);

# The page after its script ran, and what the browser had to say.
sub browse
{
	my ($name) = @_;
	my ($dom, $log) = ('', '');
	IPC::Run::run(
		[ $browser, '--headless', '--no-sandbox', '--disable-gpu', '--enable-logging=stderr',
			"--user-data-dir=$directory/profile", '--dump-dom', "file://$directory/$name.html" ],
		'<', \undef, '>', \$dom, '2>', \$log, IPC::Run::timeout(60));
	return ($dom, join("\n", grep { /CONSOLE/ } split /\n/, $log));
}

SKIP:
{
	skip 'chromium is not installed', 1 unless $browser;
	local $ENV{HOME} = $directory;
	foreach my $name (sort keys %page)
	{
		my ($dom, $complaints) = browse($name);
		is($complaints, '', "$name: the browser complains of nothing");
		like($dom, qr/<title>(?:No|\d+) difference/, "$name: its title is ours");
		next if $name eq 'nothing';
		like($dom, qr/<fieldset class="tools">/, "$name: the script has run");
	}
}
$node->stop;
done_testing();
