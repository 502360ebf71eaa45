"""The basket and the order's page as people use them, without scripts: undo, what changed, notes, order again."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from checkout.models import Order, OrderLine
from checkout.tests.shop import at_payment_page, deliver, draft, pay
from products import stock
from products.models import ItemPage
from products.tests.factories import make_item

pytestmark = pytest.mark.django_db(transaction=True)
PERSON = {"accept": "text/html"}


def see(client, path: str) -> str:
    response = client.get(path, headers=PERSON)
    assert response.status_code == 200
    return response.content.decode()


def add(client, item: ItemPage, **fields):
    return client.post(f"/basket/add/{item.pk}", {"quantity": "2", **fields}, headers=PERSON)


def test_what_was_removed_can_be_put_back(client):
    item = make_item("Blue Heron")
    add(client, item)
    order = Order.objects.get()
    fields = {"item_id": item.pk, "quantity": "0", "next": "basket"}
    answer = client.post(f"/order/set/{order.token}", fields, headers=PERSON)
    where = answer.headers["location"]
    assert (answer.status_code, urlsplit(where).path) == (303, "/basket/")
    assert parse_qs(urlsplit(where).query) == {"removed": [str(item.pk)], "quantity": ["2"]} | (
        {"variant": [""]} if "variant=&" in where else {}
    )
    page = see(client, where)
    assert "“Blue Heron” was removed." in page
    action = re.search(r'action="(/basket/add/\d+)"', page)
    assert action
    client.post(action[1], {"item_id": item.pk, "variant": "", "quantity": "2"}, headers=PERSON)
    assert OrderLine.objects.get().quantity == 2


def test_an_invented_removal_offers_nothing(client):
    hidden = make_item(live=False)
    for query in (f"removed={hidden.pk}&quantity=1", "removed=x", "removed=1&quantity=-1", "removed=99999999999"):
        assert "was removed" not in see(client, f"/basket/?{query}")


def test_a_changed_price_and_a_short_stock_are_told_and_nothing_is_altered(client):
    heron, crane = make_item("Blue Heron", price="24.50"), make_item("White Crane", price="10.00", on_hand=2)
    add(client, heron)
    add(client, crane)
    assert "Something has changed" not in see(client, "/basket/")
    heron.price = "26.00"
    heron.save_revision().publish()
    stock.adjust(item_id=crane.pk, quantity=-1, reason="Broken")
    page = see(client, "/basket/")
    assert "The price of “Blue Heron” has changed since you added it: $26.00 instead of $24.50." in page
    assert "Of “White Crane” only 1 is left. Please lower the quantity." in page
    assert sorted(OrderLine.objects.values_list("quantity", "unit_amount")) == [(2, 1000), (2, 2450)]
    heron.unpublish()
    assert "“Blue Heron” is no longer for sale. Please remove it." in see(client, "/basket/")


def test_a_note_is_kept_shown_and_taken_back(client):
    add(client, make_item())
    order = Order.objects.get()
    for note in ("Please wrap <it>", ""):
        answer = client.post(f"/order/note/{order.token}", {"note": note, "next": "basket"}, headers=PERSON)
        assert (answer.status_code, answer.headers["location"]) == (303, "/basket/")
        order.refresh_from_db()
        assert order.buyer_note == note
        assert ("Please wrap &lt;it&gt;" in see(client, "/basket/")) is bool(note)
    client.post(f"/order/note/{order.token}", {"note": "x" * 5000}, headers=PERSON)
    order.refresh_from_db()
    assert len(order.buyer_note) == 500
    assert client.post("/order/note/unknown", {"note": "x"}, headers=PERSON).status_code == 404


def test_a_paid_order_tells_its_steps_and_can_be_ordered_again(client):
    item, other = make_item("Blue Heron"), make_item("White Crane")
    order, started = at_payment_page(item, other)
    pay(order, started)
    deliver()
    page = see(client, f"/order/{order.token}")
    assert [step in page for step in ("Ordered", "Paid", "Next: we pack your order")] == [True] * 3
    assert page.index('<li class="done">Ordered') < page.index('<li class="done">Paid')
    assert "Order the same again" in page
    other.unpublish()
    answer = client.post(f"/order/again/{order.token}", headers=PERSON)
    assert (answer.status_code, answer.headers["location"]) == (303, "/basket/?again=1")
    page = see(client, "/basket/?again=1")
    assert "Something is no longer there." in page
    again = Order.objects.exclude(pk=order.pk).get()
    assert [line.item_id for line in again.lines.all()] == [item.pk]
    assert client.cookies["basket_count"].value == "1"


def test_who_comes_back_without_paying_finds_everything_and_a_quiet_word(client):
    order, _started = at_payment_page(make_item("Blue Heron"))
    page = see(client, f"/order/{order.token}?cancelled=1")
    assert "You came back without paying. Nothing was charged, and everything is still here." in page
    assert "Blue Heron" in page
    assert "You came back" not in see(client, f"/order/{order.token}")


def test_while_the_payment_is_confirmed_the_page_renews_itself_without_scripts(client):
    order, started = at_payment_page(make_item())
    page = see(client, f"/order/{order.token}?return=1")
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in re.sub(r"\n\s*", "", page)
    assert "Thank you" not in page
    pay(order, started)
    deliver()
    page = see(client, f"/order/{order.token}?return=1")
    assert "http-equiv" not in page
    assert "Thank you" in page


@pytest.mark.parametrize(("language", "words"), [("de", "Vielen Dank"), ("ru", "Спасибо"), ("en", "Thank you")])
def test_an_order_speaks_the_language_it_was_made_in(client, language, words, mailoutbox):
    order, started = at_payment_page(make_item(price="24.50"))
    Order.objects.filter(pk=order.pk).update(language=language)
    pay(order, started)
    deliver()
    for visitor in ("en", "de", "ru"):
        response = client.get(f"/order/{order.token}", headers=PERSON | {"accept-language": visitor})
        page = response.content.decode()
        assert f'<html lang="{language}">' in page
        assert words in page
    (letter,) = mailoutbox
    order.refresh_from_db()
    assert words in letter.body + str(letter.alternatives[0].content)
    assert f'<html lang="{language}">' in letter.alternatives[0].content
    assert order.total_display in letter.body


def test_a_basket_speaks_as_the_visitor_does(client):
    order = draft(make_item())
    response = client.get(f"/order/{order.token}", headers=PERSON | {"accept-language": "de"})
    assert '<html lang="de">' in response.content.decode()
    assert "Warenkorb" in response.content.decode()


@pytest.mark.parametrize(
    ("mode", "marked"), [("test", True), ("live", False)], ids=["keys of the test mode", "keys of the live mode"]
)
def test_keys_that_move_no_money_are_marked(client, settings, mode, marked):
    settings.STRIPE_SANDBOX = False
    keys = {"secret_key": f"sk_{mode}_1", "publishable_key": f"pk_{mode}_1", "webhook_secrets": ["whsec_1"]}
    settings.STRIPE_ACCOUNTS = {"USD": keys}
    page = client.get("/basket/").content.decode()
    assert ("Test mode" in page, "Demo shop" in page) == (marked, False)
