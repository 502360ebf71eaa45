"""The hosted payment page: what the buyer sees instead of checkout.stripe.com."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from checkout.sandbox import cards, events, intents, paying, store
from checkout.sandbox.errors import Refusal
from checkout.sandbox.models import SandboxObject
from checkout.sandbox.resources import sessions

from . import presenting, seen, speaking

# the buttons of the page → the test card behind them; "pay" takes the card chosen under "For developers"
BUTTONS = {
    "decline": "pm_card_chargeDeclined",
    "secure": "pm_card_authenticationRequired",
    "later": "pm_usBankAccount",
}
ADDRESS = ("name", "line1", "postal_code", "city", "country")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, session_id: str) -> HttpResponse:
    """Shows the session and takes the buyer's choice; ends in 303 to the shop or to the 3-D Secure page."""
    session = _session(session_id)
    speaking.speak(session)
    if session.data["status"] != "open":
        return _closed(request, session)
    if request.method != "POST":
        return _page(request, session, notice=_last_refusal(session) if "declined" in request.GET else "")
    action = request.POST.get("action", "")
    if action == "cancel":
        return _see_other(session.data["cancel_url"] or "/")
    token = BUTTONS.get(action) or request.POST.get("card") or "pm_card_visa"
    email, address = _email(request, session), _address(request, session)
    errors = {}
    if not email:
        errors["email"] = gettext("Please give an e-mail address, like name@example.com.")
    if address is not None and not all(address.values()):
        errors["address"] = gettext("Fill in every line of the delivery address.")
    if errors or token not in cards.BY_TOKEN:
        return _page(request, session, errors=errors, status=422)
    shipping = _shipping_details(address)
    return _submit(request, session, token, email=email, shipping=shipping)


def _session(session_id: str) -> SandboxObject:
    row = SandboxObject.objects.filter(kind=sessions.KIND, stripe_id=session_id).first()
    if row is None:
        raise Http404
    return sessions.current(row.account, row.stripe_id)


def _submit(request: HttpRequest, session: SandboxObject, token: str, *, email: str, shipping) -> HttpResponse:
    when = webhook_choice(request)
    try:
        with events.webhooks(when):
            intent = paying.pay(
                session.account, session.stripe_id, cards.BY_TOKEN[token], email=email, shipping=shipping
            )
    except Refusal:  # expired or paid in another window a moment ago
        return _closed(request, _session(session.stripe_id))
    status = intent.data["status"] if intent else "succeeded"
    if intent and status == "requires_action":
        answer = _see_other(f"/sandbox/3ds/{intent.stripe_id}/?webhook={when}")
    elif status == "requires_payment_method":
        session.refresh_from_db()
        answer = _page(request, session, notice=_last_refusal(session), status=402)
    else:
        answer = _see_other(success_url(session))
    return seen.remember(answer, request, intent.stripe_id if intent else "")


def _last_refusal(session: SandboxObject) -> str:
    """Why the last try failed; empty if there was none."""
    if not session.data["payment_intent"]:
        return ""
    intent = store.get(session.account, intents.KIND, session.data["payment_intent"])
    return speaking.refusal((intent.data["last_payment_error"] or {}).get("message", ""))


def webhook_choice(request: HttpRequest) -> events.Webhook:
    chosen = request.POST.get("webhook") or request.GET.get("webhook", "")
    return events.Webhook(chosen) if chosen in events.Webhook.values else events.Webhook.AFTER


def success_url(session: SandboxObject) -> str:
    return session.data["success_url"].replace("{CHECKOUT_SESSION_ID}", session.stripe_id)


def _email(request: HttpRequest, session: SandboxObject) -> str:
    """An address the shop has given is locked, as at Stripe. Empty if what was typed is not one."""
    email = session.data["customer_email"] or request.POST.get("email", "").strip()
    try:
        validate_email(email)
    except ValidationError:
        return ""
    return email


def _address(request: HttpRequest, session: SandboxObject) -> dict[str, str] | None:
    collected = session.data["shipping_address_collection"]
    if not collected:
        return None
    address = {name: request.POST.get(name, "").strip()[:200] for name in ADDRESS}
    if address["country"] not in collected["allowed_countries"]:
        address["country"] = ""
    return address


def _shipping_details(address: dict[str, str] | None) -> dict | None:
    if address is None:
        return None
    rest = {name: value for name, value in address.items() if name != "name"}
    return {"name": address["name"], "address": {**rest, "line2": None, "state": None}}


def _context(request: HttpRequest, session: SandboxObject) -> dict[str, object]:
    return presenting.session(session) | {"merchant": presenting.merchant(request)}


def _page(request: HttpRequest, session: SandboxObject, *, notice: str = "", errors=None, status=200) -> HttpResponse:
    context = _context(request, session) | {
        "layout": "two",
        "notice": notice,
        "errors": errors or {},
        "typed": request.POST,
    }
    answer = render(request, "sandbox/pay.html", context, status=status)
    target = urlsplit(session.data["success_url"])
    if target.netloc != request.get_host():
        # the policy's form-action also covers where the 303 leads
        vars(answer)["content_policy"] = {"form-action": [f"{target.scheme}://{target.netloc}"]}
    return private(answer)


def _closed(request: HttpRequest, session: SandboxObject) -> HttpResponse:
    paid = session.data["status"] == "complete"
    way_out = success_url(session) if paid else session.data["cancel_url"] or "/"
    context = _context(request, session) | {"paid": paid, "way_out": way_out}
    return private(render(request, "sandbox/closed.html", context, status=200 if paid else 410))


def private(answer: HttpResponse) -> HttpResponse:
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _see_other(url: str) -> HttpResponse:
    answer = redirect(url)
    answer.status_code = 303
    return answer
