"""`manage.py reconcile`: settle what is open at Stripe."""

import time

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from checkout.reconcile import in_words, reconcile


class Command(BaseCommand):
    help = "Ask Stripe about everything unsettled and repair it; exit 1 if something is left for the next time."
    requires_system_checks: list[str] = []  # it runs often, from cron: warnings would be mailed each time

    def add_arguments(self, parser) -> None:
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--once", action="store_true", help="run once and end (the default)")
        how.add_argument("--every", type=int, metavar="SECONDS", help="run again and again")

    def handle(self, *, every: int | None = None, **options: object) -> None:
        while every:
            self._run(quiet=options["verbosity"] == 0)
            close_old_connections()
            time.sleep(every)
        if not self._run(quiet=options["verbosity"] == 0):
            raise SystemExit(1)

    def _run(self, *, quiet: bool) -> bool:
        """Whether nothing is left. A database that is away for a while does not end the watch."""
        try:
            counts = reconcile(quiet=quiet)
        except DatabaseError as error:
            self.stderr.write(f"the database does not answer: {type(error).__name__}")
            return False
        self.stdout.write(f"reconciled: {in_words(counts)}")
        return not counts["failed"]
