"""Discounts and taxes in the admin: amounts as people write them, and nothing used is deleted."""

import pytest

from checkout.models import Discount, Redemption, Tax
from checkout.tests.factories import make_paid_order
from products.tests.editing import edit_url, item_form
from products.tests.factories import make_item
from products.tests.people import client_of

pytestmark = pytest.mark.django_db
DISCOUNTS = "/admin/snippets/checkout/discount/"
TAXES = "/admin/snippets/checkout/tax/"


@pytest.fixture
def manager():
    return client_of("Shop managers")


def discount_form(**changes) -> dict:
    names = [
        "code",
        "percent_off",
        "amount_off",
        "currency",
        "starts_at",
        "ends_at",
        "max_redemptions",
        "minimum_amount",
    ]
    return {**dict.fromkeys(names, ""), "minimum_amount": "", "name": "Spring", "active": "on", **changes}


@pytest.mark.parametrize(
    ("currency", "amount", "minor"),
    [("USD", "5.00", 500), ("JPY", "500", 500), ("KWD", "1.25", 1250), ("eur", "7", 700)],
)
def test_an_amount_is_written_in_major_units(manager, currency, amount, minor):
    response = manager.post(
        f"{DISCOUNTS}add/", discount_form(amount_off=amount, currency=currency, minimum_amount=amount)
    )
    assert response.status_code == 302
    discount = Discount.objects.get()
    assert (discount.amount_off, discount.minimum_amount, discount.currency) == (minor, minor, currency.upper())


def test_an_amount_is_shown_in_major_units_and_saving_again_changes_nothing(manager):
    discount = Discount.objects.create(name="Five", amount_off=500, currency="USD", minimum_amount=2050)
    url = f"{DISCOUNTS}edit/{discount.pk}/"
    form = manager.get(url).context["form"]
    assert str(form["amount_off"].value()) == "5.00"
    assert str(form["minimum_amount"].value()) == "20.50"
    manager.post(url, discount_form(name="Five", amount_off="5.00", currency="USD", minimum_amount="20.50"))
    discount.refresh_from_db()
    assert (discount.amount_off, discount.minimum_amount) == (500, 2050)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount_off": "5.5", "currency": "JPY"}, "amount_off"),
        ({"amount_off": "5.555", "currency": "USD"}, "amount_off"),
        ({"amount_off": "0", "currency": "USD"}, "amount_off"),
        ({"amount_off": "-1", "currency": "USD"}, "amount_off"),
        ({"amount_off": "9999999999", "currency": "USD"}, "amount_off"),
        ({"amount_off": "five", "currency": "USD"}, "amount_off"),
        ({"amount_off": "5"}, "currency"),
        ({"amount_off": "5", "currency": "dollars"}, "currency"),
        ({"percent_off": "10", "amount_off": "5", "currency": "USD"}, "percent_off"),
        ({}, "percent_off"),
        ({"percent_off": "0"}, "percent_off"),
        ({"percent_off": "101"}, "percent_off"),
        ({"percent_off": "10", "minimum_amount": "10"}, "currency"),
        ({"percent_off": "10", "starts_at": "2026-02-01 00:00", "ends_at": "2026-01-01 00:00"}, "ends_at"),
        ({"percent_off": "10", "code": " spring "}, "code"),
    ],
)
def test_a_wrong_discount_is_told_at_its_field(manager, changes, field):
    Discount.objects.create(name="Taken", code="SPRING", percent_off=5)
    form = manager.post(f"{DISCOUNTS}add/", discount_form(**changes)).context["form"]
    assert field in form.errors
    assert not form.non_field_errors()
    assert Discount.objects.count() == 1


def test_the_limit_cannot_go_below_what_is_used(manager):
    discount = Discount.objects.create(name="Spring", percent_off=5, uses=3)
    response = manager.post(f"{DISCOUNTS}edit/{discount.pk}/", discount_form(percent_off="5", max_redemptions="2"))
    assert "max_redemptions" in response.context["form"].errors


def test_uses_are_shown_and_not_written(manager):
    discount = Discount.objects.create(name="Spring", percent_off=5, uses=3)
    manager.post(f"{DISCOUNTS}edit/{discount.pk}/", discount_form(percent_off="5", uses="0"))
    discount.refresh_from_db()
    assert discount.uses == 3


@pytest.mark.parametrize("who", ["Editors", "Moderators"])
@pytest.mark.parametrize("base", [DISCOUNTS, TAXES])
def test_editors_have_no_discounts_and_taxes(who, base):
    client = client_of(who)
    for path in ("", "add/"):
        assert client.get(base + path).status_code == 302


def test_managers_edit_but_do_not_delete(manager):
    discount = Discount.objects.create(name="Spring", percent_off=5)
    assert manager.get(f"{DISCOUNTS}edit/{discount.pk}/").status_code == 200
    assert manager.post(f"{DISCOUNTS}delete/{discount.pk}/").status_code == 302
    assert Discount.objects.exists()


@pytest.mark.parametrize("path", ["{base}delete/{pk}/", "/admin/bulk/checkout/{model}/delete/?id={pk}&next=/admin/"])
@pytest.mark.parametrize("model", ["discount", "tax"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_an_order_names_is_not_deleted(path, model, method):
    order = make_paid_order()
    if model == "discount":
        named = Discount.objects.create(name="Spring", percent_off=5)
        order.discounts.add(named)
    else:
        named = Tax.objects.create(name="VAT", percentage=20)
        order.taxes.add(named)
    url = path.format(base=f"/admin/snippets/checkout/{model}/", pk=named.pk, model=model)
    text = getattr(client_of("superuser"), method)(url, follow=True).content.decode()
    assert f"“{named.name}” cannot be deleted: 1 order" in text
    assert type(named).objects.filter(pk=named.pk).exists()


def test_a_held_discount_is_not_deleted():
    discount = Discount.objects.create(name="Spring", percent_off=5)
    Redemption.objects.create(discount=discount, order=make_paid_order())
    client_of("superuser").post(f"{DISCOUNTS}delete/{discount.pk}/")
    assert Discount.objects.exists()


@pytest.mark.parametrize("only_in_a_draft", [False, True])
def test_a_tax_that_an_item_names_is_not_deleted(only_in_a_draft):
    tax, client = Tax.objects.create(name="VAT", percentage=20), client_of("superuser")
    item = make_item(tax=None if only_in_a_draft else tax)
    if only_in_a_draft:
        client.post(edit_url(item), item_form(item, tax=str(tax.pk)))
    text = client.post(f"{TAXES}delete/{tax.pk}/", follow=True).content.decode()
    assert "cannot be deleted: 1 item" in text
    assert client.get(edit_url(item)).status_code == 200


@pytest.mark.parametrize("path", ["{base}delete/{pk}/", "/admin/bulk/checkout/discount/delete/?id={pk}&next=/admin/"])
def test_what_nobody_used_can_be_deleted(path):
    discount = Discount.objects.create(name="Spring", percent_off=5)
    assert client_of("superuser").post(path.format(base=DISCOUNTS, pk=discount.pk)).status_code == 302
    assert not Discount.objects.exists()


def test_default_taxes_are_all_of_one_kind(manager):
    Tax.objects.create(name="VAT", percentage=20, inclusive=True, is_default=True)
    form = {"name": "Sales tax", "percentage": "8.875", "country": "us", "is_default": "on", "active": "on"}
    assert "inclusive" in manager.post(f"{TAXES}add/", form).context["form"].errors
    assert manager.post(f"{TAXES}add/", {**form, "inclusive": "on"}).status_code == 302
    assert Tax.objects.get(name="Sales tax").country == "US"


def test_the_lists_can_be_read_and_searched(manager):
    Discount.objects.create(name="Spring", code="SPRING", percent_off="12.5", max_redemptions=9)
    Tax.objects.create(name="VAT", percentage=20)
    assert "12.5 %" in manager.get(DISCOUNTS, {"q": "spri"}).content.decode()
    assert "20 %" in manager.get(TAXES, {"q": "va"}).content.decode()
