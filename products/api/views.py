"""Items that are for sale, and the other public pages; and what there is, for people and for programs."""

from collections.abc import Sequence

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from rest_framework.filters import BaseFilterBackend
from rest_framework.renderers import JSONRenderer
from wagtail.api.v2.filters import SearchFilter
from wagtail.api.v2.pagination import WagtailPagination
from wagtail.api.v2.views import PagesAPIViewSet

from products import catalogue, search, shelving
from products.models import ItemPage

from .openapi import ITEM, document


class PagesEndpoint(PagesAPIViewSet):
    """Public pages. Items have an endpoint of their own."""

    renderer_classes = [JSONRenderer]


class ItemSearch(BaseFilterBackend):
    """`?search=`: what the shop's own search finds, the best first unless another order is asked for.

    The stock one ranks every hit: of 100,000 items ten thousand.
    """

    def filter_queryset(self, request, queryset: QuerySet, view) -> QuerySet:
        if "search" not in request.GET:
            return queryset
        view.found = search.search(request.GET["search"].replace("\x00", ""), limit=search.MAX_HITS).ids
        return queryset.filter(pk__in=view.found)


PAGING = {"limit", "offset", "fields"}  # parameters that leave the list as it is


class ItemPagination(WagtailPagination):
    """Of an unfiltered list the page's ids come out of those that are kept: to count 100,000 items and to leave out
    those before `offset` took half a second. What a search found is brought into its order here: a database told the
    place of each of 240 hits took 30 ms to read the question.
    """

    def paginate_queryset(self, queryset: QuerySet, request, view):
        given = set(request.GET)
        if view.found and "order" not in given:
            best = view.found
            if not given <= PAGING | {"search"}:
                fitting = set(queryset.order_by().values_list("pk", flat=True))
                best = [pk for pk in view.found if pk in fitting]
            page = queryset.in_bulk(list(super().paginate_queryset(_Ids(best), request, view)))
            return [page[pk] for pk in best if pk in page]
        if not given <= PAGING:
            return super().paginate_queryset(queryset, request, view)
        return queryset.filter(pk__in=list(super().paginate_queryset(_Ids(shelving.everything()), request, view)))


class _Ids:
    """As much of a queryset as a page of it needs."""

    def __init__(self, ids: Sequence[int]) -> None:
        self._ids = ids

    def count(self) -> int:
        return len(self._ids)

    def __getitem__(self, part: slice) -> Sequence[int]:
        return self._ids[part]


class ItemsEndpoint(PagesAPIViewSet):
    """Exactly what the shop sells at this moment: live, public, not expired, with a price that can be paid."""

    renderer_classes = [JSONRenderer]
    filter_backends = [ItemSearch if one is SearchFilter else one for one in PagesAPIViewSet.filter_backends]
    pagination_class = ItemPagination
    found: Sequence[int] = ()  # by a search, the best first
    name = "items"
    model = ItemPage
    listing_default_fields = [
        *PagesAPIViewSet.listing_default_fields,
        *("summary", "sku", "price", "availability"),
    ]

    def get_base_queryset(self, models=None):
        return catalogue.for_sale()

    def get_queryset(self):
        # the stock one asks for items whose id is among all that are for sale
        items = super().get_queryset() if "type" in self.request.GET else catalogue.for_sale()
        return catalogue.with_details(items).select_related("tax", "locale").order_by("id")


@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """For people: what can be asked, and what comes back."""
    fields = [(name, schema.get("description", "")) for name, schema in ITEM["properties"].items()]
    return render(request, "pages/api.html", {"fields": fields, "v3": settings.API_V3, "base": settings.BASE_URL})


@require_safe
def openapi(request: HttpRequest) -> JsonResponse:
    """For programs: the same as OpenAPI 3.1."""
    return JsonResponse(document(settings.BASE_URL))
