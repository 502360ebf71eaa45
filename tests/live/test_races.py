"""Many at the same moment, against the real server. Only PostgreSQL shows these: SQLite has one writer at a time."""

from collections import Counter
from collections.abc import Iterator

import pytest

from checkout.models import Attempt, Discount, Order, Redemption
from checkout.tests.shop import draft
from products.models import Stock
from products.tests.factories import make_item
from tests.support.soaking import Soak

from .buyers import Answer, together
from .mailbox import Mailbox
from .shop import Shop, assert_sound
from .stripe_process import Stripe

pytestmark = pytest.mark.postgresql
UNITS, BUYERS = 10, 200
USES, CODE_BUYERS = 5, 100


def rush(shop: Shop, first_buyer: int) -> tuple[Counter[int], set[str]]:
    """All buyers want one of ten units at once: (answers by status, sessions opened)."""
    item = make_item(on_hand=UNITS)
    answers = together([lambda n=n: shop.buy(item.pk, first_buyer + n) for n in range(BUYERS)])
    assert {one.code for one in answers if one.status == 409} <= {"sold_out"}
    return Counter(one.status for one in answers), {one.json["session_id"] for one in answers if one.status == 200}


def test_two_hundred_buyers_get_ten_units(shop: Shop, stripe: Stripe, soak: Soak) -> None:
    stripe.control("deliver_to", url=shop.webhook)
    for number in soak.rounds("200 buyers, 10 units"):
        statuses, sessions = rush(shop, number * BUYERS)
        assert (statuses, len(sessions)) == (Counter({200: UNITS, 409: BUYERS - UNITS}), UNITS)
        for session in sessions:
            stripe.control("pay", session=session)
    stripe.await_delivery()
    assert set(Stock.objects.values_list("on_hand", "held", "sold")) == {(0, 0, UNITS)}
    assert Order.objects.filter(status="paid").count() == UNITS * Stock.objects.count()
    assert_sound()


@pytest.fixture
def shop_without_locks(here: None, stripe: Stripe, mailbox: Mailbox, folder) -> Iterator[Shop]:
    shop = Shop(stripe.url, mailbox.port, folder, STOREFRONT_UNSAFE_NO_LOCKS="1")
    shop.start()
    yield shop
    shop.kill()


def test_without_locks_two_hundred_buyers_get_more_than_ten(shop_without_locks: Shop) -> None:
    """The negative control: the test above can fail."""
    assert any(len(rush(shop_without_locks, number * BUYERS)[1]) > UNITS for number in range(5))


def spend_a_code(shop: Shop, name: str) -> tuple[Counter[int], int]:
    """A hundred buyers pay at once with a code that five may use: (answers by status, uses held)."""
    item = make_item(on_hand=1000)
    code = Discount.objects.create(name=name, code=name, percent_off=10, max_redemptions=USES)
    tokens = [draft(item, discounts=[code]).token for _ in range(CODE_BUYERS)]
    answers = together([lambda token=token: shop.ask(f"/order/buy/{token}", {}) for token in tokens])
    assert {one.code for one in answers if one.status != 200} <= {"discount_refused"}
    return Counter(one.status for one in answers), Redemption.objects.filter(discount=code, state="held").count()


def test_a_hundred_buyers_use_a_code_for_five_five_times(shop: Shop, soak: Soak) -> None:
    for number in soak.rounds("100 buyers, a code for 5"):
        statuses, held = spend_a_code(shop, f"FIVE{number}")
        assert (statuses[200], sum(statuses.values()), held) == (USES, CODE_BUYERS, USES)
        assert len(statuses) == 2  # all others got one and the same refusal
    assert_sound()


def test_without_locks_a_hundred_buyers_use_it_more_often(shop_without_locks: Shop) -> None:
    assert any(spend_a_code(shop_without_locks, f"FREE{number}")[1] > USES for number in range(5))


def test_fifty_clicks_on_one_order_open_one_session(shop: Shop, stripe: Stripe, soak: Soak) -> None:
    item = make_item(on_hand=1000)
    for _ in soak.rounds("50 × /order/buy on one order"):
        token = draft(item).token
        answers: list[Answer] = together([lambda token=token: shop.ask(f"/order/buy/{token}", {})] * 50)
        assert {one.status for one in answers} <= {200, 503}
        assert {one.json["session_id"] for one in answers if one.status == 200} == {
            Attempt.objects.get(order__token=token).stripe_id
        }
    assert len(stripe.api("GET", "/v1/checkout/sessions?limit=100")["data"]) == Order.objects.count()
    assert_sound()


def test_forty_baskets_with_two_items_in_opposite_order_see_no_deadlock(shop: Shop, soak: Soak) -> None:
    for _ in soak.rounds("40 baskets in opposite order"):
        one, two = make_item(on_hand=40), make_item(on_hand=40)
        tokens = [draft(*((one, two) if n % 2 else (two, one))).token for n in range(40)]
        answers = together([lambda token=token: shop.ask(f"/order/buy/{token}", {}) for token in tokens])
        assert Counter(answer.status for answer in answers) == {200: 40}
        assert set(Stock.objects.filter(item__in=(one, two)).values_list("held", flat=True)) == {40}
    assert "deadlock" not in shop.group.log.read_text(errors="replace").lower()
    assert_sound()
