"""What staff may do to an order: by permission, with the password where money moves, and with a trail."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.test import Client
from wagtail.models import ModelLogEntry

from checkout.models import Incident, Order, OutboxMail, Payment, Refund
from checkout.sandbox import faults, paying
from products.tests.factories import make_item
from products.tests.people import client_of

from . import shop

pytestmark = pytest.mark.django_db
HOME = "/admin/"
ACTIONS = ("refund", "cancel", "check", "note", "ship", "mail", "discount")


@pytest.fixture
def item():
    return make_item()


@pytest.fixture
def order(item) -> Order:
    """Paid, two units."""
    order, page = shop.at_payment_page(item, quantity=2)
    shop.pay(order, page)
    shop.deliver()
    order.refresh_from_db()
    return order


@pytest.fixture
def manager():
    return client_of("Shop managers")


def address(order: Order, action: str) -> str:
    return f"/admin/orders/{order.pk}/{action}/"


def inspect(client, order: Order) -> str:
    return client.get(f"/admin/snippets/checkout/order/inspect/{order.pk}/").content.decode()


def trail(order: Order) -> list[tuple[str, str]]:
    found = ModelLogEntry.objects.filter(object_id=str(order.pk), action__startswith="checkout.")
    return [(entry.user.get_username(), str(entry.message)) for entry in found.order_by("timestamp")]


def test_the_order_offers_what_makes_sense(manager, order):
    page = inspect(manager, order)
    offered = {
        action for action in ("refund", "cancel", "check", "note", "ship", "mail") if address(order, action) in page
    }
    assert offered == {"refund", "check", "note", "ship", "mail"}


@pytest.mark.parametrize("action", ACTIONS)
def test_each_action_has_its_own_permission(order, action):
    assert client_of("Editors").get(address(order, action)).url == HOME
    users = get_user_model().objects
    clerk = users.create_user("clerk", password="x")
    clerk.groups.add(Group.objects.get(name="Shop managers"))
    Group.objects.get(name="Shop managers").permissions.remove(Permission.objects.get(codename=f"{action}_order"))
    client = Client()
    client.force_login(clerk)
    assert client.post(address(order, action), {"password": "x", "note": "n"}).url == HOME
    assert address(order, action) not in inspect(client, order)
    assert trail(order) == []


def test_a_manager_refunds_an_amount_and_the_trail_says_who_and_what(manager, order):
    response = manager.post(
        address(order, "refund"), {"amount": "5.00", "reason": "Scratched", "password": "x", **hidden(manager, order)}
    )
    assert response.status_code == 302
    row = Refund.objects.get()
    assert (row.amount, row.state, row.actor, row.reason) == (500, "succeeded", "shop-managers", "Scratched")
    assert trail(order) == [("shop-managers", "Refund of $5.00 USD succeeded: Scratched")]
    data = ModelLogEntry.objects.get(action="checkout.refund").data
    assert (data["before"]["refunds"], data["after"]["refunds"]) == ([], [[500, "succeeded"]])
    assert "Refund of $5.00 USD succeeded: Scratched" in inspect(manager, order)


def hidden(client, order: Order) -> dict[str, str]:
    form = client.get(address(order, "refund")).context["form"]
    return {"key": form.initial["key"], "payment": str(form.initial["payment"])}


def test_the_same_form_sent_twice_refunds_once(manager, order):
    form = {"amount": "5.00", "password": "x", **hidden(manager, order)}
    other = client_of("superuser")
    same = {"amount": "5.00", "password": "x", **hidden(other, order)}
    for client, data in ((manager, form), (manager, form), (other, same)):
        assert client.post(address(order, "refund"), data).status_code == 302
    assert Refund.objects.count() == 1


def test_without_the_password_no_money_moves(manager, order):
    for password in ("", "wrong"):
        page = manager.post(address(order, "refund"), {"amount": "5.00", "password": password})
        assert page.status_code == 200
    assert Refund.objects.count() == 0
    for _ in range(12):
        page = manager.post(address(order, "refund"), {"amount": "5.00", "password": "wrong"})
    assert b"too often" in page.content
    assert manager.post(address(order, "refund"), {"amount": "5.00", "password": "x"}).status_code == 200


def test_lines_come_back_to_the_shelf(manager, order, item):
    line = order.lines.get()
    data = {f"line_{line.pk}": "1", "restock": "on", "password": "x"}
    assert manager.post(address(order, "refund"), data).status_code == 302
    assert Refund.objects.get().amount == 1999
    assert shop.counts(item) == (9, 0, 2)


def test_empty_means_all_that_is_left(manager, order):
    assert manager.post(address(order, "refund"), {"password": "x"}).status_code == 302
    assert Refund.objects.get().amount == order.total
    assert address(order, "refund") not in inspect(manager, order)
    assert b"nothing that could be refunded" in manager.post(address(order, "refund"), {"password": "x"}).content


def test_more_than_is_left_is_refused_at_the_form(manager, order):
    page = manager.post(address(order, "refund"), {"amount": "400", "password": "x"})
    assert b"At most $39.98 can be refunded" in page.content


def test_a_waiting_order_is_cancelled_at_stripe_too(manager, item):
    order, page = shop.at_payment_page(item)
    assert manager.post(address(order, "cancel"), {"note": "Asked by mail"}).status_code == 302
    order.refresh_from_db()
    assert (order.status, shop.counts(item)) == ("cancelled", (10, 0, 0))
    assert paying.store.get("USD", "checkout.session", page.session_id).data["status"] == "expired"
    shop.deliver()
    order.refresh_from_db()
    assert order.status == "cancelled"
    assert trail(order) == [("shop-managers", "Cancelled: Asked by mail")]
    assert "shop-managers; status: pending → cancelled" in inspect(manager, order)


def test_an_order_whose_money_was_not_as_ordered_is_cancelled_and_refunded(manager, item):
    order, page = shop.at_payment_page(item)
    shop.pay(order, page)
    Order.objects.filter(pk=order.pk).update(total=1)
    shop.deliver()
    assert shop.payments(order) == ["review"]
    assert manager.post(address(order, "cancel"), {}).status_code == 302
    order.refresh_from_db()
    assert (order.status, shop.counts(item)) == ("cancelled", (10, 0, 0))
    assert manager.post(address(order, "refund"), {"password": "x"}).status_code == 302
    assert Refund.objects.get().amount == 1999


def test_an_order_paid_a_moment_ago_is_not_cancelled(manager, item):
    order, page = shop.at_payment_page(item)
    shop.pay(order, page)
    answer = manager.post(address(order, "cancel"), {})
    assert b"paid a moment ago" in answer.content
    order.refresh_from_db()
    assert order.status == "paid"


def test_when_stripe_is_silent_nothing_changes(manager, item):
    order, _ = shop.at_payment_page(item)
    with faults.inject("timeout_before", times=99):
        assert manager.post(address(order, "cancel"), {}).status_code == 200
        assert b"does not answer" in manager.post(address(order, "check"), {}).content
    order.refresh_from_db()
    assert (order.status, trail(order)) == ("pending", [])


def test_checking_settles_what_no_event_told(manager, item):
    order, page = shop.at_payment_page(item)
    shop.pay(order, page)
    manager.post(address(order, "check"), {})
    order.refresh_from_db()
    assert order.status == "paid"
    assert trail(order) == [("shop-managers", "Stripe was asked: paid")]


def test_notes_are_kept_with_their_writer(manager, order):
    manager.post(address(order, "note"), {"note": "Gift wrap"})
    assert trail(order) == [("shop-managers", "Note: Gift wrap")]
    assert "Note: Gift wrap" in inspect(manager, order)


def test_shipping_is_told_once_and_the_text_can_be_corrected(manager, order):
    for tracking in ("DHL 123", "DHL 124"):
        assert manager.post(address(order, "ship"), {"tracking": tracking}).status_code == 302
    order.refresh_from_db()
    assert order.tracking == "DHL 124"
    sent = [message for message in mail.outbox if "on its way" in message.subject]
    assert len(sent) == 1
    assert "DHL 123" in sent[0].body
    assert "DHL 123" in sent[0].alternatives[0].content


def test_a_mail_is_sent_again_from_its_one_row(manager, order):
    row = OutboxMail.objects.get(order=order)
    assert manager.post(address(order, "mail"), {"mail": row.pk}).status_code == 302
    assert [message.to for message in mail.outbox] == [[order.email], [order.email]]
    assert OutboxMail.objects.count() == 1


def test_drafts_have_no_actions(manager, item):
    assert manager.get(address(shop.draft(item), "note")).status_code == 404


class TestIncidents:
    LIST = "/admin/snippets/checkout/incident/"

    @pytest.fixture
    def incident(self, order) -> Incident:
        return Incident.objects.create(
            kind="double_payment", subject="pi_1", detail="Paid twice", order=order, payment=Payment.objects.get()
        )

    def test_they_stand_on_the_home_page_until_closed(self, manager, incident):
        assert b"Paid twice" in manager.get(HOME).content
        assert b"Paid twice" not in client_of("Editors").get(HOME).content
        assert (
            b"double_payment" in manager.get(self.LIST).content or b"Double payment" in manager.get(self.LIST).content
        )
        close = f"/admin/incidents/{incident.pk}/close/"
        assert b"Paid twice" in manager.get(close).content
        assert manager.post(close, {"note": ""}).status_code == 200
        assert manager.post(close, {"note": "Refunded by hand"}).status_code == 302
        incident.refresh_from_db()
        assert (incident.closed_by, incident.note) == ("shop-managers", "Refunded by hand")
        assert b"Paid twice" not in manager.get(HOME).content
        assert trail(incident.order) == [("shop-managers", "Incident closed (double_payment): Refunded by hand")]

    def test_the_list_is_filtered_and_searched(self, manager, incident):
        for query, found in (("?open=open", True), ("?open=closed", False), ("?q=pi_1", True), ("?q=pi_2", False)):
            assert (incident in manager.get(self.LIST + query).context["object_list"]) is found

    def test_open_ones_come_first(self, manager, incident):
        Incident.objects.create(kind="clock", subject="webhook", closed_at=incident.opened_at)
        found = manager.get(self.LIST).context["object_list"]
        assert [one.kind for one in found] == ["double_payment", "clock"]

    def test_editors_see_none(self, incident):
        editor = client_of("Editors")
        assert editor.get(self.LIST).status_code == 302
        assert editor.post(f"/admin/incidents/{incident.pk}/close/", {"note": "x"}).url == HOME
        incident.refresh_from_db()
        assert incident.closed_at is None

    @pytest.mark.parametrize("path", ["add/", "edit/{pk}/", "delete/{pk}/"])
    def test_they_are_not_edited_or_deleted(self, incident, path):
        assert client_of("superuser").post(self.LIST + path.format(pk=incident.pk)).status_code == 404
