"""`manage.py restore FILE`: a backup into the database and uploads that the settings name."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from storefront.backups import archive, restoring


class Command(BaseCommand):
    help = "Put a backup into the (empty) database and uploads that the settings name. Stop the shop first."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="the database is not empty: lose what it holds")
        parser.add_argument("--without-media", action="store_true", help="leave the uploads as they are")

    def handle(self, *args: object, file: Path, replace: bool, without_media: bool, **options: object) -> None:
        try:
            manifest = restoring.restore(file, replace=replace, with_media=not without_media)
        except archive.BackupError as error:
            raise CommandError(str(error)) from None
        restoring.catch_up()
        self.stdout.write(f"Restored: the shop as it was at {manifest.made_at}.")
        self.stdout.write("Now `manage.py boot`, then `manage.py reconcile` (asks Stripe what happened since), then")
        self.stdout.write("`manage.py audit`.")
