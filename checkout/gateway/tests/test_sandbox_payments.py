"""Payment intents, refunds, disputes, coupons, tax rates and events of the sandbox, asked for by the real SDK."""

import time

import pytest
import stripe
import time_machine

from checkout.gateway.sandbox_transport import SandboxHTTPClient
from checkout.sandbox import charging, keys, store
from checkout.sandbox.resources import refunds
from checkout.sandbox.resources.accounts import account_id

pytestmark = pytest.mark.django_db
PAID = {"confirm": True, "payment_method": "pm_card_visa", "return_url": "http://testserver/"}


def paid(client, token: str = "pm_card_visa", amount: int = 2000):
    return client.v1.payment_intents.create({"amount": amount, "currency": "usd", **PAID, "payment_method": token})


def refused(call, *args) -> stripe.StripeError:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        call(*args)
    return caught.value


def types(client) -> list[str]:
    return [event.type for event in client.v1.events.list({"limit": 100})][::-1]


def test_an_intent_is_created_changed_and_canceled(usd):
    intent = usd.v1.payment_intents.create({"amount": 2000, "currency": "usd", "metadata": {"a": "1", "b": "2"}})
    assert intent.status == "requires_payment_method"
    assert intent.client_secret.startswith(f"{intent.id}_secret_")
    changed = usd.v1.payment_intents.update(intent.id, {"amount": 2500, "metadata": {"a": ""}})
    assert (changed.amount, changed.metadata.to_dict()) == (2500, {"b": "2"})
    canceled = usd.v1.payment_intents.cancel(intent.id, {"cancellation_reason": "abandoned"})
    assert (canceled.status, canceled.cancellation_reason) == ("canceled", "abandoned")
    assert refused(usd.v1.payment_intents.cancel, intent.id).code == "payment_intent_unexpected_state"
    assert types(usd) == ["payment_intent.created", "payment_intent.canceled"]


def test_a_good_card_pays_on_the_server(usd):
    intent = paid(usd)
    assert (intent.status, intent.amount_received) == ("succeeded", 2000)
    assert usd.v1.charges.retrieve(intent.latest_charge).payment_method_details.card.last4 == "4242"
    assert refused(usd.v1.payment_intents.update, intent.id, {"amount": 5000}).code == "payment_intent_unexpected_state"


@pytest.mark.parametrize(
    ("token", "code", "decline_code"),
    [
        ("pm_card_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", None),
        ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", None),
        ("pm_card_chargeDeclinedProcessingError", "processing_error", None),
    ],
)
def test_a_declined_card_leaves_the_intent_payable(usd, token, code, decline_code):
    with pytest.raises(stripe.CardError) as caught:
        paid(usd, token)
    assert (caught.value.http_status, caught.value.code) == (402, code)
    assert getattr(caught.value.error, "decline_code", None) == decline_code
    intent = usd.v1.payment_intents.list().data[0]
    assert (intent.status, intent.last_payment_error.code) == ("requires_payment_method", code)
    assert types(usd) == ["payment_intent.created", "charge.failed", "payment_intent.payment_failed"]
    again = usd.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa", "return_url": "http://x.y/"})
    assert (again.status, again.last_payment_error) == ("succeeded", None)


def test_three_d_secure_asks_for_an_action(usd):
    intent = paid(usd, "pm_card_authenticationRequired")
    assert intent.status == "requires_action"
    assert intent.next_action.redirect_to_url.url == f"http://testserver/sandbox/3ds/{intent.id}/"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"payment_method_types": ["card"]}, "payment_method_types_no_longer_supported"),
        ({"amount": 49}, "amount_too_small"),
        ({"amount": 100_000_000}, "amount_too_large"),
        ({"discounts": [{"coupon": "A"}]}, "parameter_unknown"),
        ({"currency": "xyz"}, None),
        ({"confirm": True, "payment_method": "pm_card_visa"}, "parameter_missing"),
        ({"confirm": True}, "parameter_missing"),
    ],
)
def test_what_stripe_refuses_of_an_intent_is_refused(usd, change, code):
    assert refused(usd.v1.payment_intents.create, {"amount": 2000, "currency": "usd"} | change).code == code


def details(**more) -> dict:
    return {"line_items": [{"product_name": "Print", "quantity": 2, "unit_cost": 1000}], **more}


def test_amount_details_must_add_up(usd):
    tax, shipping = {"total_tax_amount": 380}, {"amount": 500}
    good = details(tax=tax, shipping=shipping, discount_amount=100)
    params = {"amount": 2780, "currency": "usd", "amount_details": good}
    assert usd.v1.payment_intents.create(params).amount_details.discount_amount == 100
    error = refused(usd.v1.payment_intents.create, params | {"amount": 2779})
    assert error.param == "amount_details"
    lenient = good | {"enforce_arithmetic_validation": False}
    noted = usd.v1.payment_intents.create({"amount": 2779, "currency": "usd", "amount_details": lenient})
    assert "2780" in noted.amount_details.error.message


def test_a_tax_is_given_for_lines_or_for_the_whole(usd):
    wrong = details(tax={"total_tax_amount": 10})
    wrong["line_items"][0]["tax"] = {"total_tax_amount": 10}
    params = {"amount": 2020, "currency": "usd", "amount_details": wrong}
    assert "not both" in str(refused(usd.v1.payment_intents.create, params))


def test_refunds_take_what_is_left_and_no_more(usd):
    intent = paid(usd)
    first = usd.v1.refunds.create({"payment_intent": intent.id, "amount": 500, "metadata": {"refund": "1"}})
    assert (first.status, first.charge) == ("succeeded", intent.latest_charge)
    error = refused(usd.v1.refunds.create, {"payment_intent": intent.id, "amount": 1501})
    assert "greater than unrefunded amount on charge" in str(error)
    assert usd.v1.refunds.create({"charge": intent.latest_charge}).amount == 1500
    assert refused(usd.v1.refunds.create, {"payment_intent": intent.id}).code == "charge_already_refunded"
    charge = usd.v1.charges.retrieve(intent.latest_charge, {"expand": ["refunds"]})
    assert (charge.amount_refunded, charge.refunded, len(charge.refunds.data)) == (2000, True, 2)
    assert len(usd.v1.refunds.list({"payment_intent": intent.id}).data) == 2


def test_a_pending_refund_succeeds_later(usd):
    refund = usd.v1.refunds.create({"payment_intent": paid(usd, "pm_card_pendingRefund").id})
    assert refund.status == "pending"
    with time_machine.travel(time.time() + 60):
        assert usd.v1.refunds.retrieve(refund.id).status == "succeeded"
    assert types(usd)[-1] == "refund.updated"


def test_a_refund_may_fail_later_and_can_be_tried_again(usd):
    intent = paid(usd, "pm_card_refundFail")
    refund = usd.v1.refunds.create({"payment_intent": intent.id})
    assert refund.status == "succeeded"
    refunds.finish("USD", refund.id)
    assert usd.v1.refunds.retrieve(refund.id).status == "failed"
    assert "refund.failed" in types(usd)
    assert usd.v1.charges.retrieve(intent.latest_charge).amount_refunded == 0


def test_a_disputed_charge_cannot_be_refunded(usd):
    intent = paid(usd, "pm_card_createDispute")
    assert types(usd)[-1] == "charge.dispute.created"
    assert refused(usd.v1.refunds.create, {"payment_intent": intent.id}).code == "charge_disputed"
    dispute = usd.v1.disputes.list({"payment_intent": intent.id}).data[0]
    charging.close_dispute(store.get("USD", "dispute", dispute.id), won=True)
    assert usd.v1.disputes.retrieve(dispute.id).status == "won"
    assert types(usd)[-1] == "charge.dispute.closed"


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"percent_off": 10, "amount_off": 100, "currency": "usd"},
        {"amount_off": 100},
        {"percent_off": 0},
        {"percent_off": 100.5},
        {"percent_off": 10, "name": "n" * 41},
        {"percent_off": 10, "duration": "weekly"},
        {"percent_off": 10, "max_redemptions": 0},
        {"amount_off": 150, "currency": "isk"},
    ],
)
def test_impossible_coupons_are_refused(usd, params):
    assert refused(usd.v1.coupons.create, params).http_status == 400


def test_a_coupon_is_once_by_default_fixed_in_terms_and_deletable(usd):
    coupon = usd.v1.coupons.create({"percent_off": 12.5, "id": "SPRING"})
    assert (coupon.duration, coupon.percent_off, coupon.valid) == ("once", 12.5, True)
    assert refused(usd.v1.coupons.create, {"percent_off": 5, "id": "SPRING"}).code == "resource_already_exists"
    assert refused(usd.v1.coupons.update, "SPRING", {"percent_off": 20}).code == "parameter_unknown"
    assert usd.v1.coupons.delete("SPRING").deleted
    assert refused(usd.v1.coupons.retrieve, "SPRING").http_status == 404


def test_tax_rates_keep_percentage_and_kind_for_good(usd):
    rate = usd.v1.tax_rates.create({"display_name": "NYC", "percentage": 8.875, "inclusive": False})
    assert rate.percentage == 8.875
    assert refused(usd.v1.tax_rates.update, rate.id, {"percentage": 9}).code == "parameter_unknown"
    error = refused(usd.v1.tax_rates.create, {"display_name": "x", "percentage": 8.87555, "inclusive": True})
    assert error.param == "percentage"
    assert refused(usd.v1.tax_rates.create, {"display_name": "x" * 51, "percentage": 1, "inclusive": True})


def test_events_are_listed_by_type_newest_first(usd):
    paid(usd)
    usd.v1.payment_intents.create({"amount": 500, "currency": "usd"})
    found = usd.v1.events.list({"types": ["payment_intent.created", "charge.succeeded"]})
    assert [event.type for event in found.data] == [
        "payment_intent.created", "charge.succeeded", "payment_intent.created",
    ]  # fmt: skip
    assert usd.v1.events.retrieve(found.data[0].id).data.object.amount == 500
    assert len(usd.v1.events.list({"delivery_success": False}).data) == 4


@pytest.mark.parametrize("key", ["sk_test_other", "pk_test_sandbox_usd", "sk_live_x", "sk_test_sandbox_xyz"])
def test_other_keys_are_refused(client_for, key):
    client = stripe.StripeClient(key, http_client=SandboxHTTPClient())
    with pytest.raises(stripe.AuthenticationError):
        client.v1.checkout.sessions.list()


def test_the_key_says_whose_account_it_is(client_for):
    assert client_for("EUR").v1.accounts.retrieve_current().id == account_id("EUR")
    assert keys.webhook_secret("EUR") != keys.webhook_secret("USD")
