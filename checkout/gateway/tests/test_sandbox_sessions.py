"""Checkout Sessions of the sandbox, asked for by the real SDK."""

import time

import pytest
import stripe
import time_machine

from checkout.sandbox import cards, paying
from checkout.sandbox.models import SandboxEvent
from checkout.sandbox.tests import wishes

pytestmark = pytest.mark.django_db


def pay(session, token: str = "pm_card_visa", account: str = "USD"):
    return paying.pay(account, session.id, cards.by_token(token), email="buyer@example.com")


def refused(call, *args) -> stripe.InvalidRequestError:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        call(*args)
    return caught.value


def test_a_new_session_is_open_unpaid_and_without_a_payment_intent(usd):
    session = usd.v1.checkout.sessions.create(wishes.session(wishes.line(1999, 2), metadata={"order": "abc"}))
    assert (session.status, session.payment_status, session.amount_total) == ("open", "unpaid", 3998)
    assert session.payment_intent is None
    assert session.metadata.to_dict() == {"order": "abc"}
    assert session.url == f"http://testserver/sandbox/pay/{session.id}/"
    assert session.livemode is False
    assert session.id.startswith("cs_test_")


def test_a_paid_session_leads_to_intent_and_charge(usd):
    session = usd.v1.checkout.sessions.create(
        wishes.session(payment_intent_data={"metadata": {"order": "abc"}, "description": "Order"})
    )
    pay(session)
    paid = usd.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    assert paid.customer_details.email == "buyer@example.com"
    assert paid.metadata.to_dict() == {}
    assert paid.payment_intent.metadata.to_dict() == {"order": "abc"}
    assert (paid.payment_intent.status, paid.payment_intent.amount_received) == ("succeeded", 1999)
    assert (paid.payment_intent.latest_charge.paid, paid.payment_intent.latest_charge.amount) == (True, 1999)


def test_each_account_sees_only_its_own_objects(client_for):
    session = client_for("USD").v1.checkout.sessions.create(wishes.session())
    error = refused(client_for("EUR").v1.checkout.sessions.retrieve, session.id)
    assert (error.http_status, error.code) == (404, "resource_missing")


@pytest.mark.parametrize(
    ("change", "code", "param"),
    [
        ({"payment_method_types": ["card"]}, "parameter_unknown", "payment_method_types"),
        ({"surprise": 1}, "parameter_unknown", "surprise"),
        ({"idempotency_key_": "x"}, "parameter_unknown", "idempotency_key_"),
        ({"ui_mode": "hosted"}, None, "ui_mode"),
        ({"line_items": [{"quantity": 1, "name": "Old", "amount": 5}]}, "parameter_unknown", "line_items[0][name]"),
        ({"line_items": [wishes.line(quantity=0)]}, "parameter_invalid_integer", "line_items[0][quantity]"),
        ({"line_items": [wishes.line(19.99)]}, "parameter_invalid_integer", "line_items[0][price_data][unit_amount]"),
        ({"line_items": [wishes.line(-5)]}, "parameter_invalid_integer", "line_items[0][price_data][unit_amount]"),
        ({"line_items": [wishes.line(), wishes.line(currency="eur")]}, None, "line_items"),
        ({"line_items": [wishes.line()] * 101}, "array_too_long", "line_items"),
        ({"line_items": [wishes.line(tax_rates=["txr_none"])]}, "resource_missing", "line_items[0][tax_rates][0]"),
        ({"line_items": [wishes.line(49)]}, "amount_too_small", "line_items"),
        ({"line_items": [wishes.line(99_999_999, 2)]}, "amount_too_large", "line_items"),
        ({"line_items": [wishes.line(50_050, currency="isk")]}, None, "line_items[0][price_data][unit_amount]"),
        ({"line_items": [wishes.line(5123, currency="kwd")]}, None, "line_items[0][price_data][unit_amount]"),
        ({"discounts": [{"coupon": "NONE"}]}, "resource_missing", "discounts[0][coupon]"),
        ({"discounts": [{"coupon": "A"}, {"coupon": "B"}]}, "array_too_long", "discounts"),
        ({"metadata": {"k" * 41: "v"}}, None, None),
        ({"metadata": {"k": "v" * 501}}, None, "metadata[k]"),
        ({"metadata": {str(n): "v" for n in range(51)}}, None, "metadata"),
        ({"customer_email": "nobody"}, "email_invalid", "customer_email"),
        ({"success_url": "/back"}, "url_invalid", "success_url"),
        ({"customer": "cus_1"}, "sandbox_not_simulated", "customer"),
        ({"expires_at": 5}, None, "expires_at"),
    ],
)
def test_what_stripe_refuses_is_refused(usd, change, code, param):
    error = refused(usd.v1.checkout.sessions.create, wishes.session() | change)
    assert error.http_status == 400
    assert error.code == code
    assert param is None or error.param == param


@pytest.mark.parametrize("name", ["mode", "success_url", "line_items"])
def test_required_parameters_are_required(usd, name):
    params = wishes.session()
    del params[name]
    error = refused(usd.v1.checkout.sessions.create, params)
    assert (error.code, error.param) == ("parameter_missing", name)


@pytest.mark.parametrize(("seconds", "accepted"), [(1790, False), (1860, True), (86_400, True), (86_500, False)])
def test_a_session_lives_between_half_an_hour_and_a_day(usd, seconds, accepted):
    params = wishes.session(expires_at=int(time.time()) + seconds)
    if accepted:
        assert usd.v1.checkout.sessions.create(params).expires_at == params["expires_at"]
    else:
        assert refused(usd.v1.checkout.sessions.create, params).param == "expires_at"


def test_time_expires_a_session_and_says_so(usd):
    session = usd.v1.checkout.sessions.create(wishes.session(expires_at=int(time.time()) + 1860))
    with time_machine.travel(time.time() + 1900):
        expired = usd.v1.checkout.sessions.retrieve(session.id)
        usd.v1.checkout.sessions.list()
    assert (expired.status, expired.url) == ("expired", None)
    assert list(SandboxEvent.objects.values_list("type", flat=True)) == ["checkout.session.expired"]


def test_only_an_open_session_can_be_expired(usd):
    session = usd.v1.checkout.sessions.create(wishes.session())
    assert usd.v1.checkout.sessions.expire(session.id).status == "expired"
    assert "status of expired" in str(refused(usd.v1.checkout.sessions.expire, session.id))
    paid = usd.v1.checkout.sessions.create(wishes.session())
    pay(paid)
    assert "status of complete" in str(refused(usd.v1.checkout.sessions.expire, paid.id))


def test_expiring_cancels_the_intent_of_a_declined_try(usd):
    session = usd.v1.checkout.sessions.create(wishes.session())
    pay(session, "pm_card_chargeDeclined")
    intent_id = usd.v1.checkout.sessions.retrieve(session.id).payment_intent
    assert "Expire the session" in str(refused(usd.v1.payment_intents.cancel, intent_id))
    usd.v1.checkout.sessions.expire(session.id)
    assert usd.v1.payment_intents.retrieve(intent_id).status == "canceled"


def test_discount_comes_first_then_tax_on_each_line(usd):
    vat = usd.v1.tax_rates.create({"display_name": "VAT", "percentage": 19, "inclusive": True})
    sales = usd.v1.tax_rates.create({"display_name": "Sales tax", "percentage": 8.875, "inclusive": False})
    coupon = usd.v1.coupons.create({"name": "Welcome", "percent_off": 10})
    lines = wishes.line(1999, 2, tax_rates=[vat.id]), wishes.line(650, 1, tax_rates=[sales.id])
    session = usd.v1.checkout.sessions.create(
        wishes.session(*lines, discounts=[{"coupon": coupon.id}])
        | {"expand": ["total_details.breakdown", "line_items"]}
    )
    # 3998 - 400 = 3598, of it 574 tax; 650 - 65 = 585, plus 52 tax
    assert session.amount_subtotal == 4648
    assert session.total_details.amount_discount == 465
    assert session.total_details.amount_tax == 574 + 52
    assert session.amount_total == 3598 + 585 + 52
    assert [tax.amount for tax in session.total_details.breakdown.taxes] == [574, 52]
    assert session.total_details.breakdown.discounts[0].discount.source.coupon == coupon.id
    assert [item.amount_total for item in session.line_items.data] == [3598, 637]


def test_tax_is_rounded_half_up_on_each_line_not_on_the_sum(usd):
    rate = usd.v1.tax_rates.create({"display_name": "Tax", "percentage": 10, "inclusive": False})
    lines = [wishes.line(33, tax_rates=[rate.id]) for _ in range(3)]
    assert usd.v1.checkout.sessions.create(wishes.session(*lines)).total_details.amount_tax == 9


@pytest.mark.parametrize(("choice", "discounts"), [("first", [34, 33, 33]), ("last", [33, 33, 34])])
def test_the_odd_cent_goes_where_the_sandbox_is_told(usd, settings, choice, discounts):
    settings.STRIPE_SANDBOX_ODD_CENTS = choice
    coupon = usd.v1.coupons.create({"amount_off": 100, "currency": "usd"})
    params = wishes.session(*[wishes.line(500)] * 3, discounts=[{"coupon": coupon.id}], expand=["line_items"])
    session = usd.v1.checkout.sessions.create(params)
    assert [item.amount_discount for item in session.line_items.data] == discounts


def test_a_free_session_needs_no_payment(usd):
    coupon = usd.v1.coupons.create({"percent_off": 100, "max_redemptions": 1})
    session = usd.v1.checkout.sessions.create(wishes.session(discounts=[{"coupon": coupon.id}]))
    pay(session)
    done = usd.v1.checkout.sessions.retrieve(session.id)
    assert (done.status, done.payment_status, done.payment_intent) == ("complete", "no_payment_required", None)
    assert not usd.v1.coupons.retrieve(coupon.id).valid
    error = refused(usd.v1.checkout.sessions.create, wishes.session(discounts=[{"coupon": coupon.id}]))
    assert error.code == "coupon_expired"


def test_discounts_and_promotion_codes_exclude_each_other(usd):
    coupon = usd.v1.coupons.create({"percent_off": 5})
    params = wishes.session(discounts=[{"coupon": coupon.id}], allow_promotion_codes=True)
    assert "only specify one" in str(refused(usd.v1.checkout.sessions.create, params))


def test_archived_and_mixed_tax_rates_are_refused(usd):
    inside = usd.v1.tax_rates.create({"display_name": "VAT", "percentage": 19, "inclusive": True})
    outside = usd.v1.tax_rates.create({"display_name": "Tax", "percentage": 5, "inclusive": False})
    mixed = wishes.session(wishes.line(tax_rates=[inside.id, outside.id]))
    assert "inclusive" in str(refused(usd.v1.checkout.sessions.create, mixed))
    usd.v1.tax_rates.update(inside.id, {"active": False})
    archived = wishes.session(wishes.line(tax_rates=[inside.id]))
    assert "archived" in str(refused(usd.v1.checkout.sessions.create, archived))


def test_sessions_are_listed_newest_first_by_intent_and_page(usd):
    sessions = [usd.v1.checkout.sessions.create(wishes.session()) for _ in range(3)]
    intent = pay(sessions[1])
    assert [s.id for s in usd.v1.checkout.sessions.list()] == [s.id for s in reversed(sessions)]
    found = usd.v1.checkout.sessions.list({"payment_intent": intent.stripe_id})
    assert [s.id for s in found.data] == [sessions[1].id]
    page = usd.v1.checkout.sessions.list({"limit": 1, "starting_after": sessions[2].id})
    assert ([s.id for s in page.data], page.has_more) == ([sessions[1].id], True)
    assert [s.id for s in page.auto_paging_iter()] == [sessions[1].id, sessions[0].id]
    assert not usd.v1.checkout.sessions.list({"created": {"gt": int(time.time()) + 5}}).data


def test_line_items_come_in_pages_of_ten(usd):
    session = usd.v1.checkout.sessions.create(wishes.session(*[wishes.line(100 + n) for n in range(25)]))
    assert len(list(usd.v1.checkout.sessions.line_items.list(session.id).auto_paging_iter())) == 25
    shown = usd.v1.checkout.sessions.retrieve(session.id, {"expand": ["line_items"]})
    assert (len(shown.line_items.data), shown.line_items.has_more) == (10, True)


def test_yen_have_no_cents(client_for):
    session = client_for("JPY").v1.checkout.sessions.create(wishes.session(wishes.line(500, currency="jpy")))
    assert (session.amount_total, session.currency) == (500, "jpy")


def test_a_delayed_method_completes_unpaid_and_pays_later(usd):
    session = usd.v1.checkout.sessions.create(wishes.session())
    intent = pay(session, "pm_usBankAccount")
    now = usd.v1.checkout.sessions.retrieve(session.id)
    assert (now.status, now.payment_status) == ("complete", "unpaid")
    paying.settle_delayed("USD", intent.stripe_id, succeeds=True)
    later = usd.v1.checkout.sessions.retrieve(session.id)
    assert (later.status, later.payment_status) == ("complete", "paid")
    assert [event.type for event in usd.v1.events.list()][:3] == [
        "checkout.session.async_payment_succeeded",
        "payment_intent.succeeded",
        "charge.succeeded",
    ]


def test_a_delayed_method_may_fail_later(usd):
    session = usd.v1.checkout.sessions.create(wishes.session())
    intent = pay(session, "pm_usBankAccount")
    paying.settle_delayed("USD", intent.stripe_id, succeeds=False)
    later = usd.v1.checkout.sessions.retrieve(session.id)
    assert (later.status, later.payment_status) == ("complete", "unpaid")
    assert usd.v1.events.list().data[0].type == "checkout.session.async_payment_failed"
