"""`manage.py move_database FILE`: from SQLite to the PostgreSQL database that DATABASE_URL names."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from storefront.backups import archive, moving, restoring


class Command(BaseCommand):
    help = "Fill the PostgreSQL database that DATABASE_URL names from the shop's SQLite file. Stop the shop first."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the SQLite file, for example var/shop.sqlite3")
        parser.add_argument("--replace", action="store_true", help="the database is not empty: lose what it holds")

    def handle(self, *args: object, file: Path, replace: bool, verbosity: int, **options: object) -> None:
        if not replace and not restoring.is_empty():
            raise CommandError("The database is not empty. Take another one, or say --replace to lose what it holds.")
        try:
            moved = moving.move(file, replace=replace, quiet=verbosity == 0)
        except archive.BackupError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{sum(moved.values())} rows in {len(moved)} tables were moved. Now run `manage.py audit`.")
