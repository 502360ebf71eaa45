"""The API over HTTP, the little of it that a browser may use, and the pretend Stripe.js."""

from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from checkout.sandbox import api, cards, intents, keys, params, store
from checkout.sandbox.errors import Refusal, invalid, missing_parameter, unauthorized
from checkout.sandbox.models import SandboxObject
from checkout.sandbox.resources import payment_intents

from . import seen

BROWSER_CONFIRM = {
    "client_secret": params.text(255),
    "key": params.text(255),
    "payment_method": params.text(255),
    "return_url": params.url,
    "receipt_email": params.email,
    "email": params.email,  # of the billing details
    "shipping": payment_intents.SHIPPING,
}


@csrf_exempt  # authenticated by the bearer key, which no browser sends by itself
@never_cache
@require_http_methods(["GET", "POST", "DELETE"])
def mounted_api(request: HttpRequest) -> HttpResponse:
    """`/sandbox/api/v1/…`: what STRIPE_API_BASE=http://host/sandbox/api lets the SDK talk to over the network."""
    body = request.body.decode("utf-8", "replace")
    status, headers, text = api.handle(request.method or "", request.get_full_path(), request.headers, body)
    return HttpResponse(text, status=status, headers=headers)


@csrf_exempt  # authenticated by the intent's client secret, as at Stripe
@never_cache
def browser_intent(request: HttpRequest, intent_id: str, action: str | None = None) -> HttpResponse:
    """`/sandbox/v1/payment_intents/<id>[/confirm]`: what the pretend Stripe.js asks, with the publishable key."""
    if request.method != ("POST" if action else "GET"):
        return HttpResponseNotAllowed(["POST" if action else "GET"])
    try:
        given = params.decode((request.POST if request.method == "POST" else request.GET).urlencode())
        wanted = params.check(given, BROWSER_CONFIRM, ("client_secret", "key"))
        account = _account(wanted["key"])
        result = store.atomically(lambda: _browser_work(account, intent_id, wanted, action))
    except Refusal as refusal:
        result = refusal
    if isinstance(result, Refusal):
        return JsonResponse(result.body, status=result.status)
    return seen.remember(JsonResponse(result), request, intent_id if action else "")


def _account(key: str) -> str:
    account = keys.account_of_publishable(key)
    if account is None:
        raise unauthorized("Invalid API Key provided.")
    return account


def _browser_work(account: str, intent_id: str, wanted: dict, action: str | None) -> dict | Refusal:
    row = store.get(account, intents.KIND, intent_id)
    if wanted["client_secret"] != row.data["client_secret"]:
        raise invalid("The client_secret provided does not match this PaymentIntent.", "client_secret")
    if not action:
        return _public(row)
    for name in ("payment_method", "return_url"):
        if name not in wanted:
            raise missing_parameter(name)
    if row.private["session"]:
        raise invalid("This PaymentIntent belongs to a Checkout Session.")
    card = cards.by_token(wanted["payment_method"])
    result = payment_intents.confirm_row(row, card, wanted)
    return result if isinstance(result, Refusal) else _public(row)


def _public(row: SandboxObject) -> dict:
    """A browser sees neither metadata nor the charge."""
    return {name: value for name, value in row.data.items() if name not in ("metadata", "latest_charge")}


@require_safe
def stripe_js(request: HttpRequest, legacy: bool = False) -> HttpResponse:
    """The pretend Stripe.js; `legacy` adds what the evergreen v3 still has (redirectToCheckout)."""
    names = ["sandbox/stripe.js", *(["sandbox/stripe-legacy.js"] if legacy else [])]
    text = "\n".join(_static(name) for name in names)
    return HttpResponse(
        text, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "public, max-age=300"}
    )


def _static(name: str) -> str:
    path = finders.find(name)
    if path is None:
        raise Http404
    return Path(path).read_text(encoding="utf-8")
