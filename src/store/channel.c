/*
 * channel.c
 *	  The only SQL on schemadrift.channel.
 */
#include "postgres.h"

#include "base/compat.h"
#include "base/json.h"
#include "base/spi.h"
#include "base/text.h"
#include "store/channel.h"

static SdChannel *
read_channel(const SdRows *rows, int row)
{
	SdChannel  *channel = palloc0(sizeof(SdChannel));

	channel->name = sd_rows_value(rows, row, "name");
	channel->kind = sd_rows_value(rows, row, "kind");
	channel->config = sd_jsonb_parse(sd_rows_value(rows, row, "config"));
	channel->secret_name = sd_rows_value(rows, row, "secret");
	channel->enabled = sd_rows_bool(rows, row, "enabled");
	return channel;
}

SdChannel *
sd_channel_load(const char *name)
{
	SdRows	   *rows = sd_spi_queryv("SELECT name, kind, config, secret, enabled"
									 "  FROM schemadrift.channel"
									 " WHERE name OPERATOR(pg_catalog.=) $1",
									 name);

	return rows->nrows > 0 ? read_channel(rows, 0) : NULL;
}

/* A hint that lists the channels there are. */
static int
hint_channels(void)
{
	SdRows	   *rows = sd_spi_query("SELECT name FROM schemadrift.channel"
									" ORDER BY name COLLATE \"C\" LIMIT 50", 0, NULL);
	List	   *names = NIL;
	int			i;

	if (rows->nrows == 0)
		return errhint("There are no channels yet; drift_channel_add() makes one.");
	for (i = 0; i < rows->nrows; i++)
		names = lappend(names, sd_display(sd_rows_value(rows, i, "name"), false));
	return errhint("The channels are: %s.", sd_join(names, ", "));
}

SdChannel *
sd_channel_find(const char *name)
{
	SdChannel  *channel = sd_channel_load(name);

	if (channel == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("there is no channel \"%s\"", sd_display(name, false)),
				 hint_channels()));
	return channel;
}

void
sd_channel_insert(const SdChannel *channel)
{
	Jsonb	   *config = unconstify(Jsonb *, channel->config);
	uint64		inserted;

	inserted = sd_spi_commandv("INSERT INTO schemadrift.channel (name, kind, config, secret, enabled)"
							   " VALUES ($1, $2, $3::pg_catalog.jsonb, $4, $5::pg_catalog.bool)"
							   " ON CONFLICT (name) DO NOTHING",
							   channel->name, channel->kind,
							   JsonbToCString(NULL, &config->root, VARSIZE(config)),
							   channel->secret_name, channel->enabled ? "t" : "f");
	if (inserted == 0)
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_OBJECT),
				 errmsg("channel \"%s\" already exists", sd_display(channel->name, false)),
				 errhint("drift_channel_drop() removes it; its routes go with it.")));
}

bool
sd_channel_delete(const char *name)
{
	uint64		deleted = sd_spi_commandv("DELETE FROM schemadrift.channel"
										  " WHERE name OPERATOR(pg_catalog.=) $1",
										  name);

	/* after it, as sd_route_insert() holds the channel until its route is there */
	sd_spi_commandv("DELETE FROM schemadrift.route WHERE channel OPERATOR(pg_catalog.=) $1", name);
	return deleted > 0;
}

bool
sd_channel_enable(const char *name, bool enabled)
{
	return sd_spi_commandv("UPDATE schemadrift.channel SET enabled = $2::pg_catalog.bool"
						   " WHERE name OPERATOR(pg_catalog.=) $1",
						   name, enabled ? "t" : "f") > 0;
}
