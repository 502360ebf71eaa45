"""What an editor or a sale changes is seen in every worker within a second, whatever those have stored."""

import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection

import pytest

from products import stock
from products.models import ItemPage
from products.tests.factories import make_item

from .shop import Shop

PROMISED = 1.0  # seconds
CONNECTIONS = 12  # kept open, so that both workers hold some


@pytest.fixture
def visitors(shop: Shop) -> Iterator[list[HTTPConnection]]:
    opened = [HTTPConnection("127.0.0.1", shop.port, timeout=20) for _ in range(CONNECTIONS)]
    yield opened
    for one in opened:
        one.close()


def see(visitor: HTTPConnection, path: str) -> tuple[str, str]:
    """The page, and whether it came from the worker's store."""
    visitor.request("GET", path, headers={"Accept": "text/html"})
    response = visitor.getresponse()
    return response.read().decode(), response.headers.get("X-Page-Cache", "")


def publish(item: ItemPage) -> None:
    item.title = "Renamed harbour"
    item.save_revision().publish()


def reprice(item: ItemPage) -> None:
    item.price = "77.77"
    item.save_revision().publish()


CHANGES: dict[str, tuple[Callable[[ItemPage], object], str]] = {
    "publish": (publish, "Renamed harbour"),
    "price": (reprice, "77.77"),
    "sell-out": (lambda item: stock.hold(item_id=item.pk, quantity=10), "Sold out"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_seen_by_every_visitor_of_every_worker(change, shop: Shop, visitors: list[HTTPConnection]) -> None:
    item = make_item("Harbour", on_hand=10)
    make, words = CHANGES[change]
    time.sleep(PROMISED)  # what the shop showed before, perhaps under the same address, is gone
    for path in (f"/item/{item.pk}", "/prints/"):
        stored = [see(visitor, path) for _ in range(3) for visitor in visitors]
        assert [state for _page, state in stored].count("miss") in (1, 2)  # each worker made it once
        assert not any(words in page for page, _state in stored)
    make(ItemPage.objects.get(pk=item.pk))
    time.sleep(PROMISED)
    for path in (f"/item/{item.pk}", "/prints/"):
        assert all(words in see(visitor, path)[0] for visitor in visitors), path
