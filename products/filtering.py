"""A shelf narrowed down: price, currency, stock, tag. All of it is in the address and can be taken off one by one."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext

from . import money, tags
from .models import ItemPage

SLUG = re.compile(rf"[-\w]{{1,{tags.LONGEST}}}")
LONGEST = 12  # of an amount that somebody types


@dataclass(frozen=True, slots=True)
class Filters:
    """What a visitor asked for; prices in major units as text. What makes no sense was left out when it was read."""

    minimum: str = ""
    maximum: str = ""
    currency: str = ""
    in_stock: bool = False
    tag: str = ""  # the word's slug

    def __bool__(self) -> bool:
        return self != Filters()

    def narrow(self, items: QuerySet[ItemPage], currencies: list[str]) -> QuerySet[ItemPage]:
        """The items that fit; `items` have `price_now` and `units`.

        An amount means so much in each currency of the shelf: nothing is converted.
        """
        if self.currency:
            items = items.filter(currency=self.currency)
            currencies = [self.currency]
        for text, lookup in ((self.minimum, "gte"), (self.maximum, "lte")):
            if text:
                items = items.filter(_price(text, lookup, currencies))
        if self.in_stock:
            items = items.filter(units__gt=0)
        if self.tag:
            items = items.filter(pk__in=tags.having(self.tag))
        return items

    def query(self) -> dict[str, str]:
        """The parameters that say the same again."""
        given = {"min": self.minimum, "max": self.maximum, "currency": self.currency, "stock": "1" * self.in_stock}
        given |= {"tag": self.tag}
        return {name: value for name, value in given.items() if value}

    def active(self, url: str, more: dict[str, str]) -> tuple["Active", ...]:
        """Each filter in words, with the address that takes it off. `more`: what else stands in the address."""
        words = [
            (self.minimum, gettext("from %(price)s") % {"price": self.minimum}, replace(self, minimum="")),
            (self.maximum, gettext("up to %(price)s") % {"price": self.maximum}, replace(self, maximum="")),
            (self.currency, self.currency, replace(self, currency="")),
            (self.in_stock, gettext("In stock"), replace(self, in_stock=False)),
            (self.tag, tags.name_of(self.tag) or self.tag, replace(self, tag="")),
        ]
        return tuple(Active(label, address(url, less.query() | more)) for on, label, less in words if on)


@dataclass(frozen=True, slots=True)
class Active:
    """A filter in use: in words, and the address without it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Form:
    """What the form below a shelf's name shows: where it leads, what is chosen, what there is to choose from."""

    action: str
    sort: str
    chosen: Filters
    tags: tuple[tags.Word, ...]
    currencies: tuple[str, ...]
    active: tuple[Active, ...]
    clear: str


def read(given: QueryDict) -> Filters:
    """The filters in an address."""
    currency = given.get("currency", "")
    return Filters(
        minimum=_amount(given.get("min", "")),
        maximum=_amount(given.get("max", "")),
        currency=currency if len(currency) == 3 and currency.isascii() and currency.isupper() else "",
        in_stock=given.get("stock") == "1",
        tag=read_tag(given),
    )


def read_tag(given: QueryDict) -> str:
    """The slug of the word in an address; "" for what is none."""
    slug = given.get("tag", "")
    return slug if SLUG.fullmatch(slug) else ""


def address(url: str, query: dict[str, str]) -> str:
    return f"{url}?{urlencode(query)}" if query else url


def _amount(text: str) -> str:
    """The amount as we write it; "" for what is none. People write 19,99 as well as 19.99."""
    text = text.strip().replace(",", ".")
    try:
        value = Decimal(text) if text and len(text) <= LONGEST else Decimal("NaN")
    except InvalidOperation:
        return ""
    return f"{value:f}" if value.is_finite() and 0 <= value < 10**9 else ""


def _price(text: str, lookup: str, currencies: list[str]) -> Q:
    """The condition in minor units. An amount that a currency does not know (19.99 yen) excludes nothing of it."""
    found = Q(pk__in=[])
    for currency in currencies:
        try:
            found |= Q(currency=currency, **{f"price_now__{lookup}": money.to_minor(text, currency)})
        except money.InvalidAmount:
            found |= Q(currency=currency)
    return found
