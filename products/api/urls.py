"""`/api/`: the description; `/api/v2/`: the catalogue; `/api/v3/` only where it is turned on."""

from django.conf import settings
from django.urls import path
from wagtail.api.v2.router import WagtailAPIRouter

from . import views

router = WagtailAPIRouter("wagtailapi")
router.register_endpoint("items", views.ItemsEndpoint)
router.register_endpoint("pages", views.PagesEndpoint)

urlpatterns = [
    path("", views.description, name="api"),
    path("openapi.json", views.openapi, name="openapi"),
    path("v2/", router.urls),
]
if settings.API_V3:
    from wagtail.api.v3.urls import api

    urlpatterns.append(path("v3/", api.urls))
