"""Bought files: paid for, told by mail in the order's language, reached by signed links that end, kept from others."""

import io
import re
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.core.files.storage import storages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry

from checkout import acting, downloads, mails, refund, shipping
from checkout.models import Incident, Order, OrderDownload, OutboxMail, Payment
from checkout.states import OrderStatus
from checkout.tests.factories import make_paid_order
from checkout.tests.shop import BUYER, at_payment_page, deliver, deliver_again, pay
from checkout.views import download as view
from products.models import DownloadFile
from products.tests.factories import make_file, make_home, make_item, make_variants, offer, translate
from products.tests.people import client_of
from storefront.logs import redact

pytestmark = pytest.mark.django_db(transaction=True)
HTML = {"HTTP_ACCEPT": "text/html"}
CONTENT = b"%PDF-1.7 a heron"


@pytest.fixture(autouse=True)
def _home():
    make_home()
    view._places.cache_clear()


def bought(*items, language: str = "en", **wishes) -> Order:
    """An order that was really paid."""
    order, started = at_payment_page(*items, **wishes)
    Order.objects.filter(pk=order.pk).update(language=language)
    pay(order, started)
    deliver()
    order.refresh_from_db()
    assert order.status == OrderStatus.PAID
    return order


def a_bought_file(**wishes) -> Order:
    item = make_item("Heron pattern", shipping_required=False)
    offer(item, make_file("The pattern"))
    return bought(item, **wishes)


def given(**fields) -> OrderDownload:
    """A download of an order made in the database alone, where the way to it does not matter."""
    item = make_item("Heron pattern")
    offer(item, make_file("The pattern"))
    order = make_paid_order(item=item, **fields)
    downloads.give(order)
    return order.downloads.get()


def path_of(download: OrderDownload) -> str:
    return f"/download/{downloads.link_of(download)}"


def age(download: OrderDownload, **more) -> None:
    """Its links ended a while ago."""
    OrderDownload.objects.filter(pk=download.pk).update(expires_at=timezone.now() - timedelta(minutes=1), **more)
    download.refresh_from_db()


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)  # read to its end, it is closed


def status(client, link: str, **headers) -> int:
    answer = client.get(link, **headers)
    if answer.streaming:
        body(answer)
    return answer.status_code


def give_back(order: Order, amount: int | None = None, lines: dict[int, int] | None = None) -> None:
    payment = order.payments.get()
    key = refund.form_key(payment)
    refund.refund(payment.pk, amount=amount, reason="", actor="ann", key=key, lines=lines)


def mails_of(kind: str) -> list:
    return [one for one in mail.outbox if kind in one.subject]


def test_who_buys_and_pays_gets_a_mail_whose_links_give_the_very_bytes(client):
    order = a_bought_file()
    (message,) = mails_of("Your downloads")
    assert message.to == [BUYER]
    html = message.alternatives[0].content
    (link,) = re.findall(r"http://testserver(/download/\S+)", message.body)
    assert f'href="http://testserver{link}"' in html
    assert f"/order/{order.token}" in message.body
    answer = client.get(link)
    assert body(answer) == CONTENT
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == 'attachment; filename="heron.pdf"'
    assert answer["Cache-Control"] == "private, no-store"
    assert (answer["X-Content-Type-Options"], answer["Referrer-Policy"]) == ("nosniff", "no-referrer")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer.streaming
    download = order.downloads.get()
    assert (download.count, download.last_at is not None) == (1, True)
    assert link in client.get(f"/order/{order.token}", **HTML).content.decode()


@pytest.mark.parametrize(("language", "words"), [("de", "Ihre Downloads"), ("ru", "Ваши файлы")])
def test_the_mail_speaks_the_orders_language(language, words):
    a_bought_file(language=language)
    (message,) = [one for one in mail.outbox if "/download/" in one.body]
    assert words in message.subject
    assert words in message.alternatives[0].content


def test_news_that_comes_twice_gives_once():
    order = a_bought_file()
    deliver_again()
    assert order.downloads.count() == 1
    assert OutboxMail.objects.filter(kind="downloads").count() == 1


def test_nobody_is_told_to_wait_for_a_parcel_or_to_pack_one_where_all_is_downloaded(client):
    order, parcel = a_bought_file(), bought(make_item("Lamp"))
    wait = "we pack your order"
    assert wait not in client.get(f"/order/{order.token}", **HTML).content.decode()
    assert wait in client.get(f"/order/{parcel.token}", **HTML).content.decode()
    manager = client_of("Shop managers")
    assert list(shipping.to_ship()) == [parcel]
    for one, shown in ((order, False), (parcel, True)):
        page = manager.get(f"/admin/snippets/checkout/order/inspect/{one.pk}/").content.decode()
        assert (f"/admin/orders/{one.pk}/ship/" in page) is shown


def test_an_order_without_files_has_no_such_mail_and_no_such_part_of_its_page(client):
    order = bought(make_item())
    assert not OutboxMail.objects.filter(kind="downloads").exists()
    assert "downloads" not in client.get(f"/order/{order.token}", **HTML).content.decode()


def test_an_order_that_is_not_paid_shows_nothing(client):
    item = make_item()
    offer(item, make_file())
    order, _started = at_payment_page(item)
    assert not OrderDownload.objects.exists()
    assert "/download/" not in client.get(f"/order/{order.token}", **HTML).content.decode()


def test_a_variants_file_is_for_its_buyers_alone():
    item = make_item("Heron", on_hand=0)
    small, large = make_variants(item, {"value1": "A4", "sku": "H-A4"}, {"value1": "A3", "sku": "H-A3"})
    both = make_file("Both")
    offer(item, both)
    offer(item, make_file("Small"), sku="H-A4")
    offer(item, make_file("Large"), sku="H-A3")
    order = make_paid_order(item=item)
    order.lines.update(sold_variant=large)
    assert downloads.give(order) == 2
    assert sorted(one.file.title for one in order.downloads.all()) == ["Both", "Large"]


def test_who_buys_a_translation_gets_the_originals_files():
    item = make_item("Heron")
    offer(item, make_file("The pattern"))
    item.save_revision().publish()
    order = make_paid_order(item=translate(item, "de"))
    assert downloads.give(order) == 1


def test_a_file_that_is_replaced_stays_with_those_who_bought_it(client):
    order = a_bought_file()
    item, old = order.lines.get().item.specific, DownloadFile.objects.get()
    item.downloads = []
    offer(item, make_file("Second edition", b"second"))
    admin = client_of("superuser")
    answer = admin.post(f"/admin/snippets/products/downloadfile/delete/{old.pk}/", follow=True)
    assert "buyers have paid for it" in answer.content.decode()
    assert body(client.get(path_of(order.downloads.get()))) == CONTENT
    assert order.downloads.count() == 1


@pytest.mark.parametrize("change", ["key", "time", "signature", "nothing", "no signature"])
def test_a_link_that_the_shop_never_made_is_not_found(client, change):
    download = given()
    signed = downloads.link_of(download)
    key, _, rest = signed.partition(".")
    ends, _, signature = rest.partition(":")
    wrong = {
        "key": f"{given().key}.{ends}:{signature}",
        "time": f"{key}.{int(ends) + 1}:{signature}",
        "signature": f"{key}.{ends}:{signature[:-2]}xx",
        "nothing": "x",
        "no signature": f"{key}.{ends}",
    }[change]
    for accept in ({}, HTML):
        answer = client.get(f"/download/{wrong}", **accept)
        assert answer.status_code == 404
    assert "/order/find/" in answer.content.decode()
    assert status(client, f"/download/{signed}") == 200


def test_a_link_that_has_ended_says_what_to_do_and_does_not_open_the_order(client):
    download = given()
    age(download)
    answer = client.get(path_of(download), **HTML)
    assert answer.status_code == 410
    text = answer.content.decode()
    assert "This link has ended" in text
    assert "/order/find/" in text
    assert download.order.token not in text
    assert client.get(path_of(download)).json()["error"]["code"] == "download_expired"
    download.refresh_from_db()
    assert download.count == 0


def test_the_buyer_has_new_links_made_and_the_old_one_stays_ended(client):
    order = a_bought_file()
    download = order.downloads.get()
    age(download)
    old, page = path_of(download), f"/order/{order.token}"
    shown = client.get(page, **HTML).content.decode()
    assert "/download/" not in shown
    assert "Send me new links" in shown
    mail.outbox.clear()
    answer = client.post(f"/order/downloads/{order.token}", **HTML)
    assert (answer.status_code, answer.url) == (303, f"{page}?links=sent")
    shown = client.get(answer.url, **HTML).content.decode()
    assert f"New links are on their way to {BUYER}" in shown
    (message,) = mail.outbox
    (link,) = re.findall(r"http://testserver(/download/\S+)", message.body)
    assert link in shown
    assert body(client.get(link)) == CONTENT
    assert client.get(old).status_code == 410
    client.post(f"/order/downloads/{order.token}", **HTML)
    assert len(mail.outbox) == 1  # pressed again: nobody's mailbox is filled


def test_new_links_are_for_orders_that_have_some(client):
    order = make_paid_order()
    assert client.post(f"/order/downloads/{order.token}").json()["error"]["code"] == "no_downloads"
    assert client.post("/order/downloads/nobody-knows-this-one").status_code == 404
    assert client.get(f"/order/downloads/{order.token}").status_code == 405
    draft = Order.objects.create()
    assert client.post(f"/order/downloads/{draft.token}").status_code == 409


def test_who_got_the_money_back_downloads_no_more(client):
    order = a_bought_file()
    link = path_of(order.downloads.get())
    give_back(order)
    for accept in ({}, HTML):
        assert client.get(link, **accept).status_code == 410
    assert "money for this was given back" in client.get(link, **HTML).content.decode()
    page = client.get(f"/order/{order.token}", **HTML).content.decode()
    assert "/download/" not in page
    assert "money for this was given back" in page
    assert client.post(f"/order/downloads/{order.token}").status_code == 409


def test_who_got_a_part_back_still_downloads_unless_it_was_for_that_line(client):
    first, second = make_item("First"), make_item("Second")
    offer(first, make_file("One"))
    offer(second, make_file("Two"))
    order = bought(first, second)
    one, two = order.downloads.all()
    give_back(order, 100)
    assert [status(client, path_of(each)) for each in (one, two)] == [200, 200]
    give_back(order, 200, {one.line_id: 1})
    assert [status(client, path_of(each)) for each in (one, two)] == [410, 200]
    shown = client.get(f"/order/{order.token}", **HTML).content.decode()
    assert path_of(two) in shown
    assert path_of(one) not in shown


def test_a_lost_dispute_takes_the_files_back(client):
    download = given()
    Payment.objects.filter(order=download.order).update(dispute_status="lost")
    assert status(client, path_of(download)) == 410


@pytest.mark.parametrize("status", [OrderStatus.CANCELLED, OrderStatus.EXPIRED])
def test_an_order_that_is_not_paid_any_more_gives_nothing(client, status):
    download = given()
    Order.objects.filter(pk=download.order_id).update(status=status)
    assert client.get(path_of(download), **HTML).status_code == 410


def test_a_free_order_has_its_files(client):
    download = given(unit_amount=0)
    assert status(client, path_of(download)) == 200


def test_a_file_that_was_lost_is_an_incident_and_no_error_page(client):
    download = given()
    storages["downloads"].delete(download.file.file.name)
    for _ in range(2):
        assert client.get(path_of(download), **HTML).status_code == 503
    assert Incident.objects.get(kind="download_missing").order == download.order
    download.refresh_from_db()
    assert download.count == 0


def test_a_link_that_was_given_to_the_world_is_slowed_down(client, monkeypatch):
    monkeypatch.setattr(downloads, "TRIES", 2)
    link = path_of(given())
    assert [status(client, link) for _ in range(3)] == [200, 200, 429]


def test_looking_and_fetching_ahead_do_not_count(client):
    download = given()
    answer = client.head(path_of(download))
    assert (answer.status_code, answer["Content-Disposition"]) == (200, 'attachment; filename="heron.pdf"')
    download.refresh_from_db()
    assert download.count == 0
    assert client.post(path_of(download)).status_code == 405


def test_slow_downloads_leave_a_thread_for_the_pages(client):
    link = path_of(given())
    places = django_settings.GUNICORN_THREADS - 1
    held = [client.get(link) for _ in range(places)]
    assert [one.status_code for one in held] == [200] * places
    busy = client.get(link, **HTML)
    assert (busy.status_code, busy["Retry-After"]) == (503, "30")
    held[0].close()
    held[0].close()  # a server may say it twice
    held[0] = client.get(link)
    assert held[0].status_code == 200
    assert client.get(link).status_code == 503
    for one in held:
        one.close()
    assert client.get("/download/nonsense").status_code == 404


def test_a_file_is_sent_in_pieces(client):
    item = make_item()
    large = bytes(range(256)) * 1024
    offer(item, make_file("Large", large))
    order = make_paid_order(item=item)
    downloads.give(order)
    answer = client.get(path_of(order.downloads.get()))
    pieces = list(answer.streaming_content)
    answer.close()
    assert max(map(len, pieces)) <= 65_536
    assert b"".join(pieces) == large


def test_logs_hold_no_link_and_no_token():
    download = given()
    line = redact(f'"GET {path_of(download)} HTTP/1.1" 200 from /order/downloads/{download.order.token}')
    assert download.key not in line
    assert download.order.token not in line


def test_a_link_costs_as_many_queries_whatever_was_bought(client):
    item = make_item()
    offer(item, *(make_file(f"File {number}") for number in range(4)))
    one, many = make_paid_order(), make_paid_order(item=item)
    downloads.give(many)
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            body(client.get(path_of(many.downloads.first())))
    assert len(queries) <= 8, "\n".join(query["sql"][:150] for query in queries)
    found = {}
    for order in (one, many):
        client.get(f"/order/{order.token}", **HTML)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/order/{order.token}", **HTML)
        found[order] = len(queries)
    assert found[many] - found[one] <= 6  # whether there are any is asked first


def test_staff_send_new_links_and_the_order_says_who_did():
    order = a_bought_file()
    age(order.downloads.get())
    mail.outbox.clear()
    manager = client_of("Shop managers")
    page = f"/admin/orders/{order.pk}/download/"
    assert page in manager.get(f"/admin/snippets/checkout/order/inspect/{order.pk}/").content.decode()
    answer = manager.post(page, follow=True)
    assert f"New links to 1 file sent to {BUYER}" in answer.content.decode()
    assert "Heron pattern: fetched 0 times" in answer.content.decode()
    assert len(mail.outbox) == 1
    entry = ModelLogEntry.objects.get(action="checkout.download")
    assert entry.user.username == "shop-managers"
    assert entry.data["before"]["downloads"] != entry.data["after"]["downloads"]
    assert client_of("Editors").post(page).url == "/admin/"


def test_staff_give_an_old_order_what_its_item_offers_since(client):
    item = make_item("Heron pattern")
    order = make_paid_order(item=item)
    manager, page = client_of("Shop managers"), f"/admin/orders/{order.pk}/download/"
    inspect = f"/admin/snippets/checkout/order/inspect/{order.pk}/"
    assert page not in manager.get(inspect).content.decode()
    offer(item, make_file("Late"))
    assert page in manager.get(inspect).content.decode()
    assert "Nothing was given to this order yet" in manager.post(page).content.decode()
    manager.post(page, {"newest": "on"})
    assert order.downloads.get().file.title == "Late"


def test_the_download_mail_is_sent_again_by_its_own_action_alone():
    order = a_bought_file()
    form = client_of("Shop managers").get(f"/admin/orders/{order.pk}/mail/").content.decode()
    assert "“paid”" in form
    assert "“downloads”" not in form


def test_a_mail_that_waited_too_long_says_that_its_links_have_ended():
    order = a_bought_file()
    age(order.downloads.get())
    mail.outbox.clear()
    acting.resend(OutboxMail.objects.get(kind="downloads").pk)
    (message,) = mail.outbox
    assert "/download/" not in message.body
    assert f"/order/{order.token}" in message.body
    assert "links have ended" in message.alternatives[0].content


def test_an_order_that_was_forgotten_still_has_its_files_on_its_page(client):
    order = a_bought_file()
    Order.objects.filter(pk=order.pk).update(email="")
    before = OutboxMail.objects.count()
    answer = client.post(f"/order/downloads/{order.token}", **HTML)
    shown = client.get(answer.url, **HTML).content.decode()
    assert "The links below hold again" in shown
    assert OutboxMail.objects.count() == before
    assert mails.send_outbox() == 0
    assert io.BytesIO(body(client.get(path_of(order.downloads.get())))).read() == CONTENT


def test_somebody_without_a_session_needs_the_link_alone():
    assert body(Client().get(path_of(given()))) == CONTENT
