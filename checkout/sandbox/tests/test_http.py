"""The API over HTTP, the browser's part of it, and the stand-in Stripe.js."""

from urllib.parse import parse_qs, urlsplit

import pytest

from checkout.sandbox import keys, params
from checkout.sandbox.errors import Refusal

from . import wishes

pytestmark = pytest.mark.django_db


def intent(ask, **more) -> dict:
    return ask("POST", "/v1/payment_intents", {"amount": 2000, "currency": "usd", **more})[1]


def confirm(client, made: dict, **change):
    fields = {
        "client_secret": made["client_secret"],
        "key": keys.publishable_key("USD"),
        "payment_method": "pm_card_visa",
        "return_url": "http://testserver/checkout/return/",
    }
    return client.post(f"/sandbox/v1/payment_intents/{made['id']}/confirm", fields | change)


def test_the_mounted_api_answers_as_the_transport_does(client):
    headers = {"authorization": f"Bearer {keys.secret_key('EUR')}"}
    answer = client.post(
        "/sandbox/api/v1/coupons", "percent_off=10", content_type="application/x-www-form-urlencoded", headers=headers
    )
    assert (answer.status_code, answer.json()["percent_off"]) == (200, 10.0)
    listed = client.get("/sandbox/api/v1/coupons?limit=1", headers=headers).json()
    assert listed["data"] == [answer.json()]
    gone = client.delete(f"/sandbox/api/v1/coupons/{answer.json()['id']}", headers=headers)
    assert gone.json()["deleted"] is True


def test_without_a_key_the_mounted_api_is_shut(client):
    assert client.get("/sandbox/api/v1/events").status_code == 401


@pytest.mark.parametrize("path", ["/v1/unknown", "/v1/checkout/sessions/cs_1/unknown", "/", "/v2/core/events"])
def test_an_unknown_route_is_stripes_404(ask, path):
    status, body = ask("GET", path)
    assert (status, body["error"]["type"]) == (404, "invalid_request_error")


def test_another_api_version_is_refused(ask):
    assert ask("GET", "/v1/events", **{"Stripe-Version": "2020-08-27"})[0] == 400


def test_the_browser_confirms_with_client_secret_and_publishable_key(client, ask, inbox):
    answer = confirm(client, intent(ask, metadata={"order": "secret"}))
    assert (answer.status_code, answer.json()["status"]) == (200, "succeeded")
    assert "metadata" not in answer.json()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"client_secret": "pi_x_secret_y"}, 400),
        ({"key": "sk_test_sandbox_usd"}, 401),
        ({"key": "pk_test_sandbox_eur"}, 404),
        ({"payment_method": "pm_none"}, 400),
        ({"payment_method": "pm_card_chargeDeclined"}, 402),
        ({"return_url": "javascript:alert(1)"}, 400),
        ({"amount": "1"}, 400),
    ],
)
def test_the_browser_cannot_do_more(client, ask, inbox, change, status):
    assert confirm(client, intent(ask), **change).status_code == status


def test_three_d_secure_of_an_intent_returns_to_the_shop(client, ask, inbox):
    made = intent(ask)
    action = confirm(client, made, payment_method="pm_card_authenticationRequired").json()["next_action"]
    back = client.post(urlsplit(action["redirect_to_url"]["url"]).path, {"action": "authorise"})["Location"]
    assert back.startswith("http://testserver/checkout/return/?")
    assert parse_qs(urlsplit(back).query) == {
        "payment_intent": [made["id"]],
        "payment_intent_client_secret": [made["client_secret"]],
        "redirect_status": ["succeeded"],
    }


def test_only_the_legacy_stripe_js_redirects_to_checkout(client):
    present, legacy = client.get("/sandbox/stripe.js"), client.get("/sandbox/v3/stripe.js")
    assert present["Content-Type"].startswith("text/javascript")
    assert b"redirectToCheckout =" not in present.content
    assert b"redirectToCheckout =" in legacy.content


def test_brackets_become_a_tree():
    assert params.decode("a=1&b[c][0]=2&b[c][1]=3&d[]=4") == {"a": "1", "b": {"c": ["2", "3"]}, "d": ["4"]}


@pytest.mark.parametrize("body", ["[x]=1", "a[b=1", "a=1&a[b]=2", "=5"])
def test_malformed_fields_are_refused_not_crashed_on(ask, body):
    with pytest.raises(Refusal):
        params.decode(body)


@pytest.mark.parametrize(
    "wild",
    [
        {"line_items": "x"},
        {"line_items": {"0": {"price_data": "x"}}},
        {"metadata": "x"},
        {"discounts": {"coupon": "x"}},
        {"expires_at": "soon"},
        {"expires_at": "9" * 40},
        {"mode": ["payment"]},
        {"metadata": {"a": "nul \x00 byte"}},
        {"expand": "x"},
        {"expand": ["surprise"]},
        {"success_url": "http://[::"},
        {"customer_email": "\x00@x"},
    ],
)
def test_wild_parameters_get_a_400(ask, wild):
    status, body = ask("POST", "/v1/checkout/sessions", wishes.session() | wild)
    assert (status, "message" in body["error"]) == (400, True)
