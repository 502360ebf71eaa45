"""New links to an order's downloads, for the buyer who asks for them on the order's page."""

from django.utils import timezone
from django.utils.translation import gettext

from . import downloads, mails
from .models import Order
from .refusals import Refused

MAIL_EVERY = 600  # seconds, however often a page is pressed


def renew(order: Order) -> None:
    """Links that hold again, on the order's page and by mail. Raises Refused."""
    found = downloads.of_order(order)
    if found is None or found.withheld:
        raise Refused("no_downloads", gettext("There is nothing to download in this order."), 409)
    downloads.extend(order)
    if downloads.tell(order, str(int(timezone.now().timestamp()) // MAIL_EVERY)):
        mails.send_outbox(limit=5)
