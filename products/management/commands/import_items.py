"""`manage.py import_items FILE`: items created and updated by their SKU, all or nothing."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from products.importing import Report, import_file

WIDTHS = (6, 12, 24)


class Command(BaseCommand):
    help = (
        "Imports items from a CSV, XLSX or JSON file with the columns sku, name, description, price, currency, stock,"
        " category, image, variant, tags. New items are drafts and changes wait in a draft, unless --publish is given."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--publish", action="store_true", help="publish what is imported")
        parser.add_argument("--dry-run", action="store_true", help="check everything, change nothing")
        parser.add_argument("--skip-bad", action="store_true", help="leave bad rows out instead of refusing all")

    def handle(self, *args, **options) -> None:
        path = Path(options["file"])
        try:
            data = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
        bars: list[tqdm] = []

        def begin(phase: str, total: int):
            for bar in bars:
                bar.close()
            bars.append(tqdm(total=total, desc=phase, unit="item", disable=options["verbosity"] == 0))
            return bars[-1].update

        report = import_file(
            data,
            publish=options["publish"],
            dry_run=options["dry_run"],
            skip_bad=options["skip_bad"],
            source=path.name,
            begin=begin,
        )
        for bar in bars:
            bar.close()
        self._tell(report, options)

    def _tell(self, report: Report, options: dict) -> None:
        if report.problems:
            self.stdout.write(f"{'line':>{WIDTHS[0]}}  {'column':<{WIDTHS[1]}}{'value':<{WIDTHS[2]}}what to do")
        for one in report.problems:
            value = one.value if len(one.value) < WIDTHS[2] else f"{one.value[: WIDTHS[2] - 2]}…"
            value = " ".join(value.split())
            self.stdout.write(f"{one.line:>{WIDTHS[0]}}  {one.column:<{WIDTHS[1]}}{value:<{WIDTHS[2]}}{one.message}")
        done = (
            f"{report.rows} rows: {report.created} items new, {report.updated} changed, {report.unchanged} left alone"
        )
        if report.written:
            self.stdout.write(
                self.style.SUCCESS(
                    f"{done}, {report.counted} counts changed, {len(report.categories)} categories made."
                )
            )
            return
        if options["dry_run"] and not report.problems:
            self.stdout.write(self.style.SUCCESS(f"{done}. Nothing was changed; this was a dry run."))
            return
        mistakes = f"{len(report.problems)} mistake{'' if len(report.problems) == 1 else 's'}"
        raise CommandError(f"{mistakes}. Nothing was changed." if report.problems else "Nothing to import.")
