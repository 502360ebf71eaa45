"""What each public page shows: the context of its template. Views and page models call these and nothing else."""

from collections.abc import Sequence
from dataclasses import astuple

from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpRequest
from django.utils.http import urlencode

from . import cards, catalogue, faces, filtering, languages, price_history, prices, related, search, seo, shelving, tags
from .models import CategoryPage, HomePage, ItemPage
from .pictures import Album
from .tree import Shelf, Translations, forest, translations, tree, tree_of

SUGGESTED = 6
NARROWER = 8
ITEM_PICTURES = ("item", "thumb", "share")
FEATURED_IF_NONE = 9  # the newest, until an editor chose


def home(page: HomePage, request: HttpRequest) -> dict:
    """Hero, featured items, categories."""
    shelves = tree_of(request, page.locale_id)
    featured = [chosen.item_id for chosen in page.featured.all()]
    hero = page.hero_image
    album = Album([hero.id] if hero else [], ["hero", "share"])
    return {
        "hero": album.markup(hero, "hero", alt=hero.default_alt_text, eager=True, main=True) if hero else "",
        "share_picture": _share(album, hero),
        "chosen": bool(featured),
        "items": cards.item_cards(shelves, featured or catalogue.newest_ids(FEATURED_IF_NONE, below=page.path)),
        "categories": cards.category_tiles(shelves, shelves.menu),
        "canonical": seo.absolute(shelves.home_url),
        "alternates": seo.alternates(translations(request, page.id)),
        "content_language": shelves.language,
        "lang_attribute": languages.attribute(shelves.language),
        "description": page.search_description or seo.summary(page.introduction),
        "structured_data": seo.json_ld(seo.organization(page.title, shelves.home_url, _share(album, hero))),
    }


def category(page: CategoryPage, request: HttpRequest) -> dict:
    """Child categories, one page of items, the links to sort and to leaf. Raises Http404 for a page that is not."""
    shelves = tree_of(request, page.locale_id)
    url = shelves.address(page.url_path)
    sort = request.GET.get("sort", "")
    sort = sort if sort in shelving.SORTS else ""
    number = _page_number(request)
    filters = filtering.read(request.GET)
    sorting = {"sort": sort} if sort else {}
    shelved = shelving.shelved(page, sort=sort, filters=filters, offset=(number - 1) * catalogue.PER_PAGE)
    paging = _paging(shelved.count, number, filters.query() | sorting)
    trail = shelves.ancestors(page.path)
    return {
        "items": cards.item_cards(shelves, shelved.ids, above_fold=4),
        "count": shelved.count,
        "children": shelves.children(page.path),
        "trail": trail,
        "sorts": [
            {
                "label": label,
                "url": filtering.address(url, filters.query() | ({"sort": key} if key else {})),
                "current": key == sort,
            }
            for key, (label, _order) in shelving.SORTS.items()
        ],
        "filters": filtering.Form(
            action=url,
            sort=sort,
            chosen=filters,
            tags=tuple(_offered(page.path, filters.tag)),
            currencies=tuple(shelving.currencies_on(page.path)),
            active=filters.active(url, sorting),
            clear=filtering.address(url, sorting),
        ),
        "section_id": next((shelf.id for shelf in shelves.menu if page.path.startswith(shelf.path)), None),
        "paging": paging,
        "canonical": seo.absolute(url + (f"?page={number}" if number > 1 else "")),
        "alternates": seo.alternates(translations(request, page.id)),
        "content_language": shelves.language,
        "lang_attribute": languages.attribute(shelves.language),
        "description": page.search_description or seo.summary(page.introduction),
        "structured_data": seo.json_ld(seo.breadcrumbs(trail, page.title, url)),
    }


def item(page: ItemPage, request: HttpRequest) -> dict:
    """Gallery, price, availability, related items. With the item's own query, five at most."""
    shelves = tree_of(request, page.locale_id)
    url = shelves.address(page.url_path)
    shown, chosen = _related(page, request)
    below, own, album = faces.beside(shown, page.pk or 0, ITEM_PICTURES)
    if getattr(request, "is_preview", False):  # neither gallery nor amounts may be in the database yet
        own = list(page.gallery.all())
        album = Album([picture.image_id for picture in own], ITEM_PICTURES)
        page.derive_amounts()
    choices = catalogue.choices(page)
    units = page.units if hasattr(page, "units") else catalogue.units(page)
    price = prices.price_of(page)
    lowest = price_history.lowest_before(page) if page.sale_amount is not None and prices.on_sale(page) else {}
    state = cards.availability(units)
    shots = cards.gallery(page, own, album)
    share = _share(album, own[0].image if own else None)
    trail = shelves.ancestors(page.path)
    description = page.search_description or page.summary
    return {
        "shots": shots,
        "price": cards.price_words(price.amount, page.currency, differ=page.prices_differ) if price else "",
        "list_price": cards.price(price.list_amount, page.currency) if price and price.reduced else "",
        "sale_ends": price.until if price else None,
        "lowest_before": cards.price(lowest[None], page.currency) if price and price.reduced and None in lowest else "",
        "options": cards.options(choices, page.currency, lowest),
        "choices": page.choices,
        "missing": [choice.name for choice in choices if choice.available <= 0],
        "tax_note": cards.tax_note(page),
        "availability": state,
        "most": min(units, 99),
        "trail": trail,
        "related": cards.make_cards(shelves, below),
        "related_chosen": chosen,
        "tags": tags.of(page),
        "canonical": seo.absolute(url),
        "alternates": _item_alternates(page, request),
        "content_language": shelves.language,
        "lang_attribute": languages.attribute(shelves.language),
        "share_picture": share,
        "description": description,
        "structured_data": seo.json_ld(
            [
                seo.product(page, url=url, pictures=[share] if share else [], state=state, choices=choices),
                seo.breadcrumbs(trail, page.title, url),
            ]
        ),
    }


def _related(page: ItemPage, request: HttpRequest) -> tuple[list[int], int]:
    if getattr(request, "is_preview", False):
        return related.of_draft(page)
    return related.related(page) if page.path else ([], 0)


def buy_box(item: ItemPage | None, request: HttpRequest | None) -> dict:
    """An item inside a text: `card` with price and stock as they are now; None if it is not for sale."""
    found = cards.item_cards(tree(request), [item.pk]) if item else []
    return {"card": found[0] if found else None, "chosen": item}


def shelf(item_ids: list[int], request: HttpRequest | None) -> list[cards.Card]:
    """A row of chosen items inside a text; those that are not for sale are left out."""
    return cards.item_cards(tree(request), item_ids)


def results(request: HttpRequest) -> dict:
    """The search page. Raises Http404 for a page that is not."""
    shelves = tree(request)
    # NUL is legal in an address and nowhere else
    text = request.GET.get("q", "").replace("\x00", "").strip()[: search.MAX_LENGTH]
    number = _page_number(request)
    below = shelves.home.path if shelves.home else ""
    tag = filtering.read_tag(request.GET)
    offset = (number - 1) * catalogue.PER_PAGE
    if tag and not text:
        found = _tagged(shelves.home, tag, offset)
    else:
        found = search.search(text, offset=offset, below=below, tag=tag)
    meant = search.suggest(text, below=below) if text and not found.count and not tag else ""
    if meant:
        found = search.search(meant, offset=offset, below=below)
    query = {"q": meant or text} if text else {}
    return {
        "text": text,
        "tag": tag,
        "active": (filtering.Active(tags.name_of(tag) or tag, "?" + urlencode(query)),) if tag else (),
        "tags": [] if tag else _narrower(found.ranked, query),
        "meant": meant,
        "items": cards.marked(cards.item_cards(shelves, found.ids, above_fold=4), search.words(meant or text)),
        "count": found.count,
        "more": bool(text) and found.count >= search.MAX_HITS,
        "paging": _paging(found.count, number, ({"q": text} if text else {}) | ({"tag": tag} if tag else {})),
        "categories": shelves.menu,
        "stories": search.stories(text, below=below) if number == 1 and not tag else [],
    }


def _tagged(home: Shelf | None, tag: str, offset: int) -> search.Found:
    """Everything in the shop that has that word."""
    if home is None:
        return search.Found([], 0)
    return search.Found(*astuple(shelving.shelved(home, filters=filtering.Filters(tag=tag), offset=offset)))


def _narrower(item_ids: Sequence[int], query: dict[str, str]) -> list[dict[str, str | int]]:
    """The words on what was found, each with the address that narrows it down and how many have it."""
    return [
        {"name": word.name, "items": word.items, "url": "?" + urlencode(query | {"tag": word.slug})}
        for word in tags.on_results(item_ids, NARROWER)
        if word.items < len(item_ids)
    ]


def _offered(path: str, chosen: str) -> list[tags.Word]:
    """The words to choose from on a shelf, the chosen one in any case."""
    words = tags.on_shelf(path, lambda: shelving.sample(path))
    if chosen and all(word.slug != chosen for word in words) and (name := tags.name_of(chosen)):
        words = [tags.Word(chosen, name), *words]
    return words


def suggestions(request: HttpRequest) -> list[dict[str, str]]:
    """The first items that the text fits: name, price, address."""
    shelves = tree(request)
    text = request.GET.get("q", "").replace("\x00", "").strip()[: search.MAX_LENGTH]
    found = search.search(text, limit=SUGGESTED, below=shelves.home.path if shelves.home else "")
    return [
        {
            "title": row.title,
            "price": cards.price_words(row.amount, row.currency, differ=row.prices_differ),
            "url": shelves.address(row.url_path),
        }
        for row in catalogue.rows(found.ids)
    ]


def _item_alternates(page: ItemPage, request: HttpRequest) -> list[tuple[str, str]]:
    paths = Translations.read(getattr(page, "translations", ""))
    trees = forest(request).values()
    return seo.alternates({one.language: one.address(paths[one.locale_id]) for one in trees if one.locale_id in paths})


def _share(album: Album, image) -> str:
    made = album.first(image, "share") if image else None
    return seo.absolute(made.url) if made else ""


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    if not (text.isascii() and text.isdigit() and len(text) < 8 and int(text) > 0):
        raise Http404
    return int(text)


def _paging(count: int, number: int, query: dict[str, str]) -> dict | None:
    """Links to the pages around this one; None if there is only one page."""
    paginator = Paginator(range(count), catalogue.PER_PAGE)
    try:
        page = paginator.page(number)
    except InvalidPage:
        raise Http404 from None

    def link(to: int) -> str:
        return "?" + urlencode(query | ({"page": str(to)} if to > 1 else {}))

    if paginator.num_pages == 1:
        return None
    return {
        "number": number,
        "last": paginator.num_pages,
        "previous": link(number - 1) if page.has_previous() else "",
        "next": link(number + 1) if page.has_next() else "",
        "pages": [
            {"number": one, "url": link(one) if isinstance(one, int) else "", "current": one == number}
            for one in paginator.get_elided_page_range(number, on_each_side=1, on_ends=1)
        ],
    }
