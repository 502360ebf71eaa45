"""Which payments this browser has made: a signed cookie, so that strangers do not see each other's on a public demo."""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "sandbox_seen"
KEPT = 20


def intents(request: HttpRequest) -> list[str]:
    """Ids of payment intents, newest first."""
    try:
        return list(signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE))
    except (signing.BadSignature, ValueError, TypeError):
        return []


def remember(answer: HttpResponse, request: HttpRequest, intent_id: str) -> HttpResponse:
    known = intents(request)
    if intent_id and intent_id not in known:
        value = signing.dumps([intent_id, *known][:KEPT], salt=COOKIE)
        secure = settings.BASE_URL.startswith("https://")
        answer.set_cookie(COOKIE, value, max_age=86400, path="/sandbox/", httponly=True, secure=secure, samesite="Lax")
    return answer
