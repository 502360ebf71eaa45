"""`manage.py export_orders`: every line of every order as CSV, JSON or XLSX, however many there are."""

from datetime import UTC, datetime

from django.core.management.base import BaseCommand, CommandError

from checkout import exporting
from checkout.states import OrderStatus
from products import sheets
from products.management.output import opened


class Command(BaseCommand):
    help = "Writes orders, one row for each line, to standard output or a file. Currencies are never added up."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--format", choices=sheets.FORMATS, default="csv")
        parser.add_argument("--since", metavar="YYYY-MM-DD", help="only orders begun on or after that day (UTC)")
        parser.add_argument("--status", choices=OrderStatus.values, default="")
        parser.add_argument("--output", metavar="FILE", help="write there instead of to standard output")

    def handle(self, *args, **options) -> None:
        chosen = exporting.orders(since=_day(options["since"]), status=options["status"])
        with opened(options["output"], self.stdout) as out:
            sheets.write(options["format"], exporting.rows(chosen), exporting.COLUMNS, out)


def _day(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--since {text}: write a day like 2026-01-31.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
