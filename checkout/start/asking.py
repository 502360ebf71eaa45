"""Stripe is asked what the attempt says, and T2 keeps the answer."""

from typing import Any

from django.db.models import F
from django.utils import timezone

from products.money import format_money, granularity, minimum_charge

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
        _store_intent(attempt.pk, answer)
    elif not _store_session(attempt.pk, answer):
        close.close_attempt(attempt.pk, then=OrderStatus.DRAFT)
        open_incident(
            "total_differs",
            answer["id"],
            f"Stripe's total {answer['amount_total']} is not ours {attempt.amount}",
            order=attempt.order,
        )
        raise payment_unavailable()
    attempt.refresh_from_db()
    return attempt


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
def _store_session(attempt_id: int, session: dict[str, Any]) -> bool:
    """T2. False when Stripe's total differs by more than rounding: then nobody may pay it.

    Stripe does not say which line gets a discount's odd cent, so up to one step a line is rounding, and becomes part
    of the order's total: page, mail, admin and Stripe show one figure.
    """
    with locks.transaction():
        order, attempt = _locked(attempt_id)
        fresh = attempt.stripe_id is None
        fields: dict[str, Any] = {
            "stripe_id": session["id"],
            "url": session.get("url") or "",
            "updated": timezone.now(),
        }
        if attempt.state in WAITING:
            fields |= {"state": AttemptState.OPEN, "error": ""}
        difference = session["amount_total"] - attempt.amount
        acceptable = abs(difference) <= len(attempt.params["line_items"]) * granularity(order.currency)
        if fresh and difference and acceptable and order.status == OrderStatus.PENDING:
            fields["amount"] = session["amount_total"]
            Order.objects.filter(pk=order.pk).update(rounding=difference, total=session["amount_total"])
        Attempt.objects.filter(pk=attempt.pk).update(**fields)
        return acceptable


@locks.retried
def _store_intent(attempt_id: int, intent: dict[str, Any]) -> None:
    """T2. Open only if the answer is about the total that stands now: the order may have changed again meanwhile."""
    with locks.transaction():
        order, attempt = _locked(attempt_id)
        fields: dict[str, Any] = {
            "stripe_id": intent["id"],
            "payment_intent_id": intent["id"],
            "client_secret": intent["client_secret"],
            "url": intent_params.pay_page(order),
            "updated": timezone.now(),
        }
        if attempt.state in WAITING and intent["amount"] == attempt.amount:
            fields |= {"state": AttemptState.OPEN, "error": ""}
        Attempt.objects.filter(pk=attempt.pk).update(**fields)


def _locked(attempt_id: int) -> tuple[Order, Attempt]:
    order_id = Attempt.objects.values_list("order_id", flat=True).get(pk=attempt_id)
    order = locks.lock_order(order_id)
    return order, locks.lock_attempt(attempt_id)
