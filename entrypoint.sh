#!/bin/sh
# Prepare the shop, then become the server (exec: the server gets the host's signals).
# Free hosts have no release phase and no shell, so the first migration, admin and demo shop happen here.
set -eu
cd "$(dirname "$0")"
if [ "${1:-}" = gunicorn ]; then
  # In the background, because a shell that waits for a command in front hears no signal: a stopped start stops.
  python manage.py boot &
  boot=$!
  trap 'kill "$boot" 2>/dev/null; exit 143' TERM INT
  wait "$boot"
  trap - TERM INT
fi
exec "$@"
