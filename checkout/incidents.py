"""What a person must look at."""

import logging

from .models import Incident, Order, Payment

logger = logging.getLogger(__name__)


def open_incident(
    kind: str, subject: str, detail: str = "", *, order: Order | None = None, payment: Payment | None = None
) -> None:
    """Open an incident unless one of that kind about the same thing is open already."""
    _, created = Incident.objects.get_or_create(
        kind=kind, subject=subject, closed_at=None, defaults={"detail": detail, "order": order, "payment": payment}
    )
    if created:
        logger.warning("incident %s about %s: %s", kind, subject, detail)
