"""Random orders through the whole shop, and every place where somebody can read what they cost."""

import random
import re
from dataclasses import dataclass, field
from decimal import Decimal
from html import unescape
from typing import Any

from django.test import Client

from checkout import settle, start
from checkout.gateway import intents, sessions
from checkout.gateway.accounts import account_for
from checkout.models import Discount, Order, OrderLine, Payment, Tax
from checkout.refusals import Refused
from checkout.sandbox import events
from checkout.states import OrderStatus
from products.models import ItemPage
from products.tests.factories import make_home, make_item

from . import shop

# decimals that Stripe counts, decimals that people see: from Stripe's documentation, not from the code under test
CURRENCIES = {
    **dict.fromkeys(("USD", "EUR", "GBP", "CHF", "SEK", "HUF", "TWD"), (2, 2)),
    **dict.fromkeys(("JPY", "KRW"), (0, 0)),
    **dict.fromkeys(("KWD", "BHD"), (3, 2)),
    "ISK": (2, 0),
}
MINIMUM = {"JPY": 50, "GBP": 30, "SEK": 300, "HUF": 17_500, **dict.fromkeys(("KRW", "TWD", "KWD", "BHD", "ISK"), 1)}
MOST = 99_999_999
PLACEMENTS = ("largest", "first", "last")
ITEMS = 8
DEFAULTS = (
    (),
    (("VAT", "19", True),),
    (("GST", "5", False), ("QST", "9.975", False)),
    (("County", "1.5", True), ("State", "6.25", True)),
)
OWN_TAXES = (("Full", "20", True), ("Reduced", "5.5", True), ("City", "8.875", False), ("Luxury", "33.3333", False))


def minor(shown: str, currency: str) -> int:
    """What stands on a page → minor units."""
    stripes, peoples = CURRENCIES[currency]
    digits = int(re.sub(r"\D", "", shown))
    return (-1 if shown.strip().startswith(("−", "-")) else 1) * digits * 10 ** (stripes - peoples)


@dataclass
class Market:
    """Things to sell in every currency, and chance."""

    chance: random.Random
    items: dict[str, list[ItemPage]] = field(default_factory=dict)

    def stock_up(self) -> None:
        make_home()
        taxes = [Tax.objects.create(name=name, percentage=rate, inclusive=inside) for name, rate, inside in OWN_TAXES]
        for currency, (_, places) in CURRENCIES.items():
            self.items[currency] = [
                make_item(
                    currency=currency,
                    price=str(
                        Decimal(self.chance.choice((999, 9_999, 99_999)) - self.chance.randrange(990)).scaleb(-places)
                    ),
                    on_hand=10**7,
                    tax=self.chance.choice([None, None, *taxes]),
                )
                for _ in range(ITEMS)
            ]

    def change_default_taxes(self) -> None:
        Tax.objects.filter(is_default=True).update(is_default=False)
        for name, rate, inside in self.chance.choice(DEFAULTS):
            Tax.objects.update_or_create(
                name=name, defaults={"percentage": rate, "inclusive": inside, "is_default": True}
            )

    def order(self) -> Order:
        """A random draft."""
        currency = self.chance.choice(list(CURRENCIES))
        order = Order.objects.create(currency=currency, email=shop.BUYER)
        for item in self.chance.sample(self.items[currency], self.chance.randint(1, 5)):
            quantity = self.chance.choice((1, 1, 2, 3, 7, 12))
            OrderLine.objects.create(
                order=order,
                item=item,
                sku=item.sku,
                name=item.title,
                quantity=quantity,
                unit_amount=item.unit_amount,
                amount=item.unit_amount * quantity,
            )
        order.discounts.set([self._discount(currency) for _ in range(self.chance.choice((0, 1, 1, 1, 2)))])
        return order

    def _discount(self, currency: str) -> Discount:
        if self.chance.random() < 0.5:
            off = Decimal(self.chance.randint(1, 9_999)).scaleb(-2)
            return Discount.objects.create(name=f"Percent {off}", percent_off=off)
        stripes, peoples = CURRENCIES[currency]
        amount = self.chance.randint(1, 3_000) * 10 ** (stripes - peoples)
        return Discount.objects.create(name=f"Amount {amount}", amount_off=amount, currency=currency)


@dataclass
class Seen:
    """What happened, for the record."""

    paid: int = 0
    free: int = 0
    refused: int = 0
    rounded: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PLACEMENTS, 0))
    sessions: int = 0
    intents: int = 0

    def __str__(self) -> str:
        return (
            f"{self.paid} paid ({self.sessions} by session, {self.intents} by intent), {self.free} free, "
            f"{self.refused} refused as too small or too large; Stripe's total differed by rounding: {self.rounded}"
        )


class Walk:
    """One order from draft to receipt. Every step compares what can be read; AssertionError names the place."""

    def __init__(self, order: Order, chance: random.Random, placement: str, seen: Seen) -> None:
        self.order = order
        self.chance = chance
        self.placement = placement
        self.seen = seen
        self.client = Client()
        self.by_intent = chance.random() < 0.4

    def run(self) -> None:
        draft = self.json()
        self.compare_page(draft)
        if not self.begin(draft["total"]):
            return
        self.order.refresh_from_db()
        pending = self.json()
        if self.by_intent and pending["total"]:
            same(pending, draft, "subtotal", "discount", "tax", "tax_inclusive", "total", "lines", "discounts", "taxes")
        if pending["total"]:
            self.compare_with_stripe(pending)
            self.pay()
        self.order.refresh_from_db()
        assert self.order.status == OrderStatus.PAID, self.order.status
        paid = self.json()
        same(paid, pending, "subtotal", "discount", "tax", "tax_inclusive", "total", "lines", "discounts", "taxes")
        self.compare_page(paid)
        payment = Payment.objects.get(order=self.order)
        assert (payment.amount, payment.currency, payment.disposition) == (paid["total"], paid["currency"], "applied")
        self.seen.paid += 1

    def begin(self, total: int) -> bool:
        """False when the order is refused, as it must be, for being too small or too large."""
        try:
            self.started = (start.start_intent if self.by_intent else start.start)(self.order.token)
        except Refused as caught:
            refused = caught
        else:
            return True
        least = MINIMUM.get(self.order.currency, 50)
        expected = {total < least: "amount_too_small", total > MOST: "amount_too_large"}
        assert (refused.code, refused.status) == (expected.get(True), 422), (refused.code, total)
        assert not self.order.holds.filter(state="held").exists()
        self.seen.refused += 1
        return False

    def compare_with_stripe(self, seen: dict[str, Any]) -> None:
        account = account_for(seen["currency"])
        if self.by_intent:
            intent = intents.retrieve(account, self.started.payment_intent_id)
            assert intent["amount"] == self.started.amount == seen["total"]
            assert "error" not in intent["amount_details"]
            lines = [(one["product_name"], one["quantity"]) for one in intent["amount_details"]["line_items"]]
            self.seen.intents += 1
        else:
            session = sessions.retrieve(account, self.started.session_id)
            assert session["amount_total"] == seen["total"], (session["amount_total"], seen["total"])
            params = self.order.attempts.get().params
            lines = [(one["price_data"]["product_data"]["name"], one["quantity"]) for one in params["line_items"]]
            self.seen.sessions += 1
        assert lines == [(line["name"], line["quantity"]) for line in seen["lines"]]
        if self.order.rounding:
            self.seen.rounded[self.placement] += 1

    def pay(self) -> None:
        with events.webhooks(events.Webhook.NEVER):  # the return page brings the news; events have their own tests
            if self.by_intent:
                shop.confirm(self.started.payment_intent_id, account=self.order.currency)
            else:
                shop.pay(self.order, self.started)
        settle.settle_order(self.order.token)

    def json(self) -> dict[str, Any]:
        found = self.client.get(f"/order/{self.order.token}").json()
        rounding = Order.objects.values_list("rounding", flat=True).get(pk=self.order.pk)
        sums = found["subtotal"] - found["discount"] + found["tax"] + found["shipping"]
        assert found["total"] == sums + rounding, "the JSON does not add up"
        return found

    def compare_page(self, seen: dict[str, Any]) -> None:
        page = self.client.get(f"/order/{self.order.token}", headers={"Accept": "text/html"}).content.decode()
        table = re.search(r'<table class="sums">(.*?)</table>', page, re.DOTALL)[1]
        rows: dict[str, int] = {}
        for kind, shown in re.findall(r'<tr class="(\w+)"><th scope="row">.*?</th><td>([^<]*)', table, re.DOTALL):
            rows[kind] = rows.get(kind, 0) + minor(unescape(shown), seen["currency"])
        assert rows["subtotal"] == seen["subtotal"]
        assert rows["total"] == seen["total"]
        assert rows.get("discount", 0) == -seen["discount"]
        assert rows.get("tax", 0) == seen["tax"] + seen["tax_inclusive"]


def same(one: dict[str, Any], other: dict[str, Any], *names: str) -> None:
    different = {name: (one[name], other[name]) for name in names if one[name] != other[name]}
    assert not different, different
