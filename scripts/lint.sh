#!/bin/sh
# Every linter, the type checker, and whether a model changed without its migration.
set -eu
cd "$(dirname "$0")/.."
echo "→ ruff";  "$BIN/ruff" check --quiet .; "$BIN/ruff" format --quiet --check .
echo "→ mypy";  PYTHONPATH=.:site DJANGO_SETTINGS_MODULE=storefront.settings.test "$BIN/mypy" --no-error-summary site products checkout
echo "→ djlint"; "$BIN/djlint" templates --lint --quiet
echo "→ makemigrations --check"
SECRET_KEY=lint DATABASE_URL=sqlite://:memory: "$BIN/python" manage.py makemigrations --check --dry-run --verbosity 0
