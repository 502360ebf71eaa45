"""What happens at Stripe besides the API: buyers pay, banks answer, staff use the dashboard, time goes by."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from checkout.sandbox import cards, charging, housekeeping, paying, store
from checkout.sandbox.models import SandboxDelivery, SandboxEvent, SandboxObject, SandboxRequest

TABLES = (SandboxDelivery, SandboxEvent, SandboxRequest, SandboxObject)


def pay(session: str, card: str = "pm_card_visa", account: str = "USD", email: str = "buyer@example.com") -> dict:
    """The buyer submits the payment page; the intent as it is afterwards."""
    intent = paying.pay(account, session, cards.by_token(card), email=email)
    return {} if intent is None else intent.data


def bank_answers(intent: str, succeeds: bool, account: str = "USD") -> dict:
    """Of a delayed payment."""
    return paying.settle_delayed(account, intent, succeeds=succeeds).data


def dispute(intent: str, account: str = "USD") -> dict:
    """The buyer's bank wants the money back."""

    def work() -> dict:
        charge = store.get(account, "payment_intent", intent).data["latest_charge"]
        return charging.open_dispute(store.get(account, "charge", charge)).data

    return store.atomically(work)


def end_dispute(dispute: str, won: bool, account: str = "USD") -> None:
    store.atomically(lambda: charging.close_dispute(store.get(account, "dispute", dispute), won=won))


def events() -> list[dict[str, Any]]:
    """Every event there ever was, in order."""
    rows = SandboxEvent.objects.order_by("pk").values("event_id", "account", "type", "body")
    return list(rows)


def work_due() -> dict[str, int]:
    """What Stripe does by itself: sessions whose time is up expire."""
    return {"expired": housekeeping.sessions.expire_due(), "refunds": housekeeping.refunds.finish_due()}


def let_time_pass(seconds: int) -> None:
    """Everything that was, was so much longer ago."""
    shift = timedelta(seconds=seconds)
    with transaction.atomic():
        SandboxRequest.objects.update(started=F("started") - shift)
        SandboxDelivery.objects.update(due_at=F("due_at") - shift)
        for row in SandboxObject.objects.all():
            for name in ("created", "expires_at"):
                if isinstance(row.data.get(name), int):
                    row.data[name] -= seconds
            row.created -= seconds
            row.due_at = None if row.due_at is None else row.due_at - seconds
            row.save()
        for event in SandboxEvent.objects.all():
            event.created -= seconds
            event.body["created"] -= seconds
            event.save()


def undelivered() -> int:
    """How many deliveries the shop has not accepted."""
    return SandboxDelivery.objects.exclude(status="delivered").count()


def reset() -> None:
    """A new Stripe: nothing ever happened."""
    with transaction.atomic():
        for table in TABLES:
            table.objects.all().delete()


def copy_to(path: str) -> None:
    """Everything, for another time."""
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)


def copy_from(path: str) -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        copy.backup(connection.connection)


VERBS: dict[str, Callable[..., Any]] = {
    work.__name__: work
    for work in (
        *(pay, bank_answers, dispute, end_dispute, events, work_due),
        *(let_time_pass, undelivered, reset, copy_to, copy_from),
    )
}
