"""Charges: made by a payment intent, read-only here."""

from checkout.sandbox import listing, params, store
from checkout.sandbox.call import Call

KIND = "charge"


def retrieve(call: Call, charge_id: str) -> dict:
    call.checked({})
    return store.get(call.account, KIND, charge_id).data


def list_all(call: Call) -> dict:
    wanted = call.checked({**listing.TABLE, "payment_intent": params.text(255)})
    rows = listing.objects(call.account, KIND)
    if "payment_intent" in wanted:
        rows = rows.filter(parent=wanted["payment_intent"])
    return listing.page(rows, wanted, "/v1/charges")


ROUTES = [("GET", "/v1/charges", list_all), ("GET", "/v1/charges/([^/]+)", retrieve)]
