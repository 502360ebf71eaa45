"""The language of each answer, and the form with which a visitor chooses another."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from products import languages, tree

# Staff choose theirs in the admin's own account settings.
STAFF = ("/admin/", "/django-admin/")


class LanguageMiddleware:
    """Activates the visitor's language for the request (products.languages says which)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        staff = request.path_info.startswith(STAFF)
        code = settings.LANGUAGE_CODE if staff else languages.language_of(request)
        translation.activate(code)
        request.LANGUAGE_CODE = code  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or code)
        if not staff and languages.split(request.path_info)[0] == settings.LANGUAGE_CODE:
            chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
            patch_vary_headers(response, ("Accept-Language", *(("Cookie",) if chosen else ())))
        return response


@csrf_exempt  # it only sets the visitor's own language, and pages are the same for all: they hold no token
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Remembers the language and leads back: to the page's translation, if the page has one."""
    code = languages.supported(request.POST.get("language", ""))
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None) or not back.startswith("/"):
        back = "/"
    response = HttpResponseRedirect(tree.translated_address(back, code))
    response.status_code = 303
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=languages.COOKIE_AGE,
        samesite="Lax",
        secure=request.is_secure(),
        httponly=True,
    )
    return response
