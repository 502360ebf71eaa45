"""Items that are for sale, and the other public pages; and what there is, for people and for programs."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from rest_framework.renderers import JSONRenderer
from wagtail.api.v2.views import PagesAPIViewSet

from products import catalogue
from products.models import ItemPage

from .openapi import ITEM, document


class PagesEndpoint(PagesAPIViewSet):
    """Public pages. Items have an endpoint of their own."""

    renderer_classes = [JSONRenderer]


class ItemsEndpoint(PagesAPIViewSet):
    """Exactly what the shop sells at this moment: live, public, not expired, with a price that can be paid."""

    renderer_classes = [JSONRenderer]
    name = "items"
    model = ItemPage
    listing_default_fields = [
        *PagesAPIViewSet.listing_default_fields,
        *("summary", "sku", "price", "availability"),
    ]

    def get_base_queryset(self, models=None):
        return catalogue.for_sale()

    def get_queryset(self):
        return catalogue.with_details(super().get_queryset()).select_related("tax", "locale").order_by("id")


@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """For people: what can be asked, and what comes back."""
    fields = [(name, schema.get("description", "")) for name, schema in ITEM["properties"].items()]
    return render(request, "pages/api.html", {"fields": fields, "v3": settings.API_V3, "base": settings.BASE_URL})


@require_safe
def openapi(request: HttpRequest) -> JsonResponse:
    """For programs: the same as OpenAPI 3.1."""
    return JsonResponse(document(settings.BASE_URL))
