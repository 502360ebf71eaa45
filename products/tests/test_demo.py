"""The demo shop: what it holds, that it respects editors, that its pictures survive a wiped disk."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.files.storage import default_storage, storages
from django.core.management import call_command
from django.db import transaction
from django.test import TestCase, override_settings
from django.utils.html import strip_tags
from PIL import Image as Pillow
from PIL import ImageChops, ImageStat
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, Revision, Site

from products import catalogue, prices, stock
from products.demo import loading, media, printables
from products.demo.art.pictures import PICTURES
from products.demo.content import CATEGORIES, ITEMS, gifts, together
from products.models import CategoryPage, HomePage, ItemPage, Stock, StockMovement
from products.related import related

# one process: loading the shop is most of what these tests cost
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]
FILLER = re.compile(r"lorem|ipsum|dolor sit|todo|tbd|placeholder|foo\b|asdf|high[- ]quality|perfect for", re.I)


@pytest.fixture(scope="module")
def media_root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("media")
    with override_settings(MEDIA_ROOT=str(folder)):
        yield folder


@pytest.fixture(scope="module", autouse=True)
def shop(django_db_setup, django_db_blocker, media_root):
    """Loaded once into an empty database; each test's own changes are rolled back, and this at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        with TestCase.captureOnCommitCallbacks(execute=True):  # the search index is written after the commit
            summary = loading.load(cuts=(), quiet=True)
        yield summary
        transaction.set_rollback(True)


def originals():
    """Items as they are counted: translations show the same stock."""
    return ItemPage.objects.filter(original__isnull=True)


def available_counts() -> list[int]:
    return sorted(catalogue.units(page) for page in originals())


def snapshot() -> dict:
    """Everything a second run could touch."""
    tax, discount = apps.get_model("checkout", "Tax"), apps.get_model("checkout", "Discount")
    return {
        "pages": list(Page.objects.order_by("pk").values("pk", "path", "title", "live", "latest_revision_id")),
        "items": list(ItemPage.objects.order_by("pk").values("pk", "summary", "price", "currency", "tax_id")),
        "stock": list(Stock.objects.order_by("pk").values()),
        "movements": StockMovement.objects.count(),
        "images": list(get_image_model().objects.order_by("pk").values("pk", "file", "title")),
        "revisions": Revision.objects.count(),
        "terms": (list(tax.objects.values()), list(discount.objects.values())),
    }


def test_an_empty_database_becomes_a_stocked_shop(shop):
    assert (shop.items, shop.categories) == (len(ITEMS), len(CATEGORIES))
    assert ItemPage.objects.live().count() >= 24
    assert CategoryPage.objects.live().count() >= 5
    assert set(ItemPage.objects.values_list("currency", flat=True)) == {"USD", "EUR"}
    assert available_counts()[:3] == [0, 2, 12]


def test_items_have_tags_in_each_language_and_others_beside_them():
    page = ItemPage.objects.get(sku="SL-PR-06", original=None)
    assert [tag.name for tag in page.tags.all()] == ["sea"]
    german = ItemPage.objects.get(sku="SL-PR-06", locale__language_code="de")
    assert [tag.name for tag in german.tags.all()] == ["Meer"]
    below = [row.title for row in catalogue.rows(related(german)[0])]
    assert below[:2] == ["Hochwasserkarten, acht Stück", "Geschenkpapier Ruhige See, drei Rollen"]
    skus = set(originals().values_list("sku", flat=True))
    assert together.SKUS | {sku for named in together.TAGS.values() for sku in named} <= skus


def test_the_home_page_takes_the_welcome_pages_place():
    home = Site.objects.get(is_default_site=True).root_page.specific
    assert isinstance(home, HomePage)
    assert home.live
    assert home.headline
    assert home.hero_image.width == 2000
    assert 6 <= home.featured.count() <= 9
    assert not Page.objects.filter(title__startswith="Welcome to your new Wagtail").exists()


def test_every_page_has_a_history_and_words_for_search_engines():
    for page in Page.objects.live().filter(depth__gt=1).specific():
        assert page.latest_revision_id, page
        assert page.seo_title, page
        assert 60 <= len(page.search_description) <= 170, (page, len(page.search_description))


def test_prices_include_tax_and_the_welcome_code_takes_ten_percent():
    default = apps.get_model("checkout", "Tax").objects.get(is_default=True)
    assert default.inclusive
    assert {item.tax.name for item in ItemPage.objects.filter(currency="EUR")} == {"VAT"}
    assert not ItemPage.objects.filter(currency="USD", tax__isnull=False).exists()
    discount = apps.get_model("checkout", "Discount").objects.get(code="WELCOME10")
    assert discount.percent_off == 10


def test_a_print_comes_in_two_sizes_and_the_first_way_to_send_it_is_free(shop):
    item = originals().get(sku="SL-PR-04")
    found = [(one.name, one.price.amount, one.available) for one in catalogue.choices(item)]
    assert found == [("16 × 20 in", 5800, 26), ("8 × 10 in", 3200, 14)]
    assert prices.price_of(originals().get(sku="SL-WR-03")).reduced
    rates = apps.get_model("checkout", "ShippingRate").objects
    assert [rates.filter(currency=code).first().amount for code in ("USD", "EUR")] == [0, 0]
    for rate in rates.all():
        rate.full_clean()


def test_items_are_found_by_a_word_of_their_description():
    assert "Sunflower Arithmetic" in [page.title for page in ItemPage.objects.live().search("seeds")]


def test_a_second_run_changes_nothing():
    before = snapshot()
    summary = loading.load(cuts=(), quiet=True)
    assert (summary.items, summary.categories, summary.kept, summary.notes) == (0, 0, len(ITEMS), [])
    assert snapshot() == before


def test_an_editors_changes_and_sales_survive_another_run():
    page = originals().get(sku="SL-PR-03")
    page.title, page.price = "Contour No. 8", 70
    page.save_revision().publish()
    stock.adjust(item_id=page.pk, quantity=-5, reason="Counted again")
    left = stock.available(page.pk)
    home = HomePage.objects.get(locale=Locale.get_default())
    home.headline = "New in spring"
    home.featured.clear()
    home.save_revision().publish()
    home.unpublish()
    loading.load(cuts=(), quiet=True)
    page.refresh_from_db()
    assert (page.title, page.price, stock.available(page.pk)) == ("Contour No. 8", 70, left)
    home.refresh_from_db()
    assert (home.headline, home.live, home.featured.count()) == ("New in spring", False, 0)


def test_an_interrupted_run_is_finished_by_the_next_start():
    for page in ItemPage.objects.filter(sku="SL-WR-05"):
        page.delete()
    home = HomePage.objects.get(locale=Locale.get_default())
    home.featured.clear()
    home.first_published_at, home.live = None, False
    home.save()
    summary = loading.load_if_empty(cuts=(), quiet=True)
    assert summary.items == 1
    home = HomePage.objects.get(locale=Locale.get_default())
    assert home.live
    assert home.featured.count() == 9


def test_a_shop_with_items_is_left_alone_at_the_start():
    assert loading.load_if_empty(cuts=(), quiet=True) is None


def test_an_editors_own_home_page_is_built_upon_not_replaced():
    HomePage.objects.filter(locale=Locale.get_default()).get().delete()
    for translated in HomePage.objects.all():
        translated.delete()
    root = Page.get_first_root_node()
    own = root.add_child(instance=HomePage(title="My shop", slug="my-shop", headline="Mine"))
    loading.load(cuts=(), quiet=True)
    own.refresh_from_db()
    assert (own.title, own.headline, HomePage.objects.count()) == ("My shop", "Mine", 1)
    assert ItemPage.objects.descendant_of(own).count() == len(ITEMS)


def test_the_command_says_what_it_did(capsys):
    call_command("demo", no_warm=True)
    assert f"{len(ITEMS)} items were there already" in capsys.readouterr().out


def test_lost_picture_files_come_back_and_stale_cuts_are_forgotten(media_root):
    image = originals().get(sku="SL-CA-01").gallery.first().image
    lost_cut = image.get_rendition("width-160")
    kept_cut = image.get_rendition("width-170")
    original = default_storage.open(image.file.name).read()
    default_storage.delete(image.file.name)
    default_storage.delete(lost_cut.file.name)
    assert media.restore_media() == 1
    assert default_storage.open(image.file.name).read() == original
    assert list(image.renditions.values_list("pk", flat=True)) == [kept_cut.pk]
    assert media.restore_media() == 0


def test_the_calendar_comes_with_a_pdf_that_is_drawn_again_on_a_wiped_disk():
    (row,) = originals().get(sku="SL-NB-04").downloads.select_related("file")
    name, storage = row.file.file.name, storages["downloads"]
    assert storage.open(name).read().startswith(b"%PDF")
    assert row.file.filename == "slowline-birthday-calendar-to-print.pdf"
    storage.delete(name)
    assert printables.restore_printables() == 1
    assert storage.open(name).read().startswith(b"%PDF")
    assert printables.restore_printables() == 0


def test_an_editors_replacement_is_not_mistaken_for_the_demos_picture():
    image = get_image_model().objects.get(title="Paper tape")
    image.file.name = "original_images/my-own.jpg"
    image.save()
    assert media.restore_media() == 0


def test_every_picture_is_large_and_described():
    images = get_image_model().objects.all()
    assert images.count() == len(PICTURES)
    assert all(max(image.width, image.height) >= 1600 for image in images)
    assert all(len(image.description) > 40 for image in images)
    for page in originals():
        shown = list(page.gallery.all())
        assert shown, page.title
        assert all(one.alt for one in shown)
        assert (shown[0].image.width, shown[0].image.height) == (1280, 1600)


def test_cuts_are_made_under_the_names_that_pages_ask_for():
    image = get_image_model().objects.get(title="Gift tags")
    assert media.warm(media.QUICK_SPECS, [image], threads=1, quiet=True) == 1
    cut = image.renditions.get(filter_spec=media.QUICK_SPECS[0])
    assert (cut.width, cut.height, cut.file.name[-4:]) == (480, 600, ".jpg")


def test_the_copy_is_written_and_each_item_has_its_own():
    texts = {page.sku: strip_tags(json.dumps(page.description.get_prep_value())) for page in originals()}
    assert len(set(texts.values())) == len(ITEMS)
    for sku, words in texts.items():
        assert not FILLER.search(words), (sku, FILLER.search(words))
        assert len(words) > 300, sku
    kinds = {block.block_type for page in originals() for block in page.description}
    assert kinds >= {"text", "specification", "quote", "faq", "picture"}


@pytest.mark.parametrize("name", ["high-water-cards", "population-nil"])
def test_the_generator_draws_the_kept_pictures_again(name):
    with Pillow.open(media.FOLDER / f"{name}.jpg") as kept:
        difference = ImageChops.difference(PICTURES[name](), kept.convert("RGB"))
    assert max(ImageStat.Stat(difference).mean) < 2.5  # of 255: what JPEG itself changes


def test_the_kept_pictures_stay_small():
    files = list(Path(media.FOLDER).glob("*.jpg"))
    assert {file.stem for file in files} == set(PICTURES)
    assert sum(file.stat().st_size for file in files) < 12_000_000


@pytest.mark.parametrize(
    ("code", "title", "item"), [("de", "Kunstdrucke", "Gezeitentafel"), ("ru", "Рисунки", "Сто зим")]
)
def test_the_shop_stands_in_german_and_russian_too(client, code, title, item):
    page = client.get(f"/{code}/").content.decode()
    assert f'<html lang="{code}">' in page
    assert title in page
    assert len(re.findall(r'class="card ', page)) >= 8
    translated = ItemPage.objects.get(title=item)
    assert stock.available(translated.source_id) == stock.available(originals().get(sku=translated.sku).pk) > 0
    shown = client.get(translated.url).content.decode()
    assert translated.summary in shown
    assert 'data-act="buy"' in shown


def test_every_page_links_to_what_buyers_ask(client):
    page = client.get("/").content.decode().split("</main>")[1]
    for name in ("Contact", "Delivery", "Returns", "Privacy"):
        assert f">{name}</a>" in page


def test_an_image_that_several_pages_show_is_cut_by_one_thread_only():
    picture = SimpleNamespace(pk=1, calls=[], get_renditions=lambda *specs: picture.calls.append(specs))
    assert media.warm(("width-100|format-jpeg",), [picture, picture, picture], threads=1, quiet=True) == 1
    assert len(picture.calls) == 1


@pytest.mark.parametrize(("code", "title"), [("en", "Presents"), ("de", "Geschenke"), ("ru", "Подарки")])
def test_a_landing_page_sells_in_its_text_and_leads_to_an_article(client, code, title):
    prefix = "" if code == "en" else f"/{code}"
    words = gifts.WORDS[code]
    page = client.get(f"{prefix}/{words.slug}/").content.decode()
    assert f"<h1>{title}</h1>" in page
    assert page.count('action="/buy/') == 1
    assert len(re.findall(r'class="card ', page)) >= len(gifts.SHELF)
    assert f'href="{prefix}/{words.slug}/{words.how_slug}/"' in page
    article = client.get(f"{prefix}/{words.slug}/{words.how_slug}/").content.decode()
    assert words.how_introduction in article
    assert 'action="/buy/' in article
    assert f'href="{prefix}/{words.slug}/"' in client.get(f"{prefix}/").content.decode().partition("<main")[0]
