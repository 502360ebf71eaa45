"""A click on Buy that makes a new order: it is stored with its promise, whole or not at all."""

import pytest
from django.db import OperationalError
from django.test import Client

from checkout import ratelimit, start
from checkout.models import Attempt, Order, Tax
from checkout.sandbox.models import SandboxObject
from products.tests.factories import make_item
from tests.support.interleaving import meanwhile

from . import shop

pytestmark = pytest.mark.django_db(transaction=True)
STORE = "checkout.start.freezing._store"


def click(item, client: Client | None = None, **given: str):
    return (client or Client(headers={"accept": "application/json"})).post(f"/buy/{item.pk}", given)


def test_order_line_hold_and_attempt_say_the_same() -> None:
    Tax.objects.create(name="VAT", percentage=20, inclusive=True, is_default=True)
    item = make_item(on_hand=10)
    answer = click(item, quantity="3").json()
    order = Order.objects.get(token=answer["order_id"])
    line, hold, attempt = order.lines.get(), order.holds.get(), order.attempts.get()
    assert (order.status, order.keypair, order.currency) == ("pending", item.currency, item.currency)
    assert (line.item_id, line.name, line.sku, line.quantity) == (item.pk, item.title, item.sku, 3)
    assert order.subtotal == line.amount == 3 * line.unit_amount
    assert attempt.amount == order.total == order.snapshot["total"]
    assert attempt.snapshot_hash == order.snapshot_hash
    assert [tax.name for tax in order.taxes.all()] == ["VAT"]
    assert (hold.quantity, hold.state) == (3, "held")
    assert (attempt.state, attempt.stripe_id, attempt.error) == ("open", answer["session_id"], "")
    assert shop.counts(item) == (10, 3, 0)


def test_the_last_unit_goes_between_look_and_hold() -> None:
    """The buyer is told, and nothing stays of an order that never was one."""
    item = make_item(on_hand=1)
    other = shop.draft(item)
    with meanwhile(STORE, lambda: start.start(other.token)) as reached:
        answer = click(item)
    assert reached
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "sold_out")
    assert [order.pk for order in Order.objects.all()] == [other.pk]
    assert shop.counts(item) == (1, 1, 0)


def test_what_the_database_gave_up_is_done_again_from_nothing() -> None:
    item = make_item(on_hand=10)

    def deadlock() -> None:
        raise OperationalError("deadlock detected")

    with meanwhile("checkout.holds.take", deadlock):
        answer = click(item)
    assert answer.status_code == 200
    order = Order.objects.get()
    assert (order.status, order.lines.count(), order.attempts.count()) == ("pending", 1, 1)
    assert shop.counts(item) == (10, 1, 0)


def test_a_visitor_with_many_unpaid_orders_gets_no_further_one() -> None:
    client = Client(headers={"accept": "application/json"})
    for _ in range(ratelimit.OPEN_HOLDS):
        assert click(make_item(), client).status_code == 200
    late = make_item()
    assert click(late, client).status_code == 429
    assert Order.objects.count() == ratelimit.OPEN_HOLDS
    assert shop.counts(late)[1] == 0


def test_the_same_click_again_finds_the_same_page() -> None:
    client, item = Client(headers={"accept": "application/json"}), make_item(on_hand=10)
    first, second = click(item, client).json(), click(item, client).json()
    assert first == second
    assert Order.objects.count() == Attempt.objects.count() == 1


def test_an_answer_that_comes_after_its_news_changes_nothing_of_them() -> None:
    """T2 by one statement is for an attempt that nothing has happened to: here the event was quicker."""
    item = make_item(on_hand=10)

    def paid_meanwhile() -> None:
        order = Order.objects.get()
        session = SandboxObject.objects.get(kind="checkout.session")
        shop.paying.pay(order.keypair, session.stripe_id, shop.cards.by_token("pm_card_visa"), email=shop.BUYER)
        assert set(shop.deliver_again()) == {200}

    with meanwhile("checkout.gateway.sessions.create", paid_meanwhile, after=True) as reached:
        click(item)
    assert reached
    attempt = Attempt.objects.get()
    assert (attempt.order.status, attempt.state) == ("paid", "succeeded")
    assert attempt.stripe_id
    assert shop.counts(item) == (9, 0, 1)
