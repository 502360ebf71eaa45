"""Headers that tell browsers what they may do with an answer. Every answer has them: pages, files, errors."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from .settings.policies import merged, written

POLICY = "Content-Security-Policy"
ADMIN = ("/admin/", "/django-admin/")
FILES = ("/media/", "/documents/")
NOTHING = "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), usb=()"
PERMISSIONS = f"{NOTHING}, payment=()"
# Apple Pay and Google Pay ask through Stripe's frame.
PERMISSIONS_TO_PAY = f'{NOTHING}, payment=(self "https://js.stripe.com" "https://*.js.stripe.com")'
Handler = Callable[[HttpRequest], HttpResponse]


def kind_of(request: HttpRequest) -> str:
    """Which of settings.POLICIES an answer gets: by its address, and by whether its template offered a payment."""
    path = request.path_info
    if path.startswith(ADMIN) or path in ("/admin", "/django-admin"):
        return "admin"
    if path.startswith(FILES):
        return "files"
    return "payment" if getattr(request, "offers_payment", False) else "public"


class PolicyMiddleware:
    """The content security policy. Inside the page cache, so that a stored page keeps the policy it was made with.

    A view may widen its own answer's by setting `content_policy` (directive → origins) on the response.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.written = {kind: written(directives) for kind, directives in settings.POLICIES.items()}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if POLICY in response:
            return response
        kind = kind_of(request)
        more = getattr(response, "content_policy", None)
        response[POLICY] = written(merged(settings.POLICIES[kind], more)) if more else self.written[kind]
        if kind == "payment":
            response["Permissions-Policy"] = PERMISSIONS_TO_PAY
        return response


class HeadersMiddleware:
    """First in line. Whatever comes back without one of the headers gets it here, answers of other middleware too."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.headers = {
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": settings.X_FRAME_OPTIONS,
            "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
            "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
            "Permissions-Policy": PERMISSIONS,
        }
        if settings.SECURE_HSTS_SECONDS:
            self.headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
        self.policies = {kind: written(directives) for kind, directives in settings.POLICIES.items()}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in self.headers.items():
            if name not in response:
                response[name] = value
        if POLICY not in response:
            response[POLICY] = self.policies[kind_of(request)]
        return response
