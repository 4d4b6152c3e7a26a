# Roles, watched where schemadrift.roles is on: told who changed them and with
# what, undone by the plan, in the watched database alone; passwords are none.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use PostgreSQL::Test::Utils;
use SchemaDrift::Cluster;
use Test::More;

my $node = SchemaDrift::Cluster->start_new('roles', databases => ['shop'],
	conf => "schemadrift.roles = on\n");
local $ENV{PGHOST} = $node->host;
local $ENV{PGPORT} = $node->port;
$node->safe_psql('shop', <<'EOT');
CREATE ROLE alice SUPERUSER LOGIN;
CREATE ROLE bob SUPERUSER LOGIN;
CREATE ROLE app;
CREATE ROLE readers;
SELECT drift_watch();
EOT

sub found
{
	return $node->safe_psql('shop', "SELECT concat_ws('|', who, object_type, regexp_replace(object, ' by .*', ''),"
		  . " attribute, substring(ddl FROM '^\\w+ \\w+')) FROM drift_check() ORDER BY 1");
}

sub revert
{
	my ($what) = @_;
	my $plan = $node->safe_psql('shop', "SELECT drift_sql('live', 'baseline')");
	my ($code, undef, $error) = $node->psql_as('postgres', $plan, database => 'shop');
	is($error, '', "$what: the plan runs");
	is(found(), '', "$what: and leaves nothing");
	return;
}

is(found(), '', 'what is there is no drift');
$node->psql_as('alice', 'ALTER ROLE app SUPERUSER', database => 'shop');
$node->psql_as('bob', 'GRANT readers TO app', database => 'shop');
$node->psql_as('alice', q{ALTER ROLE app SET lock_timeout = '5s'}, database => 'shop');
$node->psql_as('bob', q{ALTER ROLE ALL SET work_mem = '5MB'}, database => 'shop');
$node->psql_as('bob', 'CREATE ROLE fresh ROLE readers', database => 'shop');
is(found(), join("\n",
		'alice|role_default|lock_timeout for app|ALTER ROLE',
		'alice|role|app|superuser|ALTER ROLE',
		'bob|role_default|work_mem for ALL|ALTER ROLE',
		'bob|role_member|grant of fresh to readers|CREATE ROLE',
		'bob|role_member|grant of readers to app|GRANT readers',
		'bob|role|fresh|CREATE ROLE'), 'each with its statement');
is($node->safe_psql('shop', 'SET schemadrift.roles = off; SELECT object FROM drift_check()'), '', 'off is no drift');
revert('roles');

$node->psql_as('alice', q{ALTER ROLE app PASSWORD 'hunter2'}, database => 'shop');
is(found(), '', 'a password is no drift');
unlike($node->safe_psql('shop', 'SELECT definition FROM drift_objects()'), qr/hunter2|SCRAM/, 'and shown nowhere');
$node->psql_as('bob', 'DROP ROLE readers', database => 'shop');
is(found(), 'bob|role|readers|DROP ROLE', 'a role that goes');
revert('a role that goes');

done_testing();
