/*
 * named.h
 *	  The object that somebody means by a name.
 */
#ifndef SD_NAMED_H
#define SD_NAMED_H

#include "postgres.h"

#include "store/observation.h"

/* The newest observation; raises ERRCODE_SD_NO_BASELINE when there is none. */
extern SdObservation *sd_named_observation(void);

/*
 * The key of the object that is called so: an identity, also without its schema
 * or its arguments, with or without its kind before it.  Letters that are not
 * quoted may be capital ones.  Raises an error that names those that are meant
 * when there are several, and those that are near when there is none.
 */
extern const char *sd_named_object(const SdObservation *observation, const char *name);

#endif							/* SD_NAMED_H */
