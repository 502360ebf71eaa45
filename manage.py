#!/usr/bin/env python
"""The project's command line: `python manage.py help` lists what it can do."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
# The standard library owns the module name `site`, so our `site/` is a plain folder on the path
# and the Django project is the package `storefront` inside it.
sys.path[:0] = [str(ROOT), str(ROOT / "site")]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
