"""Idempotency, bad weather and signatures, as the real SDK meets them."""

import threading

import pytest
import stripe
from django.db import connection

from checkout.sandbox import cards, delivery, faults, idempotency, keys, paying
from checkout.sandbox.errors import Refusal
from checkout.sandbox.models import SandboxEvent, SandboxObject, SandboxRequest
from checkout.sandbox.tests import wishes


@pytest.fixture
def shared_database(transactional_db):
    """A database that threads can share with rows committed."""
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("SQLite in memory is not for threads: set DATABASE_URL to PostgreSQL")


def create(client, key: str = "key-1", **change):
    return client.v1.checkout.sessions.create(wishes.session(**change), {"idempotency_key": key})


@pytest.mark.django_db
def test_the_same_key_gets_the_same_answer(usd):
    first, second = create(usd), create(usd)
    assert first.id == second.id
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert second.last_response.headers["Idempotent-Replayed"] == "true"
    assert SandboxObject.objects.count() == 1


@pytest.mark.django_db
def test_other_parameters_under_the_same_key_are_a_mistake(usd):
    create(usd)
    with pytest.raises(stripe.IdempotencyError):
        create(usd, metadata={"other": "1"})


@pytest.mark.django_db
def test_the_same_key_on_two_accounts_is_two_requests(client_for):
    assert create(client_for("USD")).id != create(client_for("EUR")).id


@pytest.mark.django_db
def test_a_refused_request_does_not_use_up_its_key(usd):
    with pytest.raises(stripe.InvalidRequestError):
        create(usd, metadata={"k" * 41: "v"})
    assert create(usd).status == "open"


@pytest.mark.django_db
def test_a_declined_card_is_remembered_with_its_key(usd):
    params = {"amount": 500, "currency": "usd", "confirm": True, "return_url": "http://x.y/"}
    for _ in range(2):
        with pytest.raises(stripe.CardError):
            usd.v1.payment_intents.create(
                {**params, "payment_method": "pm_card_chargeDeclined"}, {"idempotency_key": "k"}
            )
    assert SandboxObject.objects.filter(kind="payment_intent").count() == 1


@pytest.mark.django_db
def test_a_key_at_work_is_in_use_until_it_is_abandoned(usd):
    create(usd)
    SandboxRequest.objects.update(status=None)
    with pytest.raises(stripe.APIError) as caught:
        create(usd)
    assert (caught.value.http_status, caught.value.error.code) == (409, "idempotency_key_in_use")
    row = SandboxRequest.objects.get()
    row.started -= idempotency.STALE
    row.save()
    assert create(usd).status == "open"


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "sessions"), [("timeout_before", 0), ("reset", 0), ("timeout_after", 1)])
def test_a_lost_connection_looks_like_one(usd, kind, sessions):
    with faults.inject(kind, path="/v1/checkout/sessions") as fault, pytest.raises(stripe.APIConnectionError):
        create(usd)
    assert (fault.hits, SandboxObject.objects.count()) == (1, sessions)
    assert create(usd).status == "open"
    assert SandboxObject.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "error"), [("500", stripe.APIError), ("429", stripe.RateLimitError), ("html", stripe.APIError)]
)
def test_error_answers_become_the_errors_of_the_sdk(usd, kind, error):
    with faults.inject(kind), pytest.raises(error):
        create(usd)


@pytest.mark.django_db
def test_the_sdk_retries_a_lost_answer_with_the_same_key(client_for):
    client = client_for("USD", max_network_retries=1)
    with faults.inject("timeout_after", times=1):
        assert client.v1.checkout.sessions.create(wishes.session()).status == "open"
    assert SandboxObject.objects.count() == 1


@pytest.mark.django_db
def test_the_sdk_verifies_what_the_sandbox_signs(usd):
    usd.v1.payment_intents.create({"amount": 500, "currency": "usd"})
    received = []

    def receive(body: bytes, signature: str) -> int:
        received.append(usd.construct_event(body, signature, keys.webhook_secret("USD")))
        with pytest.raises(stripe.SignatureVerificationError):
            usd.construct_event(body, signature, keys.webhook_secret("EUR"))
        return 200

    assert delivery.deliver_due(receive=receive) == 1
    assert (received[0].type, received[0].api_version) == ("payment_intent.created", stripe.api_version)
    assert received[0].data.object.amount == 500


def test_twenty_at_once_with_one_key_make_one_session(client_for, shared_database):
    results, client = [], client_for("USD")

    def ask() -> None:
        try:
            results.append(create(client).id)
        except stripe.APIError as error:
            results.append(error.error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 20
    assert len({result for result in results if result.startswith("cs_")}) == 1
    assert set(results) - {r for r in results if r.startswith("cs_")} <= {"idempotency_key_in_use"}
    assert SandboxObject.objects.count() == 1


def test_paying_and_expiring_at_once_end_in_exactly_one_of_them(client_for, shared_database):
    client = client_for("USD")
    for _ in range(5):
        session, start = client.v1.checkout.sessions.create(wishes.session()), threading.Barrier(2)

        def pay(session=session, start=start) -> None:
            start.wait()
            try:
                paying.pay("USD", session.id, cards.by_token("pm_card_visa"), email="a@b.co")
            except Refusal:
                pass
            finally:
                connection.close()

        def expire(session=session, start=start) -> None:
            start.wait()
            try:
                client.v1.checkout.sessions.expire(session.id)
            except stripe.InvalidRequestError:
                pass
            finally:
                connection.close()

        threads = [threading.Thread(target=work) for work in (pay, expire)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    ends = SandboxEvent.objects.filter(type__in=["checkout.session.completed", "checkout.session.expired"]).count()
    assert ends == 5
    paid = SandboxEvent.objects.filter(type="checkout.session.completed").count()
    assert SandboxEvent.objects.filter(type="charge.succeeded").count() == paid
