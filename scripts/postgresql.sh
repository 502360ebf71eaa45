#!/bin/sh
# A PostgreSQL cluster of one's own, to be restarted and thrown away.
#   postgresql.sh start FOLDER PORT | restart FOLDER | remove FOLDER
# Durable as in production: fsync and full-page writes are on.
set -eu
action=$1 folder=$2
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || bin=$(dirname "$(command -v pg_ctl)")

# PostgreSQL refuses to run as root.
as_owner() {
  if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi
}

case $action in
  start)
    mkdir -p "$folder"
    [ "$(id -u)" != 0 ] || chown postgres "$folder"
    as_owner "$bin/initdb" -D "$folder/data" -U postgres -A trust >"$folder/initdb.log"
    as_owner "$bin/pg_ctl" -D "$folder/data" -l "$folder/server.log" -w -o "-p $3 -k $folder -c listen_addresses=127.0.0.1" start >/dev/null
    ;;
  restart) as_owner "$bin/pg_ctl" -D "$folder/data" -l "$folder/server.log" -w -m immediate restart >/dev/null ;;
  remove)
    as_owner "$bin/pg_ctl" -D "$folder/data" -w -m immediate stop >/dev/null || true
    rm -rf "$folder"
    ;;
esac
