#!/bin/sh
# Starts the shop on this machine with settings that suit a first look. What the environment or .env says wins.
#   serve.sh             boot, then gunicorn, as in production (DEBUG off)
#   serve.sh dev         boot, then Django's own server with DEBUG on
#   serve.sh manage …    one management command with the same settings
set -eu
cd "$(dirname "$0")/.."
umask 077
mkdir -p var/mails
umask 022
if [ ! -s var/secret_key ]; then
  (umask 077 && "$BIN/python" -c 'import secrets; print(secrets.token_urlsafe(50))' > var/secret_key)
fi

# default NAME VALUE: the setting's value unless the environment or .env has one.
default() {
  eval "is_set=\${$1+yes}"
  [ -n "$is_set" ] || grep -qsE "^(export +)?$1=" .env || export "$1=$2"
}

default SECRET_KEY "$(cat var/secret_key)"
if [ "${1:-}" = manage ]; then
  shift
  exec "$BIN/python" manage.py "$@"
fi

[ "${1:-}" != dev ] || default DEBUG 1
default DEMO 1
default ADMIN_USERNAME admin
default ADMIN_PASSWORD storefront-demo
default EMAIL_URL "filemail:///$PWD/var/mails"
[ -n "${PORT:-}" ] || PORT=$(sed -n 's/^PORT=//p' .env 2>/dev/null | tail -n 1)
[ -n "${PORT:-}" ] || PORT=8000
export PORT
"$BIN/python" manage.py boot
if [ "${ADMIN_PASSWORD:-}" = storefront-demo ]; then
  echo "Demo login: ${ADMIN_USERNAME:-admin} / storefront-demo (until you change it). Mails are written to var/mails."
fi
if [ "${1:-}" = dev ]; then
  exec "$BIN/python" manage.py runserver "127.0.0.1:$PORT"
fi
# The demo's password is public: only this machine may reach it.
exec "$BIN/gunicorn" -c gunicorn.conf.py --bind "127.0.0.1:$PORT" storefront.wsgi
