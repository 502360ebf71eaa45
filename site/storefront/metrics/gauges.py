"""What is true of the shop now, the same whichever worker is asked."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Count, Min, QuerySet, Sum
from django.utils import timezone

from checkout.models import Attempt, Beat, Incident, Order, OutboxMail, Payment, StripeEvent
from checkout.states import LIVE_ATTEMPT, AttemptState, Disposition, EventState, OrderStatus

Sample = tuple[dict[str, str], float]


def lines() -> Iterator[str]:
    """In Prometheus' text format."""
    now = timezone.now()
    yield from _gauge("orders", "Orders by status.", _counted(Order.objects, "status", OrderStatus.values))
    by_disposition = _counted(Payment.objects, "disposition", Disposition.values)
    yield from _gauge("payments", "Payments by what became of them.", by_disposition)
    yield from _gauge("captured_minor_units", "Money captured and applied, in minor units.", _captured())
    live = Attempt.objects.filter(state__in=LIVE_ATTEMPT)
    yield from _gauge("attempts", "Payments under way.", _counted(live, "state", LIVE_ATTEMPT))
    unknown = live.filter(state__in=[AttemptState.CREATING, AttemptState.UNKNOWN])
    yield from _queue("attempts_unknown", "Attempts of which nobody knows whether Stripe has them.", unknown, now)
    events = StripeEvent.objects.filter(state__in=[EventState.NEW, EventState.UNMATCHED])
    yield from _queue("stripe_events_waiting", "Events stored and not acted on.", events, now, "received")
    yield from _queue("mails_waiting", "Mails not sent.", OutboxMail.objects.filter(sent_at=None), now)
    yield from _gauge("incidents_open", "What a person must look at.", _incidents())
    beats = [({"job": beat.name}, (now - beat.at).total_seconds()) for beat in Beat.objects.order_by("name")]
    yield from _gauge("job_age_seconds", "Since a periodic job last ended well.", beats)


def _queue(name: str, help_text: str, rows: QuerySet, now: datetime, since: str = "created") -> Iterator[str]:
    """How many wait, and for how long the oldest has."""
    found = rows.aggregate(count=Count("pk"), oldest=Min(since))
    age = max(0.0, (now - found["oldest"]).total_seconds()) if found["oldest"] else 0.0
    yield from _gauge(name, help_text, [({}, found["count"])])
    yield from _gauge(f"{name}_oldest_seconds", "Age of the oldest of them.", [({}, age)])


def _incidents() -> list[Sample]:
    rows = Incident.objects.filter(closed_at=None).order_by().values("kind").annotate(n=Count("pk"))
    return [({"kind": row["kind"]}, row["n"]) for row in rows] or [({"kind": "any"}, 0)]


def _gauge(name: str, help_text: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# HELP storefront_{name} {help_text}"
    yield f"# TYPE storefront_{name} gauge"
    for labels, value in samples:
        inside = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
        yield f"storefront_{name}{{{inside}}} {value:g}" if inside else f"storefront_{name} {value:g}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _counted(rows, column: str, values: Iterable[str]) -> list[Sample]:
    """A sample for every value, those without rows too: a series that appears late looks like a jump."""
    found = dict(rows.order_by().values_list(column).annotate(Count("pk")))
    return [({column: str(value)}, found.get(value, 0)) for value in values]


def _captured() -> list[Sample]:
    rows = Payment.objects.filter(disposition=Disposition.APPLIED).order_by()
    return [({"currency": row["currency"]}, row["sum"]) for row in rows.values("currency").annotate(sum=Sum("amount"))]
