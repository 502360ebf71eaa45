"""A mail is sent once, also by a process that did not live to say so; elsewhere it is sent again, as the same mail."""

import pytest
from django.core import mail
from django.db.models import QuerySet

from checkout import mail_receipts, mails
from checkout.models import OutboxMail

from .factories import make_paid_order

pytestmark = pytest.mark.django_db


def due(order) -> QuerySet:
    """The paid mail of an order, to be sent now."""
    row = OutboxMail.objects.filter(order=order)
    row.update(sent_at=None, next_try="2020-01-01T00:00Z")
    return row


def send_and_die(order) -> QuerySet:
    """The mail server has the mail, the database does not know."""
    due(order)
    assert mails.send_outbox() == 1
    return due(order)


def test_a_mail_that_was_taken_is_not_sent_again():
    row = send_and_die(make_paid_order())
    assert mails.send_outbox() == 1
    assert len(mail.outbox) == 1
    assert row.get().sent_at


def test_a_mail_that_was_refused_is_sent_again(settings):
    row = due(make_paid_order())
    usual, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens there
    assert mails.send_outbox() == 0
    settings.EMAIL_BACKEND = usual
    row.update(next_try="2020-01-01T00:00Z")
    assert mails.send_outbox() == 1
    assert len(mail.outbox) == 1


def test_an_order_with_the_number_of_another_gets_its_mail():
    """An older backup was restored: the next order has the key of one that is gone."""
    first, second = make_paid_order(), make_paid_order()
    OutboxMail.objects.filter(order=second).delete()
    row = send_and_die(first)
    row.update(order=second)
    assert mails.send_outbox() == 1
    assert len(mail.outbox) == 2


def test_both_copies_bear_the_same_message_id():
    order = make_paid_order()
    send_and_die(order)
    mail_receipts.forget()  # another machine's
    assert mails.send_outbox() == 1
    first, second = (message.message()["Message-ID"] for message in mail.outbox)
    assert first == second
    assert order.token not in first


def test_receipts_do_not_grow_for_ever(monkeypatch):
    monkeypatch.setattr(mail_receipts, "LARGEST", 100)
    for number in range(9):
        mail_receipts.note(str(number))
    assert [mail_receipts.has(str(number)) for number in range(9)] == [False] * 4 + [True] * 5


def test_without_a_folder_for_receipts_mails_are_sent(monkeypatch, tmp_path):
    monkeypatch.setattr(mail_receipts, "_path", lambda: tmp_path / "missing" / "file")
    send_and_die(make_paid_order())
    assert mails.send_outbox() == 1
    assert len(mail.outbox) == 2


def test_mails_of_two_orders_are_two_mails():
    for _ in range(2):
        OutboxMail.objects.filter(order=make_paid_order()).update(sent_at=None)
    assert mails.send_outbox() == 2
    assert len({message.message()["Message-ID"] for message in mail.outbox}) == 2
