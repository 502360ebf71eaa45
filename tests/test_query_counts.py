"""How many queries each kind of public page takes: the same with ten items and with a thousand."""

import math
from collections.abc import Callable
from functools import partial
from operator import gt

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from benchmarks import goods
from checkout.models import Order
from checkout.sandbox import cards, paying
from checkout.sandbox.models import SandboxEvent
from checkout.tests import shop
from products import generation, pictures
from products.models import CategoryPage, ItemPage, ItemTag, RelatedItem, Tag
from products.tests.factories import make_home, make_image, make_item

pytestmark = pytest.mark.django_db(transaction=True)
# The first time after a change, after a sale that pages show, and when nothing has happened. The tree, the taxes, the
# orders of shelves, the cards and what was searched for are kept between requests; stored pages are switched off.
MOST = {
    "/": (11, 9, 2),
    "/goods/": (16, 8, 1),
    "/goods/?page=2": (16, 8, 1),
    "/goods/?sort=price": (17, 8, 1),
    "/goods/?stock=1&max=100": (17, 9, 1),
    "/goods/?tag=linen": (18, 8, 1),
    "/item/{id}": (12, 9, 4),
    "{url}": (12, 9, 4),
    "/search/?q=linen": (11, 7, 0),
    "/search/?q=linen&tag=linen": (10, 7, 0),
    "/search/?tag=linen": (15, 7, 0),
    "/search/?q=nothing-like-it": (10, 5, 1),
    "/search/suggest/?q=linen": (7, 5, 1),
    "/feeds/items.rss": (10, 8, 1),
    "/sitemap.xml": (8, 6, 2),
    "/robots.txt": (0, 0, 0),
    "/goods/?stock=1&min=1&max=900&currency=USD&tag=linen&sort=price": (18, 9, 1),
    "/goods/?stock=1&page=2": (17, 9, 1),
    "/api/v2/items/": (7, 6, 2),
    "/api/v2/items/?offset=20": (7, 6, 2),
    "/api/v2/items/?search=linen": (7, 6, 2),
}
# Of somebody who is logged in; a list shows up to fifty rows.
ADMIN_MOST = {
    "/admin/": 53,
    "/admin/items/": 22,
    "/admin/items/?p=2": 22,
    "/admin/items/?stock=low": 24,
    "/admin/stock/": 14,
    "/admin/pages/{shelf}/": 35,
    "/admin/pages/search/?q=harbour": 24,
    "/admin/snippets/checkout/order/": 15,
}


def stock_the_shop(count: int) -> list[ItemPage]:
    image = make_image()
    pictures.make_all(image.pk, "card", "item", "thumb", "share")
    shelf = make_home().add_child(instance=CategoryPage(title="Goods"))
    first = (Page.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    made = []
    for items in goods.batches(count, first, [shelf] * goods.SHELVES):
        for item in items:  # one shelf holds them all: a step each
            item.path = Page._get_path(shelf.path, shelf.depth + 1, goods.number_of(item) + 1)
        goods.insert(Page, items)
        goods.insert(ItemPage, items)
        goods.add_the_rest(items, [image.pk])
        made += items
    generation.forget()
    return made


def stock_with_choice(count: int) -> list[ItemPage]:
    """Every query is counted of an item for which an editor chose others."""
    items = stock_the_shop(count)
    chosen = [items[1], items[-1], items[2]]
    item = items[len(items) // 2]
    RelatedItem.objects.bulk_create(RelatedItem(page=item, item=one, sort_order=n) for n, one in enumerate(chosen))
    word = Tag.objects.create(name="linen")
    ItemTag.objects.bulk_create(ItemTag(content_object=one, tag=word) for one in items[:: 2 if count < 100 else 3])
    return items


def counted(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        work()
    return len(queries)


# Before a page is opened: something has changed; something was sold that pages show; nothing has happened.
HAPPENED = (generation.forget, partial(generation.raise_after, math.inf, generation.COUNTS), lambda: None)


def after(happened: Callable[[], None], work: Callable[[], object]) -> int:
    happened()
    return counted(work)


@pytest.mark.parametrize("count", [10, 1_000])
def test_every_page_takes_as_many_queries_with_a_thousand_items_as_with_ten(count, monkeypatch):
    monkeypatch.setattr(generation, "LOOK_EVERY", 3600)
    cache.clear()  # Wagtail keeps renditions there by the image's id
    items = stock_with_choice(count)
    client, item = Client(), items[len(items) // 2]

    def open_page(path: str) -> None:
        response = client.get(path)
        assert response.status_code == 200, path
        assert response.getvalue()

    found = {}
    for path in MOST:
        if "page=2" not in path or count > 24:
            address = path.format(id=item.pk, url=item.get_url())
            open_page(address)
            found[path] = tuple(after(happened, partial(open_page, address)) for happened in HAPPENED)
    assert {path: most for path, most in found.items() if any(map(gt, most, MOST[path]))} == {}


@pytest.mark.parametrize("count", [60, 1_000])
def test_every_list_of_the_admin_takes_as_many_queries_with_a_thousand_items_as_with_sixty(count):
    cache.clear()
    items = stock_with_choice(count)
    shelf, client = items[0].get_parent(), Client()
    client.force_login(get_user_model().objects.create_superuser("clerk"))
    Order.objects.bulk_create(Order(number=f"N{number}", currency="USD") for number in range(count))

    def open_page(path: str) -> None:
        response = client.get(path)
        assert response.status_code == 200, path

    found = {}
    for path in ADMIN_MOST:
        address = path.format(shelf=shelf.pk)
        open_page(address)  # what is kept is kept
        found[path] = counted(lambda address=address: open_page(address))
    assert {path: number for path, number in found.items() if number > ADMIN_MOST[path]} == {}


# Of a purchase: statements that read or write the shop's own tables. BEGIN, COMMIT and savepoints are no queries, and
# the sandbox, which plays Stripe in this process, keeps its own books.
PURCHASE = {
    "put into a basket that is there": 4,  # the item, the order (locked), all lines of the basket, the line
    "a first click on Buy": 12,
    "payment_intent.succeeded": 30,  # the mail among them
    "checkout.session.completed": 4,  # nothing is left to do: its row, the payment, done; mail that is due
}


def own_queries(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        work()
    written = [query["sql"].split() for query in queries.captured_queries]
    data = [words for words in written if words[0] in ("SELECT", "INSERT", "UPDATE", "DELETE")]
    return len([words for words in data if not any("sandbox_" in word for word in words)])


def test_a_purchase_takes_few_queries(monkeypatch):
    monkeypatch.setattr(generation, "LOOK_EVERY", 3600)
    item, client, found = make_item(on_hand=100), Client(headers={"accept": "application/json"}), {}

    def add() -> None:
        assert client.post(f"/basket/add/{item.pk}").json()["order_id"]

    def buy() -> None:
        Client(headers={"accept": "application/json"}).post(f"/buy/{item.pk}")

    for _ in range(2):  # of the second purchase: what a process keeps is kept
        add(), buy()
        found["put into a basket that is there"] = own_queries(add)
        found["a first click on Buy"] = own_queries(buy)
        order = Order.objects.filter(status="pending").latest("pk")
        paying.pay(order.keypair, order.attempts.get().stripe_id, cards.by_token("pm_card_visa"), email=shop.BUYER)
        for kind in ("payment_intent.succeeded", "checkout.session.completed"):
            event = SandboxEvent.objects.filter(type=kind).latest("pk")
            found[kind] = own_queries(lambda event=event: shop.receive(event.body, event.account))
    order.refresh_from_db()
    assert (order.status, order.mails.get().sent_at is not None) == ("paid", True)
    assert {name: number for name, number in found.items() if number > PURCHASE[name]} == {}
