"""A Payment Intent: the buyer pays on the shop's own page. One intent for an order, which follows its changes."""

import logging
from dataclasses import dataclass

from .. import close
from ..gateway.accounts import account_for
from ..models import Attempt, Order
from ..refusals import Refused
from ..states import AttemptKind, AttemptState, OrderStatus
from .driving import attempt_for, live_attempt

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StartedIntent:
    """What the page's script needs. Without an intent nothing is to be paid and the order is paid already."""

    order_id: str
    payment_intent_id: str | None
    client_secret: str | None
    publishable_key: str
    amount: int
    currency: str


def start_intent(order_token: str, known: Order | None = None) -> StartedIntent:
    """Make the intent of an order, or give the one it has, at the order's present total. Raises Refused."""
    attempt = attempt_for(order_token, AttemptKind.INTENT, known)
    if attempt is None:
        order = Order.objects.get(token=order_token)
        key = account_for(order.currency).publishable_key
        return StartedIntent(order.token, None, None, key, order.total, order.currency)
    key = account_for(attempt.keypair).publishable_key
    order = attempt.order
    return StartedIntent(order.token, attempt.stripe_id, attempt.client_secret, key, attempt.amount, order.currency)


def follow(order_token: str) -> None:
    """A draft was changed: the intent that it has gets the new amount, before somebody pays the old one.

    Where the order cannot be paid as it is now (empty, sold out, too small), the intent is cancelled instead. The
    change itself stands whatever happens here.
    """
    order = Order.objects.filter(token=order_token, status=OrderStatus.DRAFT).first()
    parked = live_attempt(order) if order is not None else None
    if parked is None:
        return
    try:
        start_intent(order_token)
    except Refused as refused:
        logger.info("the intent of order %s does not follow: %s", parked.order_id, refused.code)
        _give_up(parked)


def _give_up(parked: Attempt) -> None:
    parked.refresh_from_db()
    if parked.state != AttemptState.OPEN or Order.objects.get(pk=parked.order_id).status != OrderStatus.DRAFT:
        return  # Stripe did not answer; asking again will bring it up to date
    try:
        close.close_attempt(parked.pk, then=OrderStatus.DRAFT)
    except Refused:
        logger.warning("the intent of order %s stays open for now: Stripe does not answer", parked.order_id)
