"""Every address of the shop. Each public route answers with and without its last slash."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from storefront import languages, machines, styles
from storefront.health import healthz, readyz

urlpatterns = [
    re_path(r"^healthz/?$", healthz, name="healthz"),
    re_path(r"^readyz/?$", readyz, name="readyz"),
    re_path(r"^tick/?$", machines.tick, name="tick"),
    re_path(r"^metrics/?$", machines.metrics, name="metrics"),
    re_path(r"^language/?$", languages.choose, name="language"),
    path("admin/", include(wagtailadmin_urls)),
    path("django-admin/", admin.site.urls),
    path("documents/", include(wagtaildocs_urls)),
    path("api/", include("products.api.urls")),
    path("", include("checkout.urls")),
    # WhiteNoise does not serve media; with object storage this is never asked. Documents are left to Wagtail's own
    # view, which asks who may read them (a bought download may be among them).
    re_path(r"^media/(?!documents/)(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT}),
    path("", include("products.urls")),
    # `_util/…`; the pages themselves are served above. Their addresses are made here, language code included.
    *i18n_patterns(path("", include(wagtail_urls)), prefix_default_language=False),
]
if settings.DEBUG:
    urlpatterns.insert(0, re_path(r"^styles/?$", styles.styles, name="styles"))
handler400 = "storefront.errors.bad_request"
handler403 = "storefront.errors.forbidden"
handler404 = "storefront.errors.not_found"
handler500 = "storefront.errors.server_error"
