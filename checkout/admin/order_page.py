"""What the inspect page of an order shows, gathered in one place. Nothing here changes anything."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Prefetch
from django.urls import NoReverseMatch, reverse
from wagtail.models import ModelLogEntry, Page

from checkout import explaining, presenting, shipping
from checkout.models import Discount, Order, Tax
from checkout.states import OrderStatus
from products import money


@dataclass(frozen=True)
class Moment:
    """Something that happened to an order."""

    at: datetime
    what: str
    detail: str = ""


class OrderPage:
    """An order with its ledgers, amounts ready to read. One query a ledger."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.currency = order.currency
        self.lines = [
            {"line": line, "unit": self.short(line.unit_amount), "amount": self.short(line.amount)}
            for line in order.lines.prefetch_related(
                Prefetch("item__page_ptr", queryset=Page.objects.only("pk", "title"))
            )
        ]
        self.total = self.show(order.total)
        quote = presenting.quote_of(order) if order.currency else None
        self.why = explaining.why(order, quote, "en") if quote else []
        self.discounts = list(order.discounts.all())
        self.taxes = list(order.taxes.all())
        self.attempts = list(order.attempts.all())
        self.payments = list(order.payments.all())
        self.refunds = list(order.refunds.all())
        self.holds = list(order.holds.select_related("item"))
        self.redemptions = list(order.redemptions.select_related("discount"))
        self.mails = list(order.mails.all())
        self.incidents = list(order.incidents.all())
        self.downloads = list(order.downloads.select_related("file", "line"))

    def show(self, amount: int, currency: str = "") -> str:
        """Minor units for reading, always with the currency's code: "$" alone names many."""
        code = currency or self.currency
        return f"{money.format_money(amount, code)} {code}" if code else "–"

    def short(self, amount: int) -> str:
        """The same without the code, where the total that stands beside it says which currency it is."""
        return money.format_money(amount, self.currency) if self.currency else "–"

    def rows(self) -> list[tuple[str, str]]:
        """From subtotal to total; what is zero is left out, except the two ends."""
        order = self.order
        between = [
            ("Discount", -order.discount),
            ("Tax, added", order.tax),
            ("Shipping", order.shipping),
            ("Rounding", order.rounding),
        ]
        rows = [("Subtotal", self.short(order.subtotal))]
        rows += [(label, self.short(amount)) for label, amount in between if amount]
        rows.append(("Total", self.show(order.total)))
        if order.tax_inclusive:
            rows.append(("Tax, contained in the prices", self.short(order.tax_inclusive)))
        return rows

    def address(self) -> list[str]:
        """Where to send it, line by line, as Stripe collected it."""
        return shipping.address_lines(self.order.shipping_address)

    def shipping_name(self) -> str:
        return ((self.order.snapshot or {}).get("shipping_rate") or {}).get("name", "")

    def discount_rows(self) -> list[dict]:
        """Discounts by name, with their terms and whether this order still holds or has used them."""
        states = {row.discount_id: row.get_state_display() for row in self.redemptions}
        return [
            {
                "name": discount.name,
                "code": discount.code,
                "terms": terms(discount),
                "state": states.get(discount.pk, "–"),
            }
            for discount in self.discounts
        ]

    def tax_rows(self) -> list[dict]:
        return [{"name": tax.name, "terms": tax_terms(tax), "country": tax.country} for tax in self.taxes]

    def payment_rows(self) -> list[dict]:
        return [{"payment": row, "amount": self.show(row.amount, row.currency)} for row in self.payments]

    def refund_rows(self) -> list[dict]:
        return [{"refund": row, "amount": self.show(row.amount)} for row in self.refunds]

    def attempt_rows(self) -> list[dict]:
        return [{"attempt": row, "amount": self.show(row.amount)} for row in self.attempts]

    def public_url(self) -> str | None:
        """The page the buyer sees."""
        try:
            return reverse("order", args=[self.order.token])
        except NoReverseMatch:
            return None

    def timeline(self) -> list[Moment]:
        """Everything that happened, oldest first."""
        return sorted([*self._own_moments(), *self._ledger_moments(), *self._staff_moments()], key=lambda m: m.at)

    def _own_moments(self):
        order = self.order
        yield Moment(order.created, "Order begun")
        if order.frozen_at:
            yield Moment(order.frozen_at, "Prices fixed, payment asked for")
        if order.closed_at:
            yield Moment(order.closed_at, f"Closed: {order.get_status_display().lower()}")
        if order.paid_at and order.status == OrderStatus.PAID:
            yield Moment(order.paid_at, "Paid", self.show(order.total))

    def _ledger_moments(self):
        for attempt in self.attempts:
            yield Moment(attempt.created, f"{attempt.get_kind_display()} opened", attempt.stripe_id or "not confirmed")
            if attempt.updated > attempt.created:
                yield Moment(attempt.updated, f"{attempt.get_kind_display()}: {attempt.get_state_display().lower()}")
        for payment in self.payments:
            yield Moment(
                payment.paid_at,
                f"Money came: {payment.get_disposition_display().lower()}",
                self.show(payment.amount, payment.currency),
            )
        for refund in self.refunds:
            who = refund.actor or refund.get_origin_display()
            yield Moment(refund.created, f"Refund asked for by {who}", self.show(refund.amount))
            if refund.updated > refund.created:
                yield Moment(refund.updated, f"Refund {refund.get_state_display().lower()}", refund.stripe_id or "")
        for mail in self.mails:
            if mail.sent_at:
                yield Moment(mail.sent_at, f"Mail “{mail.kind}” sent", mail.to)
        for incident in self.incidents:
            yield Moment(incident.opened_at, f"Incident: {incident.kind}", incident.subject)
            if incident.closed_at:
                yield Moment(incident.closed_at, f"Incident closed: {incident.kind}", incident.closed_by)

    def _staff_moments(self):
        entries = ModelLogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(Order), object_id=str(self.order.pk)
        ).select_related("user")
        for entry in entries:
            yield Moment(entry.timestamp, str(entry.message), f"{entry.user_display_name}{_changes(entry.data)}")


def _changes(data: dict) -> str:
    """What an action changed: "; status: pending → cancelled"."""
    before, after = data.get("before"), data.get("after")
    if not isinstance(before, dict) or not isinstance(after, dict):
        return ""
    changed = [name for name in after if name in ("status", "tracking") and before.get(name) != after[name]]
    return "".join(f"; {name}: {before.get(name) or '–'} → {after[name] or '–'}" for name in changed)


def terms(discount: Discount) -> str:
    """How much a discount takes off, in words."""
    if discount.percent_off is not None:
        return f"{discount.percent_off.normalize():f} %"
    if discount.amount_off is None:
        return "–"
    return f"{money.format_money(discount.amount_off, discount.currency)} {discount.currency}"


def tax_terms(tax: Tax) -> str:
    return f"{tax.percentage.normalize():f} %, {'included in prices' if tax.inclusive else 'added to prices'}"
