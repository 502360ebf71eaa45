"""The stand-in Stripe.js and the payment page in a real browser, under the shop's content security policy."""

import pytest
from django.test import override_settings
from playwright.sync_api import Page

from checkout.sandbox import keys

HOST_PAGE = """<!doctype html><html lang="en"><title>Pay</title><main><h1>Pay</h1><div id="payment"></div></main>
<script src="{script}"></script></html>"""
MOUNT = """secret => {
  window.stripe = Stripe("pk_test_sandbox_usd");
  window.elements = stripe.elements({clientSecret: secret});
  elements.create("payment").mount("#payment");
}"""
CONFIRM = """url => elements.submit().then(checked => checked.error ? checked :
  stripe.confirmPayment({elements, confirmParams: {return_url: url}}))"""

pytestmark = pytest.mark.browser


@pytest.fixture
def shop(transactional_db, live_server):
    """The live server's address, known to the sandbox as the shop's own."""
    with override_settings(BASE_URL=live_server.url):
        yield live_server.url


@pytest.fixture
def page(shop, new_context) -> Page:
    """In the run's one browser: a second Playwright in a process would refuse to start."""
    return new_context().new_page()


def host(page: Page, shop: str, script: str) -> None:
    policy = "default-src 'self'; script-src 'self'"
    answer = {"body": HOST_PAGE.format(script=script), "headers": {"Content-Security-Policy": policy}}
    page.route(f"{shop}/host", lambda route: route.fulfill(content_type="text/html", **answer))
    page.route(f"{shop}/done*", lambda route: route.fulfill(content_type="text/html", body="<h1>Done</h1>"))
    page.goto(f"{shop}/host")


def test_an_intent_is_declined_then_paid_with_three_d_secure(page, shop, ask, inbox):
    intent = ask("POST", "/v1/payment_intents", {"amount": 2500, "currency": "usd"})[1]
    host(page, shop, "/sandbox/stripe.js")
    page.evaluate(MOUNT, intent["client_secret"])
    assert page.evaluate(CONFIRM, f"{shop}/done")["error"]["code"] == "incomplete_card"
    page.get_by_label("is declined").check()
    assert page.evaluate(CONFIRM, f"{shop}/done")["error"]["code"] == "card_declined"
    page.get_by_label("3-D Secure").check()
    page.evaluate(f"url => {{ ({CONFIRM})(url); }}", f"{shop}/done")
    page.get_by_role("button", name="Authorise").click()
    page.wait_for_url("**/done?*")
    assert f"payment_intent={intent['id']}" in page.url
    assert "redirect_status=succeeded" in page.url
    assert ask("GET", f"/v1/payment_intents/{intent['id']}")[1]["status"] == "succeeded"


def test_only_the_legacy_script_still_redirects_to_checkout(page, shop, make_session, inbox):
    session = make_session(success_url=f"{shop}/done?session_id={{CHECKOUT_SESSION_ID}}")
    key = keys.publishable_key("USD")
    host(page, shop, "/sandbox/stripe.js")
    assert page.evaluate("key => typeof Stripe(key).redirectToCheckout", key) == "undefined"
    host(page, shop, "/sandbox/v3/stripe.js")
    page.evaluate("([key, id]) => { Stripe(key).redirectToCheckout({sessionId: id}); }", [key, session["id"]])
    page.get_by_label("E-mail").fill("buyer@example.com")
    page.get_by_role("button", name="Pay $19.99").click()
    page.wait_for_url("**/done?*")
    assert page.url == f"{shop}/done?session_id={session['id']}"
