"""The public routes of the checkout, asked as programs and browsers ask them."""

import json
from datetime import timedelta

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from checkout.models import Attempt, Discount, Hold, Order, OutboxMail, RateCount
from checkout.states import OrderStatus
from products.tests.factories import make_home, make_item, picture_for

from .factories import make_paid_order

pytestmark = pytest.mark.django_db(transaction=True)
HTML = {"Accept": "text/html"}
SHAPE = (
    "order_id number status currency lines subtotal discount tax tax_inclusive shipping total discounts taxes"
    " payment_url created paid_at refunded refunds"
)


@pytest.fixture(autouse=True)
def home(db):
    return make_home()


@pytest.fixture
def token(client) -> str:
    return client.post("/order/new/").json()["order_id"]


def error(response) -> str:
    return response.json()["error"]["code"]


def make_pending(item, *, number: int, **fields) -> Order:
    """An order whose payment page is open, with units held."""
    order = Order.objects.create(
        status=OrderStatus.PENDING, currency="USD", snapshot={}, snapshot_hash="frozen", total=1999, **fields
    )
    order.lines.add(
        order.lines.model(order=order, item=item, name=item.title, quantity=1, unit_amount=1999, amount=1999)
    )
    order.save()
    Hold.objects.create(order=order, item=item, quantity=1)
    Attempt.objects.create(
        order=order,
        state="open",
        keypair="USD",
        idempotency_key=f"open-{number}",
        params={},
        params_hash="",
        snapshot_hash="frozen",
        amount=1999,
        stripe_id=f"cs_test_open{number}",
        url="https://checkout.example/pay",
        expires_at=timezone.now() + timedelta(minutes=30),
    )
    return order


class TestShape:
    def test_an_order_from_nothing_to_two_lines(self, client, token):
        first, second = make_item(price="19.99"), make_item(price="5.00")
        client.get(f"/order/put/{token}", {"item_id": first.pk})
        order = client.post(f"/order/put/{token}/", {"item_id": second.pk, "quantity": 2}).json()
        assert list(order) == SHAPE.split()
        assert [(line["item_id"], line["quantity"], line["amount"]) for line in order["lines"]] == [
            (first.pk, 1, 1999),
            (second.pk, 2, 1000),
        ]
        assert (order["subtotal"], order["total"], order["currency"], order["number"]) == (2999, 2999, "USD", None)
        assert order["status"] == "draft"
        assert order == client.get(f"/order/{token}").json()

    def test_an_empty_order_has_the_same_keys(self, client, token):
        order = client.get(f"/order/{token}/").json()
        assert list(order) == SHAPE.split()
        assert (order["lines"], order["total"]) == ([], 0)

    def test_put_adds_and_set_sets_and_removes(self, client, token):
        item = make_item()
        put, change = f"/order/put/{token}", f"/order/set/{token}"
        client.post(put, {"item_id": item.pk})
        body = json.dumps({"item_id": item.pk, "quantity": 2})
        assert client.post(put, body, "application/json").json()["lines"][0]["quantity"] == 3
        assert client.post(change, {"item_id": item.pk, "quantity": 1}).json()["lines"][0]["quantity"] == 1
        assert client.post(change, {"item_id": item.pk, "quantity": 0}).json()["lines"] == []

    def test_no_answer_is_kept_or_listed(self, client, token):
        response = client.get(f"/order/{token}")
        assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("no-store", "noindex")

    def test_a_paid_order_shows_what_was_paid(self, client):
        order = make_paid_order()
        found = client.get(f"/order/{order.token}").json()
        assert (found["status"], found["number"], found["refunded"]) == ("paid", order.number, 0)


class TestRefusals:
    @pytest.mark.parametrize("quantity", ["0", "-1", "1.5", "1000", "", "many", "1" * 5000, "١"])
    def test_a_quantity_is_a_whole_number(self, client, token, quantity):
        item = make_item()
        response = client.post(f"/order/put/{token}", {"item_id": item.pk, "quantity": quantity})
        assert (response.status_code, error(response)) == (400, "bad_request")
        assert client.post(f"/buy/{item.pk}", {"quantity": quantity}).status_code == 400

    @pytest.mark.parametrize(
        "body", ["{", "[]", '{"item_id": [1]}', '{"item_id": true}', '{"item_id": "\\u0000"}', "[" * 5000]
    )
    def test_a_bad_body_is_400(self, client, token, body):
        response = client.post(f"/order/put/{token}", body, "application/json")
        assert (response.status_code, error(response)) == (400, "bad_request")

    def test_everything_unknown_has_one_answer(self, client, token):
        draft = make_item(live=False)
        answers = [
            client.get("/order/unknown"),
            client.post("/order/put/unknown", {"item_id": draft.pk}),
            client.post("/order/set/unknown"),
            client.post("/order/discount/unknown", {"code": "X"}),
            client.post("/order/buy/unknown"),
            client.post(f"/order/put/{token}", {"item_id": draft.pk}),
            client.post(f"/order/put/{token}", {"item_id": 10**18}),
            client.post(f"/buy/{draft.pk}"),
            client.get("/checkout/return/", {"session_id": "cs_test_unknown"}),
        ]
        assert {response.status_code for response in answers} == {404}
        assert len({response.content for response in answers}) == 1

    def test_unknown_is_a_page_for_people(self, client):
        response = client.get("/order/unknown", headers=HTML)
        assert response.status_code == 404
        assert b"unknown" not in response.content

    def test_sold_out_and_currency(self, client, token):
        few, yen = make_item(on_hand=2), make_item(price="500", currency="JPY")
        response = client.post(f"/order/put/{token}", {"item_id": few.pk, "quantity": 3})
        assert (response.status_code, error(response)) == (409, "sold_out")
        client.post(f"/order/put/{token}", {"item_id": few.pk})
        response = client.post(f"/order/put/{token}", {"item_id": yen.pk})
        assert (response.status_code, error(response)) == (409, "currency_mismatch")

    def test_a_paid_order_is_closed(self, client):
        order = make_paid_order()
        response = client.post(f"/order/put/{order.token}", {"item_id": make_item().pk})
        assert (response.status_code, error(response)) == (409, "order_closed")

    def test_wrong_method(self, client, token):
        response = client.get(f"/order/set/{token}")
        assert (response.status_code, response["Allow"], error(response)) == (405, "POST", "method_not_allowed")
        assert client.put(f"/order/{token}").status_code == 405

    def test_looking_ahead_does_nothing(self, client):
        item = make_item()
        assert client.head(f"/buy/{item.pk}").status_code == 204
        assert client.get("/order/new/", headers={"Sec-Purpose": "prefetch;prerender"}).status_code == 204
        assert not Order.objects.exists()

    def test_another_sites_form_is_refused(self, client):
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
            response = client.post("/order/new/", headers=headers)
            assert (response.status_code, error(response)) == (403, "forbidden")
        assert client.post("/order/new/", headers={"Origin": "http://testserver"}).status_code == 200

    def test_no_csrf_token_is_needed(self, token):
        strict = Client(enforce_csrf_checks=True)
        assert strict.post(f"/order/put/{token}", {"item_id": make_item().pk}).status_code == 200

    def test_a_huge_webhook_is_not_read(self, client):
        response = client.post("/stripe/webhook/", b"x" * (256 * 1024 + 1), "application/json")
        assert response.status_code == 400


class TestDiscounts:
    def test_a_code_counts_and_comes_off(self, client, token):
        Discount.objects.create(name="Spring", code="SPRING10", percent_off=10)
        client.post(f"/order/put/{token}", {"item_id": make_item(price="10.00").pk})
        order = client.post(f"/order/discount/{token}", {"code": " spring 10"}).json()
        assert (order["discount"], order["total"], order["discounts"][0]["code"]) == (100, 900, "SPRING10")
        assert client.post(f"/order/discount/{token}", {"code": ""}).json()["total"] == 1000

    def test_every_refused_code_has_one_answer(self, client, token):
        past = timezone.now() - timedelta(days=1)
        Discount.objects.create(name="Off", code="OFF", percent_off=10, active=False)
        Discount.objects.create(name="Past", code="PAST", percent_off=10, ends_at=past)
        Discount.objects.create(name="Yen", code="YEN", amount_off=100, currency="JPY")
        Discount.objects.create(name="Big", code="BIG", percent_off=10, currency="USD", minimum_amount=10**6)
        Discount.objects.create(name="Used", code="USED", percent_off=10, max_redemptions=1, uses=1)
        client.post(f"/order/put/{token}", {"item_id": make_item().pk})
        codes = ("OFF", "PAST", "YEN", "BIG", "USED", "UNKNOWN", "X" * 500)
        answers = [client.post(f"/order/discount/{token}", {"code": code}) for code in codes]
        assert {(answer.status_code, error(answer), answer.content) for answer in answers} == {
            (400, "discount_refused", answers[0].content)
        }


class TestLimits:
    def test_codes_are_tried_ten_times_a_minute(self, client, token):
        tries = [client.post(f"/order/discount/{token}", {"code": "NO"}).status_code for _ in range(11)]
        assert tries == [400] * 10 + [429]

    def test_without_a_cookie_the_address_is_counted(self, token):
        answers = [Client().post("/order/new/") for _ in range(60)]
        assert [answer.status_code for answer in answers] == [200] * 59 + [429]
        assert int(answers[-1]["Retry-After"]) > 3000
        assert error(answers[-1]) == "too_many_requests"
        assert Client(REMOTE_ADDR="192.0.2.7").post("/order/new/").status_code == 200

    def test_the_window_ends(self, client, token):
        for _ in range(11):
            client.post(f"/order/discount/{token}", {"code": "NO"})
        RateCount.objects.update(started=timezone.now() - timedelta(seconds=61))
        assert client.post(f"/order/discount/{token}", {"code": "NO"}).status_code == 400

    def test_open_holds_are_capped(self, client, token):
        visitor = client.cookies["visitor"].value.split(":")[0]
        item = make_item(on_hand=50)
        for number in range(5):
            make_pending(item, number=number, visitor=visitor)
        response = client.post(f"/buy/{make_item().pk}")
        assert (response.status_code, error(response)) == (429, "too_many_requests")


class TestPages:
    def test_forms_get_303(self, client, token):
        item = make_item()
        picture_for(item)
        response = client.post(f"/order/put/{token}", {"item_id": item.pk}, headers=HTML)
        assert (response.status_code, response["Location"]) == (303, f"/order/{token}")
        page = client.get(f"/order/{token}", headers=HTML)
        assert page.status_code == 200
        assert item.title in page.content.decode()

    def test_the_basket_has_a_group_for_each_currency(self, client):
        dollar, yen = make_item(), make_item(price="500", currency="JPY")
        assert client.post(f"/basket/add/{dollar.pk}", {"quantity": 2}).json()["count"] == 2
        assert client.post(f"/basket/add/{yen.pk}/").json()["count"] == 3
        assert client.post(f"/basket/add/{dollar.pk}", headers=HTML)["Location"] == "/basket/"
        assert client.cookies["basket_count"].value == "4"
        page = client.get("/basket/", headers=HTML).content.decode()
        assert dollar.title in page
        assert yen.title in page
        assert [order.currency for order in Order.objects.order_by("pk")] == ["USD", "JPY"]

    def test_a_paid_order_leaves_the_basket(self, client):
        token = client.post(f"/basket/add/{make_item().pk}").json()["order_id"]
        Order.objects.update(status=OrderStatus.PAID, snapshot={}, snapshot_hash="x", number="T1")
        client.get(f"/order/{token}", headers=HTML)
        assert client.cookies["basket_count"].value == ""

    def test_the_basket_returns_to_itself(self, client):
        item = make_item()
        token = client.post(f"/basket/add/{item.pk}").json()["order_id"]
        form = {"item_id": item.pk, "quantity": 3, "next": "basket"}
        assert client.post(f"/order/set/{token}", form, headers=HTML)["Location"] == "/basket/"
        assert client.cookies["basket_count"].value == "3"

    @override_settings(BASE_URL="https://shop.example")
    def test_an_order_is_found_again_by_mail(self, client, mailoutbox):
        order = make_paid_order()
        good = client.post("/order/find/", {"number": order.number, "email": order.email.upper()}, headers=HTML)
        bad = client.post("/order/find/", {"number": order.number, "email": "x@example.com"}, headers=HTML)
        assert good.content == bad.content
        assert f"https://shop.example/order/{order.token}" in mailoutbox[0].body
        assert OutboxMail.objects.get(kind="find").sent_at
        assert len(mailoutbox) == 1


class TestPaying:
    def test_buy_opens_a_payment_page_and_opens_it_again(self, client):
        item = make_item(on_hand=5)
        first = client.get(f"/buy/{item.pk}").json()
        assert list(first) == ["session_id", "url", "publishable_key", "order_id"]
        assert first["session_id"].startswith("cs_test_")
        assert client.post(f"/buy/{item.pk}/").json() == first
        assert client.get(f"/order/{first['order_id']}").json()["payment_url"] == first["url"]
        response = client.post(f"/buy/{item.pk}", headers=HTML)
        assert (response.status_code, response["Location"]) == (303, first["url"])

    def test_two_visitors_of_one_address_never_share_an_order(self, client):
        item = make_item()
        orders = {one.post(f"/buy/{item.pk}").json()["order_id"] for one in (client, Client())}
        assert len(orders) == 2

    def test_a_basket_on_its_way_to_payment_can_still_be_changed(self, client, token):
        item = make_item()
        client.post(f"/order/put/{token}", {"item_id": item.pk})
        assert client.post(f"/order/buy/{token}").status_code == 200
        assert client.get(f"/order/{token}").json()["status"] == "pending"
        assert client.get(f"/order/{token}", headers=HTML).status_code == 200
        changed = client.post(f"/order/set/{token}", {"item_id": item.pk, "quantity": 2}).json()
        assert (changed["status"], changed["lines"][0]["quantity"]) == ("draft", 2)

    def test_an_empty_order_cannot_be_paid(self, client, token):
        assert client.post(f"/order/buy/{token}").status_code == 400

    def test_a_free_order_is_paid_at_once(self, client, token):
        Discount.objects.create(name="Gift", code="GIFT", percent_off=100)
        client.post(f"/order/put/{token}", {"item_id": make_item().pk})
        client.post(f"/order/discount/{token}", {"code": "GIFT"})
        started = client.post(f"/order/buy/{token}").json()
        assert started["session_id"] is None
        assert started["url"].endswith(f"/order/{token}")
        assert client.get(f"/order/{token}").json()["status"] == "paid"

    def test_the_return_leads_to_the_order(self, client):
        started = client.post(f"/buy/{make_item().pk}").json()
        response = client.get("/checkout/return/", {"session_id": started["session_id"]})
        assert (response.status_code, response["Location"]) == (303, f"/order/{started['order_id']}?return=1")
        page = client.get(response["Location"], headers=HTML)
        assert b"confirming your payment" in page.content
        assert client.post("/stripe/webhook", b"{}", "application/json").status_code == 400
