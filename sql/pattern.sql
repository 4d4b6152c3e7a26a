-- Patterns of objects: which identities they match, and what is no pattern.
CREATE EXTENSION schemadrift;
CREATE FUNCTION m(pattern text, object text, kind text DEFAULT 'table', attribute text DEFAULT NULL,
	change text DEFAULT 'changed', class text DEFAULT 'risky') RETURNS boolean
LANGUAGE sql RETURN schemadrift.pattern_matches(pattern, object, kind, class, change, attribute);

-- globs: * and ? stay within a part, ** does not
SELECT pattern, object, m(pattern, object) FROM (VALUES
	('public.orders', 'public.orders'),
	('public.orders', 'public.orders_old'),
	('public.orders', 'public.orders.note'),
	('public.Orders', 'public.orders'),
	('orders', 'public.orders'),
	('public.*', 'public.orders'),
	('public.*', 'public.orders.note'),
	('public.*', 'public.'),
	('public.**', 'public.orders.note'),
	('public.orders.**', 'public.orders'),
	('*.orders', 'public.orders'),
	('**.note', 'public.orders.note'),
	('*.note', 'public.orders.note'),
	('p*c.*r*s', 'public.orders'),
	('public.order?', 'public.orders'),
	('public.order?', 'public.order'),
	('public?orders', 'public.orders'),
	('public.t_*_2', 'public.t_1_2_2'),
	('*_pkey ON public.*', 'orders_pkey ON public.orders'),
	('public.gr??e', 'public.größe'),
	('public.gr?ße', 'public.größe'),
	('***', 'a.b.c'),
	('  public.orders  ', 'public.orders')) AS v(pattern, object);

-- dots in quotes and parentheses end no part; what SQL calls it matches it
SELECT pattern, object, m(pattern, object) FROM (VALUES
	('public."Odd.*"', 'public."Odd.*"'),
	('public."Odd.*"', 'public."Odd.x"'),
	('public.*', 'public."Odd.name"'),
	('public.*Odd*', 'public."Odd.name"'),
	('public."a""b, c"', 'public."a""b, c"'),
	('public."it''s [x]"', 'public."it''s [x]"'),
	('public.f(integer[], public.mood)', 'public.f(integer[], public.mood)'),
	('public.f(*)', 'public.f(integer[], public.mood)'),
	('public.f*', 'public.f(integer[], public.mood)'),
	('public.*(*, text)', 'public.f(integer, text)'),
	('public.\*(integer, integer)', 'public.*(integer, integer)'),
	('public.\*(integer, integer)', 'public.+(integer, integer)'),
	('\!public.x', '!public.x'),
	('public.a\,b', 'public.a,b'),
	('public.a\ ', 'public.a '),
	(E'public.a\\\nb', E'public.a\nb'),
	('public."x\y"', 'public."x\y"'),
	('(integer AS text)', '(integer AS text)'),
	('"x y" ON public.t', '"x y" ON public.t')) AS v(pattern, object);

-- brackets: all must hold, of each one value
SELECT pattern, object, kind, attribute, m(pattern, object, kind, attribute) FROM (VALUES
	('[kind=view]', 'public.v', 'view', NULL),
	('[kind=view]', 'public.v', 'table', NULL),
	('[kind=view, matview] reports.*', 'reports.m', 'matview', NULL),
	('[kind=view,matview] reports.*', 'public.m', 'matview', NULL),
	('reports.* [kind=view,matview]', 'reports.m', 'matview', NULL),
	('[kind=text_search*]', 'public.d', 'text_search_parser', NULL),
	('public.orders [attribute=comment]', 'public.orders', 'table', 'comment'),
	('public.orders [attribute=comment]', 'public.orders', 'table', 'owner'),
	('public.orders [attribute=comment]', 'public.orders', 'table', NULL),
	('public.orders', 'public.orders', 'table', 'comment'),
	('[kind=table] [attribute=comment,owner] public.*', 'public.orders', 'table', 'owner'),
	('[kind=table][kind=view]', 'public.orders', 'table', NULL),
	('[class=risky]', 'public.orders', 'table', NULL),
	('[class=security] public.**', 'public.orders', 'table', NULL),
	('[change=added,removed] public.**', 'public.orders', 'table', NULL),
	('[ change = changed ] public.**', 'public.orders', 'table', NULL)) AS v(pattern, object, kind, attribute);

-- lists: the last that matches decides
SELECT pattern, object, m(pattern, object) FROM (VALUES
	('public.a, public.b', 'public.b'),
	(E'public.a\n\n  public.b\n', 'public.b'),
	('public.*, !public.orders', 'public.orders'),
	('public.*, !public.orders', 'public.other'),
	('public.*, ! public.o*, public.orders', 'public.orders'),
	('!public.orders', 'public.orders'),
	('!public.orders', 'public.other'),
	('public.**, ![kind=table]', 'public.orders'),
	('public.f(a, b), public.g', 'public.g')) AS v(pattern, object);

-- what is no pattern, and where
CREATE FUNCTION why(pattern text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	message text;
	detail text;
BEGIN
	PERFORM m(pattern, 'public.x');
	RETURN 'a pattern';
EXCEPTION WHEN invalid_parameter_value THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN pg_catalog.concat_ws(' ', substring(message FROM 'see .*|.*exist'), detail);
END
$$;
SELECT pattern, why(pattern) FROM (VALUES
	(' '), ('a,'), ('a,,b'), (',a'), ('!'), ('a, !'), ('public.größe("x'), ('public.f(integer'), ('public.f)'), ('a\'),
	('[table]'), ('[kid=table]'), ('[kind]'), ('[kind=]'), ('[kind=table'), ('[kind=table,]'), ('[kind=tabel]'),
	('[class=bad]'), ('[change=created]'), ('[kind!=table]'), ('a[kind=table]b'), ('a.f([kind=table])'), ('a[1]'),
	('a[]'), ('[attribute=whatever] a'), ('[kind=t*]'), ('[kind=capture]')) AS v(pattern);
SELECT why(repeat('x', 4000)), why(repeat('x', 4001));
SELECT m(NULL, 'x');
SELECT m('[kind=', 'x');
-- no pattern takes long
SET statement_timeout = '10s';
SELECT m(repeat('*a', 1000), repeat('a', 5000) || 'b');
RESET statement_timeout;

DROP FUNCTION m, why;
DROP EXTENSION schemadrift;
