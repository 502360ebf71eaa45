"""Small factories: a shop tree and things to sell in it."""

import io
import itertools
from decimal import Decimal

from django.core.files.base import ContentFile
from PIL import Image
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, Site

from products import stock
from products.models import (
    CategoryPage,
    DownloadFile,
    HomePage,
    ItemDownload,
    ItemPage,
    ItemPicture,
    ItemVariant,
    Variant,
)

_numbers = itertools.count(1)


def make_home() -> HomePage:
    """The shop's home page, made the default site's root on first call."""
    home = HomePage.objects.first()
    if home is None:
        home = Page.get_first_root_node().add_child(instance=HomePage(title="Shop", slug="shop"))
        site = Site.objects.get(is_default_site=True)
        site.root_page = home
        site.save()
    return home


def make_category(title: str = "Prints") -> CategoryPage:
    """A live category under the home page; the same one for the same title."""
    return CategoryPage.objects.filter(title=title).first() or make_home().add_child(instance=CategoryPage(title=title))


def make_item(
    title: str = "", *, price: str = "19.99", currency: str = "USD", on_hand: int = 10, live: bool = True, **fields
) -> ItemPage:
    """A published item with stock."""
    number = next(_numbers)
    item = make_category().add_child(
        instance=ItemPage(
            title=title or f"Item {number}",
            slug=f"item-{number}",
            sku=fields.pop("sku", f"SKU-{number}"),
            price=Decimal(price),
            currency=currency,
            live=live,
            **fields,
        )
    )
    if on_hand:
        stock.adjust(item_id=item.pk, quantity=on_hand, reason="First count")
    return item


def make_variants(item: ItemPage, *rows: dict, on_hand: int = 10, choices: str = "Size") -> list[Variant]:
    """Gives the item variants, each counted; a row is {"value1": "A3", "sku": …, "price": …}."""
    for number, name in enumerate(choices.split(", "), 1):
        setattr(item, f"choice{number}", name)
    item.variants = [
        ItemVariant(**{"sku": f"{item.sku}-{number}", "sort_order": number, **row}) for number, row in enumerate(rows)
    ]
    item.save()
    made = list(Variant.objects.filter(item=item, active=True))
    for variant in made if on_hand else ():
        stock.adjust(item_id=item.pk, variant_id=variant.pk, quantity=on_hand, reason="First count")
    return made


def make_image(title: str = "Plain", size: tuple[int, int] = (40, 50)):
    """A small real picture."""
    data = io.BytesIO()
    Image.new("RGB", size, "teal").save(data, "PNG")
    return get_image_model().objects.create(title=title, file=ContentFile(data.getvalue(), f"{next(_numbers)}.png"))


def picture_for(item: ItemPage, alt_text: str = "") -> ItemPicture:
    """One more picture in the item's gallery."""
    return ItemPicture.objects.create(page=item, image=make_image(), alt_text=alt_text, sort_order=next(_numbers))


def make_file(title: str = "A print", content: bytes = b"%PDF-1.7 a heron", name: str = "heron.pdf") -> DownloadFile:
    """A file for sale."""
    return DownloadFile.objects.create(title=title, file=ContentFile(content, name))


def offer(item: ItemPage, *files: DownloadFile, sku: str = "") -> None:
    """Buyers of the item (or of its variant with that SKU) get these files, too."""
    known = list(item.downloads.all())
    item.downloads = [*known, *(ItemDownload(file=file, sku=sku, sort_order=next(_numbers)) for file in files)]
    item.save()


def translate(page: Page, code: str, **changes) -> Page:
    """A live translation of the page; the pages above it are there as Wagtail's aliases, under the same names."""
    locale, _made = Locale.objects.get_or_create(language_code=code)
    made = page.copy_for_translation(locale, copy_parents=True)
    for name, value in changes.items():
        setattr(made, name, value)
    made.save_revision().publish()
    return made
