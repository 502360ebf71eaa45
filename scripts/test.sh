#!/bin/sh
# Linters, then the suite on SQLite, then again on PostgreSQL where a server answers. The end says what was left out.
#   TEST_POSTGRESQL_URL  a server on which databases may be made (postgres://postgres@127.0.0.1:5432/storefront)
#   CHROMIUM             the browser's file, if it is not on the PATH
#   TEST_WORKERS         processes (by default two for each core, at most 8: much of the suite is waiting)
#   TEST_REQUIRE_ALL=1   leaving anything out is a failure
#   TEST_ARGS            more arguments for pytest
set -eu
cd "$(dirname "$0")/.."
url=${TEST_POSTGRESQL_URL:-postgres://postgres@127.0.0.1:5432/storefront}
skipped=""
workers=${TEST_WORKERS:-$("$BIN/python" -c 'import os; print(min(8, 2 * (os.cpu_count() or 1)))')}
set -- -n "$workers" --dist loadgroup
[ -z "${TEST_REQUIRE_ALL:-}" ] || set -- "$@" --require-all
[ -z "${CHROMIUM:-}" ] || set -- "$@" --chromium "$CHROMIUM"

sh scripts/lint.sh

echo "→ the suite on SQLite"
# shellcheck disable=SC2086
env -u DATABASE_URL "$BIN/python" -m pytest "$@" ${TEST_ARGS:-}

if "$BIN/python" -c 'import psycopg, sys; psycopg.connect(sys.argv[1].rsplit("/", 1)[0] + "/postgres", connect_timeout=3)' \
  "$url" 2>/dev/null; then
  echo "→ the suite on PostgreSQL"
  # Pages look the same on either database: the browser's tests ran above.
  # shellcheck disable=SC2086
  DATABASE_URL=$url "$BIN/python" -m pytest "$@" -m "not browser" ${TEST_ARGS:-}
else
  skipped="the suite on PostgreSQL (no server answers at TEST_POSTGRESQL_URL, by default 127.0.0.1:5432)"
fi

if [ -z "${CHROMIUM:-}" ] && ! { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null 2>&1; then
  skipped="$skipped${skipped:+; }the browser's tests (no Chromium on the PATH, none named by CHROMIUM)"
fi
if [ -z "$skipped" ]; then
  echo "✓ all passed, nothing left out"
else
  echo "✓ all that ran passed. Left out: $skipped"
  [ -z "${TEST_REQUIRE_ALL:-}" ] || { echo "✗ TEST_REQUIRE_ALL allows nothing to be left out"; exit 1; }
fi
