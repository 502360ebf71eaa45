"""The Django admin shows everything and lets nobody write where money or stock is."""

import pytest
from django.apps import apps
from django.contrib import admin

from checkout.models import Discount, Incident, Order, Redemption, Refund, StripeEvent, StripeObject, Tax
from checkout.states import RedemptionState
from checkout.tests.factories import make_paid_order
from products.tests.people import client_of

pytestmark = pytest.mark.django_db
EDITABLE = {Discount, Tax}
MODELS = [
    model
    for app in apps.get_app_configs()
    if app.name.split(".")[0] in {"products", "checkout"}
    for model in app.get_models()
]


def url_of(model, path: str = "") -> str:
    return f"/django-admin/{model._meta.app_label}/{model._meta.model_name}/{path}"


@pytest.fixture
def _one_of_each():
    order = make_paid_order()
    discount = Discount.objects.create(name="Spring", percent_off=5)
    order.discounts.add(discount)
    Tax.objects.create(name="VAT", percentage=20)
    Redemption.objects.create(discount=discount, order=order, state=RedemptionState.USED)
    Refund.objects.create(payment=order.payments.get(), order=order, amount=1)
    StripeEvent.objects.create(keypair="USD", event_id="evt_1", type="x", body="{}")
    StripeObject.objects.create(keypair="USD", livemode=False, kind="coupon", terms="x", stripe_id="x")
    Incident.objects.create(kind="x", subject="x", order=order)


def test_every_model_is_registered():
    assert [model for model in MODELS if not admin.site.is_registered(model)] == []


@pytest.mark.usefixtures("_one_of_each")
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_list_and_object_can_be_looked_at(model):
    client = client_of("superuser")
    assert client.get(url_of(model)).status_code == 200
    row = model._default_manager.first()
    if row is not None:
        assert client.get(url_of(model, f"{row.pk}/change/")).status_code == 200


@pytest.mark.usefixtures("_one_of_each")
@pytest.mark.parametrize("model", [m for m in MODELS if m not in EDITABLE], ids=lambda model: model.__name__)
def test_nothing_but_terms_can_be_written(model):
    client = client_of("superuser")
    row = model._default_manager.first()
    pk = row.pk if row else 1
    before = model._default_manager.count()
    assert client.get(url_of(model, "add/")).status_code == 403
    for path in (f"{pk}/change/", f"{pk}/delete/"):
        assert client.post(url_of(model, path), {}).status_code in {403, 302 if row is None else 403}
    client.post(url_of(model), {"action": "delete_selected", "_selected_action": [pk], "post": "yes"})
    assert model._default_manager.count() == before


def test_discounts_are_checked_as_in_the_other_admin():
    client = client_of("superuser")
    form = {"name": "Five", "amount_off": "5.5", "currency": "JPY", "active": "on"}
    assert "amount_off" in client.post(url_of(Discount, "add/"), form).context["adminform"].form.errors
    assert client.post(url_of(Discount, "add/"), {**form, "currency": "USD"}).status_code == 302
    assert Discount.objects.get().amount_off == 550


def test_terms_an_order_names_are_not_deleted_here_either():
    order, tax = make_paid_order(), Tax.objects.create(name="VAT", percentage=20)
    order.taxes.add(tax)
    client = client_of("superuser")
    assert client.post(url_of(Tax, f"{tax.pk}/delete/"), {"post": "yes"}).status_code == 403
    client.post(url_of(Tax), {"action": "delete_selected", "_selected_action": [tax.pk], "post": "yes"})
    assert Tax.objects.exists()


@pytest.mark.parametrize("who", ["Editors", "Shop managers"])
def test_staff_of_the_shop_have_no_business_here(who):
    assert client_of(who).get(url_of(Order)).status_code == 302
