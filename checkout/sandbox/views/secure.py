"""The pretend bank's 3-D Secure page, for Checkout Sessions and payment intents alike."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from checkout.sandbox import events, intents, paying, store
from checkout.sandbox.errors import Refusal
from checkout.sandbox.models import SandboxObject

from . import speaking
from .page import private, success_url, webhook_choice


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def authenticate(request: HttpRequest, intent_id: str) -> HttpResponse:
    """Asks the buyer to authorise or fail; ends in 303 to the shop, or back at the payment page."""
    intent = SandboxObject.objects.filter(kind=intents.KIND, stripe_id=intent_id).first()
    if intent is None:
        raise Http404
    speaking.speak(_session_of(intent))
    if request.method == "POST" and intent.data["status"] == "requires_action":
        try:
            with events.webhooks(webhook_choice(request)):
                intent = paying.authenticate(
                    intent.account, intent_id, passed=request.POST.get("action") == "authorise"
                )
        except Refusal:  # expired, or answered in another window
            intent.refresh_from_db()
    if intent.data["status"] != "requires_action":
        return _onwards(intent)
    code = intent.data["currency"].upper()
    context = {"amount": speaking.money(intent.data["amount"], code), "webhook": webhook_choice(request)}
    answer = render(request, "sandbox/secure.html", context)
    return private(answer)


def _session_of(intent: SandboxObject) -> SandboxObject | None:
    """None for the intent of the shop's own payment page."""
    session_id = intent.private["session"]
    return store.get(intent.account, paying.SESSION, session_id) if session_id else None


def _onwards(intent: SandboxObject) -> HttpResponse:
    session = _session_of(intent)
    if session is None:
        return _see_other(return_address(intent))
    if session.data["status"] == "complete":
        return _see_other(success_url(session))
    return _see_other(f"/sandbox/pay/{session.stripe_id}/?declined=1")


def return_address(intent: SandboxObject) -> str:
    """The shop's return_url with what Stripe appends to it."""
    failed = intent.data["status"] == "requires_payment_method"
    query = {
        "payment_intent": intent.stripe_id,
        "payment_intent_client_secret": intent.data["client_secret"],
        "redirect_status": "failed" if failed else "succeeded",
    }
    url = intent.private["return_url"] or "/"
    return url + ("&" if "?" in url else "?") + urlencode(query)


def _see_other(url: str) -> HttpResponse:
    answer = redirect(url)
    answer.status_code = 303
    return answer
