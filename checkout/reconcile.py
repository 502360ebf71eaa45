"""reconcile: ask Stripe about everything that is not settled, and repair it. Safe to run many at once.

First what the shop itself knows to be unfinished, then what Stripe's list of events has that no webhook brought, and
once a day all intents and refunds of two days (of the whole downtime, after one). Every step goes through the same
procedures as a visitor's click, so that two runs at once, or a run and a webhook, end the same.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.db import DatabaseError
from django.db.models import Q
from django.utils import timezone
from tqdm import tqdm

from . import catching_up, close, comparing, disputes, inbox, lookup, mails, refund, settle, start
from .gateway.accounts import Account, NotSellable, all_accounts
from .gateway.errors import Rejected, Unavailable
from .incidents import open_incident
from .models import Attempt, Beat, Order, Refund, StripeEvent
from .refusals import Refused
from .states import AttemptState, EventState, OrderStatus, RefundState

logger = logging.getLogger(__name__)
PATIENCE = timedelta(seconds=60)
TWICE = 2  # the library itself asks again: one replay may be the answer to its own first try
SLOW = timedelta(hours=1)  # delayed payments and pending refunds take days, and their events come
TROUBLE = (Unavailable, Rejected, Refused, NotSellable, settle.Unmatched, settle.NotOurs, settle.Foreign)


def reconcile(*, quiet: bool = True) -> dict[str, int]:
    """How much was looked at, by kind; "failed": how much of it must be looked at again."""
    counts: dict[str, int] = {"failed": 0}
    for name, rows, repair in _unfinished():
        done, failed = _each(name, rows, repair, quiet)
        counts[name] = done
        counts["failed"] += failed
    for name, work in (("listed events", _read_events), ("differences", _compare)):
        counts[name] = 0
        for account in all_accounts():
            try:
                done, failed = work(account, quiet)
            except (*TROUBLE, DatabaseError) as error:
                logger.warning("%s of %s: %s", name, account.keypair, type(error).__name__)
                done, failed = 0, 1
            counts[name] += done
            counts["failed"] += failed
    mails.send_outbox()
    Beat.record("reconcile")
    return counts


def _unfinished() -> Iterable[tuple[str, Any, Callable[[Any], object]]]:
    before, long_before = timezone.now() - PATIENCE, timezone.now() - SLOW
    attempts = Attempt.objects.select_related("order").order_by("pk")
    refunds = Refund.objects.select_related("payment", "payment__order").order_by("pk")
    yield "attempts", attempts.filter(state__in=start.WAITING, updated__lt=before), finish_opening
    yield "overdue", attempts.filter(state=AttemptState.OPEN, expires_at__lt=before), _close_overdue
    yield "processing", attempts.filter(state=AttemptState.PROCESSING, updated__lt=long_before), _look_again
    waiting = StripeEvent.objects.filter(state__in=(EventState.NEW, EventState.UNMATCHED), received__lt=before)
    yield "events", waiting.order_by("received"), _act_again
    yield "refunds", refunds.filter(state=RefundState.REQUESTED, updated__lt=before), refund.execute_again
    pending = refunds.filter(state=RefundState.PENDING, updated__lt=long_before)
    yield "pending refunds", pending, _ask_about_refund


def finish_opening(attempt: Attempt) -> None:
    """A request to Stripe without an answer: ask the same again, or look for what came of it.

    The same again is right as long as Stripe knows the key; a stored failure is no news however often it is asked for.
    """
    if attempt.stripe_id is None and lookup.is_key_spent(attempt):
        lookup.resolve(attempt)
        return
    try:
        start.open_at_stripe(attempt)
    except Refused:
        attempt.refresh_from_db()
        if attempt.state in start.WAITING and attempt.replays >= TWICE and attempt.stripe_id is None:
            lookup.resolve(attempt)
        elif attempt.state in start.WAITING:
            raise


def _close_overdue(attempt: Attempt) -> None:
    """On Stripe's word: by its clock the page may still be open."""
    close.close_attempt(attempt.pk, then=OrderStatus.EXPIRED)


def _look_again(attempt: Attempt) -> None:
    settle.settle_attempt(attempt)
    Attempt.objects.filter(pk=attempt.pk, state=AttemptState.PROCESSING).update(updated=timezone.now())


def _act_again(row: StripeEvent) -> None:
    if inbox.process_again(row) >= 300:
        raise Refused("not_yet", "The event could not be acted on.", 503)


def _ask_about_refund(row: Refund) -> None:
    refund.synchronise(row.payment)
    Refund.objects.filter(pk=row.pk, state=RefundState.PENDING).update(updated=timezone.now())


def _each(name: str, rows: Any, repair: Callable[[Any], object], quiet: bool) -> tuple[int, int]:
    """(done, failed). One that cannot be repaired now must not keep the others waiting."""
    done = failed = 0
    for row in tqdm(list(rows), desc=name.capitalize(), unit="row", disable=quiet or None):
        try:
            repair(row)
            done += 1
        except TROUBLE as error:
            logger.warning("%s stays as it is for now: %s", row, type(error).__name__)
            failed += 1
        except Exception as error:
            # whatever it is, the rest of the shop's money must not wait for it
            logger.exception("%s could not be repaired", row)
            open_incident("reconcile_stuck", f"{name} {row.pk}", f"{type(error).__name__}: {error}"[:300])
            failed += 1
    return done, failed


def _read_events(account: Account, quiet: bool) -> tuple[int, int]:
    return catching_up.read_events(account, quiet=quiet)


def _compare(account: Account, quiet: bool) -> tuple[int, int]:
    if not comparing.is_due(account):
        return 0, 0
    return comparing.compare(account, quiet=quiet), 0


def check_order(order: Order) -> None:
    """Everything Stripe knows about one order, now, for staff. Raises what TROUBLE names."""
    for attempt in order.attempts.filter(Q(stripe_id__isnull=False) | Q(state__in=start.WAITING)):
        if attempt.state in start.WAITING:
            finish_opening(attempt)
        attempt.refresh_from_db()
        if attempt.stripe_id and attempt.state != AttemptState.SUCCEEDED:
            settle.settle_attempt(attempt)
    for payment in order.payments.filter(amount__gt=0).select_related("order"):
        for row in payment.refunds.filter(state=RefundState.REQUESTED):
            refund.execute_again(row)
        refund.synchronise(payment)
        disputes.synchronise(payment)


def in_words(counts: dict[str, int]) -> str:
    """What a run did, for people: "3 attempts, 1 listed event"; what came to nothing last."""
    done = [f"{count} {name}" for name, count in counts.items() if count and name != "failed"]
    left = [f"{counts['failed']} left for the next time"] if counts["failed"] else []
    return ", ".join(done + left) or "nothing was open"
