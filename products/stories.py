"""What landing pages and articles show, and where they are listed."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.models import Page

from . import languages, seo
from .models import ArticlePage, LandingPage
from .models.stories import StoryPage
from .pictures import Album
from .tree import Public, Shelf, Tree, translations, tree_of

LISTED = 50  # articles on a landing page


def public() -> QuerySet[Page]:
    """Live landing pages and articles that anybody may read, in the tree's order."""
    types = ContentType.objects.get_for_models(LandingPage, ArticlePage).values()
    return Page.objects.filter(Public("path"), live=True, content_type__in=list(types)).order_by("path")


def landing(page: LandingPage, request: HttpRequest) -> dict:
    """Opening, and the articles below it, the newest first."""
    below = (
        ArticlePage.objects.child_of(page).filter(Public("path"), live=True) if page.pk else ArticlePage.objects.none()
    )
    articles = list(below.select_related("picture").order_by("-first_published_at", "-pk")[:LISTED])
    album = Album([article.picture_id for article in articles], ["card"])
    shelves = tree_of(request, page.locale_id)
    return _story(page, request) | {
        "articles": [
            {
                "title": article.title,
                "introduction": article.introduction,
                "url": shelves.address(article.url_path),
                "picture": album.markup(article.picture, "card", alt=""),
            }
            for article in articles
        ]
    }


def article(page: ArticlePage, request: HttpRequest) -> dict:
    """Opening, trail, and what search engines want to know of an article."""
    context = _story(page, request)
    data = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": page.title,
        "url": context["canonical"],
        **({"author": {"@type": "Person", "name": page.author}} if page.author else {}),
        **({"datePublished": page.first_published_at.isoformat()} if page.first_published_at else {}),
        **({"image": [context["share_picture"]]} if context["share_picture"] else {}),
    }
    url = tree_of(request, page.locale_id).address(page.url_path)
    return context | {"structured_data": seo.json_ld([data, seo.breadcrumbs(context["trail"], page.title, url)])}


def _story(page: StoryPage, request: HttpRequest) -> dict:
    shelves = tree_of(request, page.locale_id)
    url = shelves.address(page.url_path)
    picture = page.picture
    album = Album([picture.id] if picture else [], ["hero", "share"])
    share = album.first(picture, "share") if picture else None
    trail = [*([shelves.home] if shelves.home else []), *_above(page, shelves)]
    return {
        "hero": album.markup(picture, "hero", alt=picture.default_alt_text, eager=True, main=True) if picture else "",
        "share_picture": seo.absolute(share.url) if share else "",
        "trail": trail,
        "canonical": seo.absolute(url),
        "alternates": seo.alternates(translations(request, page.pk)),
        "content_language": shelves.language,
        "lang_attribute": languages.attribute(shelves.language),
        "description": page.search_description or seo.summary(page.introduction),
        "structured_data": seo.json_ld(seo.breadcrumbs(trail, page.title, url)),
    }


def _above(page: StoryPage, shelves: Tree) -> list[Shelf]:
    """The landing page an article stands under, if it does."""
    if len(page.path or "") <= 3 * Page.steplen:
        return []
    rows = LandingPage.objects.filter(path=page.path[: -Page.steplen], live=True)
    return [Shelf(row.pk, row.title, row.path, shelves.address(row.url_path)) for row in rows]
