"""Checkout Sessions: https://docs.stripe.com/api/checkout/sessions ."""

from checkout.sandbox import listing, params, paying, store
from checkout.sandbox.call import Call
from checkout.sandbox.models import SandboxObject

from . import session_build, session_params

KIND = paying.SESSION
STATUSES = params.choice("open", "complete", "expired")


def create(call: Call) -> dict:
    data, private = session_build.build(call.account, session_params.checked(call))
    return store.create(call.account, KIND, data, private=private, due_at=data["expires_at"]).data


def retrieve(call: Call, session_id: str) -> dict:
    call.checked({})
    return current(call.account, session_id).data


def update(call: Call, session_id: str) -> dict:
    wanted = call.checked({"metadata": params.metadata})
    row = store.get(call.account, KIND, session_id)
    row.data["metadata"] = params.merge_metadata(row.data["metadata"], wanted.get("metadata", row.data["metadata"]))
    store.save(row)
    return row.data


def expire(call: Call, session_id: str) -> dict:
    call.checked({})
    row = current(call.account, session_id)
    paying.expire(row)
    return row.data


def list_all(call: Call) -> dict:
    wanted = call.checked({**listing.TABLE, "payment_intent": params.text(255), "status": STATUSES})
    expire_due(call.account)
    rows = listing.objects(call.account, KIND)
    if "payment_intent" in wanted:
        rows = rows.filter(parent=wanted["payment_intent"])
    if "status" in wanted:
        rows = rows.filter(data__status=wanted["status"])
    return listing.page(rows, wanted, "/v1/checkout/sessions")


def line_items(call: Call, session_id: str) -> dict:
    wanted = call.checked({"limit": params.integer(1, 100), "starting_after": params.text(255)})
    lines = store.get(call.account, KIND, session_id).private["lines"]
    ids = [line["id"] for line in lines]
    first = ids.index(wanted["starting_after"]) + 1 if wanted.get("starting_after") in ids else 0
    limit = wanted.get("limit", 10)
    return {
        "object": "list",
        "url": f"/v1/checkout/sessions/{session_id}/line_items",
        "has_more": len(lines) > first + limit,
        "data": lines[first : first + limit],
    }


def current(account: str, session_id: str) -> SandboxObject:
    """The session as it is now: one whose time is up expires when it is looked at."""
    row = store.get(account, KIND, session_id)
    if row.data["status"] == "open" and row.data["expires_at"] <= store.now():
        _expire_late(row)
        row = store.get(account, KIND, session_id)
    return row


def expire_due(account: str | None = None) -> int:
    """Expires every session whose time is up; returns how many."""
    late = SandboxObject.objects.filter(kind=KIND, due_at__lte=store.now())
    rows = list(late.filter(account=account) if account else late)
    for row in rows:
        _expire_late(row)
    return len(rows)


def _expire_late(row: SandboxObject) -> None:
    def work() -> None:
        fresh = store.get(row.account, KIND, row.stripe_id)
        if fresh.data["status"] == "open":
            paying.expire(fresh)

    store.atomically(work)


ROUTES = [
    ("POST", "/v1/checkout/sessions", create),
    ("GET", "/v1/checkout/sessions", list_all),
    ("GET", "/v1/checkout/sessions/([^/]+)/line_items", line_items),
    ("POST", "/v1/checkout/sessions/([^/]+)/expire", expire),
    ("GET", "/v1/checkout/sessions/([^/]+)", retrieve),
    ("POST", "/v1/checkout/sessions/([^/]+)", update),
]
