# SchemaDrift::Hostile
#	  Schemas whose names and texts try to be something else: SQL that ends early,
#	  commands and variables of psql, markup, control characters.
#
#	  my $sql = SchemaDrift::Hostile::schema($canary, SchemaDrift::Hostile::names($canary));
#
# Every name is given to one object of nearly every kind, and as text it is what
# comments, defaults, bodies, labels and options hold.  The canary is a file
# that comes into being when some program runs a command of psql.
#
# names() are characters; print the SQL to a handle with the layer of the
# encoding, or encode it.  ident() and literal() quote.
package SchemaDrift::Hostile;

use strict;
use warnings;
use utf8;

use Encode ();

sub ident { return '"' . ($_[0] =~ s/"/""/gr) . '"'; }

sub literal
{
	my ($text) = @_;
	$text =~ s/'/''/g;
	return $text =~ s/\\/\\\\/g ? "E'$text'" : "'$text'";
}

# Names in ASCII alone, which every encoding has.
sub ascii_names
{
	my ($canary) = @_;
	return (
		'a"b', '"', '""', "a'b", "'", "''", "new\nline", "\n", "car\rriage", "\r\n", "tab\tname",
		'back\\slash', '\\', "\\'", "'\\", "\n\\! touch $canary\n", "x\n\\! touch $canary",
		"\\! touch $canary", "';\n\\! touch $canary\n'", "\";\n\\! touch $canary\n\"",
		'$$', '$', '$body$', '$_$',
		"\$\$;\n\\! touch $canary\n\$\$", ':expanded', q{:'expanded'}, ':"expanded"',
		'-- comment', '/* open', '*/ close', ';', q{'; DROP TABLE public.untouched; --},
		q{"; DROP TABLE public.untouched; --},
		q{$$; DROP TABLE public.untouched; --}, "x\nDROP TABLE public.untouched;\n--",
		' leading', 'trailing ', ' ', '.', 'a.b',
		'select', 'user', 'json', 'Upper', '9', 'not_done', '(not readable)', 'true', 'NULL', 'PUBLIC',
		'table a', 'a ON b',
		'a b', 'late x', 'owner table a', 'a,b', '{a,b}', '{}', '(a)', 'a=b', 'a=r/b', '%s%n%', '[1:2]', '<b>&amp;</b>',
		'</pre><script>alert(1)</script>', "```\n# title", "\e[31mred", "\x01\x07\x7f", 'U&"d\\0061"',
		'{"a": [1]}', "COMMIT;\nBEGIN;", "a\n--\n-- Name: x; Type: TABLE; Schema: y; Owner: z\n--\n\n", 'x' x 63);
}

# Names beyond it.  The last ones are cut by the server inside a character.
sub names
{
	my ($canary) = @_;
	return (
		ascii_names($canary), "abc\x{202e}fed", "a\x{200b}b", "\x{feff}", "\x{2028}", "\x{e0041}", 'é', "e\x{301}",
		'日本', "\x{85}", 'y' x 62 . 'é', ('é' x 31) . 'x', 'ö' x 40, '日' x 30);
}

# What cannot be a role.
sub _role
{
	my ($name) = @_;
	return ident($name =~ /\A(?:public|none|pg_.*)\z/ ? "role $name" : $name);
}

# All that one name is given to.
sub _objects
{
	my ($name, $number) = @_;
	my ($n, $text, $role) = (ident($name), literal($name), _role($name));
	# a label is refused when it is too long, an option when it has an equals sign
	my $label = length(Encode::encode('UTF-8', $name)) > 63 ? literal(substr($name, 0, 20)) : $text;
	my $option = ident($name =~ s/=/ /gr);
	my %p = map { ($_ => ident("$_$name")) } qw(a c d i m r s t u v);
	# types stand in a schema of their own, since a table is a type too
	my ($s, $types) = ($n, ident("t$name"));
	return <<"EOF";
CREATE SCHEMA $s AUTHORIZATION $role;
CREATE SCHEMA $types;
GRANT USAGE ON SCHEMA $types TO $role WITH GRANT OPTION;
COMMENT ON SCHEMA $s IS $text;
ALTER DEFAULT PRIVILEGES FOR ROLE $role IN SCHEMA $s GRANT SELECT ON TABLES TO hostile_other;
CREATE COLLATION $s.$n (provider = icu, locale = 'de');
CREATE TYPE $types.$n AS ENUM ($label, 'b', '$number');
ALTER TYPE $types.$n OWNER TO $role;
CREATE DOMAIN $types.$p{d} AS text COLLATE $s.$n DEFAULT $text CONSTRAINT $n CHECK (VALUE <> $text);
CREATE TYPE $types.$p{c} AS ($n $types.$n, $p{d} $types.$p{d}\[]);
CREATE TYPE $types.$p{r} AS RANGE (SUBTYPE = integer, MULTIRANGE_TYPE_NAME = $types.$p{m});
CREATE FUNCTION $s.$n($n integer, $p{d} $types.$n DEFAULT $label) RETURNS text LANGUAGE sql IMMUTABLE
	SET search_path = $s AS ${\ literal("SELECT $text -- $name\n")};
CREATE FUNCTION $s.$n(OUT $n integer, INOUT $p{d} $types.$p{c}) LANGUAGE plpgsql
	AS ${\ literal("BEGIN END --\n$name") };
CREATE FUNCTION $s.$p{a}($n text[], i integer) RETURNS text[] LANGUAGE sql
	BEGIN ATOMIC SELECT $n\[i:"i"] || CAST($text AS text) || $n\[1:2] AS $n;
	SELECT CASE WHEN i > 1 THEN $n END AS $p{a}; END;
CREATE FUNCTION $s.$p{t}() RETURNS trigger LANGUAGE plpgsql AS ${\ literal("BEGIN RETURN $text; END") };
CREATE PROCEDURE $s.$p{s}($n integer) LANGUAGE sql AS ${\ literal("SELECT '" . $name) };
CREATE AGGREGATE $s.$p{m}($n text) (SFUNC = textcat, STYPE = text, INITCOND = $text);
ALTER FUNCTION $s.$n(integer, $types.$n) OWNER TO $role;
COMMENT ON FUNCTION $s.$n(integer, $types.$n) IS $text;
REVOKE ALL ON FUNCTION $s.$p{t}() FROM PUBLIC;
CREATE OPERATOR $s.=== (FUNCTION = int4eq, LEFTARG = integer, RIGHTARG = integer);
CREATE OPERATOR FAMILY $s.$n USING btree;
CREATE OPERATOR CLASS $s.$n FOR TYPE integer USING btree FAMILY $s.$n AS FUNCTION 1 btint4cmp(integer, integer);
CREATE CAST ($types.$n AS $types.$p{c}) WITH INOUT;
CREATE CONVERSION $s.$n FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE SEQUENCE $s.$p{s} INCREMENT 7 OWNED BY NONE;
CREATE TABLE $s.$n (
	$n integer GENERATED BY DEFAULT AS IDENTITY CONSTRAINT $p{u} PRIMARY KEY,
	$p{a} text[] DEFAULT ARRAY[$text] NOT NULL,
	$p{c} $types.$p{c}, $p{d} $types.$p{d}, $p{r} $types.$p{r}, $p{t} $types.$n DEFAULT $label,
	$p{s} integer DEFAULT nextval(${\ literal("$s.$p{s}") }),
	$p{v} text GENERATED ALWAYS AS (CASE WHEN $n > 5 THEN $text END) STORED,
	CONSTRAINT $n CHECK ($p{d} <> $text AND cardinality($p{a}\[1:$n]) > 0),
	CONSTRAINT $p{m} FOREIGN KEY ($p{s}) REFERENCES $s.$n ($n) DEFERRABLE);
ALTER TABLE $s.$n OWNER TO $role;
ALTER TABLE $s.$n ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE $s.$n IS ${\ literal("$name\n$name") };
COMMENT ON COLUMN $s.$n.$n IS $text;
COMMENT ON CONSTRAINT $n ON $s.$n IS $text;
GRANT SELECT, UPDATE ON $s.$n TO hostile_other WITH GRANT OPTION;
GRANT INSERT ($n) ON $s.$n TO hostile_other;
ALTER SEQUENCE $s.$p{s} OWNER TO $role;
ALTER SEQUENCE $s.$p{s} OWNED BY $s.$n.$p{s};
CREATE INDEX $p{i} ON $s.$n ((lower($p{d}) || $text), $n DESC)
	WHERE $p{d} <> $text AND $p{a}\[$n:3] IS NOT NULL;
COMMENT ON INDEX $s.$p{i} IS $text;
CREATE STATISTICS $s.$n ON $n, ($p{d} || $text) FROM $s.$n;
CREATE TRIGGER $n BEFORE UPDATE OF $n ON $s.$n FOR EACH ROW WHEN (new.$p{d} <> $text)
	EXECUTE FUNCTION $s.$p{t}($text, 'x', ${\ literal("$name\\") });
COMMENT ON TRIGGER $n ON $s.$n IS $text;
CREATE POLICY $n ON $s.$n FOR SELECT TO $role, hostile_other USING ($p{d} <> $text);
CREATE RULE $n AS ON DELETE TO $s.$n DO ALSO NOTIFY $n;
CREATE TABLE $s.$p{t} ($n date NOT NULL, $p{a} text) PARTITION BY LIST ($p{a});
CREATE TABLE $s.$p{r} PARTITION OF $s.$p{t} FOR VALUES IN ($text);
CREATE VIEW $s.$p{v} AS SELECT x.$n AS $n, x.$p{a}\[1:x.$n] AS "slice", $text AS $p{m}
	FROM $s.$n AS x WHERE x.$p{d} <> $text;
CREATE MATERIALIZED VIEW $s.$p{m} AS SELECT $n, $text AS $p{m} FROM $s.$n AS $n;
CREATE INDEX ON $s.$p{m} ($n);
COMMENT ON VIEW $s.$p{v} IS $text;
CREATE TEXT SEARCH DICTIONARY $s.$n (TEMPLATE = simple);
CREATE TEXT SEARCH CONFIGURATION $s.$n (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION $s.$n ALTER MAPPING FOR word WITH $s.$n, simple;
COMMENT ON TEXT SEARCH CONFIGURATION $s.$n IS $text;
CREATE FUNCTION $s.$p{u}() RETURNS event_trigger LANGUAGE plpgsql AS ${\ literal("BEGIN END --$name") };
CREATE EVENT TRIGGER $n ON sql_drop WHEN TAG IN ('DROP CAST') EXECUTE FUNCTION $s.$p{u}();
COMMENT ON EVENT TRIGGER $n IS $text;
CREATE PUBLICATION $n FOR TABLE $s.$n ($n, $p{d}) WHERE ($n > 5);
CREATE PUBLICATION $p{s} FOR TABLES IN SCHEMA $types;
CREATE FOREIGN DATA WRAPPER $n OPTIONS ($option $text);
CREATE SERVER $n TYPE $text VERSION $text FOREIGN DATA WRAPPER $n OPTIONS (host $text);
CREATE USER MAPPING FOR $role SERVER $n OPTIONS (user $text);
CREATE FOREIGN TABLE $s.$p{c} ($n integer OPTIONS ($option $text)) SERVER $n OPTIONS ($option $text);
CREATE FUNCTION $s.$p{i}() RETURNS language_handler LANGUAGE c AS '\$libdir/plpgsql', 'plpgsql_call_handler';
CREATE TRUSTED LANGUAGE $n HANDLER $s.$p{i};
GRANT USAGE ON LANGUAGE $n TO $role;
EOF
}

# Two objects each whose names run together when they are not quoted.
sub _pairs
{
	return <<'EOF';
CREATE SCHEMA pairs;
SET search_path = pairs;
CREATE TABLE "a.b" (c integer);
CREATE SCHEMA "pairs.a";
CREATE TABLE "pairs.a".b (c integer);
CREATE TABLE a ("b.c" integer, "b ON c" integer);
CREATE TABLE "c ON d" (a integer CONSTRAINT "a ON b" CHECK (a > 1) CONSTRAINT a CHECK (a > 2));
CREATE TABLE c (a integer CONSTRAINT "a ON b" CHECK (a > 3));
CREATE TABLE "b ON c" (a integer CONSTRAINT a CHECK (a > 4));
CREATE FUNCTION f(integer, text) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION "f(integer, text)"() RETURNS integer LANGUAGE sql AS 'SELECT 2';
CREATE DOMAIN "integer" AS text;
CREATE DOMAIN "integer[]" AS text;
CREATE FUNCTION g(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION g("integer") RETURNS integer LANGUAGE sql AS 'SELECT 2';
CREATE FUNCTION g("integer"[]) RETURNS integer LANGUAGE sql AS 'SELECT 3';
CREATE FUNCTION g("integer[]") RETURNS integer LANGUAGE sql AS 'SELECT 4';
CREATE FUNCTION g(integer[]) RETURNS integer LANGUAGE sql AS 'SELECT 5';
CREATE DOMAIN "character varying(5)" AS text;
CREATE TABLE typed (a "character varying(5)", b character varying(5), d "integer", e integer,
	f "integer[]", g integer[]);
CREATE TYPE "x, y" AS ENUM ('a, b', 'c');
CREATE TYPE x AS ENUM ('a', 'b, c');
RESET search_path;
EOF
}

sub roles
{
	my (@names) = @_;
	return join '', map { "CREATE ROLE $_;\n" } 'hostile_other', map { _role($_) } @names;
}

sub schema
{
	my (@names) = @_;
	my $number = 0;
	return join '', "SET client_min_messages = warning;\nSET check_function_bodies = off;\n",
	  (map { _objects($_, $number++) } @names), _pairs();
}

1;
