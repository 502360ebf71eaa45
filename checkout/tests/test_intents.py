"""Payment Intents: one for an order, at the order's total whatever happens to it, settled like everything else."""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from checkout import basket, close, reconcile, settle, start
from checkout.gateway import intents
from checkout.gateway.accounts import account_for
from checkout.models import Attempt, CheckoutSettings, Discount, Hold, Incident, Order, Payment, Refund, Tax
from checkout.refusals import Refused
from checkout.sandbox import faults, paying
from checkout.sandbox import intents as sandbox_intents
from checkout.sandbox.errors import invalid
from checkout.sandbox.models import SandboxObject
from checkout.sandbox.resources import payment_intents
from checkout.states import AttemptKind, AttemptState, OrderStatus
from products.tests.factories import make_home, make_item

from . import shop

pytestmark = pytest.mark.django_db(transaction=True)
HTML = {"Accept": "text/html"}


def at_stripe(intent_id: str, currency: str = "USD") -> dict:
    return intents.retrieve(account_for(currency), intent_id)


def made_intents() -> int:
    return SandboxObject.objects.filter(kind=sandbox_intents.KIND).count()


@pytest.fixture
def item():
    return make_item(price="24.50")


@pytest.fixture
def order(item) -> Order:
    return shop.draft(item)


def status_of(order: Order) -> str:
    return Order.objects.values_list("status", flat=True).get(pk=order.pk)


class TestRoutes:
    def test_the_answer_has_its_six_keys(self, order):
        answer = Client().post(f"/order/intent/{order.token}/")
        assert answer.status_code == 200
        body = answer.json()
        assert list(body) == [
            *("client_secret", "payment_intent_id", "publishable_key", "amount", "currency", "order_id"),
        ]
        assert body["client_secret"].startswith(f"{body['payment_intent_id']}_secret_")
        assert (body["amount"], body["currency"], body["order_id"]) == (2450, "USD", order.token)
        assert body["publishable_key"] == account_for("USD").publishable_key

    def test_get_is_refused_and_asking_again_gives_the_same_intent(self, order):
        client = Client()
        assert client.get(f"/order/intent/{order.token}").status_code == 405
        first = client.post(f"/order/intent/{order.token}").json()
        assert client.post(f"/order/intent/{order.token}").json() == first
        assert made_intents() == 1

    def test_the_page_names_no_secret_and_is_kept_by_nobody(self, order):
        make_home()
        page = Client().get(f"/order/pay/{order.token}", headers=HTML)
        assert page.status_code == 200
        assert Attempt.objects.get().client_secret not in page.content.decode()
        assert page["Cache-Control"] == "no-store"
        assert 'data-amount="2450"' in page.content.decode()

    def test_a_paid_order_leads_to_its_own_page(self, order):
        make_home()
        intent = start.start_intent(order.token)
        shop.confirm(intent.payment_intent_id)
        settle.settle_order(order.token)
        page = Client().get(f"/order/pay/{order.token}", headers=HTML)
        assert (page.status_code, page["Location"]) == (303, f"/order/{order.token}")
        assert Client().post(f"/order/intent/{order.token}").json()["error"]["code"] == "order_closed"

    def test_unknown_orders_and_empty_ones(self, db):
        assert Client().post("/order/intent/nothing").status_code == 404
        empty = Order.objects.create()
        assert Client().post(f"/order/intent/{empty.token}").status_code == 400

    def test_a_failed_check_leads_back_to_the_page(self, order):
        make_home()
        intent = start.start_intent(order.token)
        shop.confirm(intent.payment_intent_id, "pm_card_authenticationRequired")
        paying.authenticate("USD", intent.payment_intent_id, passed=False)
        back = Client().get(
            "/checkout/return/",
            {"payment_intent": intent.payment_intent_id, "redirect_status": "failed"},
        )
        assert back["Location"] == f"/order/pay/{order.token}?declined=1"
        page = Client().get(back["Location"], headers=HTML)
        assert "not approved" in page.content.decode()
        assert status_of(order) == OrderStatus.PENDING


class TestSettingOfTheSite:
    @pytest.fixture
    def on_our_page(self, item):
        home = make_home()
        site = home.get_site()
        CheckoutSettings.objects.create(site=site, payment_front_end="intent")

    def test_people_are_led_to_the_chosen_page(self, item, on_our_page):
        answer = Client().post(f"/buy/{item.pk}", headers=HTML)
        order = Order.objects.get()
        assert (answer.status_code, answer["Location"]) == (303, f"{settings.BASE_URL}/order/pay/{order.token}")
        assert order.attempts.get().kind == AttemptKind.INTENT

    def test_the_shops_own_buttons_ask_for_it(self, item, on_our_page):
        body = Client().post(f"/buy/{item.pk}", {"pay_with": "shop"}).json()
        assert body["session_id"] is None
        assert body["url"].endswith(f"/order/pay/{body['order_id']}")

    def test_programs_get_a_session_all_the_same(self, item, on_our_page):
        assert Client().get(f"/buy/{item.pk}").json()["session_id"].startswith("cs_test_")

    def test_stripes_page_stays_a_choice(self, order, on_our_page):
        answer = Client().post(f"/order/buy/{order.token}", {"pay_with": "session"}, headers=HTML)
        assert "/sandbox/pay/cs_test_" in answer["Location"]

    def test_without_the_setting_people_go_to_stripes_page(self, item):
        make_home()
        assert "/sandbox/pay/" in Client().get(f"/buy/{item.pk}", headers=HTML)["Location"]

    def test_an_unknown_way_is_refused(self, order):
        assert Client().post(f"/order/buy/{order.token}", {"pay_with": "cash"}).status_code == 400


class TestOneIntentFollows:
    def test_every_change_reaches_the_same_intent(self, item, order):
        first = start.start_intent(order.token)
        other = make_item(price="10.00")
        basket.put(token=order.token, item_id=other.pk, quantity=2)
        assert at_stripe(first.payment_intent_id)["amount"] == 4450
        assert status_of(order) == OrderStatus.PENDING
        assert (shop.counts(item), shop.counts(other)) == ((10, 1, 0), (10, 2, 0))
        Discount.objects.create(name="Ten", code="TEN", percent_off=10)
        basket.apply_code(token=order.token, code="ten")
        assert at_stripe(first.payment_intent_id)["amount"] == 4005
        basket.set_quantity(token=order.token, item_id=other.pk, quantity=0)
        basket.remove_code(token=order.token)
        again = start.start_intent(order.token)
        assert (again.payment_intent_id, again.client_secret) == (first.payment_intent_id, first.client_secret)
        assert again.amount == at_stripe(first.payment_intent_id)["amount"] == 2450
        assert at_stripe(first.payment_intent_id)["metadata"].get("discounts") is None
        assert (Attempt.objects.count(), made_intents()) == (1, 1)
        assert shop.counts(other) == (10, 0, 0)

    def test_what_is_paid_is_the_last_total(self, item, order):
        intent = start.start_intent(order.token)
        basket.set_quantity(token=order.token, item_id=item.pk, quantity=3)
        shop.confirm(intent.payment_intent_id)
        shop.deliver()
        order.refresh_from_db()
        assert (order.status, order.total, order.email) == (OrderStatus.PAID, 7350, shop.BUYER)
        assert shop.payments(order) == ["applied"]
        assert shop.counts(item) == (7, 0, 3)

    def test_a_payment_before_the_change_wins_and_the_change_is_refused(self, item, order):
        intent = start.start_intent(order.token)
        shop.confirm(intent.payment_intent_id)
        with pytest.raises(Refused) as caught:
            basket.set_quantity(token=order.token, item_id=item.pk, quantity=3)
        assert caught.value.code == "order_closed"
        order.refresh_from_db()
        assert (order.status, order.total) == (OrderStatus.PAID, 2450)

    def test_a_payment_in_the_middle_of_a_change_goes_back(self, item, order):
        """Between our look at the intent and its new total: the old total is refunded, the order can be paid anew."""
        intent = start.start_intent(order.token)
        close.reopen(order.token)
        shop.confirm(intent.payment_intent_id)
        with pytest.raises(Refused):
            start.start_intent(order.token)
        assert status_of(order) == OrderStatus.DRAFT
        assert Payment.objects.get().disposition == "surplus"
        assert Refund.objects.get().amount == 2450
        assert shop.counts(item) == (10, 0, 0)
        assert start.start_intent(order.token).payment_intent_id != intent.payment_intent_id

    def test_an_emptied_order_has_no_intent(self, item, order):
        intent = start.start_intent(order.token)
        basket.set_quantity(token=order.token, item_id=item.pk, quantity=0)
        assert at_stripe(intent.payment_intent_id)["status"] == "canceled"
        assert status_of(order) == OrderStatus.DRAFT
        shop.deliver()
        assert status_of(order) == OrderStatus.DRAFT

    def test_another_currency_is_another_account(self, item, order):
        intent = start.start_intent(order.token)
        basket.set_quantity(token=order.token, item_id=item.pk, quantity=0)
        euros = make_item(price="7.00", currency="EUR")
        basket.put(token=order.token, item_id=euros.pk, quantity=1)
        other = start.start_intent(order.token)
        assert (other.currency, other.amount) == ("EUR", 700)
        assert other.publishable_key == account_for("EUR").publishable_key
        assert at_stripe(other.payment_intent_id, "EUR")["status"] == "requires_payment_method"
        assert at_stripe(intent.payment_intent_id)["status"] == "canceled"

    def test_stripe_does_not_answer_the_change(self, item, order):
        """The change stands, the outcome is unknown, and asking again brings the intent up to date."""
        intent = start.start_intent(order.token)
        with faults.inject("timeout_after", path="/v1/payment_intents/", method="POST", times=3):
            basket.set_quantity(token=order.token, item_id=item.pk, quantity=2)
        assert Attempt.objects.get().state == AttemptState.UNKNOWN
        basket.set_quantity(token=order.token, item_id=item.pk, quantity=4)
        assert start.start_intent(order.token).amount == at_stripe(intent.payment_intent_id)["amount"] == 9800
        assert Attempt.objects.get().state == AttemptState.OPEN


class TestOneAttemptOnly:
    def test_a_session_is_closed_for_an_intent_and_the_other_way_round(self, item, order):
        session = start.start(order.token)
        intent = start.start_intent(order.token)
        states = list(Attempt.objects.order_by("pk").values_list("kind", "state"))
        assert states == [("session", "expired"), ("intent", "open")]
        assert shop.counts(item) == (10, 1, 0)
        again = start.start(order.token)
        assert again.session_id != session.session_id
        assert at_stripe(intent.payment_intent_id)["status"] == "canceled"
        assert Attempt.objects.filter(state="open").count() == 1
        shop.deliver()
        assert status_of(order) == OrderStatus.PENDING

    def test_a_session_that_is_paid_meanwhile_wins(self, item, order):
        started = start.start(order.token)
        order.refresh_from_db()
        shop.pay(order, started)
        with pytest.raises(Refused) as caught:
            start.start_intent(order.token)
        assert caught.value.code == "order_closed"
        assert status_of(order) == OrderStatus.PAID
        assert made_intents() == 1

    def test_a_free_order_needs_no_intent(self, item, order):
        intent = start.start_intent(order.token)
        Discount.objects.create(name="Gift", code="GIFT", percent_off=100)
        basket.apply_code(token=order.token, code="GIFT")
        answer = Client().post(f"/order/intent/{order.token}")
        assert answer.status_code == 409  # the change itself paid it
        assert status_of(order) == OrderStatus.PAID
        assert at_stripe(intent.payment_intent_id)["status"] == "canceled"

    def test_asking_for_the_intent_of_a_free_order(self, item):
        gift = Discount.objects.create(name="Gift", percent_off=100)
        order = shop.draft(item, discounts=[gift])
        body = Client().post(f"/order/intent/{order.token}").json()
        assert (body["client_secret"], body["payment_intent_id"], body["amount"]) == (None, None, 0)
        assert status_of(order) == OrderStatus.PAID


class TestUnknownOutcomes:
    @pytest.mark.parametrize("fault", ["timeout_before", "timeout_after", "reset_after", "500"])
    def test_asking_again_finds_the_same_intent(self, order, item, fault):
        with faults.inject(fault, path="/v1/payment_intents", method="POST", times=3), pytest.raises(Refused) as caught:
            start.start_intent(order.token)
        assert (caught.value.status, caught.value.code) == (503, "payment_unavailable")
        assert Attempt.objects.get().state == AttemptState.UNKNOWN
        assert shop.counts(item) == (10, 1, 0)
        start.start_intent(order.token)
        assert (Attempt.objects.get().state, made_intents()) == (AttemptState.OPEN, 1)

    def test_reconcile_finds_it_too(self, order):
        with faults.inject("timeout_after", path="/v1/payment_intents", method="POST", times=3), pytest.raises(Refused):
            start.start_intent(order.token)
        Attempt.objects.update(updated="2020-01-01T00:00Z")
        reconcile.reconcile()
        assert Attempt.objects.get().state == AttemptState.OPEN

    def test_a_refused_intent_leaves_nothing_held(self, order, item, monkeypatch):
        monkeypatch.setattr(payment_intents, "check_charge", self.refuse)
        with pytest.raises(Refused):
            start.start_intent(order.token)
        assert status_of(order) == OrderStatus.DRAFT
        assert shop.counts(item) == (10, 0, 0)
        assert Incident.objects.get().kind == "payment_page_rejected"

    def test_a_refused_change_leaves_nothing_payable(self, order, item, monkeypatch):
        intent = start.start_intent(order.token)
        monkeypatch.setattr(payment_intents, "check_charge", self.refuse)
        basket.set_quantity(token=order.token, item_id=item.pk, quantity=2)
        assert (status_of(order), order.lines.get().quantity) == (OrderStatus.DRAFT, 2)
        assert shop.counts(item) == (10, 0, 0)
        assert at_stripe(intent.payment_intent_id)["status"] == "canceled"

    @staticmethod
    def refuse(amount: int, currency: str, param: str) -> None:
        raise invalid("This account takes no payments.", param)


class TestTheEnd:
    def test_expiry_is_ours_and_stripe_is_asked_first(self, order, item):
        intent = start.start_intent(order.token)
        Attempt.objects.update(expires_at="2020-01-01T00:00Z")
        assert shop.counts(item) == (10, 1, 0)
        with faults.inject("500", path="/v1/payment_intents/", method="POST", times=3):
            reconcile.reconcile()
        assert shop.counts(item) == (10, 1, 0)  # Stripe did not answer: nothing is released on a guess
        reconcile.reconcile()
        assert at_stripe(intent.payment_intent_id)["status"] == "canceled"
        assert status_of(order) == OrderStatus.EXPIRED
        assert not Hold.objects.filter(state="held").exists()

    def test_an_expired_intent_that_was_paid_is_settled(self, order):
        intent = start.start_intent(order.token)
        shop.confirm(intent.payment_intent_id)
        Attempt.objects.update(expires_at="2020-01-01T00:00Z")
        reconcile.reconcile()
        assert status_of(order) == OrderStatus.PAID

    def test_cancelled_in_stripes_dashboard(self, order, item):
        intent = start.start_intent(order.token)
        intents.cancel(account_for("USD"), intent.payment_intent_id)
        shop.deliver()
        assert status_of(order) == OrderStatus.CANCELLED
        assert shop.counts(item) == (10, 0, 0)

    def test_the_news_of_our_own_cancelling_may_come_first(self, order, item):
        intent = start.start_intent(order.token)
        intents.cancel(account_for("USD"), intent.payment_intent_id)
        Attempt.objects.update(close_as=OrderStatus.DRAFT)  # what closing writes before it asks
        shop.deliver()
        assert status_of(order) == OrderStatus.DRAFT
        assert shop.counts(item) == (10, 0, 0)


class TestEvents:
    def test_the_event_alone_makes_it_paid(self, order, item):
        shop.confirm(start.start_intent(order.token).payment_intent_id)
        shop.deliver()
        assert set(shop.deliver_again() + shop.deliver_again()) == {200}
        order.refresh_from_db()
        assert (order.status, shop.payments(order)) == (OrderStatus.PAID, ["applied"])
        assert shop.counts(item) == (9, 0, 1)

    def test_declined_then_paid_with_the_same_intent(self, order):
        intent = start.start_intent(order.token)
        shop.confirm(intent.payment_intent_id, "pm_card_chargeDeclined")
        shop.deliver()
        assert status_of(order) == OrderStatus.PENDING
        assert "declined" in Attempt.objects.get().error
        shop.confirm(intent.payment_intent_id)
        shop.deliver()
        assert status_of(order) == OrderStatus.PAID
        assert made_intents() == 1

    def test_a_delayed_payment_that_comes(self, order, item):
        intent = start.start_intent(order.token)
        shop.confirm(intent.payment_intent_id, "pm_usBankAccount")
        shop.deliver()
        assert Attempt.objects.get().state == AttemptState.PROCESSING
        assert shop.counts(item) == (10, 1, 0)
        with pytest.raises(Refused):
            basket.set_quantity(token=order.token, item_id=item.pk, quantity=2)
        paying.settle_delayed("USD", intent.payment_intent_id, succeeds=True)
        shop.deliver()
        assert status_of(order) == OrderStatus.PAID

    def test_a_delayed_payment_that_does_not_come(self, order, item):
        intent = start.start_intent(order.token)
        shop.confirm(intent.payment_intent_id, "pm_usBankAccount")
        shop.deliver()
        paying.settle_delayed("USD", intent.payment_intent_id, succeeds=False)
        shop.deliver()
        assert status_of(order) == OrderStatus.DRAFT
        assert shop.counts(item) == (10, 0, 0)
        assert at_stripe(intent.payment_intent_id)["status"] == "canceled"

    def test_the_return_page_settles_without_an_event(self, order):
        make_home()
        intent = start.start_intent(order.token)
        shop.confirm(intent.payment_intent_id)
        query = {"payment_intent": intent.payment_intent_id, "redirect_status": "succeeded"}
        back = Client().get("/checkout/return/", query)
        assert back["Location"] == f"/order/{order.token}?return=1"
        assert status_of(order) == OrderStatus.PAID


def test_amount_details_add_up_and_name_everything(db):
    vat = Tax.objects.create(name="VAT", percentage=20, inclusive=True, is_default=True)
    state = Tax.objects.create(name="State tax", percentage="8.875", inclusive=False)
    first, second = make_item(price="19.99"), make_item(price="5.00")
    second.tax = state
    second.save()
    order = shop.draft(first, second, quantity=3, discounts=[Discount.objects.create(name="Spring", percent_off=15)])
    intent = start.start_intent(order.token)
    found = at_stripe(intent.payment_intent_id)
    lines = found["amount_details"]["line_items"]
    assert [(line["product_name"], line["unit_cost"], line["quantity"]) for line in lines] == [
        (first.title, 1999, 3),
        (second.title, 500, 3),
    ]
    assert [line["discount_amount"] for line in lines] == [900, 225]
    assert [line.get("tax") for line in lines] == [None, {"total_tax_amount": 113}]
    assert found["amount"] == 5997 + 1500 - 900 - 225 + 113
    assert "error" not in found["amount_details"]
    assert found["metadata"]["discounts"] == "Spring: 1125"
    assert found["metadata"]["taxes"] == f"VAT: 850; {state.name}: 113"
    assert vat.orders.count() == 1


def test_audit_is_content_with_intents(order):
    shop.confirm(start.start_intent(order.token).payment_intent_id)
    shop.deliver()
    call_command("audit")
