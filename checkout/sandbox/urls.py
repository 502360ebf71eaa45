"""Routes of the sandbox. Without it there are none: real payments never meet a pretend page."""

from django.conf import settings
from django.urls import re_path

from .views import http, overview, page, secure

_routes = [
    re_path(r"^sandbox/?$", overview.overview, name="sandbox_overview"),
    re_path(r"^sandbox/pay/(?P<session_id>cs_test_\w+)/?$", page.pay, name="sandbox_pay"),
    re_path(r"^sandbox/3ds/(?P<intent_id>pi_\w+)/?$", secure.authenticate, name="sandbox_secure"),
    re_path(r"^sandbox/stripe\.js$", http.stripe_js, name="sandbox_js"),
    re_path(r"^sandbox/v3/stripe\.js$", http.stripe_js, {"legacy": True}, name="sandbox_js_legacy"),
    re_path(
        r"^sandbox/v1/payment_intents/(?P<intent_id>pi_\w+?)(?:/(?P<action>confirm))?/?$",
        http.browser_intent,
        name="sandbox_browser_intent",
    ),
    re_path(r"^sandbox/api/v1/.*$", http.mounted_api, name="sandbox_api"),
]
urlpatterns = _routes if settings.STRIPE_SANDBOX else []
