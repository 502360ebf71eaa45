"""Stripe is asked what the attempt says, and T2 keeps the answer."""

from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone

from products import written
from products.money import format_money, granularity, minimum_charge
from products.prepared import Prepared, updating

from .. import close, intent_params, locks
from ..gateway import catalogue as stripe_catalogue
from ..gateway import intents, sessions
from ..gateway.accounts import NotSellable, account_for
from ..gateway.errors import Rejected, Unavailable
from ..incidents import open_incident
from ..models import Attempt, Order
from ..refusals import Refused, amount_too_small, busy, payment_unavailable
from ..states import AttemptKind, AttemptState, OrderStatus

WAITING = (AttemptState.CREATING, AttemptState.UNKNOWN)


class TermsGone(Refused):
    """A coupon or tax rate was deleted at Stripe. The order is a draft again; the next try makes them anew."""


def open_at_stripe(attempt: Attempt) -> Attempt:
    """Ask Stripe with the stored key and parameters; a repeat finds the same object. Raises Refused."""
    try:
        answer = _ask(attempt)
    except (Unavailable, NotSellable) as error:
        replayed = isinstance(error, Unavailable) and error.replayed
        Attempt.objects.filter(pk=attempt.pk, state__in=WAITING).update(
            state=AttemptState.UNKNOWN,
            error=str(error)[:300],
            replays=F("replays") + int(replayed),
            updated=timezone.now(),
        )
        attempt.refresh_from_db()
        if attempt.state == AttemptState.OPEN:  # another request of this buyer had the answer meanwhile
            return attempt
        raise payment_unavailable() from None
    except Rejected as error:
        raise _refused(attempt, error) from None
    return keep(attempt, answer)


def keep(attempt: Attempt, answer: dict[str, Any]) -> Attempt:
    """T2: what Stripe made is stored with its attempt. Raises Refused when nobody may pay it."""
    if attempt.kind == AttemptKind.INTENT:
        return _store_intent(attempt, answer)
    stored, is_right = _store_session(attempt, answer)
    if not is_right:
        close.close_attempt(attempt.pk, then=OrderStatus.DRAFT)
        open_incident(
            "total_differs",
            answer["id"],
            f"Stripe's total {answer['amount_total']} is not ours {attempt.amount}",
            order=attempt.order,
        )
        raise payment_unavailable()
    return stored


def _ask(attempt: Attempt) -> dict[str, Any]:
    account = account_for(attempt.keypair)
    if attempt.kind == AttemptKind.SESSION:
        return sessions.create(account, attempt.params, idempotency_key=attempt.idempotency_key)
    if attempt.stripe_id is None:
        return intents.create(account, attempt.params, idempotency_key=attempt.idempotency_key)
    return intents.update(account, attempt.stripe_id, attempt.params)


def _refused(attempt: Attempt, error: Rejected) -> Refused:
    """Stripe said no: nothing stays held, and nothing stays payable at the old total."""
    if attempt.kind == AttemptKind.INTENT and attempt.stripe_id is not None:
        close.park(attempt.pk)  # whatever it turns out to be, it does not pay for the new content
        close.close_attempt(attempt.pk, then=OrderStatus.DRAFT)
    else:
        close.fail(attempt.pk, error=f"{error.code}: {error.message}"[:300])
    about_terms = error.param.startswith("discounts") or "tax_rates" in error.param
    if about_terms and stripe_catalogue.forget(account_for(attempt.keypair), attempt.params):
        again = busy()
        return TermsGone(again.code, again.message, again.status, retry_after=again.retry_after)
    if error.code == "amount_too_small":
        currency = attempt.order.currency
        return amount_too_small(format_money(minimum_charge(currency), currency))
    if error.code != "payment_intent_unexpected_state":  # it was paid or cancelled a moment ago, and that is dealt with
        open_incident("payment_page_rejected", attempt.idempotency_key, str(error), order=attempt.order)
    return payment_unavailable()


@locks.retried
def _store_session(asked: Attempt, session: dict[str, Any]) -> tuple[Attempt, bool]:
    """T2: the attempt as it is now, and whether Stripe's total is ours but for rounding: else nobody may pay it.

    Stripe does not say which line gets a discount's odd cent, so up to one step a line is rounding, and becomes part
    of the order's total: page, mail, admin and Stripe show one figure.
    """
    if session["amount_total"] == asked.amount and _opened(asked, session):
        return asked, True
    with locks.transaction():
        order, attempt = _locked(asked)
        fresh = attempt.stripe_id is None
        fields: dict[str, Any] = {"stripe_id": session["id"], "url": session.get("url") or ""}
        if attempt.state in WAITING:
            fields |= {"state": AttemptState.OPEN, "error": ""}
        difference = session["amount_total"] - attempt.amount
        acceptable = abs(difference) <= len(attempt.params["line_items"]) * granularity(order.currency)
        if fresh and difference and acceptable and order.status == OrderStatus.PENDING:
            fields["amount"] = order.total = session["amount_total"]
            order.rounding = difference
            Order.objects.filter(pk=order.pk).update(rounding=difference, total=session["amount_total"])
        return _stored(attempt, fields), acceptable


def _opened(asked: Attempt, session: dict[str, Any]) -> bool:
    """The usual case by one statement: nothing has happened to the attempt since Stripe was asked. What T2 writes
    then depends on nothing else, and neither the order nor the attempt need be read again. Else False, and no change.
    """
    fields = {"stripe_id": session["id"], "url": session.get("url") or "", "updated": timezone.now()}
    if not _opening.changed(attempt=asked.pk, **fields):
        return False
    for name, value in (fields | {"state": AttemptState.OPEN, "error": ""}).items():
        setattr(asked, name, value)
    return True


_opening = Prepared(
    lambda attempt, stripe_id, url, updated: updating(
        Attempt.objects.filter(pk=attempt, state__in=WAITING, stripe_id=None),
        stripe_id=stripe_id,
        url=url,
        updated=updated,
        state=AttemptState.OPEN,
        error="",
    ),
    attempt=int,
    stripe_id=str,
    url=str,
    updated=datetime,
)


@locks.retried
def _store_intent(asked: Attempt, intent: dict[str, Any]) -> Attempt:
    """T2. Open only if the answer is about the total that stands now: the order may have changed again meanwhile."""
    with locks.transaction():
        order, attempt = _locked(asked)
        fields: dict[str, Any] = {
            "stripe_id": intent["id"],
            "payment_intent_id": intent["id"],
            "client_secret": intent["client_secret"],
            "url": intent_params.pay_page(order),
        }
        if attempt.state in WAITING and intent["amount"] == attempt.amount:
            fields |= {"state": AttemptState.OPEN, "error": ""}
        return _stored(attempt, fields)


def _stored(attempt: Attempt, fields: dict[str, Any]) -> Attempt:
    """The locked attempt with these fields: what is written need not be read again."""
    fields["updated"] = timezone.now()
    written.update(Attempt, attempt.pk, fields)
    for name, value in fields.items():
        setattr(attempt, name, value)
    return attempt


def _locked(asked: Attempt) -> tuple[Order, Attempt]:
    order = locks.lock_order(asked.order_id)
    attempt = locks.lock_attempt(asked.pk)
    attempt.order = order
    return order, attempt
