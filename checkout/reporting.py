"""Figures for people who look at the business: per currency, and never added across currencies.

Every sum is of the ledger's own integers in minor units. A day is one of the shop's time zone, and an order belongs to
the day Stripe was paid on.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncDay, TruncMonth
from django.utils import timezone

from .models import Incident, Order, Payment, Refund, StripeEvent
from .states import Disposition, EventState, OrderStatus, RefundState

MOST_DAYS = 62  # a longer period is shown by month
FIGURES = ("subtotal", "discount", "tax", "tax_inclusive", "shipping", "rounding", "total")


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both included; `currency` "" for all of them, each by itself."""

    first: date
    last: date
    currency: str = ""

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """The first moment, and the first moment that is too late."""
        zone = timezone.get_current_timezone()
        return (
            datetime.combine(self.first, time.min, zone),
            datetime.combine(self.last + timedelta(days=1), time.min, zone),
        )

    @property
    def by_month(self) -> bool:
        return (self.last - self.first).days >= MOST_DAYS

    def steps(self) -> list[date]:
        """Every day (or first of a month) of the period, so that one without sales is shown as such."""
        if not self.by_month:
            return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]
        found, month = [], self.first.replace(day=1)
        while month <= self.last:
            found.append(month)
            month = (month + timedelta(days=32)).replace(day=1)
        return found


def paid(period: Period) -> QuerySet[Order]:
    """Orders paid in the period, whatever was refunded later."""
    start, end = period.bounds
    orders = Order.objects.filter(status=OrderStatus.PAID, paid_at__gte=start, paid_at__lt=end).order_by()
    return orders.filter(currency=period.currency) if period.currency else orders


def _sums(orders: QuerySet, *by: str) -> list[dict[str, Any]]:
    rows = orders.values("currency", *by).annotate(orders=Count("pk"), **{f"sum_{name}": Sum(name) for name in FIGURES})
    return [
        {"currency": row["currency"], "orders": row["orders"]}
        | {name: row[name] for name in by}
        | {name: int(row[f"sum_{name}"]) for name in FIGURES}
        for row in rows.order_by("currency", *by)
    ]


def sales(period: Period) -> list[dict[str, Any]]:
    """One row for each currency and day (or month): `at`, number of orders, and every figure of the orders."""
    truncated = TruncMonth("paid_at") if period.by_month else TruncDay("paid_at")
    rows = _sums(paid(period).annotate(step=truncated), "step")
    return [row | {"at": timezone.localtime(row.pop("step")).date()} for row in rows]


def sales_totals(period: Period) -> list[dict[str, Any]]:
    """One row for each currency: the whole period."""
    return _sums(paid(period))


def taxes(period: Period) -> list[dict[str, Any]]:
    """One row for each currency and tax as it stood when the order was made: base and amount, refunds not taken off."""
    orders: Counter = Counter()
    sums: dict[tuple, list[int]] = {}
    for currency, quoted in _quoted(period, "taxes"):
        for tax in quoted:
            key = (currency, tax["name"], tax["percentage"], tax["inclusive"], tax["country"])
            found = sums.setdefault(key, [0, 0])
            found[0] += tax["base"]
            found[1] += tax["amount"]
            orders[key] += 1
    names = ("currency", "name", "percentage", "inclusive", "country")
    return [
        dict(zip(names, key, strict=True)) | {"orders": orders[key], "base": found[0], "amount": found[1]}
        for key, found in sorted(sums.items())
    ]


def discounts(period: Period) -> list[dict[str, Any]]:
    """One row for each currency and discount: how many orders used it, and what it took off."""
    orders: Counter = Counter()
    sums: Counter = Counter()
    for currency, quoted in _quoted(period, "discounts"):
        for discount in quoted:
            key = (currency, discount["name"], discount["code"])
            orders[key] += 1
            sums[key] += discount["amount"]
    names = ("currency", "name", "code")
    return [
        dict(zip(names, key, strict=True)) | {"orders": orders[key], "amount": amount}
        for key, amount in sorted(sums.items())
    ]


def _quoted(period: Period, part: str) -> Iterator[tuple[str, list[dict]]]:
    """That part of every frozen quote of the period."""
    rows = paid(period).filter(snapshot__isnull=False).values_list("currency", "snapshot").iterator(chunk_size=500)
    return ((currency, snapshot.get(part) or []) for currency, snapshot in rows)


def refunds(period: Period) -> list[dict[str, Any]]:
    """One row for each currency and origin: refunds that reached the buyer, by the day they were asked for."""
    start, end = period.bounds
    found = Refund.objects.filter(state=RefundState.SUCCEEDED, created__gte=start, created__lt=end)
    found = found.annotate(currency=F("payment__currency"))
    if period.currency:
        found = found.filter(currency=period.currency)
    rows = found.values("currency", "origin").annotate(refunds=Count("pk"), amount=Sum("amount")).order_by()
    ordered = rows.order_by("currency", "origin")
    return [{**row, "amount": int(row["amount"]), "origin": _origin(row["origin"])} for row in ordered]


def _origin(value: str) -> str:
    return str(Refund(origin=value).get_origin_display())


def mismatches(period: Period) -> list[dict[str, Any]]:
    """What Stripe says and what the shop says, where they differ: one row each, the newest first.

    `kind`, `subject` (what to look for at Stripe), `detail`, `at`, `order` or None, `currency`, `amount` or None.
    """
    start, end = period.bounds
    payments = Payment.objects.filter(paid_at__gte=start, paid_at__lt=end).select_related("order")
    if period.currency:
        payments = payments.filter(currency=period.currency)
    rows = [*_unapplied(payments), *_different(payments), *_unpaid(period), *_failed_refunds(period)]
    if not period.currency:
        events = StripeEvent.objects.filter(state=EventState.UNMATCHED, received__gte=start, received__lt=end)
        rows += [_row("Event without order", e.event_id, f"{e.type} {e.error}".strip(), e.received) for e in events]
    incidents = Incident.objects.filter(closed_at=None, opened_at__gte=start, opened_at__lt=end).select_related("order")
    if period.currency:
        incidents = incidents.filter(Q(order__currency=period.currency) | Q(payment__currency=period.currency))
    rows += [_row(f"Incident: {i.kind}", i.subject, i.detail, i.opened_at, i.order) for i in incidents]
    return sorted(rows, key=lambda row: row["at"], reverse=True)


def _row(
    kind: str, subject: str, detail: str, at: datetime | None, order=None, currency: str = "", amount=None
) -> dict:
    return {
        "kind": kind,
        "subject": subject,
        "detail": detail,
        "at": at,
        "order": order,
        "currency": currency,
        "amount": amount,
    }


def _unapplied(payments: QuerySet[Payment]) -> Iterator[dict]:
    """Money that paid for nothing and was not sent back."""
    back = Sum("refunds__amount", filter=Q(refunds__state=RefundState.SUCCEEDED), default=0)
    for payment in payments.exclude(disposition=Disposition.APPLIED).annotate(back=back).filter(back__lt=F("amount")):
        kind = f"Payment: {payment.get_disposition_display().lower()}"
        yield _row(
            kind, payment.payment_intent_id, payment.note, payment.paid_at, payment.order, payment.currency,
            payment.amount,
        )  # fmt: skip


def _different(payments: QuerySet[Payment]) -> Iterator[dict]:
    """Stripe took another sum than the order says."""
    wrong = payments.filter(disposition=Disposition.APPLIED).exclude(
        amount=F("order__total"), currency=F("order__currency")
    )
    for payment in wrong:
        yield _row(
            "Other sum than the order", payment.payment_intent_id, "", payment.paid_at, payment.order,
            payment.currency, payment.amount,
        )  # fmt: skip


def _unpaid(period: Period) -> Iterator[dict]:
    """Orders that count as paid, but no payment of Stripe's is theirs (free orders have none)."""
    applied = Payment.objects.filter(disposition=Disposition.APPLIED, order__isnull=False).values("order")
    for order in paid(period).filter(total__gt=0).exclude(pk__in=applied):
        yield _row("Paid without a payment", str(order), "", order.paid_at, order, order.currency, order.total)


def _failed_refunds(period: Period) -> Iterator[dict]:
    start, end = period.bounds
    failed = Refund.objects.filter(state=RefundState.FAILED, created__gte=start, created__lt=end)
    for refund in failed.select_related("order", "payment"):
        currency = refund.payment.currency
        if currency == period.currency or not period.currency:
            subject = refund.stripe_id or refund.payment.payment_intent_id
            yield _row("Refund failed", subject, refund.reason, refund.created, refund.order, currency, refund.amount)
