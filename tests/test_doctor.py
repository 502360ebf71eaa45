"""The doctor: what is wrong is said with what to do, on the command line, in the report and on the admin's home."""

import json
import shutil
import socket
import ssl
import subprocess
import threading
from collections import namedtuple
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.management import call_command
from django.utils import timezone

from checkout import doctor, inbox
from checkout.doctor import payments, services, setup
from checkout.downloads import give
from checkout.gateway.client import API_VERSION
from checkout.models import Beat, OutboxMail
from checkout.tests.factories import make_paid_order
from products.tests.factories import make_file, make_item, offer
from products.tests.people import client_of

pytestmark = pytest.mark.django_db
KEYS = {"secret_key": "sk_test_hunter2", "publishable_key": "pk_test_x", "webhook_secrets": ["whsec_hunter2"]}
HTML = {"accept": "text/html"}


def found(subject: str, *, quick: bool = False) -> doctor.Finding:
    return next(finding for finding in doctor.examine(quick=quick) if finding.subject == subject)


@pytest.fixture
def account(settings) -> None:
    settings.STRIPE_SANDBOX = False
    settings.STRIPE_ACCOUNTS = {"USD": KEYS}
    settings.BASE_URL = "https://shop.example.com"


ACCOUNT, ENDPOINTS = "/v1/account", "/v1/webhook_endpoints"
REFUSED = {"error": {"message": "no", "type": "invalid_request_error"}}


@pytest.fixture
def at_stripe(account, settings) -> Iterator[dict]:
    """A server in Stripe's place: path → status and body. A test changes what it says of the account."""
    endpoint = {
        "url": "https://shop.example.com/stripe/webhook/",
        "status": "enabled",
        "enabled_events": list(inbox.HANDLERS),
        "api_version": API_VERSION,
    }
    says = {
        ACCOUNT: (200, {"id": "acct_1", "object": "account", "country": "DE", "charges_enabled": True}),
        ENDPOINTS: (200, {"object": "list", "data": [endpoint], "has_more": False}),
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = says[self.path.split("?")[0]]
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.STRIPE_API_BASE = f"http://127.0.0.1:{server.server_port}"
    yield says
    server.shutdown()
    server.server_close()


def judged() -> dict[str, doctor.Finding]:
    return {finding.subject: finding for finding in payments.accounts()}


def test_a_good_account_and_endpoint_are_green(at_stripe) -> None:
    assert {finding.level for finding in judged().values()} == {doctor.GREEN}


@pytest.mark.parametrize(
    ("change", "subject", "level", "advice"),
    [
        ({ACCOUNT: (401, REFUSED)}, "USD account", doctor.RED, "STRIPE_SECRET_KEY_USD"),
        ({ACCOUNT: (403, REFUSED)}, "USD account", doctor.YELLOW, "restricted"),
        ({ACCOUNT: (500, REFUSED)}, "USD account", doctor.YELLOW, "Try again"),
        ({ACCOUNT: (200, {"id": "a", "charges_enabled": False})}, "USD account", doctor.YELLOW, "activation"),
        ({ENDPOINTS: (200, {"data": []})}, "USD webhook", doctor.RED, "https://shop.example.com/stripe/webhook/"),
        ({ENDPOINTS: (403, REFUSED)}, "USD webhook", doctor.YELLOW, "See yourself"),
    ],
)
def test_each_trouble_at_stripe_has_its_advice(at_stripe, change: dict, subject: str, level: str, advice: str) -> None:
    at_stripe |= change
    finding = judged()[subject]
    assert (finding.level, advice in finding.text) == (level, True), finding
    assert "hunter2" not in finding.text


@pytest.mark.parametrize(
    ("change", "level", "advice"),
    [
        ({"status": "disabled"}, doctor.RED, "enable it"),
        ({"enabled_events": ["checkout.session.completed"]}, doctor.RED, "charge.refunded"),
        ({"enabled_events": ["*"]}, doctor.GREEN, ""),
        ({"api_version": "2020-08-27"}, doctor.YELLOW, API_VERSION),
        ({"api_version": None}, doctor.YELLOW, API_VERSION),
    ],
)
def test_an_endpoint_that_does_not_tell_all_is_found(at_stripe, change: dict, level: str, advice: str) -> None:
    at_stripe[ENDPOINTS][1]["data"][0] |= change
    finding = judged()["USD webhook"]
    assert (finding.level, advice in finding.text) == (level, True), finding


def test_a_live_shop_without_ticks_is_wrong(settings) -> None:
    assert found("scheduler").level == doctor.YELLOW
    settings.STRIPE_LIVE = True
    assert found("scheduler").level == doctor.RED
    Beat.record("tick")
    assert found("scheduler").level == doctor.GREEN
    Beat.objects.update(at=timezone.now() - timedelta(hours=2))
    assert found("scheduler").level == doctor.RED


def test_a_full_disk_is_wrong_before_it_stops_sales(monkeypatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(1, 1, 100 * 1024 * 1024))
    assert found("disk").level == doctor.RED
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(1, 1, 500 * 1024 * 1024))
    assert found("disk").level == doctor.YELLOW


def test_mails_that_do_not_leave_are_wrong() -> None:
    mail = OutboxMail.objects.create(kind="paid", order=make_paid_order(), dedupe_key="x", to="a@example.com")
    OutboxMail.objects.filter(pk=mail.pk).update(
        created=timezone.now() - timedelta(hours=2), error="SMTPAuthenticationError: a@example.com"
    )
    finding = found("outbox")
    assert finding.level == doctor.RED
    assert "SMTPAuthenticationError" in finding.text
    assert "a@example.com" not in finding.text


@pytest.fixture
def tls_server(tmp_path: Path):
    """A server with a certificate that nobody vouches for."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "30"]
    named = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*make, *named], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                context.wrap_socket(listener.accept()[0], server_side=True).close()
            except ssl.SSLError:
                continue
            except OSError:
                return

    threading.Thread(target=serve, daemon=True).start()
    yield listener.getsockname()[1], certificate
    listener.close()


def test_a_certificate_that_browsers_refuse_is_wrong(settings, tls_server, monkeypatch) -> None:
    port, certificate = tls_server
    settings.IS_HTTPS, settings.BASE_URL = True, f"https://localhost:{port}"
    (finding,) = setup.certificate()
    assert finding.level == doctor.RED
    trusting = ssl.create_default_context(cafile=certificate)
    monkeypatch.setattr(ssl, "create_default_context", lambda: trusting)
    (finding,) = setup.certificate()
    assert (finding.level, "29 days" in finding.text or "30 days" in finding.text) == (doctor.GREEN, True)


def test_a_host_that_cannot_be_reached_is_no_more_than_told(settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    settings.IS_HTTPS, settings.BASE_URL = True, f"https://localhost:{port}"
    (finding,) = setup.certificate()
    assert finding.level == doctor.YELLOW


def test_a_file_that_was_sold_and_is_gone_is_wrong(settings) -> None:
    file = make_file(name="heron.pdf")
    item = make_item()
    offer(item, file)
    (finding,) = services.downloads()
    assert finding.level == doctor.GREEN
    give(make_paid_order(item=item))
    (finding,) = services.downloads()
    assert finding.level == doctor.GREEN
    storages["downloads"].delete(file.file.name)
    (finding,) = services.downloads()
    assert finding.level == doctor.RED
    assert "heron.pdf" in finding.text
    settings.DOWNLOADS_ARE_KEPT = False
    (finding,) = services.downloads()
    assert (finding.level, "AWS_PRIVATE_BUCKET_NAME" in finding.text) == (doctor.YELLOW, True)


def test_quick_asks_nobody_else(at_stripe) -> None:
    at_stripe.clear()  # whoever asks gets no answer
    subjects = {finding.subject for finding in doctor.examine(quick=True)}
    assert not subjects & {"media", "cache", "mail", "TLS", "USD account"}


def test_whatever_is_not_green_says_what_to_do(settings, account) -> None:
    """An operator must not have to guess: advice is an order, a link or a question."""
    advice = set("set add run use let list make check look buy remove see finish copy".split())
    for finding in doctor.examine(quick=True):
        if finding.level != doctor.GREEN:
            words = finding.text.lower().replace(":", " ").split()
            assert set(words) & advice, finding


def test_the_report_is_for_administrators() -> None:
    page = client_of("superuser").get("/admin/reports/health/", headers=HTML)
    assert page.status_code == 200
    assert "all applied" in page.content.decode()
    assert client_of("Shop managers").get("/admin/reports/health/", headers=HTML).status_code in (302, 403)


def test_the_admins_home_shows_what_is_wrong_to_administrators(settings) -> None:
    staff, editor = client_of("superuser"), client_of("Editors")
    assert "wrong-title" not in staff.get("/admin/").content.decode()
    settings.STRIPE_LIVE = True
    page = staff.get("/admin/").content.decode()
    assert "wrong-title" in page
    assert "scheduler" in page
    assert "wrong-title" not in editor.get("/admin/").content.decode()


def test_the_command_fails_exactly_when_something_is_wrong(settings) -> None:
    out = StringIO()
    call_command("doctor", stdout=out)
    assert "Nothing is wrong" in out.getvalue()
    settings.STRIPE_LIVE = True
    with pytest.raises(SystemExit) as end:
        call_command("doctor", stdout=out)
    assert end.value.code == 1
