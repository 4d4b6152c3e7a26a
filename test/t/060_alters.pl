# Every ALTER of test/fixtures/alters*.sql is found as exactly the properties
# that it names, and its plan takes it back.  Every property that is compared
# must be in that list.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use IPC::Run ();
use PostgreSQL::Test::Utils;
use Test::More;

use SchemaDrift::Cluster;

# Not in the list, each with the reason.
my %excused = ('subscription.failover' => 'set and taken back by the publisher: sql/kind_subscription');

# what was done to an extension's tables; PostgreSQL brings no extension with one
$excused{"changed_member.$_"} = 'sql/kind_changed_member'
  foreach qw(definition enabled changed_owner row_security row_security_forced dumped);

# One list: schema, then { line, want => [...], sql }.
sub read_alters
{
	my ($name, $major) = @_;
	my ($schema, @alters) = ('');
	open(my $file, '<', "$FindBin::RealBin/../fixtures/$name") or die "could not read $name: $!\n";
	while (my $line = <$file>)
	{
		if ($line =~ /\A--= (.*)/)
		{
			my $words = $1;
			my ($since) = ($words =~ /\bsince (\d+)/, 0);
			my ($until) = ($words =~ /\buntil (\d+)/, 99);
			my $is_for_us = $major >= $since && $major <= $until;
			my @want = $words =~ /(\w+\.\w+)/g;
			push @alters, {
				line => "$name:$.", want => [ sort @want ], sql => '', runs => $is_for_us,
				kept => $words =~ /\bkept\b/ ? 1 : 0 };
		}
		elsif (@alters) { $alters[-1]{sql} .= $line; }
		else { $schema .= $line; }
	}
	close $file;
	return ($schema, @alters);
}

my $node = SchemaDrift::Cluster->start_new('main', preload => '',
	conf => "schemadrift.roles = on\n",
	init => { extra => [ '--encoding=UTF8', '--no-locale' ] });
my $major = int($node->safe_psql('postgres', 'SHOW server_version_num') / 10000);
my @alters;
foreach my $name ('alters.sql', 'alters_more.sql')
{
	my ($schema, @more) = read_alters($name, $major);
	$node->safe_psql('postgres', $schema);
	push @alters, @more;
}
$node->safe_psql('postgres', 'SELECT drift_baseline_set()');

sub dump_schema
{
	my ($out) = run_command([ 'pg_dump', '-s', '-N', 'schemadrift', '-d', $node->connstr('postgres') ]);
	return join "\n", sort grep { !/\A\\(?:un)?restrict |\A--|\A\z/ } split /\n/, $out;
}
my $before = dump_schema();

# One session runs them all; \x1e ends what belongs to an ALTER.
my $found = q{SELECT string_agg(DISTINCT concat_ws('.', object_type, coalesce(attribute, change)), ' ')}
  . q{ FROM drift_diff('baseline', 'live')};
my $script = "SET allow_system_table_mods = on;\n";
foreach my $alter (grep { $_->{runs} } @alters)
{
	my ($begin, $plan, $end) = $alter->{kept} ? ("BEGIN;\n", q{SELECT :'plan';}, "ROLLBACK;\n") : ('', ':plan', '');
	$script .= <<"EOS";
\\warn line $alter->{line}
$begin$alter->{sql}
$found;
SELECT drift_sql('live', 'baseline') AS plan \\gset
SELECT E'\\x1d';
$plan
SELECT E'\\x1d';
$end$found;
SELECT E'\\x1e';
SELECT drift_baseline_set() WHERE EXISTS (SELECT FROM drift_diff('baseline', 'live')) \\g /dev/null
EOS
}
my ($out, $err) = ('', '');
IPC::Run::run([ 'psql', '-XAtq', '-d', $node->connstr('postgres'), '-f', '-' ],
	'<', \$script, '>', \$out, '2>', \$err, IPC::Run::timeout(900));

my %errors;
my $at = '';
foreach my $line (split /\n/, $err)
{
	if ($line =~ /\Aline (\S+)\z/) { $at = $1; }
	elsif ($line =~ /ERROR|FATAL/) { $errors{$at} .= "$line\n"; }
}
my @findings = split /\x1e\n?/, $out;
foreach my $alter (grep { $_->{runs} } @alters)
{
	my ($change, $plan, $rest) = split /\x1d\n?/, shift(@findings) // '';
	my $name = "$alter->{line}: @{ $alter->{want} }";
	is($errors{ $alter->{line} } // '', '', "$name: runs");
	is(join(' ', sort split ' ', $change // ''), join(' ', @{ $alter->{want} }), "$name: found as that");
	is(($rest // '') =~ s/\s+//gr, '', "$name: taken back");
	like($plan // '', $alter->{kept} ? qr/not_done/ : qr/\A\s*\z/, "$name: says what it cannot do, and only that");
}
is(dump_schema(), $before, 'pg_dump -s is as it was');

# Whatever is compared is in the list.
my %listed = map { $_ => 1 } map { @{ $_->{want} } } @alters;
my @properties;
foreach my $line (split /\n/, $node->safe_psql('postgres', q{SELECT drift_help('kinds')}))
{
	my ($kind, $names) = $line =~ /\A(\w+): (.*)/ or next;
	push @properties, map { "$kind.$_" } grep { $_ ne 'security_label' } split /, /, $names;
}
cmp_ok(scalar @properties, '>', 150, 'the registry lists the properties');
is(join(' ', grep { !$listed{$_} && !$excused{$_} } @properties), '', 'every compared property is in the list');
is(join(' ', grep { $excused{$_} && $listed{$_} } @properties), '', 'none is excused in vain');
is(join(' ', grep { my $p = $_; !grep { $_ eq $p } @properties } sort keys %listed), '', 'every listed one exists');
$node->stop('fast');
done_testing();
