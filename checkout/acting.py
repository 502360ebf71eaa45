"""What staff do to an order, apart from refunding it. Money and status move only through the procedures."""

from django.utils import timezone

from . import close, downloads, locks, mails
from .models import Attempt, Order, OutboxMail
from .reconcile import check_order, finish_opening
from .refusals import Refused
from .start import WAITING
from .states import LIVE_ATTEMPT, AttemptState, OrderStatus

__all__ = ["cancel", "check_order", "resend", "send_downloads", "ship"]


def cancel(order: Order) -> None:
    """Shut the payment page for good; stock and discounts are free again on Stripe's word. Raises Refused."""
    if order.status == OrderStatus.PAID:
        raise Refused("order_closed", "The order is paid. Refund it instead.", 409)
    if order.status != OrderStatus.PENDING:
        raise Refused("order_closed", "Only an order that waits for its payment can be cancelled.", 409)
    attempt = order.attempts.filter(state__in=LIVE_ATTEMPT).first()
    if attempt is None:
        close.give_up(order.pk)
    else:
        _shut(attempt)
    order.refresh_from_db()
    if order.status == OrderStatus.PAID:
        raise Refused("order_closed", "It was paid a moment ago. Refund it instead.", 409)


def _shut(attempt: Attempt) -> None:
    if attempt.state == AttemptState.PROCESSING:
        raise Refused("order_closed", "The buyer's payment is on its way and cannot be stopped. Refund it later.", 409)
    if attempt.state in WAITING and attempt.stripe_id is None:
        finish_opening(attempt)
        attempt.refresh_from_db()
    if attempt.state in LIVE_ATTEMPT:
        close.close_attempt(attempt.pk, then=OrderStatus.CANCELLED)


@locks.retried
def ship(order_id: int, tracking: str) -> None:
    """The parcel is on its way, and the buyer is told once. Again: only the text changes. Raises Refused."""
    with locks.transaction():
        order = locks.lock_order(order_id)
        if order.status != OrderStatus.PAID:
            raise Refused("order_closed", "Only a paid order is shipped.", 409)
        Order.objects.filter(pk=order.pk).update(shipped_at=order.shipped_at or timezone.now(), tracking=tracking)
        if order.email:
            OutboxMail.objects.get_or_create(
                dedupe_key=f"shipped:{order.pk}", defaults={"order": order, "kind": "shipped", "to": order.email}
            )
    mails.send_outbox()


def resend(mail_id: int) -> None:
    """The same mail once more: its row goes out again, so that there is still one of a kind."""
    OutboxMail.objects.filter(pk=mail_id).update(sent_at=None, attempts=0, error="", next_try=timezone.now())
    mails.send_outbox()


def send_downloads(order: Order, *, newest: bool) -> int:
    """Staff send new links at once; `newest`: also to what its items offer by now. How many files. Raises Refused."""
    if order.status != OrderStatus.PAID:
        raise Refused("order_closed", "Only a paid order has downloads.", 409)
    if newest:
        downloads.give(order)
    found = downloads.of_order(order)
    if found is None:
        raise Refused("no_downloads", "Nothing was given to this order yet. Tick the box to give what there is.", 409)
    if found.withheld:
        raise Refused("no_downloads", "The money was given back, and with it what could be downloaded.", 409)
    downloads.extend(order)
    if downloads.tell(order, f"staff:{timezone.now().timestamp()}"):
        mails.send_outbox()
    return len(found.files)
