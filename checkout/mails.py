"""Mail to buyers, out of the outbox. Safe with several processes: a row is claimed by one conditional statement."""

import hashlib
import logging
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation

from products import languages, written
from products.prepared import Prepared, updating
from products.tree import tree

from . import alerts, mail_receipts, presenting
from .incidents import open_incident
from .models import Installation, Order, OutboxMail

log = logging.getLogger(__name__)
MAX_ATTEMPTS = 20  # with the pauses below: about three days
FIRST_PAUSE = timedelta(minutes=2)  # longer than a mail server takes, so that no other process sends the same mail
LONGEST_PAUSE = timedelta(hours=6)


def send_outbox(limit: int = 50) -> int:
    """Sends what is due, at most `limit` mails; answers how many were sent. A failed one is tried again later.

    Orders' mails go first: a crowd that waits for an item must not keep a buyer waiting for the receipt.
    """
    due, sent = _due(limit).objects(OutboxMail, now=timezone.now()), 0
    _bring_orders(due)
    for mail in due:
        if _claim(mail):
            sent += _send(mail)
    return sent


def _bring_orders(due: list[OutboxMail]) -> None:
    """Each mail has its order. Read apart and by a statement written once: a join or a prefetch is as dear as all
    else that the mail asks the database."""
    ids = sorted({mail.order_id for mail in due if mail.order_id})
    orders = {order.pk: order for order in _orders.objects(Order, ids=ids)} if ids else {}
    for mail in due:
        if mail.order_id in orders:
            mail.order = orders[mail.order_id]


_orders = Prepared(lambda ids: Order.objects.filter(pk__in=ids).order_by(), ids=list)


@lru_cache(maxsize=8)
def _due(limit: int) -> Prepared:
    """Each event looks whether something is due; mostly nothing is."""

    def query(now: datetime) -> QuerySet[OutboxMail]:
        due = OutboxMail.objects.filter(sent_at=None, next_try__lte=now, attempts__lt=MAX_ATTEMPTS)
        return due.order_by(F("alert_id").asc(nulls_first=True), "next_try")[:limit]

    return Prepared(query, now=datetime)


def _claim(mail: OutboxMail) -> bool:
    pause = min(FIRST_PAUSE * 2 ** min(mail.attempts, 10), LONGEST_PAUSE)
    return _claiming.changed(pk=mail.pk, was=mail.next_try, until=timezone.now() + pause) == 1


_claiming = Prepared(
    lambda pk, was, until: updating(
        OutboxMail.objects.filter(pk=pk, sent_at=None, next_try=was), next_try=until, attempts=F("attempts") + 1
    ),
    pk=int,
    was=datetime,
    until=datetime,
)


def _send(mail: OutboxMail) -> int:
    receipt = f"{_message_id(mail)} {mail.to} {mail.order.token if mail.order else ''}"
    if mail.attempts and mail_receipts.has(receipt):  # taken, but whoever sent it did not live to say so
        return _sent(mail)
    server = get_connection()
    try:
        message = _message(mail)
        message.connection = server
        server.open()
        message.send()
        mail_receipts.note(receipt)
    except Exception as error:  # noqa: BLE001
        # whatever it is: the money has moved, and neither the buyer's page nor the other mails may fail for it
        log.warning("mail %s (%s) could not be sent: %s", mail.pk, mail.kind, type(error).__name__)
        written.update(OutboxMail, mail.pk, {"error": f"{type(error).__name__}: {error}"[:300]})
        # anybody may ask for a mail about stock to an address that does not exist: that is no matter for staff
        if mail.order is not None and mail.attempts + 1 >= MAX_ATTEMPTS:
            text = f"“{mail.kind}” to {mail.to} was tried {MAX_ATTEMPTS} times: {error}"
            open_incident("mail_failed", mail.dedupe_key[:255], text, order=mail.order)
        return 0
    else:
        # before the server is bidden farewell, which may take long
        return _sent(mail)
    finally:
        server.close()


def _sent(mail: OutboxMail) -> int:
    return written.update(OutboxMail, mail.pk, {"sent_at": timezone.now(), "error": ""})


def _message(mail: OutboxMail) -> EmailMultiAlternatives:
    about = mail.order or mail.alert
    with translation.override(languages.supported(about.language if about else "")):
        return _written(mail)


def _written(mail: OutboxMail) -> EmailMultiAlternatives:
    context = {**_context(mail), "base_url": settings.BASE_URL, "shop_name": tree().shop_name}
    headers = {"Message-ID": _message_id(mail)}
    if mail.alert is not None:
        headers |= alerts.headers(mail.alert)
    name = f"mail/{mail.kind}"
    subject = " ".join(render_to_string(f"{name}_subject.txt", context).split())
    message = EmailMultiAlternatives(subject, render_to_string(f"{name}.txt", context), to=[mail.to], headers=headers)
    message.attach_alternative(render_to_string(f"{name}.html", context), "text/html")
    return message


def _context(mail: OutboxMail) -> dict[str, Any]:
    if mail.order is not None:
        link = f"{settings.BASE_URL}/order/{mail.order.token}"
        return {**presenting.order_context(mail.order), "order_link": link}
    return alerts.mail_context(mail.alert) if mail.alert is not None else {}


def _message_id(mail: OutboxMail) -> str:
    """The same at every try, so that mail programs show a mail once that had to be sent twice."""
    name = hashlib.sha256(f"{Installation.current()} {mail.dedupe_key}".encode()).hexdigest()[:32]
    return f"<{name}@{urlsplit(settings.BASE_URL).hostname}>"
