"""`manage.py demo`: stocks the shop with a small print studio's goods. Safe to run again."""

from django.core.management.base import BaseCommand

from products.demo import loading


class Command(BaseCommand):
    help = "Loads the demo shop; adds only what is missing and leaves editors' changes alone."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--no-warm", action="store_true", help="leave the pictures' smaller sizes to the first visitor"
        )

    def handle(self, *args, **options) -> None:
        quiet = options["verbosity"] == 0
        summary = loading.load(warm_cards=not options["no_warm"], quiet=quiet)
        if not quiet:
            self.stdout.write(self.style.SUCCESS(str(summary)))
