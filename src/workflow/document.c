/*
 * document.c
 *	  A baseline as a document that another database can take over.
 *
 * Written with one object on a line, in canonical order, so that it can be kept
 * in a repository: a small change of the schema is a small change of the text.
 * The shape of what is read is checked before a form is read, and its objects
 * must give the fingerprint that it states.  That guards against damage, not
 * against intent: who imports a baseline says what is right, and must trust
 * where it comes from.
 */
#include "postgres.h"

#include "base/error.h"
#include "base/json.h"
#include "base/spi.h"
#include "base/text.h"
#include "compare/form.h"
#include "kind/kind.h"
#include "store/baseline_read.h"
#include "workflow/document.h"

#define FORMAT "1"

/* A line of the head: "key": value, which is JSON already. */
static void
append_head(StringInfo buf, const char *key, const char *json)
{
	appendStringInfo(buf, "%s\"%s\": %s", buf->len > 0 ? ",\n" : "{", key, json);
}

static void
append_head_text(StringInfo buf, const char *key, const char *text)
{
	StringInfoData value;

	initStringInfo(&value);
	sd_json_text(&value, text);
	append_head(buf, key, value.data);
}

/* A line of an object. */
static char *
object_line(SdObject *object)
{
	StringInfoData line;

	initStringInfo(&line);
	object->objid = InvalidOid;
	sd_json_begin(&line, '{');
	sd_json_field(&line, "key", object->key);
	sd_json_key(&line, "form");
	sd_json_raw(&line, sd_form_write(object));
	sd_json_end(&line, '}');
	return line.data;
}

char *
sd_document_write(const SdBaseline *baseline)
{
	SdSnapshot *snapshot = sd_baseline_load(baseline, CurrentMemoryContext);
	SdRows	   *origin = sd_baseline_origin(baseline);
	const char *separator = "\n";
	StringInfoData buf;
	int			i;

	initStringInfo(&buf);
	append_head(&buf, "schemadrift_baseline", FORMAT);
	append_head_text(&buf, "name", baseline->name);
	append_head(&buf, "version", psprintf("%d", baseline->version));
	append_head_text(&buf, "created_at", sd_rows_value(origin, 0, "created_at"));
	append_head_text(&buf, "created_by", sd_rows_value(origin, 0, "created_by"));
	append_head_text(&buf, "reason", sd_rows_value(origin, 0, "reason"));
	append_head(&buf, "server_version", sd_rows_value(origin, 0, "server_version"));
	append_head(&buf, "canonical_form", psprintf("%d", snapshot->form));
	append_head_text(&buf, "fingerprint", snapshot->fingerprint);
	append_head(&buf, "objects", "[");
	for (i = 0; i < snapshot->nobjects; i++)
	{
		if (snapshot->objects[i]->local)
			continue;
		appendStringInfo(&buf, "%s%s", separator, object_line(snapshot->objects[i]));
		separator = ",\n";
	}
	appendStringInfoString(&buf, "\n]}");
	return buf.data;
}

static void
raise_no_document(const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("this is no baseline that can be imported"),
			 errdetail_internal("%s", detail),
			 errhint("Give what drift_baseline_export() gave, from the same version of schemadrift.")));
}

/* Key and form of each object; the address is left behind. */
static const char objects_sql[] =
"SELECT o ->> 'key' AS key,"
"       CASE pg_catalog.jsonb_typeof(o -> 'form') WHEN 'object' THEN (o -> 'form') - 'address' END AS form,"
"       pg_catalog.jsonb_typeof(o -> 'key') = 'string'"
"   AND COALESCE(pg_catalog.jsonb_typeof(o -> 'form' -> 'parent'), 'string') = 'string'"
"   AND COALESCE(pg_catalog.jsonb_typeof(o -> 'form' -> 'depends'), 'array') = 'array'"
"   AND pg_catalog.jsonb_typeof(o -> 'form' -> 'values') = 'object' AS is_object,"
"       CASE pg_catalog.jsonb_typeof(o -> 'form' -> 'values') WHEN 'object'"
"       THEN (SELECT pg_catalog.count(*) FROM pg_catalog.jsonb_object_keys(o -> 'form' -> 'values')) END AS values"
"  FROM pg_catalog.jsonb_array_elements(CASE pg_catalog.jsonb_typeof($1::pg_catalog.jsonb -> 'objects')"
"       WHEN 'array' THEN $1::pg_catalog.jsonb -> 'objects' ELSE '[null]' END) AS o";

/* The version of the canonical form that the document is in. */
static int
read_form(const Jsonb *document)
{
	char	   *form = sd_jsonb_text(document, "canonical_form");
	int			number = form ? atoi(form) : 0;

	if (number < 1 || number > SD_FORM)
		raise_no_document(psprintf("Its canonical form is %s; 1 to %d are known here.",
								   form ? sd_display(form, false) : "not given", SD_FORM));
	return number;
}

static void
read_object(SdSnapshot *snapshot, const SdRows *rows, int r)
{
	const char *key = sd_rows_value(rows, r, "key");
	const char *is_object = sd_rows_value(rows, r, "is_object");
	const char *shown;
	SdObject   *object;
	int			nvalues = 0;
	int			i;

	if (is_object == NULL || strcmp(is_object, "t") != 0)
		raise_no_document(key == NULL ? "Its objects are not a list of objects." :
						  psprintf("The form of \"%s\" is damaged.", sd_display(key, false)));
	shown = sd_display(key, false);
	if (sd_snapshot_find(snapshot, key))
		raise_no_document(psprintf("It has \"%s\" twice.", shown));
	object = sd_form_read(snapshot, key, sd_rows_value(rows, r, "form"));
	if (object == NULL)
		raise_no_document(psprintf("It has \"%s\", of a kind that is not known here.", shown));
	for (i = 0; i < object->kind->nproperties; i++)
		nvalues += object->values[i] != NULL;
	if (nvalues != sd_rows_int(rows, r, "values"))
		raise_no_document(psprintf("\"%s\" has a property that is not known here or not a text.", shown));
}

static void
read_objects(SdSnapshot *snapshot, const Jsonb *document)
{
	Jsonb	   *jsonb = unconstify(Jsonb *, document);
	SdRows	   *rows = sd_spi_queryv(objects_sql, JsonbToCString(NULL, &jsonb->root, VARSIZE(jsonb)));
	int			r;

	for (r = 0; r < rows->nrows; r++)
		read_object(snapshot, rows, r);
	sd_snapshot_finish(snapshot);
	for (r = 0; r < snapshot->nobjects; r++)
	{
		char	   *problem = sd_kind_problem(snapshot, snapshot->objects[r]);

		if (problem)
			raise_no_document(problem);
	}
}

SdSnapshot *
sd_document_read(const Jsonb *document, MemoryContext parent)
{
	SdSnapshot *snapshot = sd_snapshot_create(parent);
	char	   *format = sd_jsonb_text(document, "schemadrift_baseline");
	char	   *fingerprint = sd_jsonb_text(document, "fingerprint");
	char	   *server_version = sd_jsonb_text(document, "server_version");

	if (format == NULL || fingerprint == NULL)
		raise_no_document("It has no \"schemadrift_baseline\" or no \"fingerprint\".");
	if (strcmp(format, FORMAT) != 0)
		raise_no_document(psprintf("Its format is %s, not " FORMAT ".", sd_display(format, false)));
	snapshot->form = read_form(document);
	read_objects(snapshot, document);
	if (strcmp(fingerprint, snapshot->fingerprint) != 0)
		raise_no_document(psprintf("Its objects have the fingerprint %s, but it says %s.",
								   snapshot->fingerprint, sd_display(sd_cut(fingerprint, 100), false)));
	snapshot->server_version = server_version ? atoi(server_version) : 0;
	return snapshot;
}
