"""The hosted payment page, as a browser without JavaScript uses it."""

import time

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from checkout.sandbox import cards, intents
from checkout.sandbox.models import SandboxDelivery, SandboxObject
from checkout.sandbox.views import speaking
from checkout.sandbox.views.page import pay

from . import wishes

pytestmark = pytest.mark.django_db


def page_of(session: dict) -> str:
    return f"/sandbox/pay/{session['id']}/"


def submit(client, session: dict, action: str = "pay", **fields):
    return client.post(page_of(session), {"action": action, "email": "buyer@example.com", **fields})


def state(session: dict) -> tuple[str, str]:
    data = SandboxObject.objects.get(stripe_id=session["id"]).data
    return data["status"], data["payment_status"]


def types(inbox: list[dict]) -> list[str]:
    return [event["type"] for event in inbox]


def test_the_page_names_lines_discount_taxes_and_total(client, ask, make_session):
    _, coupon = ask("POST", "/v1/coupons", {"percent_off": 10, "name": "Spring sale"})
    _, vat = ask("POST", "/v1/tax_rates", {"display_name": "VAT", "percentage": 19, "inclusive": "true"})
    line = wishes.line(1999, 2, name="Harbour print", tax_rates=[vat["id"]])
    html = client.get(page_of(make_session(line, discounts=[{"coupon": coupon["id"]}]))).content.decode()
    for text in ("Harbour print", "2 × $19.99", "$39.98", "Discount: Spring sale", "−$4.00", "VAT (19 %", "$35.98"):
        assert text in html
    assert "Demo – no money moves" in html


def test_the_page_is_never_cached_nor_indexed_and_has_no_inline_code(client, make_session):
    answer = client.get(page_of(make_session()))
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]
    html = answer.content.decode()
    assert "<script" not in html
    assert "style=" not in html
    assert "csrfmiddlewaretoken" in html


def test_paying_ends_at_the_shop_and_then_the_webhook_comes(client, make_session, inbox):
    session = make_session()
    answer = submit(client, session)
    assert answer.status_code == 303
    assert answer["Location"] == f"http://testserver/checkout/return/?session_id={session['id']}"
    assert state(session) == ("complete", "paid")
    assert types(inbox) == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]


@pytest.mark.parametrize(("when", "now", "later"), [("before", 4, 4), ("twice", 8, 8), ("late", 0, 4), ("never", 0, 0)])
def test_the_webhook_comes_when_it_is_wanted(client, make_session, inbox, when, now, later):
    submit(client, make_session(), webhook=when)
    assert len(inbox) == now
    with time_machine.travel(time.time() + 25):
        client.get("/sandbox/")
    assert len(inbox) == later


def test_before_the_redirect_means_before_the_answer(rf, make_session, inbox):
    session = make_session()
    pay(rf.post("/", {"action": "pay", "email": "a@b.co", "webhook": "before"}), session["id"])
    assert types(inbox)[-1] == "checkout.session.completed"


def test_a_declined_card_can_be_followed_by_a_good_one(client, make_session, inbox):
    session = make_session()
    answer = submit(client, session, "decline")
    assert answer.status_code == 402
    assert "Your card was declined." in answer.content.decode()
    assert state(session) == ("open", "unpaid")
    assert types(inbox)[-1] == "payment_intent.payment_failed"
    assert submit(client, session).status_code == 303
    assert state(session) == ("complete", "paid")
    assert SandboxObject.objects.filter(kind="payment_intent").count() == 1


def test_three_d_secure_is_a_second_page(client, make_session, inbox):
    session = make_session()
    second = submit(client, session, "secure")["Location"]
    assert "Authorise" in client.get(second).content.decode()
    failed = client.post(second, {"action": "fail"})
    assert failed["Location"] == f"/sandbox/pay/{session['id']}/?declined=1"
    assert "unable to authenticate" in client.get(failed["Location"]).content.decode()
    second = submit(client, session, "secure")["Location"]
    assert "checkout/return" in client.post(second, {"action": "authorise"})["Location"]
    assert state(session) == ("complete", "paid")
    # the answer is given once: coming back only leads onwards
    assert client.post(second, {"action": "fail"}).status_code == 303
    assert state(session) == ("complete", "paid")


def test_pay_later_is_settled_on_the_overview(client, make_session, inbox):
    session = make_session()
    assert submit(client, session, "later").status_code == 303
    assert state(session) == ("complete", "unpaid")
    intent = SandboxObject.objects.get(kind="payment_intent").stripe_id
    assert "Let the payment succeed" in client.get("/sandbox/").content.decode()
    client.post("/sandbox/", {"action": "settle", "intent": intent})
    assert state(session) == ("complete", "paid")
    assert types(inbox)[-1] == "checkout.session.async_payment_succeeded"


def test_another_browser_neither_sees_nor_settles_a_payment(client, make_session, inbox):
    session = make_session()
    submit(client, session, "later")
    intent = SandboxObject.objects.get(kind="payment_intent").stripe_id
    client.cookies.clear()
    assert intent not in client.get("/sandbox/").content.decode()
    client.post("/sandbox/", {"action": "settle", "intent": intent})
    assert state(session) == ("complete", "unpaid")


def test_staff_decide_disputes(admin_client, make_session, inbox):
    session = make_session()
    submit(admin_client, session)
    intent = SandboxObject.objects.get(kind="payment_intent").stripe_id
    for action in ("dispute", "dispute_won"):
        admin_client.post("/sandbox/", {"action": action, "intent": intent})
    assert types(inbox)[-2:] == ["charge.dispute.created", "charge.dispute.closed"]
    assert "dispute: won" in admin_client.get("/sandbox/").content.decode()


def test_cancel_goes_back_to_the_shop(client, make_session):
    session = make_session()
    assert submit(client, session, "cancel")["Location"] == session["cancel_url"]
    assert state(session) == ("open", "unpaid")


@pytest.mark.parametrize("fields", [{"email": "nobody"}, {"email": ""}, {"card": "pm_other"}])
def test_bad_input_is_shown_again_and_nothing_is_paid(client, make_session, fields):
    session = make_session()
    assert submit(client, session, **fields).status_code == 422
    assert state(session) == ("open", "unpaid")


def test_an_address_from_the_shop_is_locked(client, make_session, inbox):
    session = make_session(customer_email="given@example.com")
    assert "readonly" in client.get(page_of(session)).content.decode()
    submit(client, session, email="other@example.com")
    data = SandboxObject.objects.get(stripe_id=session["id"]).data
    assert data["customer_details"]["email"] == "given@example.com"


def test_a_delivery_address_is_collected_when_asked_for(client, make_session, inbox):
    session = make_session(shipping_address_collection={"allowed_countries": ["DE", "FR"]})
    assert submit(client, session).status_code == 422
    address = {"name": "A. Buyer", "line1": "Street 1", "postal_code": "10115", "city": "Berlin", "country": "DE"}
    assert submit(client, session, **address).status_code == 303
    details = SandboxObject.objects.get(stripe_id=session["id"]).data["collected_information"]["shipping_details"]
    assert (details["name"], details["address"]["city"]) == ("A. Buyer", "Berlin")


def test_paid_expired_and_unknown_sessions_say_so(client, make_session, inbox):
    paid, expired = make_session(), make_session(expires_at=int(time.time()) + 1860)
    submit(client, paid)
    answer = client.get(page_of(paid))
    assert (answer.status_code, b"This order is complete" in answer.content) == (200, True)
    with time_machine.travel(time.time() + 1900):
        answer = submit(client, expired)
        assert (answer.status_code, b"has expired" in answer.content) == (410, True)
    assert client.get("/sandbox/pay/cs_test_none/").status_code == 404


def test_the_form_may_lead_to_a_shop_on_another_address(client, make_session):
    session = make_session(success_url="https://shop.example/done")
    policy = client.get(page_of(session))["Content-Security-Policy"]
    assert "https://shop.example" in policy.partition("form-action")[2]


def test_a_form_without_the_csrf_token_is_refused(make_session):
    assert submit(Client(enforce_csrf_checks=True), make_session()).status_code == 403


def test_requests_cost_no_sandbox_query_while_nothing_is_due(client, make_session, inbox, django_assert_num_queries):
    submit(client, make_session())
    assert not SandboxDelivery.objects.filter(status="waiting").exists()
    with django_assert_num_queries(0):
        client.get("/sandbox/stripe.js")


def test_the_page_speaks_the_sessions_language_whatever_the_browsers_is(client, make_session, ask):
    _, vat = ask("POST", "/v1/tax_rates", {"display_name": "MwSt.", "percentage": 7.7, "inclusive": "true"})
    line = wishes.line(123456, name="Hafen", tax_rates=[vat["id"]])
    session = make_session(line, locale="de")
    answer = client.get(page_of(session), headers={"Accept-Language": "ru"})
    html = answer.content.decode()
    assert answer["Content-Language"] == "de"
    assert '<html lang="de">' in html
    for text in ("es fließt kein Geld", "1.234,56\xa0$ bezahlen", "Gesamt", "MwSt. (7,7 %, in den Preisen enthalten)"):
        assert text in html
    declined = submit(client, session, "decline").content.decode()
    assert "Ihre Karte wurde abgelehnt. Versuchen Sie einen anderen Zahlungsweg." in declined
    assert "Bitte geben Sie eine E-Mail-Adresse an" in submit(client, session, email="x").content.decode()


@pytest.mark.parametrize(
    ("locale", "browser", "spoken"),
    [("auto", "ru", "ru"), ("auto", "fr", "en"), ("de-CH", "ru", "de"), ("fr", "ru", "en"), (None, "de", "de")],
)
def test_without_a_language_of_its_own_the_browsers_counts(client, make_session, locale, browser, spoken):
    session = make_session(**({"locale": locale} if locale else {}))
    html = client.get(page_of(session), headers={"Accept-Language": browser}).content.decode()
    assert f'<html lang="{spoken}">' in html


def test_the_banks_page_and_the_closed_one_speak_it_too(client, make_session):
    session = make_session(locale="ru")
    bank = submit(client, session, "secure")["Location"]
    assert "Банк спрашивает: это вы?" in client.get(bank).content.decode()
    client.post(bank, {"action": "authorise"})
    assert "Этот заказ завершён" in client.get(page_of(session)).content.decode()


def test_every_refusal_of_a_card_can_be_translated():
    said = {card.message for card in cards.CARDS if card.message} | {intents.DEBIT_FAILED.message}
    assert said | {intents.AUTHENTICATION_FAILED.message} <= set(speaking.REFUSALS)
    with translation.override("de"):
        assert not {text for text in speaking.REFUSALS if speaking.refusal(text) == text}
