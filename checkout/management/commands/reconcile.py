"""`manage.py reconcile`: settle what is open at Stripe."""

import time

from django.core.management.base import BaseCommand

from checkout.reconcile import in_words, reconcile


class Command(BaseCommand):
    help = "Ask Stripe about everything unsettled and repair it; exit 1 if something is left for the next time."
    requires_system_checks: list[str] = []  # it runs often, from cron: warnings would be mailed each time

    def add_arguments(self, parser) -> None:
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--once", action="store_true", help="run once and end (the default)")
        how.add_argument("--every", type=int, metavar="SECONDS", help="run again and again")

    def handle(self, *, every: int | None = None, **options: object) -> None:
        while True:
            counts = reconcile(quiet=options["verbosity"] == 0)
            self.stdout.write(f"reconciled: {in_words(counts)}")
            if not every:
                break
            time.sleep(every)
        if counts["failed"]:
            raise SystemExit(1)
