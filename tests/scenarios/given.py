"""What the scenarios begin with, and how they look at the end."""

from checkout.models import Attempt, Incident, OutboxMail
from checkout.reconcile import reconcile
from checkout.sandbox import charging, paying, store
from checkout.sandbox.call import Call
from checkout.sandbox.models import SandboxDelivery, SandboxEvent, SandboxObject
from checkout.sandbox.resources import refunds
from checkout.tests import shop
from products.models import ItemPage
from products.tests.factories import make_item
from tests.live.ageing import age_shop


class Purchase:
    """One unit of an item of which there are ten, at the payment page."""

    def __init__(self, **wishes) -> None:
        self.item: ItemPage = wishes.pop("item", None) or make_item(on_hand=10)
        self.order, self.started = shop.at_payment_page(self.item, **wishes)

    def pays(self, card: str = "pm_card_visa") -> str:
        """The buyer pays; no event is delivered yet. The payment intent's id."""
        return shop.pay(self.order, self.started, card).stripe_id

    @property
    def status(self) -> str:
        self.order.refresh_from_db()
        return self.order.status

    @property
    def attempt(self) -> Attempt:
        return self.order.attempts.latest("pk")

    def was_paid_once(self) -> bool:
        """Paid, one payment applied, one unit gone, one mail sent once."""
        mails = OutboxMail.objects.filter(order=self.order, kind="paid")
        return (
            self.status == "paid"
            and bool(self.order.number)
            and shop.payments(self.order).count("applied") == 1
            and shop.counts(self.item) == (9, 0, 1)
            and list(mails.values_list("attempts", "error")) == [(1, "")]
        )


def no_webhooks() -> None:
    """Events there are, but nobody brings them."""
    SandboxDelivery.objects.all().delete()


def event(kind: str, which: int = 0) -> SandboxEvent:
    """Stripe's event of that type; the newest is -1."""
    return list(SandboxEvent.objects.filter(type=kind).order_by("pk"))[which]


def deliver(*kinds: str) -> list[int]:
    """These events, in this order; the shop's answers."""
    found = [event(kind) for kind in kinds]
    return [shop.receive(one.body, one.account) for one in found]


def stripe_expires(purchase: Purchase) -> None:
    """Stripe closes the payment page."""
    account, session = purchase.order.keypair, purchase.started.session_id or ""
    store.atomically(lambda: paying.expire(paying.open_session(account, session)))


def stripe_sessions() -> list[SandboxObject]:
    return list(SandboxObject.objects.filter(kind="checkout.session").order_by("pk"))


def stripe_refunds() -> list[SandboxObject]:
    return list(SandboxObject.objects.filter(kind="refund").order_by("pk"))


def dashboard_refund(intent: str, amount: int | None = None) -> dict:
    """Somebody refunds at Stripe, not in the shop."""
    fields: dict[str, object] = {"payment_intent": intent} | ({} if amount is None else {"amount": str(amount)})
    return store.atomically(lambda: refunds.create(Call(account="USD", params=fields)))


def bank_disputes(intent: str) -> SandboxObject:
    charge = store.get("USD", "payment_intent", intent).data["latest_charge"]
    return store.atomically(lambda: charging.open_dispute(store.get("USD", "charge", charge)))


def bank_decides(dispute: SandboxObject, *, won: bool) -> None:
    fresh = store.get("USD", "dispute", dispute.stripe_id)
    store.atomically(lambda: charging.close_dispute(fresh, won=won))


def some_minutes_later() -> dict[str, int]:
    """The shop looks after what was left behind."""
    age_shop(180)
    return reconcile()


def incidents() -> list[str]:
    return sorted(Incident.objects.filter(closed_at=None).values_list("kind", flat=True))
