"""What must be done again and again, in this order. Each job ends by itself and may be repeated at any time."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from checkout import alerts, mails, personal
from checkout.models import Beat
from checkout.reconcile import in_words, reconcile
from checkout.sandbox import housekeeping
from products.importing import waiting

from . import statistics
from .alone import alone

logger = logging.getLogger(__name__)


def tick(say: Callable[[str], object]) -> bool:
    """Does every job once, telling `say` what was done; whether all ended well. Raises alone.Busy."""
    with alone(connection, "tick"):
        failed = [name for name, job in jobs().items() if not _done(name, job, say)]
        if failed:
            say(f"failed: {', '.join(failed)} (the log says why)")
        else:
            Beat.record("tick")
        return not failed


def _done(name: str, job: Callable[[], str], say: Callable[[str], object]) -> bool:
    """One job's trouble must not keep the others waiting."""
    try:
        say(f"{name}: {job()}")
    except Unfinished as left:
        say(f"{name}: {left}")
        return False
    except Exception:
        logger.exception("tick: %s failed", name)
        return False
    return True


def jobs() -> dict[str, Callable[[], str]]:
    """Name → the work, which says what it did."""
    found: dict[str, Callable[[], str]] = {}
    if settings.STRIPE_SANDBOX:
        found["sandbox"] = _sandbox
    if connection.vendor == "sqlite":
        found["statistics"] = statistics.count_sometimes
    return found | {
        "payments": _payments,
        "publishing": _publishing,
        "back in stock": _back_in_stock,
        "mails": _mails,
        "cleaning": _cleaning,
        "forgetting": _forgetting,
    }


def _sandbox() -> str:
    housekeeping.run()
    return "done"


class Unfinished(Exception):
    """Something is left for the next time; the text says what was done and how much is left."""


def _payments() -> str:
    counts = reconcile()
    if counts["failed"]:
        raise Unfinished(in_words(counts))
    return in_words(counts)


def _back_in_stock() -> str:
    return f"{alerts.tell_due()} told"


def _mails() -> str:
    return f"{mails.send_outbox()} sent"


def _publishing() -> str:
    call_command("publish_scheduled", verbosity=0)
    return "done"


def _cleaning() -> str:
    """Sessions that ended; log-ins older than a month, successful and failed; files nobody imported."""
    call_command("clearsessions", verbosity=0)
    call_command("axes_reset_logs", age=30, verbosity=0)
    waiting.forget()
    return "done"


def _forgetting() -> str:
    done = personal.forget_by_age(settings.RETENTION_DAYS or None)
    return ", ".join(f"{count} {name}" for name, count in done.items())
