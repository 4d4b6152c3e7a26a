# schemadrift: PGXS build.  `make demo` and `make test` do everything else.
MODULE_big = schemadrift
EXTENSION = schemadrift
EXTVERSION = $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" schemadrift.control)

SOURCES = $(sort $(wildcard src/*.c src/*/*.c))
OBJS = $(SOURCES:.c=.o)
SQL_PARTS = $(sort $(wildcard src/sql/*.sql))
DATA_built = schemadrift--$(EXTVERSION).sql

PG_CONFIG ?= pg_config
PG_CPPFLAGS = -I$(srcdir)/src -I$(shell $(PG_CONFIG) --includedir) -DSD_VERSION='"$(EXTVERSION)"'
PG_CFLAGS = -Wall -Wextra -Werror -Wno-unused-parameter -Wno-sign-compare -Wno-missing-field-initializers -Wno-clobbered
SHLIB_LINK = -lcurl -lpq
EXTRA_CLEAN = schemadrift--*.sql

# JIT bitcode would need the very clang that the server was built with.
override with_llvm = no

PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

schemadrift--$(EXTVERSION).sql: $(SQL_PARTS)
	cat $^ > $@

# Headers are few; any change rebuilds.
$(OBJS): $(wildcard src/*/*.h) schemadrift.control
