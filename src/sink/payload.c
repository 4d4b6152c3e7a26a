/*
 * payload.c
 *	  Takes fields out of a delivery's payload for people to read.
 *
 * The payload was made by a workflow, but the texts in it come from catalogs
 * and statements: each is shown with its control and invisible characters
 * spelled out, and a field of another shape than expected is left out rather
 * than an error, for a page must go out.
 */
#include "postgres.h"

#include <ctype.h>

#include "base/json.h"
#include "base/text.h"
#include "sink/payload.h"

/* A field of the payload for people to read, of bounded length; or NULL. */
char *
sd_payload_text(const JsonbContainer *object, const char *key, int max, bool keep_lines)
{
	char	   *text = sd_container_text(object, key);

	if (text == NULL || text[0] == '\0')
		return NULL;
	text = sd_display(text, keep_lines);
	return max > 0 ? sd_cut(text, max) : text;
}

void
sd_payload_append(StringInfo buf, const JsonbContainer *object, const char *key)
{
	char	   *text = sd_payload_text(object, key, SD_PAYLOAD_MAX_FIELD, false);

	if (text != NULL)
		sd_json_field(buf, key, text);
}

/* The same for long texts, whose line breaks are kept. */
void
sd_payload_append_long(StringInfo buf, const JsonbContainer *object, const char *key)
{
	char	   *text = sd_payload_text(object, key, 0, true);

	if (text != NULL)
		sd_json_field(buf, key, text);
}

void
sd_payload_append_count(StringInfo buf, const JsonbContainer *object, const char *key)
{
	char	   *text = sd_container_text(object, key);

	if (text != NULL && text[0] != '\0' && strlen(text) <= 18 &&
		strspn(text, "0123456789") == strlen(text))
		sd_json_field_int(buf, key, strtoll(text, NULL, 10));
}

bool
sd_is_timestamp(const char *text)
{
	static const char form[] = "dddd-dd-ddTdd:dd:dd";
	const char *p = text;
	int			i;

	for (i = 0; form[i] != '\0'; i++, p++)
		if (form[i] == 'd' ? !isdigit((unsigned char) *p) : *p != form[i])
			return false;
	if (*p == '.')
	{
		if (!isdigit((unsigned char) *++p))
			return false;
		p += strspn(p, "0123456789");
	}
	if (strcmp(p, "Z") == 0)
		return true;
	if (*p != '+' && *p != '-')
		return false;
	p++;
	return strspn(p, "0123456789") == 4 ? p[4] == '\0' :
		strspn(p, "0123456789") == 2 && p[2] == ':' && strspn(p + 3, "0123456789") == 2 && p[5] == '\0';
}
