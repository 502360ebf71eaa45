"""Every state in checkout and every move between them. A move that is not listed is refused."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OrderStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    PENDING = "pending", _("Pending")
    PAID = "paid", _("Paid")
    EXPIRED = "expired", _("Expired")
    CANCELLED = "cancelled", _("Cancelled")


class AttemptState(TextChoices):
    CREATING = "creating", "Creating"
    UNKNOWN = "unknown", "Unknown"
    OPEN = "open", "Open"
    PROCESSING = "processing", "Processing"
    SUCCEEDED = "succeeded", "Succeeded"
    FAILED = "failed", "Failed"
    EXPIRED = "expired", "Expired"


class AttemptKind(TextChoices):
    SESSION = "session", "Checkout Session"
    INTENT = "intent", "Payment Intent"


class Disposition(TextChoices):
    APPLIED = "applied", "Applied"
    SURPLUS = "surplus", "Surplus"
    REVIEW = "review", "Review"


class HoldState(TextChoices):
    HELD = "held", "Held"
    CONVERTED = "converted", "Converted"
    RELEASED = "released", "Released"


class RedemptionState(TextChoices):
    HELD = "held", "Held"
    USED = "used", "Used"
    RELEASED = "released", "Released"


class RefundState(TextChoices):
    REQUESTED = "requested", "Requested"
    PENDING = "pending", "Pending"
    SUCCEEDED = "succeeded", "Succeeded"
    FAILED = "failed", "Failed"


class Origin(TextChoices):
    SHOP = "shop", "Shop"
    STRIPE = "stripe", "Stripe"


class EventState(TextChoices):
    NEW = "new", "New"
    DONE = "done", "Done"
    IGNORED = "ignored", "Ignored"
    UNMATCHED = "unmatched", "Unmatched"


# An attempt that may still become money. At most one an order (a partial unique index says so too).
LIVE_ATTEMPT = (AttemptState.CREATING, AttemptState.UNKNOWN, AttemptState.OPEN, AttemptState.PROCESSING)

MOVES: Mapping[type[TextChoices], Mapping[str, frozenset[str]]] = {
    OrderStatus: {
        OrderStatus.DRAFT: frozenset({OrderStatus.PENDING}),
        # back to draft only when the hold was released: Stripe refused, or the buyer changes the order
        OrderStatus.PENDING: frozenset(
            {OrderStatus.PAID, OrderStatus.EXPIRED, OrderStatus.CANCELLED, OrderStatus.DRAFT}
        ),
        OrderStatus.PAID: frozenset(),
        # a late success, when stock and discounts can still be had
        OrderStatus.EXPIRED: frozenset({OrderStatus.PAID}),
        OrderStatus.CANCELLED: frozenset({OrderStatus.PAID}),
    },
    AttemptState: {
        AttemptState.CREATING: frozenset(
            {
                AttemptState.OPEN,
                AttemptState.UNKNOWN,
                AttemptState.PROCESSING,
                AttemptState.SUCCEEDED,
                AttemptState.FAILED,
                AttemptState.EXPIRED,
            }
        ),
        AttemptState.UNKNOWN: frozenset(
            {
                AttemptState.OPEN,
                AttemptState.PROCESSING,
                AttemptState.SUCCEEDED,
                AttemptState.FAILED,
                AttemptState.EXPIRED,
            }
        ),
        # open → unknown: an intent is asked to take the order's new total
        AttemptState.OPEN: frozenset(
            {
                AttemptState.UNKNOWN,
                AttemptState.PROCESSING,
                AttemptState.SUCCEEDED,
                AttemptState.FAILED,
                AttemptState.EXPIRED,
            }
        ),
        AttemptState.PROCESSING: frozenset({AttemptState.SUCCEEDED, AttemptState.FAILED, AttemptState.EXPIRED}),
        # what looked dead may turn out to be paid; what succeeded never goes back
        AttemptState.FAILED: frozenset({AttemptState.SUCCEEDED, AttemptState.PROCESSING}),
        AttemptState.EXPIRED: frozenset({AttemptState.SUCCEEDED, AttemptState.PROCESSING}),
        AttemptState.SUCCEEDED: frozenset(),
    },
}


class ForbiddenMove(Exception):
    """The move is not in the table."""


def check_move(states: type[TextChoices], old: str, new: str) -> None:
    """Raises ForbiddenMove unless `old` → `new` is listed for that kind of state."""
    if new not in MOVES[states].get(old, frozenset()):
        raise ForbiddenMove(f"{states.__name__}: {old} may not become {new}")
