/*
 * severity.c
 *	  What users gave to findings instead of their built-in class and severity.
 */
#include "postgres.h"

#include "base/spi.h"
#include "store/severity.h"

struct SdSeverities
{
	SdRows	   *rows;			/* a few at most: looked up one by one */
};

SdSeverities *
sd_severities(void)
{
	SdSeverities *severities = palloc(sizeof(SdSeverities));

	severities->rows = sd_spi_query("SELECT finding, class, severity FROM schemadrift.severity", 0, NULL);
	return severities;
}

bool
sd_severity_of(const SdSeverities *severities, const char *finding, SdClass *class, SdSeverity *severity)
{
	const SdRows *rows = severities->rows;
	int			r;

	for (r = 0; r < rows->nrows; r++)
		if (strcmp(sd_rows_value(rows, r, "finding"), finding) == 0)
			return sd_class_parse(sd_rows_value(rows, r, "class"), class) &&
				sd_severity_parse(sd_rows_value(rows, r, "severity"), severity);
	return false;
}

void
sd_severity_store(const char *finding, SdClass class, SdSeverity severity)
{
	sd_spi_commandv("INSERT INTO schemadrift.severity (finding, class, severity) VALUES ($1, $2, $3)"
					" ON CONFLICT (finding) DO UPDATE SET class = EXCLUDED.class, severity = EXCLUDED.severity,"
					" changed_at = pg_catalog.now(), changed_by = SESSION_USER",
					finding, sd_class_name(class), sd_severity_name(severity));
}

bool
sd_severity_delete(const char *finding)
{
	return sd_spi_commandv("DELETE FROM schemadrift.severity WHERE finding = $1", finding) > 0;
}
