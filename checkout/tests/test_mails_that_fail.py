"""A mail that cannot be sent is tried again, later and later, and in the end a person is told."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from checkout import acting, mails
from checkout.models import Incident, OutboxMail

from .factories import make_paid_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(settings) -> OutboxMail:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens there
    row = OutboxMail.objects.get(order=make_paid_order())
    OutboxMail.objects.update(sent_at=None)
    return row


def due() -> None:
    OutboxMail.objects.update(next_try=timezone.now() - timedelta(seconds=1))


def test_the_pauses_grow(waiting):
    pauses = []
    for _ in range(3):
        due()
        assert mails.send_outbox() == 0
        waiting.refresh_from_db()
        pauses.append(round((waiting.next_try - timezone.now()).total_seconds() / 60))
    assert pauses == [2, 4, 8]
    assert waiting.error.startswith("ConnectionRefusedError")
    assert Incident.objects.count() == 0


def test_after_the_last_try_a_person_is_told_and_can_send_it_again(waiting, settings):
    OutboxMail.objects.update(attempts=mails.MAX_ATTEMPTS - 1)
    for _ in range(2):
        due()
        mails.send_outbox()
    assert Incident.objects.get(kind="mail_failed").order == waiting.order
    waiting.refresh_from_db()
    assert waiting.attempts == mails.MAX_ATTEMPTS
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    acting.resend(waiting.pk)
    assert len(mail.outbox) == 1
