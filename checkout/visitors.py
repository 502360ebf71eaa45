"""Who asks: the shop's signed cookie, or without one the client's address. And what kind of request it is."""

import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

COOKIE = "visitor"
SALT = "checkout.visitor"
YEAR = 365 * 24 * 3600
# Marks orders made before the visitor had the cookie: those are counted for the address.
FIRST = "~"


@dataclass(frozen=True, slots=True)
class Visitor:
    """`id` goes into the cookie. It begins with a keyed hash of the address it was given out to."""

    id: str
    is_new: bool

    @property
    def _address(self) -> str:
        return self.id.split(".")[0]

    @property
    def identity(self) -> str:
        """What limits are counted by. Without a cookie every request is new, so the address it is."""
        return self._address if self.is_new else self.id

    @property
    def owner(self) -> str:
        """What is written on this visitor's orders (Order.visitor)."""
        return FIRST + self.id if self.is_new else self.id

    @property
    def owners(self) -> tuple[str, ...]:
        """What stands on orders that are surely this visitor's. Not the address: people share one."""
        return (self.id, FIRST + self.id)

    @property
    def address_prefix(self) -> str:
        """How the owner of every order begins that was made from this address without a cookie."""
        return f"{FIRST}{self._address}."


def visitor_of(request: HttpRequest) -> Visitor:
    """The visitor by the cookie, or a new one. A cookie that we did not sign counts as none."""
    known = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=YEAR)
    if known and len(known) < 60:
        return Visitor(known, is_new=False)
    address = salted_hmac(SALT, request.META.get("REMOTE_ADDR", ""), algorithm="sha256").hexdigest()[:16]
    return Visitor(f"{address}.{secrets.token_urlsafe(16)}", is_new=True)


def remember(request: HttpRequest, response: HttpResponse, visitor: Visitor) -> None:
    """Gives a new visitor the cookie."""
    if visitor.is_new:
        response.set_signed_cookie(
            COOKIE, visitor.id, salt=SALT, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure()
        )


def is_prefetch(request: HttpRequest) -> bool:
    """The browser looks ahead; nobody has clicked."""
    said = " ".join(request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")).lower()
    return any(word in said for word in ("prefetch", "preview", "prerender"))


def is_foreign_post(request: HttpRequest) -> bool:
    """A POST that another site's page sends. Programs name neither header and are let through."""
    if request.method != "POST":
        return False
    site = request.headers.get("Sec-Fetch-Site", "").lower()
    if site in ("same-origin", "none"):
        return False
    if site == "cross-site":
        return True
    origin = request.headers.get("Origin")
    if not origin:
        return False
    try:
        host = urlsplit(origin).netloc.lower()
    except ValueError:
        return True
    return host not in {request.get_host().lower(), urlsplit(settings.BASE_URL).netloc.lower()}
