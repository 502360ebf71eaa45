"""Finding an order again. The answer never tells whether there is one; the mail does."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from .. import mails, ratelimit, refusals, visitors
from ..models import Order, OutboxMail
from .buy import refuse_foreign_post
from .http import params, route

SENT = gettext_lazy("If there is an order with that number and address, a mail with its link is on its way.")


class ThenMail(HttpResponse):
    """Sends due mail when the answer has gone out, so that its time does not tell whether there was an order."""

    def close(self) -> None:
        super().close()
        mails.send_outbox(limit=5)


@route("GET", "POST")
def order_find(request: HttpRequest) -> HttpResponse:
    """The form, and its one neutral answer."""
    if request.method != "POST":
        return render(request, "checkout/find.html", {"notice": ""})
    refuse_foreign_post(request)
    visitor = visitors.visitor_of(request)
    ratelimit.check("find", visitor.identity, 10, 60)
    given = params(request)
    number, email = given.get("number", "").strip(), given.get("email", "").strip()
    try:
        validate_email(email)
    except ValidationError:
        raise refusals.bad_request(
            gettext("Please give the order’s number and the e-mail address it was bought with.")
        ) from None
    order = Order.objects.filter(number=number.upper()[:16], email__iexact=email[:254]).first() if number else None
    if order is not None:
        _queue(order)
    response = ThenMail(render_to_string("checkout/find.html", {"notice": SENT}, request))
    visitors.remember(request, response, visitor)
    return response


def _queue(order: Order) -> None:
    """At most one such mail an order in ten minutes: nobody's mailbox is filled by strangers."""
    key = f"find:{order.pk}:{int(timezone.now().timestamp()) // 600}"
    OutboxMail.objects.get_or_create(dedupe_key=key, defaults={"kind": "find", "order": order, "to": order.email})
