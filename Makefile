# schemadrift: PGXS build.  `make demo` and `make test` install what they need
# (Debian, as root), never touch the system's PostgreSQL and leave nothing
# behind; a plain `make && make install` builds for the server of PG_CONFIG.
MODULE_big = schemadrift
EXTENSION = schemadrift
EXTVERSION = $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" schemadrift.control)

SOURCES = $(sort $(wildcard src/*.c src/*/*.c))
OBJS = $(SOURCES:.c=.o)
PAGE_PARTS = src/compare/report_css.inc src/compare/report_js.inc
SQL_PARTS = $(sort $(wildcard src/sql/*.sql))
DATA_built = schemadrift--$(EXTVERSION).sql

# Passed on to the tests only where somebody chose a server.
CHOSEN_PG_CONFIG := $(if $(filter undefined file default,$(origin PG_CONFIG)),,$(PG_CONFIG))
PG_CONFIG ?= pg_config
PG_CPPFLAGS = -I$(srcdir)/src -I$(shell $(PG_CONFIG) --includedir) -DSD_VERSION='"$(EXTVERSION)"'
PG_CFLAGS = -Wall -Wextra -Werror -Wno-unused-parameter -Wno-sign-compare -Wno-missing-field-initializers -Wno-clobbered
SHLIB_LINK = -lcurl -lpq
# Where the server has OpenSSL and its headers are here, digests go to it directly (src/base/digest.c).
ifneq ($(findstring ssl,$(shell $(PG_CONFIG) --configure 2>/dev/null)),)
ifneq ($(shell echo '\#include <openssl/evp.h>' | $(CC) -E - >/dev/null 2>&1 && echo found),)
PG_CPPFLAGS += -DSD_OPENSSL
SHLIB_LINK += -lcrypto
endif
endif
EXTRA_CLEAN = schemadrift--*.sql build.log $(PAGE_PARTS)

# JIT bitcode would need the very clang that the server was built with.
override with_llvm = no

# The targets below work before PostgreSQL is installed.
PGXS := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)
ifneq ($(wildcard $(PGXS)),)
include $(PGXS)
else
.PHONY: all install clean
all install:
	@echo "$(PG_CONFIG) knows no PGXS: install postgresql-server-dev-NN or set PG_CONFIG" >&2; exit 1
clean:
	rm -f $(OBJS) schemadrift.so $(EXTRA_CLEAN)
endif

schemadrift--$(EXTVERSION).sql: $(SQL_PARTS)
	cat $^ > $@

# Style and script of the HTML report as C strings, line by line.
$(PAGE_PARTS): src/compare/report_%.inc: src/compare/report.%
	sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/.*/"&\\n"/' $< > $@
src/compare/render_html.o: $(PAGE_PARTS)

# Headers are few; any change rebuilds.
$(OBJS): $(wildcard src/*/*.h) schemadrift.control

# -- tests ---------------------------------------------------------------------
# make test TESTS='check_floors sql/tables t/000_standin' runs only these.
PRIVATE = PG_CONFIG='$(CHOSEN_PG_CONFIG)' SD_ARGUMENTS='$(TESTS)' test/private

.PHONY: test checks demo bench faults closure roundtrip coverage statements regression majors matrix
test:
	@$(PRIVATE) test/run

checks:
	@for check in test/check_*; do $$check && echo "ok - $$check" || exit 1; done

demo:
	@$(PRIVATE) test/demo

# Each program of test/bench prints its figures and says how it measures;
# make bench TESTS=bench_latency RUNS=20.  Real schemas come from SHARED.
bench:
	@SHARED='$(SHARED)' SD_RUNS='$(RUNS)' $(PRIVATE) test/bench/run

# make faults TESTS=1000 takes processes down that many times (default 100).
faults:
	@$(PRIVATE) test/faults/run

# Plans, fingerprints and finding, measured on schemas below SHARED; coverage
# needs none.  make closure TESTS='TOOL TOOL/CASE', make roundtrip TESTS='NAME'.
# make statements prints who saw each of a list of statements and what was found, also without SHARED.
# make regression does the same with the objects that PostgreSQL's own regression suite leaves behind.
SHARED = ../shared
closure roundtrip coverage statements regression:
	@SHARED='$(SHARED)' SD_JOBS='$(SD_JOBS)' SD_VERBOSE='$(SD_VERBOSE)' SD_EXCHANGE='$(SD_EXCHANGE)' \
		$(PRIVATE) test/closure/run $@

# The same schemas through 15, 17 and 18 by dump and restore: same fingerprint,
# plans exact.  Takes what matrix takes; make majors TESTS='NAME'.
majors:
	@SD_SHARED='$(abspath $(SHARED))' SD_TARGETS=roundtrip SD_ARGUMENTS='$(TESTS)' SD_SHOW_LINES=1000 \
		test/matrix $(or $(SUITES),bookworm trixie sid)

# Demo, tests and the table of statements on fresh systems; make matrix SUITES="bookworm sid"
matrix:
	@SD_SHARED='$(wildcard $(abspath $(SHARED)))' test/matrix $(SUITES)
