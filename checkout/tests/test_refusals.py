"""Every refusal a buyer or a program can meet: its status, its code and a sentence that says what to do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from checkout import settle, start
from checkout.models import Discount, Order
from checkout.sandbox import faults
from products.tests.factories import make_home, make_item

from . import shop

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class Case:
    """`ask` prepares what is needed and returns method, address and form of the refused request."""

    ask: Callable[[], tuple[str, str, dict]]
    status: int
    code: str
    sentence: str


def put(order: Order, item_id: object, **more) -> tuple[str, str, dict]:
    return "POST", f"/order/put/{order.token}", {"item_id": item_id, **more}


def sold_out():
    return "POST", f"/buy/{make_item('Heron', on_hand=0).pk}", {}


def few_left():
    return "POST", f"/buy/{make_item('Heron', on_hand=2).pk}", {"quantity": 3}


def gone_from_sale():
    item = make_item("Heron")
    order = shop.draft(item)
    item.unpublish()
    return "POST", f"/order/buy/{order.token}", {}


def other_currency():
    return put(shop.draft(make_item()), make_item(currency="EUR").pk)


def paid_already():
    order, started = shop.at_payment_page(make_item())
    shop.pay(order, started)
    settle.settle_order(order.token)
    return put(order, order.lines.get().item_id)


def paid_asks_for_an_intent():
    _, path, _ = paid_already()
    return "POST", path.replace("/put/", "/intent/"), {}


def new_price():
    item = make_item("Heron")
    order = shop.draft(item)
    item.price = "25.00"
    item.save()
    return "POST", f"/order/buy/{order.token}", {}


def private_item():
    return "POST", f"/buy/{make_item(live=False).pk}", {}


def code(**terms) -> Callable[[], tuple[str, str, dict]]:
    """A try of the code SPRING, which has those terms."""

    def ask():
        fields = {"name": "Spring", "code": "SPRING", "percent_off": 10, **terms}
        Discount.objects.create(**fields)
        return "POST", f"/order/discount/{shop.draft(make_item()).token}", {"code": "spring"}

    return ask


def used_up():
    spring = Discount.objects.create(name="Spring", code="SPRING", percent_off=10, max_redemptions=1)
    start.start(shop.draft(make_item(), discounts=[spring]).token)
    return "POST", f"/order/discount/{shop.draft(make_item()).token}", {"code": "spring"}


def unknown_code():
    return "POST", f"/order/discount/{shop.draft(make_item()).token}", {"code": "nothing"}


def below_the_minimum():
    return "POST", f"/order/buy/{shop.draft(make_item(price='0.49')).token}", {}


def below_the_minimum_by_intent():
    return "POST", f"/order/intent/{shop.draft(make_item(price='0.49')).token}", {}


def above_the_maximum():
    order = shop.draft(make_item(price="9999.99", on_hand=999), quantity=101)
    return "POST", f"/order/buy/{order.token}", {}


def too_many_open():
    item = make_item(on_hand=30)
    client = Client()
    for quantity in range(1, 6):
        assert client.get(f"/buy/{item.pk}", {"quantity": quantity}).status_code == 200
    return "POST", f"/buy/{item.pk}", {"quantity": 6, "cookies": client.cookies}


def too_many_codes():
    order = shop.draft(make_item())
    client = Client()
    for _ in range(10):
        client.post(f"/order/discount/{order.token}", {"code": "guess"})
    return "POST", f"/order/discount/{order.token}", {"code": "guess", "cookies": client.cookies}


def draft_of(quantity: object) -> Callable[[], tuple[str, str, dict]]:
    return lambda: put(shop.draft(make_item()), make_item().pk, quantity=quantity)


def soon(days: int):
    return timezone.now() + timedelta(days=days)


WHOLE = "The quantity must be a whole number from 1 to 999."
NO_CODE = "This code cannot be used for this order."
CASES = {
    "sold out": Case(sold_out, 409, "sold_out", "“Heron” is sold out."),
    "few left": Case(few_left, 409, "sold_out", "“Heron”: only 2 left."),
    "no longer for sale": Case(gone_from_sale, 409, "sold_out", "“Heron” is no longer for sale."),
    "other currency": Case(
        other_currency, 409, "currency_mismatch", "This order is in USD. Start another order for other currencies."
    ),
    "paid already": Case(paid_already, 409, "order_closed", "This order can no longer be changed."),
    "intent of a paid order": Case(
        paid_asks_for_an_intent, 409, "order_closed", "This order can no longer be changed."
    ),
    "new price": Case(
        new_price, 409, "price_changed", "The price of “Heron” has changed. Please look at the order again."
    ),
    "private item": Case(private_item, 404, "not_found", "There is nothing here."),
    "unknown order": Case(lambda: ("POST", "/order/buy/unknown", {}), 404, "not_found", "There is nothing here."),
    "unknown order's intent": Case(
        lambda: ("POST", "/order/intent/unknown", {}), 404, "not_found", "There is nothing here."
    ),
    "empty order": Case(
        lambda: ("POST", f"/order/buy/{Order.objects.create().token}", {}),
        400,
        "bad_request",
        "There is nothing in this order.",
    ),
    "no item named": Case(
        lambda: put(Order.objects.create(), ""), 400, "bad_request", "Say which item: item_id is a whole number."
    ),
    "zero": Case(draft_of(0), 400, "bad_request", WHOLE),
    "negative": Case(draft_of(-1), 400, "bad_request", WHOLE),
    "a fraction": Case(draft_of("1.5"), 400, "bad_request", WHOLE),
    "huge": Case(draft_of(10**12), 400, "bad_request", WHOLE),
    "unknown code": Case(unknown_code, 400, "discount_refused", NO_CODE),
    "expired code": Case(code(ends_at=soon(-1)), 400, "discount_refused", NO_CODE),
    "early code": Case(code(starts_at=soon(1)), 400, "discount_refused", NO_CODE),
    "stopped code": Case(code(active=False), 400, "discount_refused", NO_CODE),
    "code of another currency": Case(
        code(percent_off=None, amount_off=100, currency="EUR"), 400, "discount_refused", NO_CODE
    ),
    "code with a minimum": Case(code(minimum_amount=99_999, currency="USD"), 400, "discount_refused", NO_CODE),
    "used up code": Case(used_up, 400, "discount_refused", NO_CODE),
    "below the minimum": Case(
        below_the_minimum, 422, "amount_too_small", "The total is below $0.50, the least that can be paid."
    ),
    "below the minimum, by intent": Case(
        below_the_minimum_by_intent, 422, "amount_too_small", "The total is below $0.50, the least that can be paid."
    ),
    "above the maximum": Case(
        above_the_maximum,
        422,
        "amount_too_large",
        "The total is above $999,999.99, the most that can be paid at once.",
    ),
    "too many unpaid orders": Case(
        too_many_open,
        429,
        "too_many_requests",
        "You have several unpaid orders open. Please pay or wait for one first.",
    ),
    "too many codes": Case(
        too_many_codes, 429, "too_many_requests", "That was too often. Please wait a little and try again."
    ),
    "wrong method": Case(
        lambda: ("GET", f"/order/intent/{Order.objects.create().token}", {}),
        405,
        "method_not_allowed",
        "This address answers POST only.",
    ),
}


def refused(method: str, path: str, form: dict, *, html: bool):
    client = Client()
    client.cookies.update(form.pop("cookies", {}))
    headers = {"Accept": "text/html" if html else "application/json"}
    return client.post(path, form, headers=headers) if method == "POST" else client.get(path, headers=headers)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("html", [False, True], ids=["json", "page"])
def test_a_refusal_has_its_status_code_and_sentence(name, html):
    make_home()
    case = CASES[name]
    answer = refused(*case.ask(), html=html)
    assert answer.status_code == case.status
    if html:
        text = unescape(answer.content.decode())
        assert "<h1>" in text
        assert (case.sentence in text) or case.status == 404
    else:
        assert answer.json() == {"error": {"code": case.code, "message": case.sentence}}
    assert ("Retry-After" in answer) == (case.status in (429, 503))
    assert "Traceback" not in answer.content.decode()


@pytest.mark.parametrize("path", ["/order/buy/", "/order/intent/"])
@pytest.mark.parametrize("html", [False, True], ids=["json", "page"])
def test_stripe_does_not_answer(path, html):
    make_home()
    order = shop.draft(make_item())
    with faults.inject("timeout_before", method="POST", times=20):
        answer = refused("POST", f"{path}{order.token}", {}, html=html)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    said = "The payment page cannot be opened right now. Nothing was charged; please try again in a minute."
    assert said in unescape(answer.content.decode())
    if not html:
        assert answer.json()["error"]["code"] == "payment_unavailable"


def test_what_a_refusal_held_is_free_again():
    for ask in (below_the_minimum, above_the_maximum, new_price):
        refused(*ask(), html=False)
    assert not Order.objects.exclude(status="draft").exists()
    items = [line.item for order in Order.objects.all() for line in order.lines.all()]
    assert [shop.counts(item)[1] for item in items] == [0, 0, 0]


def test_every_refused_code_takes_the_same_questions():
    """Nobody can tell by the time whether a code exists: the database is asked the same number of things."""
    tries = {}
    refused(*unknown_code(), html=False)  # what is asked once and then remembered
    for name in ("unknown code", "expired code", "code of another currency", "code with a minimum", "used up code"):
        Discount.objects.update(code="")
        _, path, form = CASES[name].ask()
        client = Client()
        client.get(path.replace("/discount/", "/"))
        with CaptureQueriesContext(connection) as asked:
            client.post(path, form)
        tries[name] = len(asked)
    assert len(set(tries.values())) == 1, tries
