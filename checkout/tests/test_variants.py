"""Variants and sales from the page to the payment: the right thing is held, sold, named and priced."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from checkout import close, start
from checkout.models import Hold, Order, OrderLine
from checkout.states import HoldState, OrderStatus
from checkout.tests import shop
from products import stock
from products.models import ItemPage, Variant
from products.tests.editing import edit_url, item_form, variant_row, variant_rows
from products.tests.factories import make_item, make_variants
from products.tests.people import client_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def item():
    return make_item("Print", on_hand=0)


@pytest.fixture
def sizes(item):
    return make_variants(item, {"value1": "A3"}, {"value1": "A2", "price": "29.00"}, on_hand=3)


def counts(variant: Variant) -> tuple[int, int, int]:
    variant = Variant.objects.select_related("stock").get(pk=variant.pk)
    return variant.stock.on_hand, variant.stock.held, variant.stock.sold


def new_order(client) -> str:
    return client.get("/order/new/").json()["order_id"]


def test_an_item_in_variants_asks_which(client, item, sizes):
    for url in (f"/buy/{item.pk}", f"/order/put/{new_order(client)}?item_id={item.pk}", f"/basket/add/{item.pk}"):
        response = client.post(url)
        assert response.status_code == 400
        assert "A3; A2" in response.json()["error"]["message"]
    assert client.get(f"/buy/{item.pk}?variant=A9").status_code == 404
    assert client.get(f"/buy/{make_item().pk}?variant=A3").status_code == 404


@pytest.mark.parametrize("by", ["name", "sku"])
def test_the_named_variant_is_bought(client, item, sizes, by):
    answer = client.get(f"/buy/{item.pk}", {"variant": getattr(sizes[1], by), "quantity": "2"}).json()
    order = client.get(f"/order/{answer['order_id']}").json()
    (line,) = order["lines"]
    assert (line["variant"], line["sku"], line["unit_amount"], line["amount"]) == ("A2", sizes[1].sku, 2900, 5800)
    assert counts(sizes[1]) == (3, 2, 0)
    assert counts(sizes[0]) == (3, 0, 0)


def test_a_sale_and_a_refund_of_the_hold_count_the_variant(item, sizes):
    order = Order.objects.create(currency="USD")
    for variant in sizes:
        OrderLine.objects.create(
            order=order, item=item, sold_variant=variant, name=item.title, quantity=1, unit_amount=1999, amount=1999
        )
    OrderLine.objects.filter(sold_variant=sizes[1]).update(unit_amount=2900, amount=2900)
    started = start.start(order.token)
    order.refresh_from_db()
    assert Hold.objects.filter(order=order, state=HoldState.HELD).count() == 2
    close.reopen(order_token=order.token)
    assert [counts(variant) for variant in sizes] == [(3, 0, 0), (3, 0, 0)]
    started = start.start(order.token)
    order.refresh_from_db()
    shop.pay(order, started)
    shop.deliver()
    order.refresh_from_db()
    assert order.status == OrderStatus.PAID
    assert order.total == 1999 + 2900
    assert [counts(variant) for variant in sizes] == [(2, 0, 1), (2, 0, 1)]


def test_the_last_of_a_variant_is_sold_once(client, item, sizes):
    stock.adjust(item_id=item.pk, variant_id=sizes[0].pk, quantity=-2, reason="Lost")
    assert client.get(f"/buy/{item.pk}?variant=A3").status_code == 200
    other = client.__class__()
    response = other.get(f"/buy/{item.pk}?variant=A3")
    assert (response.status_code, response.json()["error"]["code"]) == (409, "sold_out")
    assert "Print, A3" in response.json()["error"]["message"]
    assert other.get(f"/buy/{item.pk}?variant=A2").status_code == 200


def test_two_variants_are_two_lines_and_each_is_changed_by_its_name(client, item, sizes):
    token = new_order(client)
    for variant in ("A3", "A2", "A3"):
        client.post(f"/order/put/{token}", {"item_id": item.pk, "variant": variant})
    client.post(f"/order/set/{token}", {"item_id": item.pk, "variant": sizes[1].sku, "quantity": 3})
    order = client.post(f"/order/set/{token}", {"item_id": item.pk, "variant": "A3", "quantity": 0}).json()
    assert [(line["variant"], line["quantity"]) for line in order["lines"]] == [("A2", 3)]


def test_a_renamed_variant_is_still_the_one_in_the_basket(client, item, sizes):
    token = new_order(client)
    client.post(f"/order/put/{token}", {"item_id": item.pk, "variant": "A3"})
    row = item.variants.first()
    row.value1 = "DIN A3"
    item.variants = [row, *list(item.variants.all())[1:]]
    item.save()
    assert client.get(f"/order/{token}").json()["lines"][0]["variant"] == "DIN A3"
    order = client.post(f"/order/put/{token}", {"item_id": item.pk, "variant": "DIN A3"}).json()
    assert [(line["variant"], line["quantity"]) for line in order["lines"]] == [("DIN A3", 2)]


def test_a_variant_taken_off_sale_is_refused_at_the_payment(client, item, sizes):
    token = new_order(client)
    client.post(f"/order/put/{token}", {"item_id": item.pk, "variant": "A3"})
    Variant.objects.filter(pk=sizes[0].pk).update(active=False)
    response = client.post(f"/order/buy/{token}")
    assert (response.status_code, response.json()["error"]["code"]) == (409, "sold_out")


def test_an_item_that_became_variants_is_refused_at_the_payment(client, item):
    plain = make_item("Plain")
    token = new_order(client)
    client.post(f"/order/put/{token}", {"item_id": plain.pk})
    make_variants(plain, {"value1": "A3"})
    assert client.post(f"/order/buy/{token}").status_code == 409


def test_a_sold_variant_is_not_removed_by_an_editor(client, item, sizes):
    client.get(f"/buy/{item.pk}?variant=A3")
    rows = [variant_row(row) for row in item.variants.all()]
    rows[0]["DELETE"] = "1"
    data = item_form(item, choice1="Size", variants=variant_rows(*rows), **{"action-publish": "1"})
    response = client_of("Editors").post(edit_url(item), data)
    assert "It was sold or counted, so it stays." in response.content.decode()


def test_stripe_is_told_which_variant(client, item, sizes):
    answer = client.get(f"/buy/{item.pk}?variant=A2").json()
    order = Order.objects.get(token=answer["order_id"])
    (line,) = order.attempts.get().params["line_items"]
    assert line["price_data"]["product_data"]["name"] == "Print, A2"
    assert line["price_data"]["unit_amount"] == 2900


def test_the_sale_price_is_paid_and_the_regular_one_is_remembered(client):
    item = make_item(price="20.00", sale_price=Decimal("15.00"))
    order = client.get(f"/buy/{item.pk}").json()["order_id"]
    shown = client.get(f"/order/{order}").json()
    assert (shown["lines"][0]["unit_amount"], shown["total"]) == (1500, 1500)
    assert Order.objects.get(token=order).snapshot["lines"][0]["list_amount"] == 2000


def test_a_sale_that_ended_in_the_basket_is_said_before_the_payment(client):
    item = make_item(price="20.00", sale_price=Decimal("15.00"))
    token = new_order(client)
    client.post(f"/order/put/{token}", {"item_id": item.pk})
    ItemPage.objects.filter(pk=item.pk).update(sale_ends_at=timezone.now() - timedelta(seconds=1))
    response = client.post(f"/order/buy/{token}")
    assert (response.status_code, response.json()["error"]["code"]) == (409, "price_changed")
    assert client.get(f"/order/{token}").json()["total"] == 2000
    assert client.post(f"/order/buy/{token}").status_code == 200


def test_two_translations_in_one_order_hold_one_count(client):
    from wagtail.models import Locale

    item = make_item("Print", on_hand=3)
    german, _ = Locale.objects.get_or_create(language_code="de")
    item.get_parent().get_parent().specific.copy_for_translation(german).save_revision().publish()
    item.get_parent().specific.copy_for_translation(german).save_revision().publish()
    translation = item.copy_for_translation(german)
    translation.title = "Druck"
    translation.save_revision().publish()
    token = new_order(client)
    client.post(f"/order/put/{token}", {"item_id": item.pk, "quantity": 2})
    client.post(f"/order/put/{token}", {"item_id": translation.pk})
    assert client.post(f"/order/buy/{token}").status_code == 200
    assert shop.counts(item) == (3, 3, 0)
    assert Hold.objects.get(order__token=token).quantity == 3
