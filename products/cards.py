"""Items made ready to show: words, formatted prices and markup, so that templates only place them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from . import catalogue, money
from .faces import Face, faces
from .models import ItemPage
from .parts import Printed
from .pictures import Album, picture
from .tree import Tree

FEW = 3  # from here down the number left is told


def price(amount: int, currency: str) -> str:
    """Minor units as the active language writes them."""
    return money.format_money(amount, currency, get_language() or "en")


@dataclass(frozen=True, slots=True)
class Availability:
    """`state`: "in", "few" or "out"; `words` for people; `schema` for search engines."""

    state: str
    words: str
    schema: str

    @property
    def sold_out(self) -> bool:
        return self.state == "out"


def availability(units: int) -> Availability:
    """Units that can be sold → what the shop says about it."""
    return _availability(max(0, min(units, FEW + 1)), get_language())


@lru_cache(maxsize=100)
def _availability(units: int, _language: str | None) -> Availability:
    """Remembered: 0.03 ms of each card."""
    if units <= 0:
        return Availability("out", gettext("Sold out"), "https://schema.org/OutOfStock")
    if units <= FEW:
        words = ngettext("Only %(units)d left", "Only %(units)d left", units) % {"units": units}
        return Availability("few", words, "https://schema.org/LimitedAvailability")
    return Availability("in", gettext("In stock"), "https://schema.org/InStock")


@dataclass(frozen=True, slots=True)
class Card(Printed):
    """An item in a grid. `list_price` is the regular one, while a sale lasts; `marked` is the title as markup, where
    words were searched for."""

    id: int
    title: str
    url: str
    summary: str
    price: str
    list_price: str
    currency: str
    availability: Availability
    picture: SafeString
    marked: SafeString = SafeString("")


def item_cards(tree: Tree, item_ids: list[int], *, above_fold: int = 0) -> list[Card]:
    """Cards in the order of the ids; the first `above_fold` pictures are not lazy. Three queries at most."""
    return make_cards(tree, faces(item_ids), above_fold=above_fold)


def marked(found: list[Card], words: list[str]) -> list[Card]:
    """The same cards with the beginnings that were searched for marked in their names."""
    if not words:
        return found
    looked_for = re.compile(rf"\b({'|'.join(re.escape(word) for word in words)})", re.IGNORECASE)
    return [replace(card, marked=_mark(looked_for, card.title)) for card in found]


@lru_cache(maxsize=2000)
def _mark(looked_for: re.Pattern, text: str) -> SafeString:
    """Remembered: a tenth of a page of results."""
    # split() with one group: every second part is a hit
    pieces = (format_html("<mark>{}</mark>", one) if n % 2 else one for n, one in enumerate(looked_for.split(text)))
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def make_cards(tree: Tree, shown: Iterable[Face], *, above_fold: int = 0) -> list[Card]:
    """Cards from what was read already."""
    cards = []
    for place, face in enumerate(shown):
        row = face.row
        # "" where it would only repeat the name that stands below it, in the same link
        alt = "" if face.alt == row.title else face.alt
        shot = picture(face.cuts, "card", alt=alt, eager=place < above_fold, main=place == 0 and above_fold > 0)
        cards.append(
            Card(
                row.id,
                row.title,
                tree.address(row.url_path),
                row.summary,
                price_words(row.amount, row.currency, differ=row.prices_differ),
                price(row.list_amount, row.currency) if row.amount < row.list_amount else "",
                row.currency,
                availability(row.available),
                shot,
            )
        )
    return cards


def price_words(amount: int, currency: str, *, differ: bool = False) -> str:
    """A price for reading; "from …" where variants differ."""
    shown = price(amount, currency)
    return gettext("from %(price)s") % {"price": shown} if differ else shown


@dataclass(frozen=True, slots=True)
class Option(Printed):
    """A variant in the form that buys it. `value` is what the form sends."""

    value: str
    label: str
    price: str
    list_price: str
    availability: Availability
    lowest_before: str = ""


def options(
    choices: list[catalogue.Choice], currency: str, lowest: Mapping[int | None, int] | None = None
) -> list[Option]:
    """The variants as a buyer chooses them; each says its price where they differ.

    `lowest`: by variant, the lowest price before the sale (price_history.lowest_before).
    """
    before = lowest or {}
    differ = len({choice.price for choice in choices}) > 1
    return [
        Option(
            choice.name,
            choice.name,
            price(choice.price.amount, currency) if differ else "",
            price(choice.price.list_amount, currency) if differ and choice.price.reduced else "",
            availability(choice.available),
            price(before[choice.variant.pk], currency)
            if differ and choice.price.reduced and choice.variant.pk in before
            else "",
        )
        for choice in choices
    ]


@dataclass(frozen=True, slots=True)
class Tile:
    """A category on the home page or on the shelf above it."""

    title: str
    url: str
    picture: SafeString


def category_tiles(tree: Tree, shelves: Iterable) -> list[Tile]:
    """Tiles in the given order. Two queries."""
    from wagtail.images import get_image_model

    shelves = list(shelves)
    images = get_image_model().objects.in_bulk({shelf.image_id for shelf in shelves if shelf.image_id})
    album = Album(images, ["card"])
    return [Tile(shelf.title, shelf.url, album.markup(images.get(shelf.image_id), "card", alt="")) for shelf in shelves]


@dataclass(frozen=True, slots=True)
class Shot(Printed):
    """One picture of an item's gallery: large, as a thumbnail, and the address of its largest cut."""

    number: int
    large: SafeString
    full: str
    thumb: SafeString
    alt: str


def gallery(item: ItemPage, pictures: list[catalogue.Picture], album: Album) -> list[Shot]:
    """The pictures that can be shown; the first is the page's largest paint."""
    shots: list[Shot] = []
    for one in pictures:
        alt = one.alt or item.title
        main = not shots
        if large := album.markup(one.image, "item", alt=alt, eager=main, main=main):
            thumb = album.markup(one.image, "thumb", alt="", eager=True) if len(pictures) > 1 else SafeString("")
            shots.append(Shot(len(shots) + 1, large, album.largest(one.image, "item"), thumb, alt))
    return shots


def tax_note(item: ItemPage) -> str:
    """What the price says about tax. `item` comes from the catalogue (or is a preview, without default taxes)."""
    if item.tax and item.tax.active:
        rate = {"rate": f"{item.tax.percentage.normalize():f} % {item.tax.name}"}
        if item.tax.inclusive:
            return gettext("Including %(rate)s.") % rate
        return gettext("Plus %(rate)s, added at checkout.") % rate
    if getattr(item, "default_tax_added", False):
        return gettext("Plus tax, added at checkout.")
    return gettext("Tax included.") if getattr(item, "default_tax_included", False) else ""
