"""`manage.py tick`: all periodic work, for hosts with a single cron."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from checkout import mails
from checkout.models import Beat
from checkout.reconcile import reconcile
from checkout.sandbox import housekeeping


class Command(BaseCommand):
    help = "Do all periodic work once: payments, mail, scheduled publishing."

    def handle(self, **options: object) -> None:
        if settings.STRIPE_SANDBOX:
            housekeeping.run()
        counts = reconcile()
        sent = mails.send_outbox()
        call_command("publish_scheduled", verbosity=0)
        Beat.record("tick")
        done = ", ".join(f"{count} {name}" for name, count in counts.items())
        self.stdout.write(f"reconciled: {done}; {sent} mails sent")
