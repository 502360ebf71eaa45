"""An attempt is over without money: on Stripe's word alone are stock and discounts given back."""

from typing import Any

from django.utils import timezone

from .. import holds, locks, redemptions
from ..models import Attempt, Order
from ..states import LIVE_ATTEMPT, AttemptState, OrderStatus, check_move
from .matching import mark_done


@locks.retried
def release(attempt_id: int, state: AttemptState, *, then: OrderStatus, event_id: int | None = None) -> None:
    """The attempt is over: its order, if it was waiting for this attempt, lets go of stock and discounts.

    The order becomes `then`, unless somebody asked for the end before and said what it is to become.
    """
    with locks.transaction():
        order = locks.lock_order(Attempt.objects.values_list("order_id", flat=True).get(pk=attempt_id))
        attempt = locks.lock_attempt(attempt_id)
        if attempt.state in LIVE_ATTEMPT:
            check_move(AttemptState, attempt.state, state)
            Attempt.objects.filter(pk=attempt.pk).update(state=state, updated=timezone.now())
            if order.status == OrderStatus.PENDING:
                let_go(order, OrderStatus(attempt.close_as or then))
        mark_done(event_id)


def let_go(order: Order, then: OrderStatus) -> None:
    """The locked order, in the caller's transaction."""
    check_move(OrderStatus, order.status, then)
    holds.release(order)
    redemptions.release(order)
    fields: dict[str, Any] = {"status": then, "closed_at": None if then == OrderStatus.DRAFT else timezone.now()}
    if then == OrderStatus.DRAFT:
        fields |= {"snapshot": None, "snapshot_hash": "", "rounding": 0, "frozen_at": None}
    Order.objects.filter(pk=order.pk).update(**fields)
    order.status = then
