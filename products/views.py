"""Public pages that are not served by Wagtail's tree walk."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe
from wagtail.models import Page
from wagtail.views import serve

from . import catalogue, languages, seo, showing
from .merchant import feed
from .models import CategoryPage, HomePage, ItemPage
from .prepared import Prepared
from .tree import forest, tree


@require_safe
def item(request: HttpRequest, item_id: str) -> HttpResponse:
    """`/item/<id>`: the item's page under an address that never changes."""
    try:
        page = catalogue.item_for_sale(int(item_id))
    except catalogue.ItemNotFound:
        raise Http404 from None
    return _item_page(request, page)


def page(request: HttpRequest, path: str) -> HttpResponse:
    """A page's own address, with or without the last slash.

    Home page and shelves are found in the tree, items by one query rather than by Wagtail's walk down the tree, which
    takes two for each level; and a hidden one is a plain 404, where Wagtail would show a log-in form. Everything else
    is Wagtail's.
    """
    language, rest = languages.split(path)
    shelves = tree(request, language)
    if shelves.language != language:
        raise Http404
    address = shelves.home_url + (f"{rest}/" if rest else "")
    shelf = next((one for one in shelves.all() if one.url == address), None)
    try:
        found = catalogue.item_at(f"{shelves.root}{rest}/") if rest and not shelf else None
    except catalogue.ItemNotFound:
        raise Http404 from None
    if (found or shelf) and request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    if found:
        return _item_page(request, found)
    if shelf:
        model: type[Page] = HomePage if shelf is shelves.home else CategoryPage
        pages = _shelf_pages[model].objects(model, page_id=shelf.id)
        if not pages:  # deleted since the shelves were read
            raise Http404
        return pages[0].serve(request)
    with translation.override(language):  # Wagtail walks down the active language's tree, and remembers the page
        Page.route_for_request(request, rest)
    return serve(request, rest)


_shelf_pages = {
    model: Prepared(lambda page_id, model=model: model.objects.filter(pk=page_id).order_by(), page_id=int)
    for model in (HomePage, CategoryPage)
}


def _item_page(request: HttpRequest, page: ItemPage) -> HttpResponse:
    return render(request, ItemPage.template, {"page": page, "self": page, **showing.item(page, request)})


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`/search/?q=…&page=…`"""
    return render(request, "pages/search.html", showing.results(request))


@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """`/search/suggest/?q=…`: what the search box offers while somebody types."""
    return JsonResponse({"suggestions": showing.suggestions(request)})


@require_safe
def merchant(request: HttpRequest) -> StreamingHttpResponse:
    """`/feeds/merchant.xml`: the default language's items for comparison services."""
    lines = feed(tree(request, settings.LANGUAGE_CODE))
    return StreamingHttpResponse(lines, content_type="application/xml; charset=utf-8")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """`/robots.txt`"""
    return HttpResponse(seo.robots(), content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> StreamingHttpResponse:
    """`/sitemap.xml`: one file, or for a large shop an index of files (`?p=1` …)."""
    pages = seo.sitemap_pages()
    wanted = request.GET.get("p", "")
    if wanted and not (wanted.isascii() and wanted.isdigit() and len(wanted) < 8 and 1 <= int(wanted) <= pages):
        raise Http404
    lines = seo.sitemap_index(pages) if not wanted and pages > 1 else seo.sitemap(forest(request), int(wanted or 1))
    return StreamingHttpResponse(lines, content_type="application/xml; charset=utf-8")
