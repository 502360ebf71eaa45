"""Boot, health, doctor, log lines: what an operator and a host see."""

import json
import logging
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.test import Client, RequestFactory
from wagtail.models import Page, Site

from checkout import doctor
from checkout.models import Beat, StripeEvent
from products.models import HomePage
from storefront import first_boot, proxies
from storefront.logs import RedactingFormatter, redact

TOKEN = "q7Jm2vXw0aZk9bTn4cRy8dLs6fGh1eUi"  # noqa: S105 - shaped like an order's token


def boot() -> str:
    out = StringIO()
    call_command("boot", stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_boot_makes_a_home_an_address_and_an_administrator(settings, django_user_model) -> None:
    settings.BASE_URL = "https://shop.example.com"
    settings.ADMIN_USERNAME, settings.ADMIN_PASSWORD, settings.ADMIN_EMAIL = "boss", "correct horse", "boss@example.com"
    said = boot()
    site = Site.objects.get(is_default_site=True)
    assert (site.hostname, site.port) == ("shop.example.com", 443)
    assert site.root_page.specific_class is HomePage
    assert django_user_model.objects.get(username="boss").check_password("correct horse")
    assert "https://shop.example.com/admin/" in said
    assert "correct horse" not in said


@pytest.mark.django_db
def test_a_second_boot_changes_nothing_and_keeps_a_changed_password(settings, django_user_model) -> None:
    settings.ADMIN_USERNAME, settings.ADMIN_PASSWORD = "boss", "first"
    boot()
    user = django_user_model.objects.get(username="boss")
    user.set_password("second")
    user.save()
    before = Page.objects.count()
    assert "→" not in boot()
    assert Page.objects.count() == before
    user.refresh_from_db()
    assert user.check_password("second")


@pytest.mark.django_db
def test_an_editors_own_home_page_stays() -> None:
    boot()
    home = HomePage.objects.get()
    HomePage.objects.filter(pk=home.pk).update(title="Ours")
    assert first_boot.home_page() == ""
    assert HomePage.objects.get().title == "Ours"


@pytest.mark.parametrize("path", ["/healthz", "/healthz/", "/readyz", "/readyz/"])
@pytest.mark.django_db
def test_health_answers_whatever_the_host_header_says_and_without_a_redirect(
    client: Client, settings, path: str
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    response = client.get(path, headers={"host": "10.1.2.3:8000"})
    assert response.status_code == 200


@pytest.mark.django_db
def test_ready_tells_the_oldest_event_and_the_last_reconcile(client: Client) -> None:
    assert client.get("/readyz").json() == {
        "database": "ok",
        "migrations": "ok",
        "oldest_unprocessed_event_seconds": None,
        "last_reconcile": None,
    }
    StripeEvent.objects.create(keypair="USD", event_id="evt_1", type="x", body="{}")
    Beat.record("reconcile")
    state = client.get("/readyz").json()
    assert state["oldest_unprocessed_event_seconds"] == 0
    assert state["last_reconcile"].startswith("20")


@pytest.mark.django_db
def test_not_ready_without_a_migration(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'checkout' AND name LIKE '0001%%'")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["migrations"] == "1 missing"


def test_not_ready_without_a_database(client: Client, monkeypatch) -> None:
    def refuse() -> None:
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", refuse)
    monkeypatch.setattr(connection, "close", lambda: None)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] == "unreachable"
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        (f"GET /order/{TOKEN} HTTP/1.1", TOKEN),
        (f"GET /order/put/{TOKEN}/?item_id=5", TOKEN),
        (f"http://shop/order/pay/{TOKEN}", TOKEN),
        ("/checkout/return/?session_id=cs_test_a1b2", "a1b2"),
        ("key sk_live_51Habc and rk_test_9", "51Habc"),
        ("whsec_abc+def/==", "abc+def"),
        ("pi_3_secret_xyz", "xyz"),
        ("postgres://shop:hunter2@db/shop", "hunter2"),
        ("rk_live_zz", "zz"),
        ("/download/5:1tXyZ:abc", "1tXyZ"),
        ("/back-in-stock/stop/8:1tXyZ:abc", "1tXyZ"),
        ("/checkout/return/?payment_intent=pi_3Pq", "pi_3Pq"),
        ("Authorization: Bearer abc.def", "abc.def"),
        ("/admin/password_reset/confirm/MQ/c0ffee-0123456789abcdef/", "0123456789"),
        ("mail to jane.doe+x@example.com", "jane.doe"),
        (f"a token alone: {TOKEN}", TOKEN),
    ],
)
def test_log_lines_hold_no_secret(text: str, hidden: str) -> None:
    assert hidden not in redact(text)
    assert "[hidden]" in redact(text)


@pytest.mark.parametrize("text", ["GET /order/new/ 200", "/order/find/", "/item/5/", "/buy/5?quantity=2"])
def test_log_lines_keep_what_is_no_secret(text: str) -> None:
    assert redact(text) == text


def test_arguments_and_tracebacks_are_blanked_too() -> None:
    record = logging.LogRecord("x", logging.ERROR, "f.py", 1, "failed at %s", (f"/order/{TOKEN}",), None)
    record.exc_text = "ValueError: sk_test_hunter2"
    assert not {TOKEN, "hunter2"} & set(RedactingFormatter("%(message)s").format(record).replace("/", " ").split())
    assert "hunter2" not in RedactingFormatter("%(message)s").format(record)


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("", "198.51.100.1", ""),
    ],
)
def test_the_client_is_the_last_hop_that_is_no_trusted_proxy(settings, peer: str, forwarded: str, client: str) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)
    proxies.ProxyMiddleware(lambda request: request)(request)  # type: ignore[arg-type,return-value]
    assert request.META["REMOTE_ADDR"] == client


@pytest.mark.parametrize(("peer", "secure"), [("10.0.0.1", True), ("203.0.113.9", False)])
def test_https_is_believed_from_a_trusted_proxy_only(settings, peer: str, secure: bool) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_PROTO="https")
    proxies.ProxyMiddleware(lambda request: request)(request)  # type: ignore[arg-type,return-value]
    assert request.is_secure() is secure


@pytest.mark.django_db
def test_the_doctor_reports_every_wrong_setting_and_fails(settings) -> None:
    settings.PROBLEMS = ["PORT: must be a whole number.", "CACHE_URL: is empty."]
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("doctor", stdout=out)
    assert "PORT" in out.getvalue()
    assert "CACHE_URL" in out.getvalue()


@pytest.mark.django_db
def test_a_currency_without_its_webhook_secret_is_wrong(settings) -> None:
    settings.STRIPE_SANDBOX = False
    settings.STRIPE_ACCOUNTS = {
        "EUR": {"secret_key": "sk_test_x", "publishable_key": "pk_test_x", "webhook_secrets": []}
    }
    findings = {finding.subject: finding for finding in doctor.examine()}
    assert findings["EUR"].level == doctor.RED
    assert "STRIPE_WEBHOOK_SECRET_EUR" in findings["EUR"].text
    assert "sk_test_x" not in json.dumps([finding.text for finding in findings.values()])


@pytest.mark.django_db
def test_nothing_is_wrong_with_a_fresh_local_shop(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    assert [finding for finding in doctor.examine() if finding.level == doctor.RED] == []
    assert list(tmp_path.rglob("*.txt")) == []
