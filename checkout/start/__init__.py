"""start: an order becomes a promise, then a payment.

T1 freezes the order, holds its stock and writes the attempt with its key and exact parameters. Then, with no
transaction open, Stripe is asked. T2 stores the answer. After a crash anywhere the attempt's row is enough to ask
Stripe the same thing again, and Stripe answers with the same session or intent.
"""

from .asking import WAITING, open_at_stripe
from .intent import StartedIntent, follow, start_intent
from .session import Started, start

__all__ = [
    "WAITING",
    "Started",
    "StartedIntent",
    "follow",
    "open_at_stripe",
    "start",
    "start_intent",
]
