"""Coupons and tax rates: made at Stripe once for each account and terms, and anew when terms change or are lost."""

import pytest

from checkout import close, start
from checkout.gateway import sessions
from checkout.gateway.accounts import account_for
from checkout.gateway.client import call
from checkout.models import Discount, Incident, Order, StripeObject, Tax
from checkout.refusals import Refused
from checkout.sandbox import totals
from checkout.sandbox.models import SandboxObject
from products.tests.factories import make_item

from . import shop

pytestmark = pytest.mark.django_db
USD = account_for("USD")


@pytest.fixture
def spring() -> Discount:
    return Discount.objects.create(name="Spring", percent_off=10)


@pytest.fixture
def vat() -> Tax:
    return Tax.objects.create(name="VAT", percentage=20, inclusive=True, is_default=True)


def objects(kind: str, account: str = "USD") -> list[dict]:
    return [row.data for row in SandboxObject.objects.filter(kind=kind, account=account).order_by("pk")]


def opened(*items, **wishes) -> dict:
    """The session at Stripe of a new order."""
    _, started = shop.at_payment_page(*items, **wishes)
    return sessions.retrieve(account_for(items[0].currency), started.session_id)


def test_each_is_made_once_for_an_account(spring, vat):
    for currency in ("USD", "EUR", "USD"):
        opened(make_item(currency=currency), discounts=[spring])
    for account in ("USD", "EUR"):
        assert [(one["name"], one["percent_off"]) for one in objects("coupon", account)] == [("Spring", 10)]
        assert [(one["display_name"], one["percentage"]) for one in objects("tax_rate", account)] == [("VAT", 20)]
    assert StripeObject.objects.count() == 4


def test_changed_terms_are_another_object(spring, vat):
    opened(make_item(), discounts=[spring])
    Discount.objects.update(percent_off=15)
    Tax.objects.update(name="Mehrwertsteuer")
    session = opened(make_item(price="10.00"), discounts=[spring])
    assert session["total_details"]["amount_discount"] == 150
    assert [one["percent_off"] for one in objects("coupon")] == [10, 15]
    assert [one["display_name"] for one in objects("tax_rate")] == ["VAT", "Mehrwertsteuer"]


def test_several_discounts_are_one_coupon_that_names_them(spring):
    five = Discount.objects.create(name="Friends", amount_off=500, currency="USD")
    session = opened(make_item(price="20.00"), discounts=[spring, five])
    (coupon,) = objects("coupon")
    assert (coupon["name"], coupon["amount_off"]) == ("Spring + Friends", 700)
    assert session["amount_total"] == 1300


def test_prices_are_never_converted():
    assert opened(make_item())["adaptive_pricing"] == {"enabled": False}


def test_stripes_page_speaks_the_orders_language():
    order = shop.draft(make_item())
    Order.objects.filter(pk=order.pk).update(language="de")
    start.start(order.token)
    assert order.attempts.get().params["locale"] == "de"


def test_a_coupon_deleted_at_stripe_is_made_anew(spring):
    opened(make_item(), discounts=[spring])
    call(USD, "coupons", "delete", objects("coupon")[0]["id"])
    session = opened(make_item(price="10.00"), discounts=[spring])
    assert (session["amount_total"], len(objects("coupon"))) == (900, 1)
    assert not Incident.objects.exists()


def test_a_tax_rate_archived_at_stripe_is_made_anew_every_time(vat):
    for expected in (2, 3):
        opened(make_item())
        call(USD, "tax_rates", "update", objects("tax_rate")[-1]["id"], {"active": False})
        opened(make_item())
        assert len(objects("tax_rate")) == expected
    assert {one.status for one in Order.objects.all()} == {"pending"}


@pytest.mark.parametrize("placed", ["largest", "first", "last"])
def test_the_odd_cent_becomes_part_of_the_order_wherever_stripe_puts_it(placed, settings):
    """7 cents off three lines, one of them taxed: by where the odd cent goes, the tax differs."""
    settings.STRIPE_SANDBOX_ODD_CENTS = placed
    tax = Tax.objects.create(name="Half", percentage=50)
    items = [make_item(price="1.00"), make_item(price="1.01"), make_item(price="1.00")]
    items[0].tax = tax
    items[0].save()
    off = Discount.objects.create(name="Seven", amount_off=7, currency="USD")
    order, started = shop.at_payment_page(*items, discounts=[off])
    session = sessions.retrieve(USD, started.session_id)
    assert order.total == session["amount_total"]
    assert order.rounding == session["amount_total"] - order.snapshot["total"]
    assert abs(order.rounding) <= 3
    shop.pay(order, started)
    shop.deliver()
    order.refresh_from_db()
    assert (order.status, shop.payments(order)) == ("paid", ["applied"])


def test_a_reopened_order_forgets_the_rounding(settings):
    settings.STRIPE_SANDBOX_ODD_CENTS = "last"
    tax = Tax.objects.create(name="All", percentage=100)
    first, *others = [make_item(price="1.00") for _ in range(3)]
    first.tax = tax
    first.save()
    off = Discount.objects.create(name="Two", amount_off=2, currency="USD")
    order, _ = shop.at_payment_page(*others, first, discounts=[off])
    assert order.rounding == -1  # we took the cents off the first two lines, Stripe off the last two
    close.reopen(order.token)
    order.refresh_from_db()
    assert order.rounding == 0
    assert start.start_intent(order.token).amount == order.lines.count() * 100 - 2 + 100


def test_a_total_that_stripe_sees_quite_differently_is_not_asked_for(spring, monkeypatch):

    monkeypatch.setattr(totals, "round_half_up", lambda numerator, denominator, step: 0)
    with pytest.raises(Refused) as caught:
        shop.at_payment_page(make_item(), discounts=[spring])
    assert (caught.value.status, caught.value.code) == (503, "payment_unavailable")
    assert Incident.objects.get().kind == "total_differs"
    assert Order.objects.get().status == "draft"
