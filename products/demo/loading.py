"""Loads the demo shop. Run again, it adds only what is missing: what exists belongs to the editors.

The home page is published last, so a page tree without it is a run that was interrupted and may be finished.
"""

import copy
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.apps import apps
from django.db import transaction
from tqdm import tqdm
from wagtail.models import Page, Site

from products import stock
from products.models import (
    CategoryPage,
    HomePage,
    ItemDownload,
    ItemPage,
    ItemPicture,
    ItemVariant,
    RelatedItem,
    Variant,
)
from products.models.pages import FeaturedItem

from . import gifts, translating
from .content import CATEGORIES, ITEMS, Category, Item, shop, together
from .media import CARD_SPECS, QUICK_SPECS, add_image, restore_media, warm
from .printables import add_printable, restore_printables

__all__ = ["CARD_SPECS", "QUICK_SPECS", "Summary", "load", "load_if_empty", "restore_media", "warm"]


@dataclass
class Summary:
    """What one run did."""

    items: int = 0
    categories: int = 0
    kept: int = 0
    restored: int = 0
    warmed: int = 0
    notes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        parts = [
            f"{self.items} items and {self.categories} categories added",
            f"{self.kept} items were there already",
            f"{self.restored} files restored",
            f"{self.warmed} pictures cut to size",
            *self.notes,
        ]
        return f"Demo shop: {', '.join(parts)}."


def load(*, cuts: Sequence[str] = CARD_SPECS, quiet: bool = False) -> Summary:
    """Add what is missing of the demo shop; then make these cuts of the pictures on cards.

    `quiet` hides the progress bars, which only a terminal shows anyway.
    """
    summary = Summary(restored=restore_media() + restore_printables())
    home = _home(summary)
    here = ItemPage.objects.filter(original__isnull=True)  # translations share the SKU
    known = set(here.filter(sku__in=[item.sku for item in ITEMS]).values_list("sku", flat=True))
    taxes = _terms(summary) if _unfinished(home) or not known else _taxes()
    progress = tqdm(total=len(ITEMS), desc="Stocking the demo shop", unit="item", disable=quiet or None)
    with progress:
        for category in CATEGORIES:
            missing = [item for item in category.items if item.sku not in known]
            progress.update(len(category.items) - len(missing))
            summary.kept += len(category.items) - len(missing)
            if missing:
                _stock_shelf(home, category, missing, taxes, summary, progress)
    if _unfinished(home):
        translating.add_help(home)
        gifts.add(home)
        _open_doors(home)
        summary.notes.append("the home page opened")
        summary.notes.append(f"{translating.translate(home, quiet=quiet)} pages in German and Russian")
    if cuts and (summary.items or summary.restored):
        summary.warmed = warm(cuts, quiet=quiet)
    return summary


def load_if_empty(*, cuts: Sequence[str] = QUICK_SPECS, quiet: bool = False) -> Summary | None:
    """For the first start: loads when there is no item at all, or when an earlier run was interrupted; else None."""
    started = HomePage.objects.filter(slug=shop.SLUG).first()
    if ItemPage.objects.exists() and not (started and _unfinished(started)):
        return None
    return load(cuts=cuts, quiet=quiet)


def _home(summary: Summary) -> HomePage:
    """The shop's home page: an editor's own if there is one, else ours, unpublished until the shelves are full."""
    home = HomePage.objects.first()
    if home is None:
        home = HomePage(title=shop.SITE_NAME, slug=shop.SLUG, live=False)
        Page.get_first_root_node().add_child(instance=home)
        summary.notes.append("a home page added")
    return home


def _unfinished(home: HomePage) -> bool:
    return home.slug == shop.SLUG and not home.live and home.first_published_at is None


def _terms(summary: Summary) -> dict:
    """The taxes and the welcome code, unless somebody set up their own."""
    tax_model, discount_model = apps.get_model("checkout", "Tax"), apps.get_model("checkout", "Discount")
    with transaction.atomic():
        if not tax_model.objects.filter(is_default=True, active=True).exists():
            tax_model.objects.create(**_tax(shop.DEFAULT_TAX), is_default=True)
        if not tax_model.objects.filter(name=shop.EURO_TAX["name"]).exists():
            tax_model.objects.create(**_tax(shop.EURO_TAX))
        if not discount_model.objects.filter(code=shop.WELCOME["code"]).exists():
            terms = shop.WELCOME | {"percent_off": Decimal(shop.WELCOME["percent_off"])}
            discount_model.objects.create(**terms)
            summary.notes.append(f"discount code {terms['code']} added")
        rates = apps.get_model("checkout", "ShippingRate").objects
        if not rates.exists():
            rates.bulk_create([rates.model(**rate) for rate in shop.SHIPPING])
            summary.notes.append("shipping rates added")
    return _taxes()


def _tax(terms: dict) -> dict:
    return terms | {"percentage": Decimal(terms["percentage"]), "inclusive": True}


def _taxes() -> dict:
    """The tax that items of a currency name; items of others leave it to the default."""
    euro = apps.get_model("checkout", "Tax").objects.filter(name=shop.EURO_TAX["name"], active=True).first()
    return {"EUR": euro}


def _stock_shelf(home: HomePage, category: Category, missing, taxes: dict, summary: Summary, progress) -> None:
    shelf = CategoryPage.objects.child_of(home).filter(slug=category.slug).first()
    if shelf is None:
        shelf = CategoryPage(
            title=category.title,
            slug=category.slug,
            introduction=category.introduction,
            seo_title=f"{category.title} | {shop.SITE_NAME}",
            search_description=category.seo_description,
            show_in_menus=True,
            live=False,
        )
        with transaction.atomic():
            home.add_child(instance=shelf)
            shelf.save_revision().publish()
        summary.categories += 1
    for item in missing:
        with transaction.atomic():
            page, images = _add_item(shelf, item, taxes)
            if shelf.image_id is None and category.picture in images:
                shelf.image = images[category.picture]
                shelf.save_revision().publish()
        summary.items += 1
        progress.update()


def _add_item(shelf: CategoryPage, item: Item, taxes: dict) -> tuple[ItemPage, dict]:
    images = {name: add_image(name) for name in item.pictures}
    page = ItemPage(
        title=item.title,
        summary=item.summary,
        description=_blocks(item.blocks, images),
        sku=item.sku,
        price=Decimal(item.price),
        currency=item.currency,
        sale_price=Decimal(item.sale_price) if item.sale_price else None,
        tax=taxes.get(item.currency),
        choice1="Size" if item.sizes else "",
        seo_title=item.seo_title,
        search_description=item.seo_description,
        live=False,
    )
    page.gallery = [ItemPicture(image=image, sort_order=n) for n, image in enumerate(images.values())]
    page.variants = [
        ItemVariant(value1=size, sku=f"{item.sku}-{n}", price=Decimal(price) if price else None, sort_order=n)
        for n, (size, price, _units) in enumerate(item.sizes, 1)
    ]
    page.tags.set(together.tags_of(item.sku))
    if item.printable and (file := add_printable(*item.printable)):
        page.downloads = [ItemDownload(file=file)]
    shelf.add_child(instance=page)
    page.save_revision().publish()
    _count(page, item)
    return page, images


def _count(page: ItemPage, item: Item) -> None:
    for variant, (_size, _price, units) in zip(Variant.objects.filter(item=page), item.sizes, strict=True):
        stock.adjust(item_id=page.pk, variant_id=variant.pk, quantity=units, reason="First run, counted")
    if item.sizes:
        return
    made = item.made or item.stock
    stock.adjust(item_id=page.pk, quantity=made, reason="First run, counted")
    if made > item.stock:
        stock.adjust(item_id=page.pk, quantity=item.stock - made, reason=item.sold_where)


def _blocks(blocks, images: dict) -> str:
    """The StreamField's JSON; picture blocks name a picture, which becomes the image's id and description."""
    stream = []
    for kind, content in blocks:
        value = copy.deepcopy(content)
        if kind == "picture":
            image = images.get(value["image"]) or add_image(value["image"])
            value["image"] = {"image": image.pk, "alt_text": image.description, "decorative": False}
        stream.append({"type": kind, "value": value})
    return json.dumps(stream)


def _open_doors(home: HomePage) -> None:
    """Write and publish the home page, and make it the site's root while that is still Wagtail's welcome page."""
    with transaction.atomic():
        home.refresh_from_db()
        home.headline = shop.HEADLINE
        home.introduction = shop.INTRODUCTION
        home.seo_title = shop.SEO_TITLE
        home.search_description = shop.SEO_DESCRIPTION
        home.hero_image = add_image(shop.HERO)
        home.body = _blocks(shop.BODY, {})
        found = {page.sku: page for page in ItemPage.objects.filter(sku__in=shop.FEATURED)}
        home.featured = [
            FeaturedItem(item=found[sku], sort_order=n) for n, sku in enumerate(shop.FEATURED) if sku in found
        ]
        home.save_revision().publish()
        _put_together()
        _point_site_at(home)


def _put_together() -> None:
    """Items below others, which have to be there first. None of them has a draft, so their rows are all there is."""
    here = dict(ItemPage.objects.filter(original__isnull=True, sku__in=together.SKUS).values_list("sku", "pk"))
    RelatedItem.objects.bulk_create(
        RelatedItem(page_id=here[sku], item_id=here[other], sort_order=place)
        for sku, others in together.RELATED.items()
        for place, other in enumerate(others)
        if sku in here and other in here
    )


def _point_site_at(home: HomePage) -> None:
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        Site.objects.create(hostname="localhost", root_page=home, is_default_site=True, site_name=shop.SITE_NAME)
        return
    welcome = site.root_page
    if welcome.specific_class is not Page or welcome.get_children().exists():
        return
    site.root_page = home
    site.site_name = site.site_name or shop.SITE_NAME
    site.save()
    welcome.delete()
