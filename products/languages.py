"""Languages of the shop's pages. The default language's pages stand at `/…`, a translation's under its code: `/de/…`.

On an address without a code (basket, order, `/item/<id>`) the visitor's cookie says which language the shop speaks,
then the browser's Accept-Language.
"""

from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString

COOKIE_AGE = 365 * 24 * 3600


def codes() -> list[str]:
    """Every language of the shop, the default one first."""
    others = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    return [settings.LANGUAGE_CODE, *others]


def prefix(code: str) -> str:
    """What the addresses of that language's pages begin with: "/" or "/de/"."""
    return "/" if code == settings.LANGUAGE_CODE else f"/{code}/"


def split(path: str) -> tuple[str, str]:
    """A page's address → its language, and the rest of it without slashes around."""
    first, _slash, rest = path.strip("/").partition("/")
    if first in codes()[1:]:
        return first, rest
    return settings.LANGUAGE_CODE, path.strip("/")


def language_of(request: HttpRequest) -> str:
    """What the shop speaks to this visitor on this page. Looks at the address, the cookie and one header."""
    named, _rest = split(request.path_info)
    if named != settings.LANGUAGE_CODE:
        return named
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        return _accepted(request.headers.get("Accept-Language", ""))
    return translation.get_language_from_request(request)


def language_for(path: str, accepted: str) -> str:
    """As language_of, for a visitor without the cookie; `accepted` is the Accept-Language header."""
    named, _rest = split(path)
    return named if named != settings.LANGUAGE_CODE else _accepted(accepted)


@lru_cache(maxsize=512)
def _accepted(header: str) -> str:
    request = HttpRequest()
    request.META["HTTP_ACCEPT_LANGUAGE"] = header
    return translation.get_language_from_request(request)


def attribute(code: str) -> SafeString:
    """` lang="de"` for a page's own texts where the shop speaks another language around them; else nothing."""
    return SafeString("") if code == translation.get_language() else format_html(' lang="{}"', code)


def supported(text: str) -> str:
    """`text` if it is the code of one of the shop's languages, else the default one."""
    return text if text in codes() else settings.LANGUAGE_CODE
