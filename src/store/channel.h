/*
 * channel.h
 *	  schemadrift.channel: accounts at services; routes are in route.h.
 *
 * Results are palloc'd in the current memory context.  channel->secret is
 * never set here; workers read it from its file (base/secret.h).
 */
#ifndef SD_STORE_CHANNEL_H
#define SD_STORE_CHANNEL_H

#include "postgres.h"

#include "model/delivery.h"
#include "nodes/pg_list.h"

/* The channel, enabled or not; NULL when there is none of that name. */
extern SdChannel *sd_channel_load(const char *name);

/* The same, but an error with a hint listing the channels. */
extern SdChannel *sd_channel_find(const char *name);

/* Store a new channel; an error when there is one of that name. */
extern void sd_channel_insert(const SdChannel *channel);

/* Remove a channel and its routes; false when there was none. */
extern bool sd_channel_delete(const char *name);

/* Switch a channel on or off; false when there is none. */
extern bool sd_channel_enable(const char *name, bool enabled);

#endif							/* SD_STORE_CHANNEL_H */
