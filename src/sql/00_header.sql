/* schemadrift: installed by CREATE EXTENSION; joined from src/sql/ by make. */
\echo Use "CREATE EXTENSION schemadrift" to load this file. \quit
