"""Orders with a past at Stripe of which the shop has heard nothing yet."""

from collections.abc import Callable

from checkout import start
from checkout.tests.shop import draft
from products.models import ItemPage

from .stripe_process import Stripe


class Histories:
    """Makes orders; each method is what became of one."""

    def __init__(self, stripe: Stripe, *items: ItemPage) -> None:
        self.stripe, self.items, self.made = stripe, items, 0

    def open(self) -> str:
        """At the payment page; its session. Every third order has two items."""
        self.made += 1
        first = self.items[self.made % len(self.items)]
        others = [item for item in self.items if item != first][: self.made % 3 == 0]
        order = draft(first, *others, quantity=1 + self.made % 2)
        return start.start(order.token).session_id or ""

    def paid(self) -> str:
        """The payment intent."""
        return self.stripe.control("pay", session=self.open(), email=f"buyer{self.made}@example.com")["id"]

    def refunded(self) -> None:
        self.stripe.api("POST", "/v1/refunds", payment_intent=self.paid())

    def refunded_in_parts(self) -> None:
        intent = self.paid()
        for amount in (500, 250):
            self.stripe.api("POST", "/v1/refunds", payment_intent=intent, amount=amount)

    def disputed(self) -> None:
        self.stripe.control("dispute", intent=self.paid())

    def dispute_won(self) -> None:
        self.stripe.control("end_dispute", dispute=self.stripe.control("dispute", intent=self.paid())["id"], won=True)

    def dispute_lost(self) -> None:
        self.stripe.control("end_dispute", dispute=self.stripe.control("dispute", intent=self.paid())["id"], won=False)

    def expired(self) -> None:
        self.stripe.api("POST", f"/v1/checkout/sessions/{self.open()}/expire")

    def declined_then_expired(self) -> None:
        session = self.open()
        self.stripe.control("pay", session=session, card="pm_card_chargeDeclined")
        self.stripe.api("POST", f"/v1/checkout/sessions/{session}/expire")

    def declined_then_paid(self) -> None:
        session = self.open()
        self.stripe.control("pay", session=session, card="pm_card_chargeDeclined")
        self.stripe.control("pay", session=session)

    def delayed(self) -> None:
        """The bank has not answered yet."""
        self.stripe.control("pay", session=self.open(), card="pm_usBankAccount")

    def delayed_then_paid(self) -> None:
        intent = self.stripe.control("pay", session=self.open(), card="pm_usBankAccount")["id"]
        self.stripe.control("bank_answers", intent=intent, succeeds=True)

    def delayed_then_failed(self) -> None:
        intent = self.stripe.control("pay", session=self.open(), card="pm_usBankAccount")["id"]
        self.stripe.control("bank_answers", intent=intent, succeeds=False)

    def intent(self) -> str:
        """On the shop's own page, not paid yet."""
        self.made += 1
        order = draft(self.items[self.made % len(self.items)], email=f"buyer{self.made}@example.com")
        return start.start_intent(order.token).payment_intent_id or ""

    def confirm(self, intent: str, card: str) -> None:
        path = f"/v1/payment_intents/{intent}/confirm"
        self.stripe.api("POST", path, payment_method=card, return_url="http://localhost/")

    def intent_paid(self) -> None:
        self.confirm(self.intent(), "pm_card_visa")

    def intent_refunded(self) -> None:
        intent = self.intent()
        self.confirm(intent, "pm_card_visa")
        self.stripe.api("POST", "/v1/refunds", payment_intent=intent, amount=700)

    def intent_delayed_then_paid(self) -> None:
        intent = self.intent()
        self.confirm(intent, "pm_usBankAccount")
        self.stripe.control("bank_answers", intent=intent, succeeds=True)

    def intent_canceled(self) -> None:
        self.stripe.api("POST", f"/v1/payment_intents/{self.intent()}/cancel")

    def every_kind(self) -> list[Callable[[], object]]:
        return [
            *(self.paid, self.refunded, self.refunded_in_parts, self.disputed, self.dispute_won, self.dispute_lost),
            *(self.expired, self.declined_then_expired, self.declined_then_paid),
            *(self.delayed, self.delayed_then_paid, self.delayed_then_failed),
            *(self.intent_paid, self.intent_refunded, self.intent_delayed_then_paid, self.intent_canceled),
        ]

    def make(self, count: int) -> None:
        kinds = self.every_kind()
        for number in range(count):
            kinds[number % len(kinds)]()
