"""How long Stripe took, for whoever watches."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.dispatch import Signal

from .errors import Rejected, Unavailable

# Sent after every call with operation ("checkout.sessions.create"), outcome and seconds.
# outcome: "answered"; "rejected" (Stripe said no); "unavailable" (nobody knows).
stripe_answered = Signal()


@contextmanager
def timed(operation: str) -> Iterator[None]:
    """Sends the signal for what happens inside, whatever happens."""
    began = time.perf_counter()
    outcome = "unavailable"
    try:
        yield
        outcome = "answered"
    except Rejected:
        outcome = "rejected"
        raise
    except Unavailable:
        raise
    finally:
        stripe_answered.send(
            sender=operation, operation=operation, outcome=outcome, seconds=time.perf_counter() - began
        )
