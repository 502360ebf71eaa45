"""The way to an open attempt, whatever the order is in the middle of."""

from django.utils import timezone

from products.prepared import Prepared

from .. import close
from ..models import Attempt, Order
from ..refusals import busy, not_found, order_closed
from ..states import LIVE_ATTEMPT, AttemptKind, AttemptState, OrderStatus
from . import freezing
from .asking import WAITING, TermsGone, open_at_stripe

LOOKS = 4  # the order may change between look and lock, and another kind of payment is shut first; then look again


def attempt_for(order_token: str, kind: AttemptKind, known: Order | None = None) -> Attempt | None:
    """The order's open attempt of that kind, made now or found. None: there was nothing to pay, and it is paid.

    At most one payment is under way: one of the other kind is shut at Stripe first. `known`: the order as it was read
    a moment ago, or a new one with its lines, which are stored here. Raises Refused.
    """
    order = known or Order.objects.filter(token=order_token).first()
    if order is None:
        raise not_found()
    for look in range(LOOKS):
        # of a draft nothing is believed that is not read again under its lock
        if look or (known is not None and order.status != OrderStatus.DRAFT):
            order.refresh_from_db()
        if order.status not in (OrderStatus.DRAFT, OrderStatus.PENDING):
            raise order_closed()
        try:
            attempt = _step(order, kind)
        except TermsGone:
            continue
        if attempt is not None:
            return attempt
        if Order.objects.filter(pk=order.pk, status=OrderStatus.PAID, total=0).exists():
            return None
    raise busy()


def _step(order: Order, kind: AttemptKind) -> Attempt | None:
    """One look: the open attempt, or None after something that stood in its way was dealt with."""
    live = live_attempt(order) if order.pk else None
    if order.status == OrderStatus.DRAFT and live is not None and live.kind == AttemptKind.SESSION:
        return None  # frozen between the two looks: a draft has no session
    if live is not None and _is_in_the_way(live, order, kind):
        _shut(live)
        return None
    if order.status == OrderStatus.PENDING:
        if live is None:
            raise order_closed()
        return _opened(live)
    attempt = freezing.begin(order, kind, live)
    return _opened(attempt) if attempt is not None else None


def live_attempt(order: Order) -> Attempt | None:
    """The payment under way; of a draft, the intent that waits for the order's new total."""
    found = _live.objects(Attempt, order=order.pk)
    if not found:
        return None
    found[0].order = order
    return found[0]


_live = Prepared(
    lambda order: Attempt.objects.filter(order_id=order, state__in=LIVE_ATTEMPT).order_by("pk")[:1], order=int
)


def _is_in_the_way(live: Attempt, order: Order, kind: AttemptKind) -> bool:
    if live.state == AttemptState.PROCESSING:
        raise order_closed()  # a delayed payment is on its way
    if order.status == OrderStatus.PENDING:
        return live.kind != kind or (live.state == AttemptState.OPEN and live.expires_at <= timezone.now())
    return not freezing.can_follow(live, order, kind)


def _shut(live: Attempt) -> None:
    """Raises Refused: 503 while Stripe does not answer, 409 when the order's time is over with it."""
    if live.state in WAITING and live.stripe_id is None:
        live = open_at_stripe(live)
    late = live.expires_at <= timezone.now()
    close.close_attempt(live.pk, then=OrderStatus.EXPIRED if late else OrderStatus.DRAFT)


def _opened(attempt: Attempt) -> Attempt:
    if attempt.state in WAITING:
        attempt = open_at_stripe(attempt)
    if attempt.state in WAITING:  # changed again while Stripe was asked
        raise busy()
    if attempt.state != AttemptState.OPEN:
        raise order_closed()
    return attempt
