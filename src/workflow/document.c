/*
 * document.c
 *	  A baseline as a document that another database can take over.
 *
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

char *
sd_document_write(const SdBaseline *baseline)
{
	SdSnapshot *snapshot = sd_baseline_load(baseline, CurrentMemoryContext);
	SdRows	   *origin = sd_baseline_origin(baseline);
	StringInfoData buf;
	int			i;

	initStringInfo(&buf);
	sd_json_begin(&buf, '{');
	sd_json_key(&buf, "schemadrift_baseline");
	sd_json_raw(&buf, FORMAT);
	sd_json_field(&buf, "name", baseline->name);
	sd_json_field_int(&buf, "version", baseline->version);
	sd_json_field(&buf, "created_at", sd_rows_value(origin, 0, "created_at"));
	sd_json_field(&buf, "created_by", sd_rows_value(origin, 0, "created_by"));
	sd_json_field(&buf, "reason", sd_rows_value(origin, 0, "reason"));
	sd_json_field_int(&buf, "server_version", sd_rows_int(origin, 0, "server_version"));
	sd_json_field_int(&buf, "canonical_form", snapshot->form);
	sd_json_field(&buf, "fingerprint", snapshot->fingerprint);
	sd_json_key(&buf, "objects");
	sd_json_begin(&buf, '[');
	for (i = 0; i < snapshot->nobjects; i++)
	{
		SdObject   *object = snapshot->objects[i];

		if (object->local)
			continue;
		object->objid = InvalidOid;
		sd_json_begin(&buf, '{');
		sd_json_field(&buf, "key", object->key);
		sd_json_key(&buf, "form");
		sd_json_raw(&buf, sd_form_write(object));
		sd_json_end(&buf, '}');
	}
	sd_json_end(&buf, ']');
	sd_json_end(&buf, '}');
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
