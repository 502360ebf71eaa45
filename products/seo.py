"""What search engines and link previews read: addresses, structured data, sitemap, robots."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from . import catalogue, money, prices, shelving
from .cards import Availability, availability
from .catalogue import Choice
from .models import ItemPage
from .tree import Shelf, Tree

SITEMAP_PAGE = 10_000  # addresses a file; the protocol allows 50,000 or 50 MB
CLOSED = (
    *("/buy/", "/order/", "/download/", "/basket/", "/checkout/", "/back-in-stock/", "/stripe/", "/search", "/api/"),
    *("/admin/", "/django-admin/"),
)
_UNSAFE = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def absolute(path: str) -> str:
    """A path of this shop, or an address of its media, as a full address."""
    return path if path.startswith(("http://", "https://")) else settings.BASE_URL + path


def summary(text: str) -> str:
    """Plain text for a description tag: at most 160 characters, cut at a word."""
    return Truncator(" ".join(text.split())).chars(160)


def json_ld(data: dict | list) -> SafeString:
    """A data block for the page. Browsers do not run it, so the content security policy lets it stand."""
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE)
    return mark_safe(f'<script type="application/ld+json">{body}</script>')  # noqa: S308 - <, > and & are escaped above


def breadcrumbs(trail: list[Shelf], title: str, url: str) -> dict:
    """BreadcrumbList: the shelves above, then the page itself."""
    steps = [(shelf.title, shelf.url) for shelf in trail] + [(title, url)]
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": absolute(address)}
            for place, (name, address) in enumerate(steps, 1)
        ],
    }


def organization(name: str, home_url: str, picture: str) -> list[dict]:
    """Who sells here, and how to search it."""
    store = {"@context": "https://schema.org", "@type": ["Organization", "OnlineStore"], "name": name}
    found = absolute("/search/?q={search_term_string}")
    action = {"@type": "SearchAction", "target": found, "query-input": "required name=search_term_string"}
    site = {"@context": "https://schema.org", "@type": "WebSite", "name": name, "url": absolute(home_url)}
    return [
        store | {"url": absolute(home_url)} | ({"image": picture} if picture else {}),
        site | {"potentialAction": action},
    ]


def product(
    item: ItemPage, *, url: str, pictures: list[str], state: Availability, choices: Sequence[Choice] = ()
) -> dict:
    """Product with its Offer, or with an Offer for each variant. Prices are the page's own, in major units."""
    price = prices.price_of(item)
    offers: dict | list[dict]
    if choices:
        offers = [
            _offer(item, url, choice.price, availability(choice.available).schema)
            | {"name": choice.name, "sku": choice.variant.sku}
            for choice in choices
        ]
    else:
        offers = _offer(item, url, price, state.schema)
    data = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": item.title,
        "url": absolute(url),
        "offers": offers,
    }
    optional = {
        "sku": item.sku,
        "description": item.search_description or item.summary,
        "image": [absolute(picture) for picture in pictures],
    }
    return data | {name: value for name, value in optional.items() if value}


def _offer(item: ItemPage, url: str, price: prices.Price | None, schema: str) -> dict:
    """What it costs now; while a sale lasts until when, and the regular price beside it."""
    offer: dict = {
        "@type": "Offer",
        "url": absolute(url),
        "price": _major(price.amount if price else 0, item.currency),
        "priceCurrency": item.currency,
        "availability": schema,
        "itemCondition": "https://schema.org/NewCondition",
    }
    if price and price.until:
        offer["priceValidUntil"] = price.until.date().isoformat()
    if price and price.reduced:
        offer["priceSpecification"] = {
            "@type": "UnitPriceSpecification",
            "priceType": "https://schema.org/StrikethroughPrice",
            "price": _major(price.list_amount, item.currency),
            "priceCurrency": item.currency,
        }
    return offer


def _major(amount: int, currency: str) -> str:
    return str(money.to_major(amount, currency))


def alternates(addresses: dict[str, str]) -> list[tuple[str, str]]:
    """(language, full address) of a page's translations, itself included; empty if there are none."""
    return [(code, absolute(address)) for code, address in addresses.items()] if len(addresses) > 1 else []


def robots() -> str:
    """robots.txt: pages that act or belong to one buyer are closed."""
    closed = "\n".join(f"Disallow: {path}" for path in CLOSED)
    return f"User-agent: *\n{closed}\n\nSitemap: {absolute('/sitemap.xml')}\n"


def sitemap_pages() -> int:
    """How many files the items fill; at least one."""
    return max(1, -(-len(shelving.everything()) // SITEMAP_PAGE))


def sitemap_index(pages: int) -> Iterator[str]:
    """The list of files, for a shop too large for one."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    for page in range(1, pages + 1):
        yield f"<sitemap><loc>{escape(absolute('/sitemap.xml'))}?p={page}</loc></sitemap>\n"
    yield "</sitemapindex>\n"


def sitemap(trees: dict[str, Tree], page: int) -> Iterator[str]:
    """One file: on the first the home pages, categories and stories, then items by id, of every language."""
    from .stories import public

    yield '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    if page == 1:
        for shelf in (shelf for one in trees.values() for shelf in one.all()):
            yield f"<url><loc>{escape(absolute(shelf.url))}</loc></url>\n"
        yield from _sitemap_entries(trees, public().values_list("url_path", "last_published_at", "locale_id"))
    start = (page - 1) * SITEMAP_PAGE
    if ids := shelving.everything()[start : start + SITEMAP_PAGE]:
        # from its first id to its last: an offset would read all that stands before
        items = catalogue.for_sale().filter(pk__gte=ids[0], pk__lte=ids[-1]).order_by("pk")
        rows = items.values_list("url_path", "last_published_at", "locale_id")
        yield from _sitemap_entries(trees, rows.iterator(chunk_size=2000))
    yield "</urlset>\n"


def _sitemap_entries(trees: dict[str, Tree], pages: Iterable[tuple[str, datetime | None, int]]) -> Iterator[str]:
    by_locale = {one.locale_id: one for one in trees.values()}
    for url_path, published, locale_id in pages:
        if locale_id not in by_locale:  # the language's home page is hidden, and so are its pages
            continue
        changed = f"<lastmod>{published:%Y-%m-%d}</lastmod>" if published else ""
        yield f"<url><loc>{escape(absolute(by_locale[locale_id].address(url_path)))}</loc>{changed}</url>\n"
