"""Walks of a purchase without a browser: the real procedures, the real SDK, the sandbox as Stripe."""

import json

from checkout import inbox, start
from checkout.models import Order, OrderLine, Payment
from checkout.sandbox import cards, delivery, intents, keys, paying, store
from checkout.sandbox.models import SandboxDelivery
from checkout.sandbox.resources import payment_intents
from products.models import ItemPage, Stock

BUYER = "buyer@example.com"


def draft(*items: ItemPage, quantity: int = 1, discounts=(), email: str = "") -> Order:
    """A basket with so many of each item."""
    order = Order.objects.create(currency=items[0].currency, email=email)
    for item in items:
        OrderLine.objects.create(
            order=order,
            item=item,
            sku=item.sku,
            name=item.title,
            quantity=quantity,
            unit_amount=item.unit_amount,
            amount=item.unit_amount * quantity,
        )
    order.discounts.set(discounts)
    return order


def at_payment_page(*items: ItemPage, **wishes) -> tuple[Order, start.Started]:
    """An order whose payment page is open."""
    order = draft(*items, **wishes)
    started = start.start(order.token)
    order.refresh_from_db()
    return order, started


def pay(order: Order, started: start.Started, card: str = "pm_card_visa"):
    """The buyer pays at the payment page; no event is delivered yet. Returns the sandbox's intent."""
    return paying.pay(order.keypair, started.session_id or "", cards.by_token(card), email=BUYER)


def confirm(intent_id: str, card: str = "pm_card_visa", account: str = "USD") -> None:
    """The buyer presses Pay on the shop's own page; no event is delivered yet."""
    wanted = {"email": BUYER, "return_url": "https://shop.example/"}

    def work() -> object:
        row = store.get(account, intents.KIND, intent_id)
        return payment_intents.confirm_row(row, cards.by_token(card), wanted)

    store.atomically(work)


def deliver() -> int:
    """Every event that is due reaches the shop."""
    return delivery.deliver_due()


def deliver_again() -> list[int]:
    """Every event there ever was, once more; the answers."""
    found = [row.event for row in SandboxDelivery.objects.select_related("event").order_by("pk")]
    return [receive(event.body, event.account) for event in found]


def receive(body: dict, account: str) -> int:
    """One signed delivery."""
    raw = json.dumps(body).encode()
    return inbox.receive(raw, delivery.signature(raw, keys.webhook_secret(account)))


def counts(item: ItemPage) -> tuple[int, int, int]:
    """(on hand, held, sold)"""
    return Stock.objects.values_list("on_hand", "held", "sold").get(item_id=item.pk)


def payments(order: Order) -> list[str]:
    """Dispositions of the order's payments."""
    return list(Payment.objects.filter(order=order).values_list("disposition", flat=True))
