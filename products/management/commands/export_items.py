"""`manage.py export_items`: the catalogue as CSV, JSON or XLSX, in the columns that import_items reads."""

from django.core.management.base import BaseCommand

from products import exporting, sheets
from products.management.output import opened


class Command(BaseCommand):
    help = "Writes items, one row for each item or variant, to standard output or a file."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--format", choices=sheets.FORMATS, default="csv")
        parser.add_argument("--live", action="store_true", help="only what is published")
        parser.add_argument("--output", metavar="FILE", help="write there instead of to standard output")

    def handle(self, *args, **options) -> None:
        with opened(options["output"], self.stdout) as out:
            rows = exporting.rows(exporting.everything(live_only=options["live"]))
            sheets.write(options["format"], rows, exporting.COLUMNS, out)
