"""Orders with all their ledgers, for tests that read them."""

import itertools

from django.utils import timezone

from checkout.models import Attempt, Hold, Order, OrderLine, OutboxMail, Payment
from checkout.states import AttemptState, Disposition, HoldState, OrderStatus
from products import money
from products.tests.factories import make_item

_numbers = itertools.count(1)


def make_paid_order(*, item=None, quantity: int = 1, currency: str = "USD", unit_amount: int = 1999, **fields) -> Order:
    """An order of one line, paid by a Checkout Session on the test account of its currency. Stock is not touched."""
    number, now = next(_numbers), timezone.now()
    item = item or make_item(price=str(money.to_major(unit_amount, currency)), currency=currency)
    total = unit_amount * quantity
    order = Order.objects.create(
        **{
            "number": f"T{number:05}",
            "status": OrderStatus.PAID,
            "currency": currency,
            "keypair": currency,
            "email": f"buyer{number}@example.com",
            "subtotal": total,
            "total": total,
            "snapshot": {},
            "snapshot_hash": f"hash-{number}",
            "frozen_at": now,
            "paid_at": now,
            **fields,
        }
    )
    OrderLine.objects.create(
        order=order,
        item=item,
        sku=item.sku,
        name=item.title,
        quantity=quantity,
        unit_amount=unit_amount,
        amount=total,
    )
    attempt = Attempt.objects.create(
        order=order,
        state=AttemptState.SUCCEEDED,
        keypair=currency,
        idempotency_key=f"key-{number}",
        params={},
        params_hash="",
        snapshot_hash=order.snapshot_hash,
        amount=order.total,
        stripe_id=f"cs_test_{number}",
        payment_intent_id=f"pi_test_{number}",
        expires_at=now,
    )
    Payment.objects.create(
        payment_intent_id=f"pi_test_{number}",
        order=order,
        attempt=attempt,
        amount=order.total,
        currency=currency,
        keypair=currency,
        livemode=False,
        disposition=Disposition.APPLIED,
        paid_at=now,
    )
    Hold.objects.create(order=order, item=item, quantity=quantity, state=HoldState.CONVERTED)
    OutboxMail.objects.create(order=order, kind="paid", dedupe_key=f"paid-{number}", to=order.email, sent_at=now)
    return order
