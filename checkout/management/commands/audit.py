"""`manage.py audit`: does the money add up?"""

import json

from django.core.management.base import BaseCommand

from checkout.audit import audit


class Command(BaseCommand):
    help = "Check the invariants I1-I10 against database and Stripe; JSON on standard output, exit 1 on a breach."
    requires_system_checks: list[str] = []  # it runs often, from cron: warnings would be mailed each time

    def handle(self, **options: object) -> None:
        found = audit()
        self.stdout.write(json.dumps(found, indent=2, ensure_ascii=False))
        if not found["ok"]:
            raise SystemExit(1)
