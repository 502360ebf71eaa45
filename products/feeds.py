"""The newest items as RSS, for readers and for comparison services."""

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.utils.html import format_html

from . import cards, catalogue, faces
from .models import ItemPage
from .pictures import smallest
from .seo import absolute
from .tree import Tree, tree

NEWEST = 30


class ItemFeed(Feed):
    """Items published last. Addresses start with BASE_URL, whatever host was asked."""

    feed_url = settings.BASE_URL + "/feeds/items.rss"
    link = settings.BASE_URL + "/"

    def get_object(self, request: HttpRequest) -> Tree:
        return tree(request, settings.LANGUAGE_CODE)

    def title(self, shop: Tree) -> str:
        return f"New at {shop.shop_name}"

    def description(self, shop: Tree) -> str:
        return f"The newest items at {shop.shop_name}."

    def items(self, shop: Tree) -> list[tuple]:
        ids = catalogue.newest_ids(NEWEST, below=shop.home.path if shop.home else "")
        pages = ItemPage.objects.defer("description").in_bulk(ids)
        shown = faces.faces(ids)
        made = zip(cards.make_cards(shop, shown), shown, strict=True)
        return [(card, pages[card.id], face) for card, face in made if card.id in pages]

    def item_title(self, entry: tuple) -> str:
        return f"{entry[0].title}, {entry[0].price}"

    def item_link(self, entry: tuple) -> str:
        return absolute(entry[0].url)

    def item_guid(self, entry: tuple) -> str:
        return absolute(f"/item/{entry[0].id}")

    item_guid_is_permalink = True

    def item_description(self, entry: tuple) -> str:
        card, _page, face = entry
        made = smallest(face.cuts, "card")
        text = format_html("<p>{} {}. {}.</p>", card.summary, card.price, card.availability.words)
        return format_html('<p><img src="{}" alt=""></p>{}', absolute(made.url), text) if made else text

    def item_pubdate(self, entry: tuple):
        return entry[1].first_published_at

    def item_updateddate(self, entry: tuple):
        return entry[1].last_published_at
