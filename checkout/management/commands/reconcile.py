"""`manage.py reconcile`: settle what is open at Stripe."""

import time

from django.core.management.base import BaseCommand

from checkout.reconcile import reconcile


class Command(BaseCommand):
    help = "Ask Stripe about everything unsettled and repair it."

    def add_arguments(self, parser) -> None:
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--once", action="store_true", help="run once and end (the default)")
        how.add_argument("--every", type=int, metavar="SECONDS", help="run again and again")

    def handle(self, *, every: int | None = None, **options: object) -> None:
        while True:
            counts = reconcile()
            self.stdout.write("reconciled: " + ", ".join(f"{count} {name}" for name, count in counts.items()))
            if not every:
                return
            time.sleep(every)
