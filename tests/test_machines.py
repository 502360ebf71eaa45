"""/tick/ and /metrics: who may, and what they say. Log lines for machines."""

import json
import logging
import multiprocessing
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from checkout.models import Beat, Incident, StripeEvent
from products.tests.factories import make_home, make_item
from storefront import alone, periodic
from storefront.logs import JSONFormatter, redact, redact_event
from storefront.metrics import counters
from storefront.settings.cdn import frontend_cache
from storefront.settings.reading import Reader

TOKEN = "a-token-for-machines-only"  # noqa: S105
BEARER = {"authorization": f"Bearer {TOKEN}"}


@pytest.fixture(autouse=True)
def tokens(settings) -> None:
    settings.TICK_TOKEN = settings.METRICS_TOKEN = TOKEN


@pytest.mark.django_db
def test_a_tick_by_address_does_the_periodic_work(client: Client) -> None:
    response = client.post("/tick/", headers=BEARER)
    assert response.status_code == 200
    assert "payments: " in response.content.decode()
    assert Beat.objects.filter(name="tick").exists()


@pytest.mark.parametrize(
    "given", ["", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x", "Bearer é"]
)
@pytest.mark.django_db
def test_without_the_token_there_is_nothing_there(client: Client, given: str) -> None:
    assert client.post("/tick/", headers={"authorization": given}).status_code == 404
    assert client.get("/metrics", headers={"authorization": given}).status_code == 404
    assert not Beat.objects.exists()


@pytest.mark.django_db
def test_without_the_setting_an_empty_token_opens_nothing(client: Client, settings) -> None:
    settings.TICK_TOKEN = settings.METRICS_TOKEN = ""
    assert client.post("/tick/", headers={"authorization": "Bearer "}).status_code == 404
    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


@pytest.mark.django_db
def test_guessing_is_stopped(client: Client) -> None:
    statuses = [client.post("/tick/", headers={"authorization": f"Bearer {n}"}).status_code for n in range(12)]
    assert statuses == [404] * 10 + [429] * 2


@pytest.mark.django_db
def test_ticks_are_limited_and_get_is_refused(client: Client) -> None:
    assert client.get("/tick/", headers=BEARER).status_code == 405
    assert [client.post("/tick/", headers=BEARER).status_code for _ in range(7)] == [200] * 6 + [429]


@pytest.mark.django_db(transaction=True)
def test_one_tick_at_a_time(client: Client) -> None:
    with alone.alone(connection.copy(), "tick"):
        assert client.post("/tick/", headers=BEARER).status_code == 409
        with pytest.raises(alone.Busy):
            periodic.tick(print)
    assert client.post("/tick/", headers=BEARER).status_code == 200


@pytest.mark.django_db
def test_a_job_that_fails_is_told_and_keeps_nobody_waiting(client: Client, monkeypatch) -> None:
    monkeypatch.setattr(periodic, "reconcile", lambda: 1 / 0)
    response = client.post("/tick/", headers=BEARER)
    said = response.content.decode()
    assert response.status_code == 500
    assert "failed: payments" in said
    assert "mails: 0 sent" in said
    assert not Beat.objects.filter(name="tick").exists()


@pytest.mark.django_db
def test_metrics_tell_how_the_shop_is(client: Client) -> None:
    StripeEvent.objects.create(keypair="USD", event_id="evt_1", type="x", body="{}")
    Incident.objects.create(kind='quo"ted', subject="x")
    Beat.record("reconcile")
    response = client.get("/metrics", headers=BEARER)
    lines = response.content.decode().splitlines()
    assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert 'storefront_orders{status="paid"} 0' in lines
    assert "storefront_stripe_events_waiting 1" in lines
    assert 'storefront_incidents_open{kind="quo\\"ted"} 1' in lines
    assert any(line.startswith('storefront_job_age_seconds{job="reconcile"} ') for line in lines)
    names = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(names) == len(set(names))


def figure(name: str) -> float:
    return next(float(line.rsplit(" ", 1)[1]) for line in counters.lines() if line.startswith(name))


def test_all_workers_count_together() -> None:
    """Forked as gunicorn forks: each counts, any of them tells the sum."""
    before = figure('storefront_stripe_seconds_count{outcome="answered"}')
    workers = [multiprocessing.get_context("fork").Process(target=count_a_hundred) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert figure('storefront_stripe_seconds_count{outcome="answered"}') - before == 400


def count_a_hundred() -> None:
    for _ in range(100):
        counters.count_stripe_call("answered", 0.2)


def test_a_slow_answer_stands_in_the_bucket_of_its_seconds() -> None:
    name = 'storefront_stripe_seconds_bucket{outcome="rejected",le="%s"}'
    before = {bound: figure(name % bound) for bound in ("0.25", "0.5", "+Inf")}
    counters.count_stripe_call("rejected", 0.3)
    counters.count_stripe_call("rejected", 60)
    after = {bound: figure(name % bound) - before[bound] for bound in before}
    assert after == {"0.25": 0, "0.5": 1, "+Inf": 2}


def test_a_worker_that_died_while_counting_stops_nobody(monkeypatch) -> None:
    monkeypatch.setattr(counters, "_lock", multiprocessing.get_context("fork").Lock())
    counters._lock.acquire()
    counters.count_request(200, 0.1)


@pytest.mark.django_db
def test_calls_to_stripe_are_counted() -> None:
    from checkout.gateway import client as stripe_client
    from checkout.gateway.accounts import account_for

    before = figure('storefront_stripe_seconds_count{outcome="answered"}')
    stripe_client.call(account_for("USD"), "accounts", "retrieve_current")
    assert figure('storefront_stripe_seconds_count{outcome="answered"}') == before + 1


@pytest.mark.django_db
def test_a_request_keeps_the_name_its_proxy_gave_it(client: Client) -> None:
    assert client.get("/healthz", headers={"x-request-id": "from-the-proxy-1"})["X-Request-ID"] == "from-the-proxy-1"
    assert client.get("/healthz", headers={"x-request-id": "no\tid"})["X-Request-ID"] != "no\tid"


def record(message: str, *args: object) -> logging.LogRecord:
    return logging.LogRecord("shop", logging.WARNING, "f.py", 1, message, args, None)


def test_json_lines_hold_parts_and_no_secret() -> None:
    one = record("failed at %s for %s", "/order/q7Jm2vXw0aZk9bTn4cRy8dLs6fGh1eUi", "bea@example.com")
    one.fields = {"path": "/order/q7Jm2vXw0aZk9bTn4cRy8dLs6fGh1eUi", "status": 500}
    text = JSONFormatter().format(one)
    assert "\n" not in text
    line = json.loads(text)
    assert (line["level"], line["logger"], line["status"]) == ("WARNING", "shop", 500)
    assert "q7Jm2vXw" not in text
    assert "bea@" not in text


def test_json_lines_hold_the_traceback() -> None:
    one = record("broke")
    try:
        int("sk_test_hunter2")
    except ValueError as error:
        one.exc_info = (ValueError, error, error.__traceback__)
    line = json.loads(JSONFormatter().format(one))
    assert "ValueError" in line["traceback"]
    assert "hunter2" not in line["traceback"]


def test_what_goes_to_sentry_is_blanked_by_name_and_by_shape() -> None:
    event = {
        "request": {"url": "https://shop/order/q7Jm2vXw0aZk9bTn4cRy8dLs6fGh1eUi", "cookies": "basket=abc"},
        "extra": {"order_token": "whatever", "kept": "words"},
        "breadcrumbs": [{"message": "GET /order/pay/q7Jm2vXw0aZk9bTn4cRy8dLs6fGh1eUi"}],
    }
    sent = json.dumps(redact_event(event, {}))
    assert not [secret for secret in ("q7Jm2vXw", "whatever", "basket=abc") if secret in sent]
    assert "words" in sent


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Authorization: Bearer abc.def-ghi", "abc.def"),
        ("mail to bea.buyer+x@example.com refused", "bea.buyer"),
        ("/admin/password_reset/confirm/MQ/c1abcd-0123456789abcdef/", "c1abcd"),
        ("/checkout/return/?payment_intent=pi_3Abc", "pi_3Abc"),
        ("token q7Jm2vXw0aZk9bTn4cRy8dLs6fGh1eUi leaked", "q7Jm2vXw"),
        ("token GPqFHhONXZPlfKaqsRGXXCuyDTDSGVht without a digit", "GPqFHhON"),
        ("session qmzkxgtwyhpplronbcvtsdjiekauwfgh without one", "qmzkxgtw"),
    ],
)
def test_more_that_log_lines_do_not_hold(text: str, hidden: str) -> None:
    assert hidden not in redact(text)


def test_checksums_paths_and_names_are_kept() -> None:
    kept = (
        "d41d8cd98f00b204e9800998ecf8427e",
        "/static/css/shop.0123456789ab.css",
        "checkout.migrations.0001_x",
        "PasswordResetConfirmTokenExpiredError: try again",
        "test_what_is_kept_of_a_long_name_in_small_letters",
    )
    for text in kept:
        assert redact(text) == text


@pytest.mark.django_db(transaction=True)
def test_a_published_page_is_purged_from_the_cache_in_front(settings) -> None:
    purged: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_PURGE(self) -> None:
            purged.append(f"{self.headers['Host']} {self.path}")
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        read = Reader({"CDN_PURGE_URL": f"http://127.0.0.1:{proxy.server_port}"})
        settings.WAGTAILFRONTENDCACHE = frontend_cache(read)
        make_home()
        item = make_item("Blue Heron")
        item.save_revision().publish()
        proxy.shutdown()
    assert any(item.url in line for line in purged), purged


def test_gunicorn_logs_in_the_chosen_format() -> None:
    text = (Path(__file__).resolve().parents[1] / "gunicorn.conf.py").read_text()
    assert 'logger_class = "storefront.logs.GunicornLogger"' in text
    assert "x-request-id" in text
