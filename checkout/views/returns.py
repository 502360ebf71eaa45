"""Where Stripe sends the buyer after the payment."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from .. import refusals, settle
from ..models import Attempt
from ..states import AttemptKind
from .http import SeeOther, order_path, params, route


@route("GET")
def checkout_return(request: HttpRequest) -> HttpResponse:
    """Settles what the webhook has not settled yet, then shows the order. Stripe's ids cannot be guessed either."""
    given = params(request)
    session_id, intent_id = given.get("session_id", ""), given.get("payment_intent", "")
    which = Q(pk__in=())
    if session_id:
        which |= Q(stripe_id=session_id)
    if intent_id:
        which |= Q(stripe_id=intent_id) | Q(payment_intent_id=intent_id)
    attempt = Attempt.objects.filter(which).select_related("order").first()
    if attempt is None:
        raise refusals.not_found()
    token = attempt.order.token
    settle.settle_order(order_token=token, session_id=session_id or None, payment_intent_id=intent_id or None)
    if attempt.kind == AttemptKind.INTENT and given.get("redirect_status") == "failed":
        # 3-D Secure was not passed; what the address claims is used for showing only
        return SeeOther(f"/order/pay/{token}?declined=1")
    return SeeOther(f"{order_path(token)}?return=1")
