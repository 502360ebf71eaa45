"""What the shop knows about people, and how it forgets: orders, money and stock stay, whose they were does not.

An order keeps its buyer's mail address and where it was sent; cards never come here. Who waits for stock leaves an
address too (checkout/alerts.py). What Stripe sent (events,
parameters) holds such things for a while, and is emptied here too. Stripe's own copy is deleted at Stripe.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from wagtail.models import ModelLogEntry

from . import alerts
from .models import Attempt, Hold, Order, OutboxMail, StripeEvent
from .states import LIVE_ATTEMPT, EventState, OrderStatus

FINAL = (EventState.DONE, EventState.IGNORED)
# Stripe itself can list events for as long; later nobody compares them.
EVENT_BODIES = timedelta(days=30)
ABANDONED = timedelta(days=90)
PORTION = 500
PARAMETERS = ("customer_email", "receipt_email", "shipping")
EMPTY = "{}"


class StillOpen(Exception):
    """The order is being paid: its mail address is needed until that has ended."""


def erase(orders: QuerySet[Order]) -> int:
    """Forget whose these orders were; how many. Raises StillOpen, having done nothing."""
    wanted = list(orders.order_by("pk").values_list("pk", flat=True))
    being_paid = Order.objects.filter(pk__in=wanted).filter(
        Q(status=OrderStatus.PENDING) | Q(attempts__state__in=LIVE_ATTEMPT)
    )
    if one := being_paid.first():
        raise StillOpen(str(one))
    for begin in range(0, len(wanted), PORTION):
        _erase(wanted[begin : begin + PORTION])
    return len(wanted)


@transaction.atomic
def _erase(order_ids: list[int]) -> None:
    Order.objects.filter(pk__in=order_ids).update(
        email="", visitor="", tracking="", buyer_note="", shipping_address=None
    )
    mails = OutboxMail.objects.filter(order__in=order_ids)
    mails.filter(sent_at=None).update(sent_at=timezone.now(), to="", error="Forgotten before it could be sent.")
    mails.exclude(to="").update(to="", error="")
    for attempt in Attempt.objects.filter(order__in=order_ids).only("pk", "params", "stripe_id", "payment_intent_id"):
        kept = {name: value for name, value in attempt.params.items() if name not in PARAMETERS}
        Attempt.objects.filter(pk=attempt.pk).update(params=kept, url="", client_secret="")
        _empty_events(attempt.stripe_id, attempt.payment_intent_id)
    notes = ModelLogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Order))
    for entry in notes.filter(object_id__in=[str(pk) for pk in order_ids]):
        if "note" in entry.data:
            ModelLogEntry.objects.filter(pk=entry.pk).update(data={**entry.data, "note": ""})


def _empty_events(*names: str | None) -> None:
    """Events that name one of these objects of Stripe's. Older ones are empty already."""
    recent = StripeEvent.objects.filter(state__in=FINAL, received__gte=timezone.now() - EVENT_BODIES)
    for name in filter(None, names):
        recent.filter(body__contains=f'"{name}"').update(body=EMPTY)


def named(*, email: str = "", number: str = "") -> QuerySet[Order]:
    """A person's orders by mail address, or one order by its number."""
    orders = Order.objects.exclude(status=OrderStatus.DRAFT)
    return orders.filter(email__iexact=email) if email else orders.filter(number=number)


def forget_by_age(days: int | None) -> dict[str, int]:
    """What is done periodically. `days`: how long buyers are remembered after an order ended; None: for ever."""
    done = {
        "events emptied": _empty_old_events(),
        "baskets dropped": _drop_abandoned(),
        "stock alerts dropped": alerts.tidy(),
    }
    if days is not None:
        before = timezone.now() - timedelta(days=days)
        ended = Q(paid_at__lt=before) | Q(paid_at=None, closed_at__lt=before)
        orders = Order.objects.filter(ended).exclude(email="", visitor="").exclude(status=OrderStatus.PENDING)
        done["orders forgotten"] = erase(orders.exclude(attempts__state__in=LIVE_ATTEMPT))
    return done


def _empty_old_events() -> int:
    old = StripeEvent.objects.filter(state__in=FINAL, received__lt=timezone.now() - EVENT_BODIES)
    return old.exclude(body=EMPTY).update(body=EMPTY)


def _drop_abandoned() -> int:
    """Baskets that nobody came back to and that never came near a payment."""
    old = Order.objects.filter(status=OrderStatus.DRAFT, created__lt=timezone.now() - ABANDONED)
    untouched = old.filter(attempts=None, payments=None, mails=None).exclude(pk__in=Hold.objects.values("order"))
    chosen = list(untouched.filter(redemptions=None).values_list("pk", flat=True)[:PORTION])
    return _deleted(chosen)


def _deleted(order_ids: Iterable[int]) -> int:
    return Order.objects.filter(pk__in=order_ids).delete()[1].get("checkout.Order", 0)
