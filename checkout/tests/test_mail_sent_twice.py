"""A mail whose sending was interrupted is sent again, as the same mail."""

import pytest
from django.core import mail

from checkout import mails
from checkout.models import OutboxMail

from .factories import make_paid_order

pytestmark = pytest.mark.django_db


def test_both_copies_bear_the_same_message_id():
    order = make_paid_order()
    row = OutboxMail.objects.filter(order=order)
    for _ in range(2):
        row.update(sent_at=None, next_try="2020-01-01T00:00Z")
        assert mails.send_outbox() == 1
    first, second = (message.message()["Message-ID"] for message in mail.outbox)
    assert first == second
    assert order.token not in first


def test_mails_of_two_orders_are_two_mails():
    for _ in range(2):
        OutboxMail.objects.filter(order=make_paid_order()).update(sent_at=None)
    assert mails.send_outbox() == 2
    assert len({message.message()["Message-ID"] for message in mail.outbox}) == 2
