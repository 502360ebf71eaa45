"""`/sandbox/`: what the buyer's bank and the clock would do later, on buttons."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from checkout.sandbox import charging, delivery, intents, paying, store
from checkout.sandbox.errors import Refusal
from checkout.sandbox.models import DeliveryStatus, SandboxDelivery, SandboxObject
from checkout.sandbox.resources import refunds
from products.money import format_money

from . import presenting, seen
from .page import private

SHOWN = 30


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    """Recent payments of this browser (all of them for staff and in development) and what can happen to them."""
    translation.activate("en")  # it is for developers
    if request.method == "POST":
        _act(request)
        answer = redirect("sandbox_overview")
        answer.status_code = 303
        return answer
    sees_all = _sees_all(request)
    payments = [_payment(row) for row in _visible(request)[:SHOWN]]
    waiting = SandboxDelivery.objects.filter(status=DeliveryStatus.WAITING).count() if sees_all else 0
    context = {
        "merchant": presenting.merchant(request),
        "payments": payments,
        "sees_all": sees_all,
        "waiting": waiting,
        "layout": "wide",
    }
    return private(render(request, "sandbox/overview.html", context))


def _sees_all(request: HttpRequest) -> bool:
    return settings.DEBUG or bool(getattr(request.user, "is_staff", False))


def _visible(request: HttpRequest) -> QuerySet[SandboxObject]:
    rows = SandboxObject.objects.filter(kind=intents.KIND).order_by("-pk")
    return rows if _sees_all(request) else rows.filter(stripe_id__in=seen.intents(request))


def _act(request: HttpRequest) -> None:
    action = request.POST.get("action", "")
    if action == "deliver" and _sees_all(request):
        delivery.deliver_due(timezone.now() + timedelta(days=1))
        return
    intent = _visible(request).filter(stripe_id=request.POST.get("intent", "")).first()
    if intent is None or action not in _ACTIONS:
        return
    try:
        _ACTIONS[action](intent)
    except Refusal:
        return  # it happened in another window already; the page shows the present state


def _open_dispute(intent: SandboxObject) -> None:
    store.atomically(lambda: charging.open_dispute(store.get(intent.account, "charge", intent.data["latest_charge"])))


def _close_dispute(intent: SandboxObject, *, won: bool) -> None:
    def work() -> None:
        row = SandboxObject.objects.filter(kind="dispute", parent=intent.stripe_id).last()
        if row is not None and row.data["status"] == "needs_response":
            charging.close_dispute(row, won=won)

    store.atomically(work)


def _finish_refunds(intent: SandboxObject) -> None:
    for row in SandboxObject.objects.filter(kind=refunds.KIND, parent=intent.stripe_id, due_at__isnull=False):
        refunds.finish(row.account, row.stripe_id)


_ACTIONS = {
    "settle": lambda intent: paying.settle_delayed(intent.account, intent.stripe_id, succeeds=True),
    "fail": lambda intent: paying.settle_delayed(intent.account, intent.stripe_id, succeeds=False),
    "dispute": _open_dispute,
    "dispute_won": lambda intent: _close_dispute(intent, won=True),
    "dispute_lost": lambda intent: _close_dispute(intent, won=False),
    "finish_refunds": _finish_refunds,
}


def _payment(intent: SandboxObject) -> dict[str, object]:
    related = SandboxObject.objects.filter(parent=intent.stripe_id)
    dispute = related.filter(kind="dispute").last()
    refunded = list(related.filter(kind=refunds.KIND))
    code = intent.data["currency"].upper()
    return {
        "id": intent.stripe_id,
        "currency": code,
        "amount": format_money(intent.data["amount"], code),
        "status": intent.data["status"].replace("_", " "),
        "created": datetime.fromtimestamp(intent.created, UTC),
        "refunded": format_money(sum(row.data["amount"] for row in refunded if row.data["status"] != "failed"), code)
        if refunded
        else "",
        "dispute": dispute.data["status"].replace("_", " ") if dispute else "",
        "actions": _offered(intent, dispute, refunded),
    }


def _offered(intent: SandboxObject, dispute: SandboxObject | None, refunded: list[SandboxObject]) -> list[tuple]:
    if intent.data["status"] == "processing":
        return [("settle", "Let the payment succeed"), ("fail", "Let the payment fail")]
    if dispute is not None and dispute.data["status"] == "needs_response":
        return [("dispute_won", "Decide the dispute for the shop"), ("dispute_lost", "… for the buyer")]
    offered = []
    if any(row.due_at is not None for row in refunded):
        offered.append(("finish_refunds", "Finish the refund now"))
    if intent.data["status"] == "succeeded" and dispute is None:
        offered.append(("dispute", "Dispute it, as the buyer's bank"))
    return offered
