# What maintenance tools make for themselves is hidden while they are at work,
# and drift when it is left over: pg_repack, indexes built CONCURRENTLY, and by
# their names what pg_osc and pgroll make.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use IPC::Run ();
use PostgreSQL::Test::Utils;
use SchemaDrift::Cluster;
use Test::More;

my $node = SchemaDrift::Cluster->start_new('noise', databases => ['shop'],
	conf => "schemadrift.full_check_interval = '1h'\n");
$node->safe_psql('shop', <<'EOT');
CREATE EXTENSION pg_repack;
CREATE TABLE orders (id integer PRIMARY KEY, note text);
CREATE INDEX orders_note ON orders (note);
INSERT INTO orders SELECT i, i FROM generate_series(1, 1000) i;
SELECT drift_watch();
EOT

sub open_drifts
{
	return $node->safe_psql('shop', 'SELECT change, object_type, object FROM drift_check() ORDER BY 2, 3');
}

sub hidden
{
	return $node->safe_psql('shop', 'SELECT DISTINCT pattern FROM drift_ignored() ORDER BY 1');
}

sub is_there
{
	my ($query) = @_;
	return $node->poll_query_until('shop', "SELECT EXISTS (SELECT $query)");
}

# A transaction that the tools wait for.
my $old = $node->background_psql('shop');
$old->query_safe('BEGIN ISOLATION LEVEL REPEATABLE READ');
$old->query_safe('SELECT pg_current_xact_id()');

# pg_repack
my @repack = ('pg_repack', '--no-superuser-check', '-h', $node->host, '-p', $node->port, '-t', 'orders', 'shop');
my ($out, $err) = ('', '');
my $run = IPC::Run::start(\@repack, '<', \undef, '>', \$out, '2>', \$err);
is_there(q{FROM pg_trigger WHERE tgname = 'repack_trigger'});
is(open_drifts(), '', 'what pg_repack makes is no drift');
is(hidden(), 'what pg_repack makes', 'and can be looked at');
$run->signal('KILL');
$run->finish;
$node->poll_query_until('shop',
	q{SELECT NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory')});
like(open_drifts(), qr/^added\|table\|repack\.log_\d+$/m, 'what is left over of it is');
like(open_drifts(), qr/^added\|trigger\|repack_trigger ON public\.orders$/m, 'the trigger, too');
$node->safe_psql('shop', 'DROP EXTENSION pg_repack CASCADE; CREATE EXTENSION pg_repack');
is(open_drifts(), '', 'and it is gone with the extension');

# an index that is rebuilt, and one that is new
my $rebuild = $node->background_psql('shop', on_error_stop => 0);
$rebuild->query_until(qr/started/, "\\echo started\nREINDEX INDEX CONCURRENTLY orders_note;\n");
is_there(q{FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid WHERE c.relname = 'orders_note_ccnew'});
is(open_drifts(), '', 'an index that is being rebuilt is no drift');
is(hidden(), 'an index that is not valid yet', 'and can be looked at');
$node->safe_psql('shop', q{SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE 'REINDEX%'});
$node->poll_query_until('shop', 'SELECT NOT EXISTS (SELECT FROM pg_stat_progress_create_index)');
is(open_drifts(), 'added|index|public.orders_note_ccnew', 'what is left over of that is');
$node->safe_psql('shop', 'DROP INDEX orders_note_ccnew');
$rebuild->query_until(qr/again/, "\\echo again\nCREATE INDEX CONCURRENTLY orders_more ON orders (note, id);\n");
is_there(q{FROM pg_class WHERE relname = 'orders_more'});
is(open_drifts(), '', 'a new index that is being built is none yet');
$old->query_safe('COMMIT');
is_there(q{FROM pg_index WHERE indexrelid = 'orders_more'::regclass AND indisvalid});
# until the command is over its event is not there
ok($node->poll_query_until('shop', q{SELECT count(*) = 1 FROM drift_check()}), 'it is drift when it is there');
is(open_drifts(), 'added|index|public.orders_more', 'and nothing else is');
is($node->safe_psql('shop', q{SELECT who IS NOT NULL FROM drift_check()}), 't', 'and it has an author');
$rebuild->quit;
$old->quit;
$node->safe_psql('shop', 'DROP INDEX orders_more');

# all the way through
my ($ok) = IPC::Run::run(\@repack, '<', \undef, '>', \$out, '2>', \$err);
ok($ok, 'pg_repack runs to its end') or diag($err);
is(open_drifts(), '', 'and leaves no drift');

# the word alone, in a query that goes on, keeps nothing from being told but what is a moment old
my $word = $node->background_psql('shop', on_error_stop => 0);
$word->query_until(qr/started/, "\\echo started\nSELECT pg_sleep(1000) /* CONCURRENTLY */;\n");
is_there(q{FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg\_sleep(1000)%CONCURRENTLY%'
	AND pid <> pg_backend_pid()});
$node->safe_psql('shop', q{SET schemadrift.enabled = off; CREATE TABLE behind (a integer)});
is(open_drifts(), '', 'what has no event yet may be at work');
$node->safe_psql('shop',
	q{UPDATE schemadrift.drift SET first_seen = now() - interval '2 minutes' WHERE state = 'ignored'});
like(open_drifts(), qr/^added\|table\|public\.behind$/m, 'but not for long');
$node->safe_psql('shop', q{SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg\_sleep(1000)%'
	AND pid <> pg_backend_pid()});
$word->quit;
$node->safe_psql('shop', 'SET schemadrift.enabled = off; DROP TABLE behind');

# by their names
$node->safe_psql('shop', <<'EOT');
CREATE TABLE pgosc_st_orders_0a1b2c (LIKE orders INCLUDING ALL);
CREATE TABLE pgosc_at_orders_0a1b2c (at_0a1b2c_id serial PRIMARY KEY, LIKE orders);
CREATE FUNCTION primary_to_audit_table_trigger() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER primary_to_audit_table_trigger AFTER INSERT ON orders
	FOR EACH ROW EXECUTE FUNCTION primary_to_audit_table_trigger();
ALTER TABLE orders ADD COLUMN _pgroll_new_note text;
CREATE TABLE mine (a integer);
EOT
is(open_drifts(), 'added|table|public.mine', 'what pg_osc and pgroll make is hidden, other things are not');
is(hidden(), "what pg_osc makes\nwhat pgroll makes", 'and can be looked at');
$node->append_conf('postgresql.conf', 'schemadrift.leftover_after = 0');
$node->reload;
$node->poll_query_until('shop', q{SELECT current_setting('schemadrift.leftover_after') = '0'});
is($node->safe_psql('shop', 'SELECT count(*) FROM drift_check()') > 4, 1, 'until it is too old');
is(hidden(), '', 'and then nothing is hidden');

done_testing();
