# Schedules with the real pg_cron: from its own database and from another; the
# job only queues, the worker runs; nothing else than our functions runs.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../lib";

use PostgreSQL::Test::Utils;
use Test::More;

use SchemaDrift::Cluster;

# -- without pg_cron: clear errors ----------------------------------------------------
my $bare = SchemaDrift::Cluster->start_new('bare');
my ($code, $out, $err) = $bare->psql('postgres',
	q{SELECT drift_schedule('watch', '* * * * *', 'SELECT drift_worker_start()')});
like($err, qr/pg_cron is not loaded\nHINT:  Add pg_cron to shared_preload_libraries/, 'pg_cron is not loaded');
is($bare->safe_psql('postgres', 'SELECT count(*) FROM drift_schedules'), 0, 'nothing is left of it');
$bare->stop;

my $node = SchemaDrift::Cluster->start_new('main', preload => 'pg_cron,schemadrift',
	databases => [ 'postgres', 'app' ]);
($code, $out, $err) = $node->psql('postgres',
	q{SELECT drift_schedule('watch', '* * * * *', 'SELECT drift_worker_start()')});
like($err, qr/extension pg_cron is not installed\nHINT:  In database "postgres": CREATE EXTENSION pg_cron/,
	'pg_cron has no extension, asked at home');
($code, $out, $err) = $node->psql('app',
	q{SELECT drift_schedule('watch', '* * * * *', 'SELECT drift_worker_start()')});
like($err, qr/extension pg_cron is not installed\nHINT:  In database "postgres": CREATE EXTENSION pg_cron/,
	'and from another database');
$node->safe_psql('postgres', 'CREATE EXTENSION pg_cron');

# -- what may be scheduled ---------------------------------------------------------------
my %refused = (
	'DROP TABLE x' => qr/must be one SELECT of one schemadrift function/,
	'SELECT 1' => qr/must be one SELECT/,
	'SELECT drift_worker_start(); SELECT drift_worker_start()' => qr/must be one SELECT/,
	'SELECT drift_worker_start() FROM pg_class' => qr/must be one SELECT/,
	'SELECT drift_redeliver((SELECT 1))' => qr/must be one SELECT/,
	'SELECT drift_redeliver(pg_backend_pid())' => qr/must be one SELECT/,
	'SELECT pg_sleep(1)' => qr/"pg_sleep" is not a function of schemadrift/,
	'SELECT other.drift_worker_start()' => qr/"other.drift_worker_start" is not a function/,
	'SELECT drift_mine()' => qr/"drift_mine" is not a function/,
	'SELEC' => qr/syntax error/);
$node->safe_psql('app', 'CREATE SCHEMA other; CREATE FUNCTION drift_mine() RETURNS int LANGUAGE sql AS $$SELECT 1$$;'
	  . ' CREATE FUNCTION other.drift_worker_start() RETURNS int LANGUAGE sql AS $$SELECT 1$$');
foreach my $command (sort keys %refused)
{
	($code, $out, $err) = $node->psql('app', "SELECT drift_schedule('x', '* * * * *', '$command')");
	like($err, $refused{$command}, "refused: $command");
}

# -- from both databases -------------------------------------------------------------------
foreach my $database ('postgres', 'app')
{
	my $job = $node->safe_psql($database,
		q{SELECT drift_schedule('it''s', '5 4 * * *', 'SELECT drift_worker_start()')});
	is($node->safe_psql('postgres', "SELECT jobname, schedule, command, database, username"
			. " FROM cron.job WHERE jobid = $job"),
		"schemadrift:$database:it's|5 4 * * *|SELECT schemadrift.enqueue_run('it''s')|$database|"
		  . $node->safe_psql('postgres', 'SELECT current_user'), "$database: pg_cron has the job");
	is($node->safe_psql($database, q{SELECT drift_schedule('it''s', '* * * * *', 'SELECT drift_worker_start()')}),
		$job, "$database: scheduling again changes the job");
	is($node->safe_psql($database, 'SELECT name, schedule, command, cron_job_id FROM drift_schedules'),
		"it's|* * * * *|SELECT drift_worker_start()|$job", "$database: drift_schedules");

	# what the job does, without waiting for the minute
	my $run = $node->safe_psql($database, q{SELECT schemadrift.enqueue_run('it''s')});
	$node->wait_until("SELECT state = 'done' AND result = 'woken' FROM schemadrift.run WHERE id = $run",
		't', $database);
}
is($node->safe_psql('app', q{BEGIN; SELECT schemadrift.enqueue_run('it''s') > 0;
	SELECT schemadrift.enqueue_run('it''s') IS NULL; COMMIT}), "t\nt", 'a run that waits is not queued twice');
is($node->safe_psql('app', q{SELECT schemadrift.enqueue_run('none') IS NULL}), 't',
	'a schedule that is gone queues nothing');
is($node->safe_psql('postgres', "SELECT status FROM drift_health() WHERE check_name = 'schedules'"), 'ok',
	'drift_health() is content');

# -- runs are checked again, and run as who scheduled them --------------------------------------
$node->safe_psql('app', q{INSERT INTO schemadrift.run (command, run_as)
	VALUES ('SELECT pg_sleep(1)', 'postgres'), ('SELECT drift_worker_start()', 'nobody at all');
	SELECT drift_worker_start()});
$node->wait_until("SELECT count(*) = 2 FROM schemadrift.run WHERE state = 'failed'", 't', 'app');
is($node->safe_psql('app', "SELECT result FROM schemadrift.run WHERE state = 'failed' ORDER BY id"),
	qq{"pg_sleep" is not a function of schemadrift\nrole "nobody at all" of the schedule no longer exists},
	'the row is not trusted for having been stored');
$node->safe_psql('app', q{CREATE ROLE scheduler LOGIN; GRANT EXECUTE ON FUNCTION
	drift_schedule(text, text, text), drift_unschedule(text) TO scheduler});
($code, $out, $err) = $node->psql_as('scheduler',
	q{SELECT drift_schedule('mine', '* * * * *', 'SELECT drift_worker_start()')}, database => 'app');
like($err, qr/permission denied for .*\nHINT:  In database "postgres", as a superuser: GRANT/,
	'who may not use pg_cron is told what to grant');
$node->safe_psql('postgres', 'GRANT USAGE ON SCHEMA cron TO scheduler;'
	  . ' GRANT EXECUTE ON FUNCTION cron.schedule_in_database(text, text, text, text, text, boolean) TO scheduler');
($code, $out, $err) = $node->psql_as('scheduler',
	q{SELECT drift_schedule('mine', '* * * * *', 'SELECT drift_worker_start()') > 0}, database => 'app');
is("$out$err", 't', 'and may then schedule');
is($node->safe_psql('postgres', "SELECT username FROM cron.job WHERE jobname = 'schemadrift:app:mine'"),
	'scheduler', 'as himself');
my $run = $node->safe_psql('app', q{SELECT schemadrift.enqueue_run('mine')});
$node->wait_until("SELECT state = 'failed' FROM schemadrift.run WHERE id = $run", 't', 'app');
is($node->safe_psql('app', "SELECT result FROM schemadrift.run WHERE id = $run"),
	'permission denied for function drift_worker_start', 'the worker runs it with his rights');
($code, $out, $err) = $node->psql_as('scheduler', q{SELECT drift_unschedule('mine')}, database => 'app');
is($err, '', 'he can unschedule');
is($node->safe_psql('postgres', "SELECT count(*) FROM cron.job WHERE jobname = 'schemadrift:app:mine'"), 0,
	'the job is gone');

# -- pg_cron itself, within the minute ------------------------------------------------------------
$node->wait_until("SELECT count(*) > 0 FROM cron.job_run_details WHERE database = 'app' AND status = 'succeeded'");
$node->wait_until("SELECT count(*) > 0 FROM schemadrift.run"
	  . " WHERE schedule = 'it''s' AND state = 'done' AND id > $run", 't', 'app');
$node->safe_psql('postgres', "SELECT cron.unschedule(jobid) FROM cron.job WHERE database = 'postgres'");
is($node->safe_psql('postgres', "SELECT detail FROM drift_health() WHERE check_name = 'schedules'"),
	q{pg_cron has no active job for: it's}, 'health shows a schedule without a job');
($code, $out, $err) = $node->psql('postgres', q{SELECT drift_unschedule('it''s')});
like($err, qr/NOTICE:  pg_cron had no job/, 'unscheduling what pg_cron lost is a notice');
$node->safe_psql('app', q{SELECT drift_unschedule('it''s')});
is($node->safe_psql('postgres', 'SELECT count(*) FROM cron.job'), 0, 'no job is left');
($code, $out, $err) = $node->psql('app', q{SELECT drift_unschedule('it''s')});
like($err, qr/schedule "it's" does not exist/, 'unknown schedule');
$node->stop;
done_testing();
