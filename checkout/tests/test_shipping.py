"""What it costs to send an order, from the basket to the address on the paid order."""

import pytest

from checkout.models import Order, ShippingRate
from checkout.sandbox import cards, paying
from checkout.tests import shop
from products.models import ItemPage
from products.signals import catalogue_changed
from products.tests.factories import make_item
from products.tests.people import client_of

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = {"line1": "Hauptstr. 1", "postal_code": "10115", "city": "Berlin", "country": "DE"}


def make_rate(name: str = "Post", amount: int = 490, currency: str = "USD", **fields) -> ShippingRate:
    return ShippingRate.objects.create(
        **{"name": name, "amount": amount, "currency": currency, "countries": "DE, AT", **fields}
    )


def bought(client, item, quantity: int = 1) -> Order:
    return Order.objects.get(token=client.get(f"/buy/{item.pk}?quantity={quantity}").json()["order_id"])


def params(order: Order) -> dict:
    return order.attempts.first().params


def test_the_first_rate_of_the_currency_is_the_orders(client):
    make_rate("Courier", 1500, sort_order=2)
    make_rate("Post", 490, sort_order=1)
    make_rate("Nothing", 0, sort_order=0, active=False)
    make_rate("Euro", 300, "EUR")
    order = bought(client, make_item(price="20.00"))
    assert (order.shipping, order.total) == (490, 2490)
    (option,) = params(order)["shipping_options"]
    assert option["shipping_rate_data"]["fixed_amount"] == {"amount": 490, "currency": "usd"}
    assert params(order)["shipping_address_collection"] == {"allowed_countries": ["DE", "AT"]}
    assert order.snapshot["shipping_rate"]["name"] == "Post"


def test_without_a_rate_nothing_is_asked_or_charged(client):
    order = bought(client, make_item(price="20.00"))
    assert (order.shipping, order.total) == (0, 2000)
    assert "shipping_options" not in params(order)
    assert "shipping_address_collection" not in params(order)


def test_what_needs_no_parcel_is_not_sent(client):
    make_rate()
    order = bought(client, make_item(price="20.00", shipping_required=False))
    assert order.total == 2000
    assert "shipping_address_collection" not in params(order)


def test_the_buyer_chooses_another_rate(client):
    make_rate("Post", 0)
    courier = make_rate("Courier", 1500, sort_order=1)
    token = client.get("/order/new/").json()["order_id"]
    client.post(f"/order/put/{token}", {"item_id": make_item(price="20.00").pk})
    html = client.get(f"/order/{token}", headers={"accept": "text/html"}).content.decode()
    assert f'name="rate" value="{courier.pk}"' in html
    answer = client.post(f"/order/shipping/{token}", {"rate": courier.pk}).json()
    assert (answer["shipping"], answer["total"]) == (1500, 3500)
    client.post(f"/order/buy/{token}")
    assert client.post(f"/order/shipping/{token}", {"rate": ShippingRate.objects.first().pk}).json()["total"] == 2000
    assert Order.objects.get(token=token).status == "draft"  # the payment page that showed another sum is closed


@pytest.mark.parametrize("rate", ["", "x", "-1", "999999", "9" * 40, "1.5"])
def test_a_rate_that_is_none_is_refused(client, rate):
    make_rate()
    token = client.get("/order/new/").json()["order_id"]
    client.post(f"/order/put/{token}", {"item_id": make_item().pk})
    assert client.post(f"/order/shipping/{token}", {"rate": rate}).status_code == 400
    assert client.get(f"/order/shipping/{token}").status_code == 405
    assert client.post("/order/shipping/nothing", {"rate": rate}).status_code == 404


def test_a_rate_of_another_currency_is_refused(client):
    make_rate()
    euro = make_rate("Euro", 300, "EUR")
    token = client.get("/order/new/").json()["order_id"]
    client.post(f"/order/put/{token}", {"item_id": make_item().pk})
    assert client.post(f"/order/shipping/{token}", {"rate": euro.pk}).status_code == 400


def test_a_rate_changed_after_the_freeze_changes_nothing(client):
    rate = make_rate()
    order = bought(client, make_item(price="20.00"))
    ShippingRate.objects.filter(pk=rate.pk).update(amount=999, active=False)
    assert client.get(f"/order/{order.token}").json()["shipping"] == 490
    rate.delete()
    assert client.get(f"/order/{order.token}").json()["total"] == 2490


def test_the_address_is_kept_and_shown(client):
    make_rate()
    order = bought(client, make_item(price="20.00"))
    paying.pay(
        "USD",
        order.attempts.get().stripe_id,
        cards.by_token("pm_card_visa"),
        email=shop.BUYER,
        shipping={"name": "Ada Lovelace", "address": ADDRESS | {"line2": None, "state": None}},
    )
    shop.deliver()
    order.refresh_from_db()
    assert (order.status, order.total) == ("paid", 2490)
    assert order.shipping_address == {"name": "Ada Lovelace", **ADDRESS}
    html = client.get(f"/order/{order.token}", headers={"accept": "text/html"}).content.decode()
    assert "Ada Lovelace<br>Hauptstr. 1<br>10115 Berlin<br>DE" in html
    inspect = client_of("Shop managers").get(f"/admin/snippets/checkout/order/inspect/{order.pk}/").content.decode()
    assert "10115 Berlin" in inspect


def test_an_intent_is_told_what_sending_costs(client):
    make_rate()
    token = client.get("/order/new/").json()["order_id"]
    client.post(f"/order/put/{token}", {"item_id": make_item(price="20.00").pk})
    assert client.post(f"/order/intent/{token}").json()["amount"] == 2490
    assert params(Order.objects.get(token=token))["amount_details"]["shipping"] == {"amount": 490}


def test_managers_keep_rates(client):
    manager = client_of("Shop managers")
    form = {"name": "Post", "amount": "4.90", "currency": "usd", "countries": "de at", "sort_order": "0"}
    assert manager.post("/admin/snippets/checkout/shippingrate/add/", form).status_code == 302
    rate = ShippingRate.objects.get()
    assert (rate.amount, rate.currency, rate.countries) == (490, "USD", "DE, AT")
    for wrong in ({"countries": "Germany"}, {"countries": ""}, {"amount": "4.999"}, {"amount": ""}, {"currency": "x"}):
        assert manager.post("/admin/snippets/checkout/shippingrate/add/", form | wrong).status_code == 200
    assert client_of("Editors").get("/admin/snippets/checkout/shippingrate/").status_code == 302


def test_an_items_page_says_what_delivery_costs_at_least(client):
    item = make_item(price="20.00")
    address = f"/item/{item.pk}"
    assert "delivery" not in client.get(address).content.decode().lower().partition("<footer")[0]
    rate = make_rate("Courier", 1500)
    make_rate("Post", 490)
    assert "Plus delivery from $4.90." in client.get(address).content.decode()
    assert "Zuzüglich Versand ab" in client.get(address, headers={"Accept-Language": "de"}).content.decode()
    rate.amount = 0
    rate.save()
    assert "Delivery included." in client.get(address).content.decode()
    ItemPage.objects.filter(pk=item.pk).update(shipping_required=False)
    catalogue_changed.send(sender=ItemPage)
    assert "Delivery included." not in client.get(address).content.decode()
