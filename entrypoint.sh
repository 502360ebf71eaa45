#!/bin/sh
# Prepare the shop, then become the server (exec: the server gets the host's signals).
# Free hosts have no release phase and no shell, so the first migration, admin and demo shop happen here.
set -eu
cd "$(dirname "$0")"
if [ "${1:-}" = gunicorn ]; then
  python manage.py boot
fi
exec "$@"
