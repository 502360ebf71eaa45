"""Disputes: read, and closed by accepting them. They are opened by the bank: see `charging.open_dispute`."""

from checkout.sandbox import charging, listing, params, store
from checkout.sandbox.call import Call
from checkout.sandbox.errors import invalid

KIND = "dispute"


def retrieve(call: Call, dispute_id: str) -> dict:
    call.checked({})
    return store.get(call.account, KIND, dispute_id).data


def list_all(call: Call) -> dict:
    wanted = call.checked({**listing.TABLE, "charge": params.text(255), "payment_intent": params.text(255)})
    rows = listing.objects(call.account, KIND)
    if "charge" in wanted:
        rows = rows.filter(data__charge=wanted["charge"])
    if "payment_intent" in wanted:
        rows = rows.filter(parent=wanted["payment_intent"])
    return listing.page(rows, wanted, "/v1/disputes")


def close(call: Call, dispute_id: str) -> dict:
    """The shop gives in: the dispute is lost."""
    call.checked({})
    row = store.get(call.account, KIND, dispute_id)
    if row.data["status"] in ("won", "lost"):
        raise invalid("This dispute is already closed.")
    charging.close_dispute(row, won=False)
    return row.data


ROUTES = [
    ("GET", "/v1/disputes", list_all),
    ("GET", "/v1/disputes/([^/]+)", retrieve),
    ("POST", "/v1/disputes/([^/]+)/close", close),
]
