"""The money's tables as text, to be compared byte for byte.

Left out: primary keys (rows are named by what they are), moments of arrival, order numbers (drawn by lot). What Stripe
says about time (`paid_at`) stays.
"""

import json
import re
from typing import Any

from django.db.models import DateTimeField, Model

from checkout.models import (
    Attempt,
    Discount,
    Hold,
    Incident,
    Order,
    OrderLine,
    OutboxMail,
    Payment,
    Redemption,
    Refund,
    StripeEvent,
)
from products.models import Stock, StockMovement

TABLES: tuple[type[Model], ...] = (
    *(Order, OrderLine, Attempt, Payment, Refund, Hold, Discount, Redemption),
    *(StripeEvent, OutboxMail, Incident, Stock, StockMovement),
)
NAMED_BY = {Order: "token", Attempt: "idempotency_key", Payment: "payment_intent_id", Stock: "item_id"}
LEFT_OUT = {"id", "number", "order_number", "dedupe_key"}
STRIPES_TIME = {"paid_at", "expires_at"}


def picture() -> str:
    """Every row of every table, a line each, in an order that does not depend on when it was written."""
    rows = ((model, _row(row)) for model in TABLES for row in model._base_manager.all())
    return "\n".join(sorted(f"{model.__name__} {json.dumps(row, sort_keys=True)}" for model, row in rows))


def difference(wanted: str, found: str) -> str:
    """The lines of two pictures that are only in one of them."""
    old, new = wanted.splitlines(), found.splitlines()
    gone, come = [line for line in old if line not in new], [line for line in new if line not in old]
    return "\n".join([*(f"- {line}" for line in gone[:20]), *(f"+ {line}" for line in come[:20])])


def _row(row: Model) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.name in LEFT_OUT:
            continue
        if isinstance(field, DateTimeField) and field.name not in STRIPES_TIME:
            if field.null:  # whether it happened, not when
                shown[field.name] = value is not None
        elif field.is_relation:
            shown[field.name] = _name(getattr(row, field.name)) if value is not None else None
        elif isinstance(value, int | str | bool | dict | list | None):
            shown[field.name] = value
        else:
            shown[field.name] = str(value)
    if isinstance(row, Incident):
        shown["subject"] = re.sub(r"refund \d+", "refund", row.subject)
    return shown


def _name(row: Any) -> Any:
    if isinstance(row, Refund):
        return row.stripe_id or row.idempotency_key
    return getattr(row, NAMED_BY[type(row)]) if type(row) in NAMED_BY else row.pk
