#!/bin/sh
# The live suites at full length, on SQLite and on a PostgreSQL cluster of their own. Begin again anywhere:
#   soak.sh [races|storm|crash|downtime|faults]   that suite alone (all of them by default)
#   SOAK_DATABASES="sqlite postgresql"             one of them, or both
#   SOAK_ROUNDS=20  SOAK_MINUTES=10                rounds and seeds; how long the shop is killed
set -eu
cd "$(dirname "$0")/.."
suite=${1:-}
port=${SOAK_PORT:-55432}
failed=""
folder=""
trap '[ -z "$folder" ] || sh scripts/postgresql.sh remove "$folder"' EXIT
trap 'exit 130' INT TERM

run() { # DATABASE MORE-ARGUMENTS
  name=$1
  shift
  echo "→ ${suite:-all suites} on $name, $(date '+%H:%M'), load $(cut -d' ' -f1-3 /proc/loadavg 2>/dev/null || true)"
  "$BIN/python" -m pytest -n 0 -q -s --soak --soak-rounds "${SOAK_ROUNDS:-20}" --soak-minutes "${SOAK_MINUTES:-10}" \
    "$@" "tests/live${suite:+/test_$suite.py}" || failed="$failed $name"
}

for database in ${SOAK_DATABASES:-sqlite postgresql}; do
  if [ "$database" = sqlite ]; then
    [ "$suite" = races ] && { echo "→ races need PostgreSQL: SQLite has one writer at a time"; continue; }
    unset DATABASE_URL
    run SQLite
  else
    folder=$(mktemp -d /tmp/storefront-soak-XXXXXX)
    sh scripts/postgresql.sh start "$folder" "$port"
    export DATABASE_URL="postgres://postgres@127.0.0.1:$port/storefront"
    run PostgreSQL --postgresql-cluster "$folder"
    sh scripts/postgresql.sh remove "$folder"
    folder=""
  fi
done
[ -z "$failed" ] || { echo "✗ failed on:$failed"; exit 1; }
echo "✓ ${suite:-all suites}: nothing lost, nothing charged twice, nothing sold twice"
