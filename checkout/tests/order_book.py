"""Thousands of paid orders in three currencies, priced by the shop's own pricing, written without its procedures."""

import random
from datetime import datetime, timedelta

from checkout import pricing
from checkout.models import Order, Payment, Refund
from checkout.states import Disposition, OrderStatus, Origin, RefundState

CURRENCIES = ("USD", "EUR", "JPY")
ADDED = pricing.TaxTerms(1, "Sales tax", "8.875", inclusive=False, country="US")
CONTAINED = pricing.TaxTerms(2, "VAT", "19", inclusive=True, country="DE")
REDUCED = pricing.TaxTerms(3, "VAT", "5.5", inclusive=True, country="FR")
TAXES = {"USD": [(ADDED,), ()], "EUR": [(CONTAINED,), (REDUCED,)], "JPY": [(CONTAINED,), ()]}
PERCENT = pricing.DiscountTerms(1, "Spring", "SPRING", percent_off="12.5")
STAFF = pricing.DiscountTerms(2, "Staff", percent_off="33")


def write(count: int, *, first: datetime, days: int, seed: int = 7) -> None:
    """`count` orders paid within `days` days from `first`; a tenth is refunded in part."""
    chance = random.Random(seed)  # noqa: S311 - the same book every time
    orders, quotes = [], []
    for number in range(count):
        quote = _quote(chance)
        paid_at = first + timedelta(seconds=chance.randrange(days * 86_400))
        quotes.append(quote)
        orders.append(_order(number, quote, paid_at))
    orders = Order.objects.bulk_create(orders, batch_size=500)
    payments = Payment.objects.bulk_create([payment_of(order) for order in orders], batch_size=500)
    refunded = [payment for payment in payments if payment.amount and chance.random() < 0.1]
    refunds = Refund.objects.bulk_create([_refund(payment, chance) for payment in refunded], batch_size=500)
    for refund in refunds:  # asked for on the day of the payment
        refund.created = refund.payment.paid_at
    Refund.objects.bulk_update(refunds, ["created"], batch_size=500)


def _quote(chance: random.Random) -> pricing.Quote:
    currency = chance.choice(CURRENCIES)
    lines = [
        pricing.Line(
            item_id=number,
            sku=f"S-{number}",
            name=f"Item {number}",
            unit_amount=chance.randint(50, 99_999),
            quantity=chance.randint(1, 4),
            taxes=chance.choice(TAXES[currency]),
        )
        for number in range(chance.randint(1, 5))
    ]
    discounts = chance.choice([(), (), (PERCENT,), (STAFF,), (PERCENT, STAFF)])
    return pricing.quote(currency, lines, discounts, shipping=chance.choice([0, 0, 490]))


def _order(number: int, quote: pricing.Quote, paid_at: datetime) -> Order:
    figures = ("subtotal", "discount", "tax", "tax_inclusive", "shipping", "total")
    return Order(
        number=f"B{number:06}",
        status=OrderStatus.PAID,
        currency=quote.currency,
        keypair=quote.currency,
        snapshot=quote.as_json(),
        snapshot_hash=f"hash-{number}",
        frozen_at=paid_at,
        paid_at=paid_at,
        **{name: getattr(quote, name) for name in figures},
    )


def payment_of(order: Order) -> Payment:
    """What paid it, in full."""
    return Payment(
        payment_intent_id=f"pi_{order.number}",
        order=order,
        amount=order.total,
        currency=order.currency,
        keypair=order.keypair,
        livemode=False,
        disposition=Disposition.APPLIED,
        paid_at=order.paid_at,
    )


def _refund(payment: Payment, chance: random.Random) -> Refund:
    return Refund(
        payment=payment,
        order=payment.order,
        amount=chance.randint(1, payment.amount),
        state=chance.choice([RefundState.SUCCEEDED, RefundState.SUCCEEDED, RefundState.PENDING]),
        origin=chance.choice(list(Origin)),
    )
