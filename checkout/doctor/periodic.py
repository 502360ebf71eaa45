"""What must happen by itself: ticks, mails, a person's look at incidents."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from ..models import Beat, Incident, OutboxMail
from .finding import GREEN, RED, YELLOW, Finding

STALE = timedelta(hours=1)


def scheduler() -> Iterator[Finding]:
    beat = Beat.objects.filter(name="tick").first() or Beat.objects.filter(name="reconcile").first()
    if beat is None or timezone.now() - beat.at > STALE:
        since = f"last ran at {beat.at:%Y-%m-%d %H:%M} UTC" if beat else "never ran"
        how = "let a cron job run `manage.py tick` every five minutes, or call /tick/ (docs/operations.md)"
        level = RED if settings.STRIPE_LIVE else YELLOW
        yield Finding(level, "scheduler", f"periodic work {since}: {how}")
    else:
        yield Finding(GREEN, "scheduler", f"periodic work ran at {beat.at:%H:%M} UTC")


def outbox() -> Iterator[Finding]:
    unsent = OutboxMail.objects.filter(sent_at=None, created__lt=timezone.now() - STALE)
    count = unsent.count()
    if count:
        last = unsent.exclude(error="").order_by("-created").values_list("error", flat=True).first() or "no error noted"
        reason = last.split(":")[0]
        text = f"{count} mails wait for more than an hour ({reason}): check EMAIL_URL, then run `manage.py send_outbox`"
        yield Finding(RED, "outbox", text)


def incidents() -> Iterator[Finding]:
    count = Incident.objects.filter(closed_at=None).count()
    if count:
        yield Finding(YELLOW, "incidents", f"{count} open: look at them in the admin, act, close them")
