"""Orders in the admin can be looked at and nothing else, whoever asks."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from openpyxl import load_workbook

from checkout.models import Discount, Incident, Order, Redemption, Refund, Tax
from checkout.states import OrderStatus, RedemptionState, RefundState
from checkout.tests.factories import make_paid_order
from products.tests.factories import make_item
from products.tests.people import client_of

pytestmark = pytest.mark.django_db
LIST = "/admin/snippets/checkout/order/"


def read_csv(response) -> list[dict]:
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))


@pytest.mark.parametrize("who", ["Shop managers", "superuser"])
def test_those_who_may_look_see_the_list_and_the_order(who):
    order = make_paid_order(quantity=2)
    client = client_of(who)
    listing = client.get(LIST).content.decode()
    assert order.number in listing
    assert "$39.98 USD" in listing
    assert order.email in listing
    page = client.get(f"{LIST}inspect/{order.pk}/").content.decode()
    assert order.lines.get().name in page
    assert order.payments.get().payment_intent_id in page


@pytest.mark.parametrize("who", ["Editors", "Moderators"])
@pytest.mark.parametrize("path", ["", "results/", "inspect/{pk}/", "?export=csv"])
def test_editors_and_moderators_see_no_orders(who, path):
    order = make_paid_order()
    response = client_of(who).get(LIST + path.format(pk=order.pk))
    assert response.status_code == 302
    assert response.url == reverse("wagtailadmin_home")


def test_editors_find_no_sales_in_their_menu():
    assert b"Sales" not in client_of("Editors").get("/admin/").content
    assert b"Sales" in client_of("Shop managers").get("/admin/").content


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "path",
    [
        "add/",
        "edit/{pk}/",
        "copy/{pk}/",
        "delete/{pk}/",
        "usage/{pk}/",
        "history/{pk}/",
        "reorder/{pk}/",
        "preview/",
        "unpublish/{pk}/",
    ],
)
def test_not_even_a_superuser_can_change_an_order(method, path):
    order = make_paid_order()
    response = getattr(client_of("superuser"), method)(LIST + path.format(pk=order.pk))
    assert response.status_code == 404
    assert Order.objects.filter(pk=order.pk, total=1999).exists()


@pytest.mark.parametrize("path", ["", "results/", "chosen/{pk}/", "chosen-multiple/", "create/"])
def test_orders_have_no_chooser(path):
    order = make_paid_order()
    assert (
        client_of("superuser").get(f"/admin/snippets/choose/checkout/order/{path.format(pk=order.pk)}").status_code
        == 404
    )
    with pytest.raises(NoReverseMatch):
        reverse("wagtailsnippetchoosers_checkout_order:choose")


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("chosen", ["{pk}", "all"])
def test_orders_are_not_deleted_in_bulk(method, chosen):
    order = make_paid_order()
    url = f"/admin/bulk/checkout/order/delete/?id={chosen.format(pk=order.pk)}&next={LIST}"
    assert getattr(client_of("superuser"), method)(url).status_code == 404
    assert Order.objects.filter(pk=order.pk).exists()


def test_the_list_offers_nothing_but_looking():
    make_paid_order()
    listing = client_of("superuser").get(LIST).content.decode()
    for word in ("Add order", "/edit/", "/delete/", "/copy/", "data-bulk-action"):
        assert word not in listing


def test_search_finds_by_number_mail_item_sku_and_payment():
    wanted = make_paid_order(item=make_item("Blue teapot", sku="TEA-77"), email="anna@example.org")
    make_paid_order(item=make_item("Red chair", sku="CH-1"))
    client = client_of("Shop managers")
    intent = wanted.payments.get().payment_intent_id
    for words in (wanted.number, "anna@", "teapot", "tea-77", intent):
        listing = client.get(LIST, {"q": words}).content.decode()
        assert wanted.number in listing, words
        assert "There is 1 match" in listing, words
    assert wanted.number not in client.get(LIST, {"q": "nothing like it"}).content.decode()


def test_filters_narrow_the_list():
    paid = make_paid_order()
    expired = make_paid_order(status=OrderStatus.EXPIRED, currency="JPY", paid_at=None)
    client = client_of("Shop managers")
    for query in ({"status": "paid"}, {"currency": "USD"}, {"paid_at_from": timezone.now().date().isoformat()}):
        listing = client.get(LIST, query).content.decode()
        assert paid.number in listing
        assert expired.number not in listing
    assert client.get(LIST, {"status": "nonsense", "created_from": "yesterday", "p": "x"}).status_code == 200


def test_export_writes_major_units_beside_their_currency():
    usd = make_paid_order(quantity=3)
    make_paid_order(currency="JPY", unit_amount=500, item=make_item(price="500", currency="JPY"))
    Refund.objects.create(payment=usd.payments.get(), order=usd, amount=1999, state=RefundState.SUCCEEDED)
    rows = {row["Currency"]: row for row in read_csv(client_of("Shop managers").get(LIST, {"export": "csv"}))}
    assert rows["USD"]["Total"] == "59.97"
    assert rows["USD"]["Refunded"] == "19.99"
    assert rows["JPY"]["Total"] == "500"
    assert rows["USD"]["Email"] == usd.email


def test_export_to_a_workbook_holds_numbers():
    make_paid_order()
    response = client_of("Shop managers").get(LIST, {"export": "xlsx"})
    rows = list(load_workbook(io.BytesIO(b"".join(response.streaming_content))).active.values)
    assert dict(zip(rows[0], rows[1], strict=True))["Total"] == 19.99


def test_an_address_that_looks_like_a_formula_stays_text():
    make_paid_order(email="=1+1@example.com")
    body = b"".join(client_of("Shop managers").get(LIST, {"export": "csv"}).streaming_content).decode()
    assert "'=1+1@example.com" in body


def test_the_order_page_shows_every_ledger():
    order = make_paid_order(unit_amount=2000, subtotal=2000, discount=200, tax=360, total=2160, rounding=0)
    discount = Discount.objects.create(name="Spring", code="SPRING", percent_off="10")
    order.discounts.add(discount)
    order.taxes.add(Tax.objects.create(name="VAT", percentage="20"))
    Redemption.objects.create(discount=discount, order=order, state=RedemptionState.USED)
    payment = order.payments.get()
    Refund.objects.create(
        payment=payment, order=order, amount=160, state=RefundState.SUCCEEDED, stripe_id="re_1", reason="Late"
    )
    Incident.objects.create(kind="dispute", subject=payment.payment_intent_id, order=order)
    page = client_of("Shop managers").get(f"{LIST}inspect/{order.pk}/").content.decode()
    for text in (
        "Spring",
        "10 %",
        "-$2.00",
        "VAT",
        "$3.60",
        "$21.60 USD",
        "re_1",
        "Late",
        "dispute",
        "Applied",
    ):
        assert text in page, text
    for text in ("cs_test_", "converted", "“paid”", "Prices fixed", "Money came: applied"):
        assert text in page, text


def test_an_empty_basket_can_be_looked_at():
    order = Order.objects.create()
    assert client_of("superuser").get(f"{LIST}inspect/{order.pk}/").status_code == 200
    assert client_of("Shop managers").get(LIST).status_code == 200


def test_the_list_needs_as_many_queries_for_one_order_as_for_ten():
    make_paid_order()
    client = client_of("Shop managers")
    client.get(LIST)
    counts = []
    for orders in (0, 9):
        for _ in range(orders):
            make_paid_order()
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]
