"""`manage.py tick`: all periodic work, for hosts with a single cron. `/tick/` does the same."""

from django.core.management.base import BaseCommand

from storefront import periodic
from storefront.alone import Busy


class Command(BaseCommand):
    help = "Do all periodic work once: payments, mail, scheduled publishing, cleaning. Exit 1 if a part failed."
    requires_system_checks: list[str] = []

    def handle(self, **options: object) -> None:
        try:
            well = periodic.tick(self.stdout.write)
        except Busy:
            self.stdout.write("another tick is at work")
            return
        if not well:
            raise SystemExit(1)
