"""“Tell me when it is back”: asked, confirmed, told once, forgotten."""

import json
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from checkout import alerts, mail_receipts, mails, personal
from checkout.models import OutboxMail, RateCount, StockAlert
from checkout.tests.factories import make_paid_order
from products import generation, stock
from products.models import ItemPage, Variant
from products.tests.factories import make_item, make_variants, translate
from products.tests.people import client_of

pytestmark = pytest.mark.django_db
HTML = {"Accept": "text/html"}
WHO = "Bea.Buyer@example.com"
LINK = re.compile(r"https?://[^/\s]+(/back-in-stock/(confirm|stop)/\S+)")


@pytest.fixture
def heron() -> ItemPage:
    return make_item("Blue Heron", on_hand=0)


def ask(item: ItemPage, email: str = WHO, client: Client | None = None, **fields):
    return (client or Client()).post(f"/back-in-stock/{item.pk}", {"email": email, **fields}, headers=HTML)


def links(message) -> dict[str, str]:
    """The paths of a mail's links, by what they do."""
    return {kind: path for path, kind in LINK.findall(message.body)}


def confirmed(item: ItemPage, email: str = WHO, **fields) -> StockAlert:
    """Somebody who asked and followed the mail's link."""
    assert ask(item, email, **fields).status_code == 200
    path = links(mail.outbox[-1])["confirm"]
    assert Client().post(path, headers=HTML).status_code == 200
    return StockAlert.objects.get(email=email.lower(), told_at=None)


def restock(item: ItemPage, units: int = 5, variant: Variant | None = None) -> None:
    stock.adjust(item_id=item.pk, variant_id=variant.pk if variant else None, quantity=units, reason="Delivery")


def tick() -> int:
    """What `tick` does about it: how many mails went out."""
    alerts.tell_due()
    return mails.send_outbox()


class TestAsking:
    def test_the_form_stands_where_something_is_sold_out_and_needs_no_token(self, heron):
        page = Client().get(f"/item/{heron.pk}").content.decode()
        assert f'action="/back-in-stock/{heron.pk}"' in page
        assert "csrfmiddlewaretoken" not in page
        assert "back-in-stock" not in Client().get(f"/item/{make_item().pk}").content.decode()

    def test_only_the_sold_out_variants_are_offered(self):
        item = make_item(on_hand=0)
        make_variants(item, {"value1": "A3"}, {"value1": "A4"}, {"value1": "A5"}, on_hand=0)
        restock(item, variant=Variant.objects.get(name="A4"))
        form = Client().get(f"/item/{item.pk}").content.decode().partition("alert-me")[2]
        assert re.findall(r"<option>(\w+)</option>", form) == ["A3", "A5"]
        assert ask(item, variant="A3").status_code == 200
        assert ask(item, variant="A4").status_code == 409
        assert ask(item, variant="A6").status_code == 404
        assert ask(item).status_code == 400
        assert [one.variant.name for one in StockAlert.objects.all()] == ["A3"]

    def test_the_answer_is_the_same_whoever_asks(self, heron):
        first = ask(heron)
        again = ask(heron)
        confirmed(make_item(on_hand=0), "x@example.com")
        StockAlert.objects.update(confirmed_at=timezone.now())
        known = ask(heron)
        assert first.content == again.content == known.content
        assert "look into your mailbox" in first.content.decode()

    def test_one_wish_and_one_mail_however_often_it_is_sent(self, heron):
        for email in (WHO, WHO.lower(), WHO.upper()):
            ask(heron, email)
        assert StockAlert.objects.get().email == WHO.lower()
        assert len(mail.outbox) == 1

    def test_who_confirmed_gets_no_second_question(self, heron):
        confirmed(heron)
        OutboxMail.objects.all().delete()
        ask(heron)
        assert len(mail.outbox) == 1

    def test_nobodys_mailbox_is_filled(self):
        for _ in range(alerts.MAILS_A_DAY + 2):
            assert ask(make_item(on_hand=0)).status_code == 200
        assert len(mail.outbox) == alerts.MAILS_A_DAY

    def test_tries_are_limited(self, heron):
        answers = [ask(heron, f"a{number}@example.com").status_code for number in range(11)]
        assert answers == [200] * 10 + [429]
        assert RateCount.objects.filter(scope="alert").count() == 1

    @pytest.mark.parametrize(
        "email", ["", "nobody", "a@b", "a@example.com\nBcc: c@example.com", "a" * 250 + "@example.com", "ü@example.com"]
    )
    def test_what_is_no_address_is_said_and_kept(self, heron, email):
        response = ask(heron, email)
        assert response.status_code == 400
        assert 'aria-invalid="true"' in response.content.decode()
        assert not StockAlert.objects.exists()

    @pytest.mark.parametrize("field", ["email", "variant", "language"])
    @pytest.mark.parametrize("value", ["\x00", "\ud800", "x" * 5000, "'\"<script>", "../..", "{}"])
    def test_nothing_that_is_sent_breaks_it(self, heron, field, value):
        given = {"email": WHO} | {field: value}
        response = Client().post(f"/back-in-stock/{heron.pk}", data=json.dumps(given), content_type="application/json")
        assert response.status_code in (200, 400, 404)
        assert "<script>" not in response.content.decode()

    def test_hidden_items_and_items_in_stock_are_refused(self, heron):
        assert ask(make_item(live=False, on_hand=0)).status_code == 404
        assert Client().post("/back-in-stock/9999999999999999999", {"email": WHO}).status_code == 404
        response = Client().post(f"/back-in-stock/{make_item().pk}", {"email": WHO})
        assert (response.status_code, response.json()["error"]["code"]) == (409, "in_stock")

    def test_another_sites_page_cannot_send_it(self, heron):
        response = Client().post(
            f"/back-in-stock/{heron.pk}", {"email": WHO}, headers=HTML | {"Sec-Fetch-Site": "cross-site"}
        )
        assert response.status_code == 403
        assert not StockAlert.objects.exists()

    def test_programs_get_json(self, heron):
        response = Client().post(f"/back-in-stock/{heron.pk}/", {"email": WHO})
        assert set(response.json()) == {"message"}
        assert Client().post(f"/back-in-stock/{heron.pk}", {"email": "x"}).json()["error"]["code"] == "bad_request"

    def test_the_form_has_a_page_of_its_own(self, heron):
        page = Client().get(f"/back-in-stock/{heron.pk}", headers=HTML)
        assert page.status_code == 200
        assert 'name="email"' in page.content.decode()
        assert page["X-Robots-Tag"] == "noindex"


class TestConfirming:
    def test_looking_at_the_link_confirms_nothing(self, heron):
        ask(heron)
        path = links(mail.outbox[0])["confirm"]
        page = Client().get(path, headers=HTML)
        assert "Yes, tell me" in page.content.decode()
        assert StockAlert.objects.get().confirmed_at is None
        assert Client().head(path).status_code == 200
        Client().post(path, headers=HTML)
        assert StockAlert.objects.get().confirmed_at
        assert "Yes, tell me" not in Client().get(path, headers=HTML).content.decode()

    def test_the_link_grows_old(self, heron, monkeypatch):
        ask(heron)
        path = links(mail.outbox[0])["confirm"]
        monkeypatch.setattr(alerts, "CONFIRM_WITHIN", timedelta(seconds=-1))
        response = Client().post(path, headers=HTML)
        assert response.status_code == 410
        assert "no longer works" in response.content.decode()
        assert StockAlert.objects.get().confirmed_at is None

    @pytest.mark.parametrize("token", ["x", "1:2:3", "1", ":::", "9" * 200])
    @pytest.mark.parametrize("purpose", ["confirm", "stop"])
    def test_invented_links_do_nothing(self, heron, purpose, token):
        ask(heron)
        for method in ("get", "post"):
            assert getattr(Client(), method)(f"/back-in-stock/{purpose}/{token}", headers=HTML).status_code == 410
        assert StockAlert.objects.get().confirmed_at is None

    def test_one_link_is_not_the_other(self, heron):
        ask(heron)
        found = links(mail.outbox[0])
        swapped = found["stop"].replace("/stop/", "/confirm/")
        assert Client().post(swapped).status_code == 410

    def test_links_are_not_logged(self, heron):
        from storefront.logs import redact

        ask(heron)
        for path in links(mail.outbox[0]).values():
            assert path.rpartition("/")[2] not in redact(f'"GET {path} HTTP/1.1" 200')


class TestTelling:
    def test_who_confirmed_is_told_once_with_a_button_to_end_it(self, heron):
        confirmed(heron)
        ask(heron, "never@example.com")
        mail.outbox.clear()
        assert tick() == 0
        restock(heron)
        assert tick() == 1
        assert tick() == 0
        (message,) = mail.outbox
        assert (message.to, message.subject) == ([WHO.lower()], "Blue Heron is back")
        assert heron.get_url() in message.body
        assert heron.get_url() in message.alternatives[0][0]
        assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert links(message)["stop"] in message.extra_headers["List-Unsubscribe"]

    def test_it_may_sell_out_and_be_asked_for_again(self, heron):
        confirmed(heron)
        restock(heron)
        tick()
        restock(heron, -5)
        OutboxMail.objects.update(created=timezone.now() - timedelta(hours=1))
        confirmed(heron)
        restock(heron)
        mail.outbox.clear()
        assert tick() == 1

    def test_units_that_others_are_paying_for_are_not_back(self, heron):
        confirmed(heron)
        restock(heron, 1)
        stock.hold(item_id=heron.pk, quantity=1)
        assert alerts.tell_due() == 0
        stock.release(item_id=heron.pk, quantity=1)
        assert alerts.tell_due() == 1

    def test_a_variant_is_told_about_for_itself(self):
        item = make_item(on_hand=0)
        small, large = make_variants(item, {"value1": "A4"}, {"value1": "A3"}, on_hand=0)
        confirmed(item, variant="A3")
        restock(item, variant=small)
        assert alerts.tell_due() == 0
        restock(item, variant=large)
        mail.outbox.clear()
        assert tick() == 1
        assert mail.outbox[0].subject == f"{item.title}, A3 is back"

    def test_an_item_that_is_hidden_now_waits_until_it_is_shown(self, heron):
        confirmed(heron)
        restock(heron)
        ItemPage.objects.filter(pk=heron.pk).update(live=False)
        assert alerts.tell_due() == 0
        ItemPage.objects.filter(pk=heron.pk).update(live=True)
        assert alerts.tell_due() == 1

    def test_what_is_counted_by_an_import_counts_too(self, heron):
        confirmed(heron)
        stock.set_counts([(heron.pk, None, 3)], reason="Import")
        assert alerts.tell_due() == 1

    @pytest.mark.django_db(transaction=True)
    def test_goods_that_were_sent_back_count_too_and_pages_say_so(self, heron):
        restock(heron, 1)
        stock.hold(item_id=heron.pk, quantity=1)
        stock.sell(item_id=heron.pk, quantity=1, order_number="X")
        confirmed(heron)
        before = generation.current()
        stock.take_back(item_id=heron.pk, quantity=1, order_number="X")
        assert alerts.tell_due() == 1
        assert generation.current() != before

    def test_first_come_first_told_a_portion_at_a_time(self, heron):
        for number in (1, 2, 3):
            confirmed(heron, f"a{number}@example.com")
        restock(heron)
        assert alerts.tell_due(limit=2) == 2
        assert StockAlert.objects.get(told_at=None).email == "a3@example.com"
        restock(heron, -5)
        assert alerts.tell_due() == 0

    def test_receipts_go_before_a_crowd(self, heron):
        confirmed(heron)
        restock(heron)
        alerts.tell_due()
        OutboxMail.objects.filter(order=make_paid_order()).update(sent_at=None)
        mail.outbox.clear()
        assert mails.send_outbox(limit=1) == 1
        assert "is back" not in mail.outbox[0].subject

    def test_mails_and_pages_speak_the_language_of_the_page(self, heron):
        german = translate(heron, "de", title="Blauer Reiher", slug="blauer-reiher")
        page = Client().get("/de/prints/blauer-reiher/").content.decode()
        assert '<input type="hidden" name="language" value="de">' in page
        answer = ask(german, language="de")
        assert answer["Content-Language"] == "de"
        assert "Blauer Reiher" in mail.outbox[0].body
        Client().post(links(mail.outbox[0])["confirm"])
        restock(heron)
        tick()
        assert mail.outbox[1].subject == "Blauer Reiher ist wieder da"
        assert "/de/" in mail.outbox[1].body

    def test_a_mail_that_nobody_takes_is_no_matter_for_staff(self, heron, settings):
        from checkout.models import Incident

        ask(heron)
        mail_receipts.forget()  # as if no server had taken it
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
        OutboxMail.objects.update(sent_at=None, attempts=mails.MAX_ATTEMPTS - 1, next_try=timezone.now())
        assert mails.send_outbox() == 0
        assert not Incident.objects.exists()


class TestEnding:
    def test_a_mail_program_ends_it_with_one_post(self, heron):
        confirmed(heron)
        path = links(mail.outbox[0])["stop"]
        assert Client().get(path, headers=HTML).status_code == 200
        assert StockAlert.objects.exists()
        strict = Client(enforce_csrf_checks=True)
        response = strict.post(path, {"List-Unsubscribe": "One-Click"}, headers={"Sec-Fetch-Site": "cross-site"})
        assert (response.status_code, response.json()) == (200, {"done": True})
        assert not StockAlert.objects.exists()
        assert not OutboxMail.objects.exists()
        assert strict.post(path, headers=HTML).status_code == 200
        restock(heron)
        assert tick() == 0

    def test_addresses_are_kept_no_longer_than_needed(self, heron):
        ask(heron, "never@example.com")
        told = confirmed(heron, "told@example.com")
        long = confirmed(make_item(on_hand=0), "long@example.com")
        waits = confirmed(make_item(on_hand=0), "waits@example.com")
        now = timezone.now()
        assert personal.forget_by_age(None)["stock alerts dropped"] == 0
        StockAlert.objects.update(created=now - timedelta(days=4))
        StockAlert.objects.filter(pk=told.pk).update(told_at=now - timedelta(days=31))
        StockAlert.objects.filter(pk=long.pk).update(confirmed_at=now - timedelta(days=366))
        assert personal.forget_by_age(None)["stock alerts dropped"] == 3
        assert StockAlert.objects.get() == waits
        assert set(OutboxMail.objects.values_list("to", flat=True)) == {"waits@example.com"}

    def test_a_person_is_forgotten_on_request(self, heron):
        confirmed(heron)
        said = StringIO()
        call_command("forget", email=WHO, stdout=said)
        assert "1 wishes" in said.getvalue()
        assert not StockAlert.objects.exists()
        assert not OutboxMail.objects.exists()
        with pytest.raises(CommandError, match="nobody waits"):
            call_command("forget", email=WHO)


def test_the_database_refuses_a_second_wish_and_telling_the_unconfirmed(heron):
    StockAlert.objects.create(item=heron, email="a@example.com")
    with pytest.raises(IntegrityError), transaction.atomic():
        StockAlert.objects.create(item=heron, email="a@example.com")
    with pytest.raises(IntegrityError), transaction.atomic():
        StockAlert.objects.update(told_at=timezone.now())


def test_staff_see_how_many_wait_for_what(heron):
    item = make_item("Crane", on_hand=0)
    make_variants(item, {"value1": "A3"}, on_hand=0)
    for number in (1, 2):
        confirmed(item, f"a{number}@example.com", variant="A3")
    ask(heron)
    manager = client_of("Shop managers")
    page = manager.get("/admin/reports/waiting/").content.decode()
    assert page.index("Crane, A3") < page.index("Blue Heron")
    assert "example.com" not in page.partition("<table")[2]
    assert re.search(r"Crane, A3.*?>\s*2\s*<", page, re.DOTALL)
    for order in ("title", "-sku", "unconfirmed", "since", "nonsense"):
        sorted_page = manager.get(f"/admin/reports/waiting/?ordering={order}").content.decode()
        assert "Blue Heron" in sorted_page
