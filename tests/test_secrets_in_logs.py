"""A tour of everything that knows a secret, with every logger at its loudest: not one of them is in a line."""

import json
import logging
from collections.abc import Iterator
from io import StringIO
from urllib.parse import quote

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client

from checkout.models import Attempt, Order, StripeEvent
from checkout.sandbox import delivery, keys
from checkout.sandbox.models import SandboxDelivery
from checkout.tests import shop
from products.tests.factories import make_home, make_item
from storefront.logs import JSONFormatter, RedactingFormatter

pytestmark = pytest.mark.django_db(transaction=True)
HTML = {"accept": "text/html"}
BUYER, PASSWORD, WRONG = "bea.buyer.7351@example.com", "the-password-7351", "wrong-password-7351"
# What the environment tells a shop, each by a value that stands nowhere else.
SETTINGS = {
    "SECRET_KEY": "secret-key-7351-that-nothing-else-contains",
    "TICK_TOKEN": "tick-token-7351-that-nothing-else-contains",
    "METRICS_TOKEN": "metrics-token-7351-that-nothing-else-contains",
    "EMAIL_HOST_PASSWORD": "mail-password-7351",
}


class Lines(logging.Handler):
    """What would be written: each record as a line for people and as one for machines."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.plain, self.json, self.unblanked = list[str](), list[str](), list[str]()
        self._people = RedactingFormatter("%(asctime)s %(levelname)s %(request_id)s %(name)s: %(message)s")
        self._machines, self._bare = JSONFormatter(), logging.Formatter("%(name)s: %(message)s")

    def emit(self, record: logging.LogRecord) -> None:
        record.exc_text = None  # a formatter leaves its own text there, for the next to take
        self.unblanked.append(self._bare.format(record))
        record.exc_text = None
        self.plain.append(self._people.format(record))
        record.exc_text = None
        self.json.append(self._machines.format(record))

    def __contains__(self, text: str) -> bool:
        return any(text in line for line in (*self.plain, *self.json))


@pytest.fixture
def lines(settings) -> Iterator[Lines]:
    """Every logger there is at DEBUG, SQL with its parameters included."""
    found, root = Lines(), logging.getLogger()
    loggers = [root, *(one for one in root.manager.loggerDict.values() if isinstance(one, logging.Logger))]
    before = [(one, one.level, one.propagate, one.disabled) for one in loggers]
    for one in loggers:
        one.setLevel(logging.DEBUG)
        one.disabled = False
        one.propagate = True
    root.addHandler(found)
    for name, value in SETTINGS.items():
        setattr(settings, name, value)
    connection.force_debug_cursor = True
    yield found
    connection.force_debug_cursor = False
    root.removeHandler(found)
    for one, level, propagate, disabled in before:
        one.setLevel(level)
        one.propagate, one.disabled = propagate, disabled


def events(client: Client) -> None:
    """Every event over the wire: as signed, by somebody else, broken, and once more."""
    for row in SandboxDelivery.objects.select_related("event").order_by("pk"):
        body = json.dumps(row.event.body).encode()
        good = delivery.signature(body, keys.webhook_secret(row.event.account))
        for sent, signature in ((body, "t=1,v1=00"), (body[:-9], good), (body, good), (body, good)):
            client.post(
                "/stripe/webhook/", sent, content_type="application/json", headers={"stripe-signature": signature}
            )


def purchase(client: Client) -> set[str]:
    """From an empty order to a receipt, by session and by intent; the secrets that came up."""
    item = make_item("Harbour lamp")
    token = client.post("/order/new/").json()["order_id"]
    client.post(f"/order/put/{token}", {"item_id": item.pk})
    client.post(f"/order/discount/{token}", {"code": "NOTHING"})
    session = client.post(f"/order/buy/{token}").json()["session_id"]
    order = Order.objects.get(token=token)
    shop.paying.pay(order.keypair, session, shop.cards.by_token("pm_card_visa"), email=BUYER)
    client.get("/checkout/return/", {"session_id": session}, headers=HTML)
    other = client.post("/order/new/").json()["order_id"]
    client.post(f"/order/put/{other}", {"item_id": item.pk})
    intent = client.post(f"/order/intent/{other}", {"email": BUYER}).json()
    client.get(f"/order/pay/{other}", headers=HTML)
    shop.confirm(intent["payment_intent_id"])
    client.get("/checkout/return/", {"payment_intent": intent["payment_intent_id"]}, headers=HTML)
    events(client)
    number = Order.objects.get(token=token).number
    assert client.get(f"/order/{token}", headers=HTML).status_code == 200
    client.post("/order/find/", {"number": number, "email": BUYER}, headers=HTML)
    return {token, other, session, intent["client_secret"], intent["payment_intent_id"], BUYER}


def office(client: Client) -> set[str]:
    """Wrong and right passwords, an order's actions, a new password by mail; the secrets that came up."""
    get_user_model().objects.create_superuser("boss", "boss.7351@example.com", PASSWORD)
    for password in (WRONG, PASSWORD):
        client.post("/admin/login/", {"username": "boss", "password": password}, headers=HTML)
    assert client.get("/admin/", headers=HTML).status_code == 200
    order = Order.objects.filter(status="paid").first()
    assert order is not None
    client.get(f"/admin/snippets/checkout/order/inspect/{order.pk}/")
    for password in (WRONG, PASSWORD):
        client.post(f"/admin/orders/{order.pk}/refund/", {"amount": "1.00", "password": password})
    client.post(f"/admin/orders/{order.pk}/note/", {"note": "Seen."})
    mail.outbox.clear()
    client.post("/admin/password_reset/", {"email": "boss.7351@example.com"})
    link = next(word for word in mail.outbox[0].body.split() if "/password_reset/" in word)
    client.get("/" + link.split("/", 3)[3])
    return {"boss.7351@example.com", WRONG, PASSWORD, link.rstrip("/").rsplit("/", 1)[1]}


def trouble(client: Client, monkeypatch, settings, token: str) -> None:
    """Views that break with a secret in the error's words; wrong hosts and tokens; a mail server that is not there."""
    client.raise_request_exception = False
    for name in ("token", "TICK_TOKEN", "METRICS_TOKEN"):
        words = {"authorization": f"Bearer {SETTINGS.get(name, token)}"}
        client.post("/tick/", headers=words)
        client.get("/metrics", headers=words)
    with monkeypatch.context() as patch:
        for secret in (keys.secret_key("USD"), keys.webhook_secret("USD"), f"/order/{token}", BUYER):
            patch.setattr("products.views.showing.results", lambda request, said=secret: int(said))
            assert client.get("/search/", {"email": BUYER}, headers=HTML).status_code == 500
    client.get(f"/order/{token}", headers={"host": "evil.example"})
    client.get(f"/order/{token}x", headers=HTML)
    client.post(f"/order/put/{token}", b"{", content_type="application/json")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_HOST_USER = "127.0.0.1", 9, BUYER
    client.post("/order/find/", {"number": Order.objects.get(token=token).number, "email": BUYER}, headers=HTML)
    call_command("tick", stdout=StringIO())


def test_a_tour_of_the_shop_leaves_no_secret_in_a_log(lines: Lines, monkeypatch, settings) -> None:
    make_home()
    visitor, staff = Client(headers={"referer": "http://testserver/"}), Client()
    secrets = purchase(visitor) | office(staff)
    token = Attempt.objects.order_by("pk")[0].order.token
    trouble(visitor, monkeypatch, settings, token)
    cookies = [morsel.value for client in (visitor, staff) for morsel in client.cookies.values()]
    secrets |= {value for value in cookies if len(value) > 9}
    secrets |= set(SETTINGS.values())
    secrets |= {keys.secret_key(one) for one in ("USD", "EUR")} | {keys.webhook_secret(one) for one in ("USD", "EUR")}
    secrets |= {quote(secret, safe="") for secret in secrets}  # as within another address
    # it was a tour: paid, told by events, and the loggers spoke of what they must not
    assert Order.objects.filter(status="paid").count() == 2
    assert StripeEvent.objects.exists()
    assert any(token in line for line in lines.unblanked)
    assert any("api.stripe" in line or "stripe" in line for line in lines.unblanked)
    assert any(BUYER in line for line in lines.unblanked)
    assert len(lines.plain) > 200
    assert {secret for secret in secrets if secret in lines} == set()
    assert all(json.loads(line)["message"] for line in lines.json)
