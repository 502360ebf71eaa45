"""A Checkout Session: the buyer pays on Stripe's own page."""

from dataclasses import dataclass

from .. import session_params
from ..gateway.accounts import account_for
from ..models import Order
from ..refusals import order_closed
from ..states import AttemptKind
from .driving import attempt_for


@dataclass(frozen=True, slots=True)
class Started:
    """Where the buyer goes. `session_id` None: nothing is to be paid and the order is paid already."""

    order_id: str
    session_id: str | None
    url: str
    publishable_key: str


def start(order_token: str, known: Order | None = None) -> Started:
    """Open the payment page of an order (`known`, if just read), or give the one that is open. Raises Refused."""
    attempt = attempt_for(order_token, AttemptKind.SESSION, known)
    if attempt is None:
        order = Order.objects.get(token=order_token)
        account = account_for(order.currency)
        return Started(order.token, None, session_params.order_page(order), account.publishable_key)
    if not attempt.url:
        raise order_closed()
    account = account_for(attempt.keypair)
    return Started(order_token, attempt.stripe_id, attempt.url, account.publishable_key)
