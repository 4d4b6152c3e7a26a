# SchemaDrift::Outbox
#	  Puts messages straight into the outbox, for tests of the workers alone.
#
#	  arm($node, $database)                  the fence, without a baseline
#	  enqueue($node, $database, $key, %row)  one message; %row may give channel,
#	                                         purpose, incident, title; gives its id
#	  states($node, $database)               "state|count" lines
package SchemaDrift::Outbox;

use strict;
use warnings;

use Exporter 'import';

our @EXPORT = qw(arm enqueue enqueue_sql states);

sub arm
{
	my ($node, $database) = @_;
	$node->safe_psql($database // 'postgres', <<'EOF');
INSERT INTO schemadrift.arming (system_identifier, database, timeline, preloaded, misses)
SELECT s.system_identifier, d.oid, c.timeline_id, false, 0
  FROM pg_control_system() s, pg_control_checkpoint() c, pg_database d
 WHERE d.datname = current_database()
EOF
	return;
}

sub enqueue_sql
{
	my ($key, %row) = @_;
	my $channel = $row{channel} // 'oncall';
	my $purpose = $row{purpose} // 'trigger';
	my $incident = $row{incident} // 0;
	my $title = $row{title} // "message $key";
	return "SELECT schemadrift.enqueue_delivery('$channel', '$purpose', $incident, '$key',"
	  . " jsonb_build_object('title', '$title', 'database', 'd', 'severity', 'error'))";
}

sub enqueue
{
	my ($node, $database, $key, %row) = @_;
	return $node->safe_psql($database // 'postgres', enqueue_sql($key, %row));
}

sub states
{
	my ($node, $database) = @_;
	return $node->safe_psql($database // 'postgres',
		'SELECT state, count(*) FROM schemadrift.delivery GROUP BY 1 ORDER BY 1');
}

1;
