"""`manage.py backup FILE`: database and uploads into one file, while the shop sells."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from storefront.backups import archive, saving


class Command(BaseCommand):
    help = "Write the database and the uploads into one file. The shop may go on selling."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a new file, for example shop-2026-01-31.tar.gz")
        parser.add_argument("--without-media", action="store_true", help="leave the uploads out")

    def handle(self, *args: object, file: Path, without_media: bool, verbosity: int, **options: object) -> None:
        if file.exists():
            raise CommandError(f"{file} exists. Give the backup a name of its own.")
        if not file.absolute().parent.is_dir():
            raise CommandError(f"{file.parent} is no folder.")
        try:
            manifest = saving.save(file.absolute(), with_media=not without_media, quiet=verbosity == 0)
        except archive.BackupError as error:
            raise CommandError(str(error)) from None
        files = f"{manifest.uploads} uploads" if manifest.uploads is not None else "no uploads"
        size = file.stat().st_size / 1024 / 1024
        rows = sum(manifest.rows.values())
        self.stdout.write(f"{file}: {rows} rows in {len(manifest.rows)} tables, {files}, {size:.1f} MB")
        self.stdout.write("It holds orders and mail addresses: keep it where only you can read it.")
