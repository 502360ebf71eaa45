"""Two requests at one exact point, in one process: what may come between two steps of a procedure."""

from collections.abc import Callable

import pytest

from checkout import basket, close, mails, refund, settle, start
from checkout.models import Attempt, Discount, Order, OutboxMail, Payment
from checkout.reconcile import reconcile
from checkout.refusals import Refused
from checkout.states import OrderStatus
from checkout.tests import shop
from products import stock
from products.tests.factories import make_item
from tests.scenarios.given import Purchase, deliver, stripe_refunds, stripe_sessions
from tests.support.interleaving import meanwhile

pytestmark = pytest.mark.django_db(transaction=True)
FREEZE = "checkout.start.freezing._freeze"
ASKED = "checkout.gateway.sessions.create"


def refusal(work: Callable[[], object]) -> str:
    """The code of its refusal; "" if there was none."""
    try:
        work()
    except Refused as refused:
        return refused.code
    return ""


def test_start_between_looking_at_the_order_and_at_its_attempt() -> None:
    """What the first look saw is no reason to shut the page that another click has just opened."""
    order = shop.draft(make_item(on_hand=10))
    with meanwhile("checkout.start.driving.live_attempt", lambda: start.start(order.token)) as others:
        mine = start.start(order.token)
    assert [other.session_id for other in others] == [mine.session_id]  # type: ignore[attr-defined]
    assert [one.data["status"] for one in stripe_sessions()] == ["open"]


@pytest.mark.parametrize("after", [False, True])
def test_start_while_start_waits_for_stripe(after: bool) -> None:
    order = shop.draft(make_item(on_hand=10))
    with meanwhile(ASKED, lambda: start.start(order.token), after=after) as others:
        mine = start.start(order.token)
    assert [other.session_id for other in others] == [mine.session_id]  # type: ignore[attr-defined]
    assert [mine.session_id] == [one.stripe_id for one in stripe_sessions()]
    assert shop.counts(order.lines.get().item) == (10, 1, 0)


def test_the_last_unit_goes_between_look_and_hold() -> None:
    item = make_item(on_hand=1)
    mine, other = shop.draft(item), shop.draft(item)
    with meanwhile(FREEZE, lambda: start.start(other.token)):
        assert refusal(lambda: start.start(mine.token)) == "sold_out"
    assert shop.counts(item) == (1, 1, 0)
    mine.refresh_from_db()
    assert mine.status == "draft"


def test_the_last_use_of_a_discount_goes_between_look_and_hold() -> None:
    discount = Discount.objects.create(name="Once", code="ONCE", percent_off=10, max_redemptions=1)
    item = make_item(on_hand=10)
    mine, other = (shop.draft(item, discounts=[discount]) for _ in range(2))
    with meanwhile(FREEZE, lambda: start.start(other.token)):
        assert refusal(lambda: start.start(mine.token)) == "discount_refused"
    discount.refresh_from_db()
    assert discount.uses == 1
    assert shop.counts(item) == (10, 1, 0)


def test_an_item_is_put_while_the_order_is_being_frozen() -> None:
    """The buyer pays for what stands in the order: the late item is either in it or refused."""
    first, late = make_item(on_hand=10), make_item(on_hand=10)
    order = shop.draft(first)
    put = lambda: basket.put(token=order.token, item_id=late.pk, quantity=1)  # noqa: E731
    with meanwhile(FREEZE, put):
        start.start(order.token)
    order.refresh_from_db()
    assert order.total == sum(line.amount for line in order.lines.all())
    assert stripe_sessions()[-1].data["amount_total"] == order.total
    assert (shop.counts(first), shop.counts(late)) == ((10, 1, 0), (10, 1, 0))


def test_an_item_is_put_while_stripe_is_asked() -> None:
    first, late = make_item(on_hand=10), make_item(on_hand=10)
    order = shop.draft(first)
    put = lambda: refusal(lambda: basket.put(token=order.token, item_id=late.pk, quantity=1))  # noqa: E731
    with meanwhile(ASKED, put) as codes:
        start.start(order.token)
    assert codes[0] in ("order_closed", "payment_unavailable")
    assert order.lines.count() == 1
    assert shop.counts(late) == (10, 0, 0)


def test_the_buyer_pays_while_the_page_is_being_closed() -> None:
    purchase = Purchase()
    with meanwhile("checkout.gateway.sessions.expire", purchase.pays):
        assert refusal(lambda: close.reopen(purchase.order.token)) == "order_closed"
    assert purchase.was_paid_once()


def test_the_page_expires_while_a_payment_is_settled() -> None:
    """Stripe's news of both come at once; it took the money, so the order is paid."""
    purchase = Purchase()
    purchase.pays()
    attempt = purchase.attempt
    shut = lambda: refusal(lambda: close.close_attempt(attempt.pk, then=OrderStatus.EXPIRED))  # noqa: E731
    with meanwhile("checkout.gateway.sessions.retrieve_with_intent", shut, after=True):
        deliver("checkout.session.completed")
    assert purchase.was_paid_once()


def test_event_and_return_page_settle_the_same_payment() -> None:
    purchase = Purchase()
    purchase.pays()
    event = lambda: deliver("checkout.session.completed", "payment_intent.succeeded")  # noqa: E731
    with meanwhile("checkout.gateway.sessions.retrieve_with_intent", event, after=True) as answers:
        settle.settle_order(purchase.order.token, session_id=purchase.started.session_id)
    assert answers == [[200, 200]]
    assert purchase.was_paid_once()
    assert Payment.objects.count() == 1


def test_reconcile_comes_while_the_buyer_waits_for_the_page() -> None:
    order = shop.draft(make_item(on_hand=10))

    def look_after_it() -> None:
        Attempt.objects.update(updated="2020-01-01T00:00Z")
        reconcile()

    with meanwhile(ASKED, look_after_it):
        mine = start.start(order.token)
    assert [mine.session_id] == [one.stripe_id for one in stripe_sessions()]
    assert Attempt.objects.get().state == "open"


def test_two_refunds_of_everything_at_once() -> None:
    purchase = Purchase()
    purchase.pays()
    shop.deliver()
    payment = Payment.objects.get()
    key = refund.form_key(payment)

    def ask(key: str = key) -> str:
        return refusal(lambda: refund.refund(payment.pk, amount=None, reason="", actor="ben", key=key))

    with meanwhile("checkout.gateway.refunds.create", ask) as others:
        assert ask() == ""
    assert others == [""]  # the same wish: it sees the same refund
    assert [one.data["amount"] for one in stripe_refunds()] == [1999]
    assert ask(refund.form_key(payment)) == "refund_too_much"


def test_staff_correct_the_stock_while_a_buyer_starts() -> None:
    item = make_item(on_hand=1)
    order = shop.draft(item)

    def correct() -> str:
        try:
            stock.adjust(item_id=item.pk, quantity=-1, reason="Broken")
        except stock.NotEnoughStock:
            return "refused"
        return "done"

    with meanwhile(ASKED, correct) as outcomes:
        start.start(order.token)
    assert outcomes == ["refused"]
    assert shop.counts(item) == (1, 1, 0)


def test_two_processes_send_the_outbox() -> None:
    purchase = Purchase()
    purchase.pays()
    with meanwhile("checkout.mails._message", mails.send_outbox):
        shop.deliver()
    assert purchase.was_paid_once()
    assert OutboxMail.objects.filter(kind="paid").count() == Order.objects.count() == 1
