"""`/v1/events`: what happened, newest first, for 30 days."""

from django.db.models import Exists, OuterRef

from checkout.sandbox import listing, params, store
from checkout.sandbox.call import Call
from checkout.sandbox.errors import invalid, missing_object
from checkout.sandbox.models import DeliveryStatus, SandboxDelivery, SandboxEvent

KEPT = 30 * 24 * 3600
TABLE = {
    **listing.TABLE,
    "delivery_success": params.boolean,
    "type": params.text(80),
    "types": params.listing(params.text(80), 20),
}


def retrieve(call: Call, event_id: str) -> dict:
    call.checked({})
    event = _kept(call.account).filter(event_id=event_id).first()
    if event is None:
        raise missing_object("event", event_id)
    return event.body


def list_all(call: Call) -> dict:
    wanted = call.checked(TABLE)
    if "type" in wanted and "types" in wanted:
        raise invalid("You may only specify one of these parameters: type, types.", "types")
    rows = _kept(call.account)
    if "type" in wanted:
        stem, star, _ = wanted["type"].partition("*")
        rows = rows.filter(type__startswith=stem) if star else rows.filter(type=stem)
    if "types" in wanted:
        rows = rows.filter(type__in=wanted["types"])
    if "delivery_success" in wanted:
        copies = SandboxDelivery.objects.filter(event=OuterRef("pk"))
        missing = copies.exclude(status=DeliveryStatus.DELIVERED)
        arrived = Exists(copies) & ~Exists(missing)
        rows = rows.filter(arrived if wanted["delivery_success"] else ~arrived)
    return listing.page(rows, wanted, "/v1/events")


def _kept(account: str):
    return SandboxEvent.objects.filter(account=account, created__gt=store.now() - KEPT)


ROUTES = [("GET", "/v1/events", list_all), ("GET", "/v1/events/([^/]+)", retrieve)]
