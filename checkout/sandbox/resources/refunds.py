"""Refunds: https://docs.stripe.com/api/refunds ."""

from checkout.sandbox import events, listing, params, store
from checkout.sandbox.call import Call
from checkout.sandbox.currencies import check_step
from checkout.sandbox.errors import Refusal, invalid, missing_parameter
from checkout.sandbox.models import SandboxObject

KIND = "refund"
LATER = 20  # seconds until the refund of a special test card changes its mind
FINAL = ("failed", "canceled")
CREATE = {
    "amount": params.integer(1),
    "charge": params.text(255),
    "metadata": params.metadata,
    "payment_intent": params.text(255),
    "reason": params.choice("duplicate", "fraudulent", "requested_by_customer"),
}


def create(call: Call) -> dict:
    wanted = call.checked(CREATE)
    charge = _charge(call.account, wanted)
    left = charge.data["amount_captured"] - charge.data["amount_refunded"]
    if charge.data["disputed"]:
        raise Refusal(400, f"Charge {charge.stripe_id} has been charged back; cannot refund.", code="charge_disputed")
    if not left:
        raise invalid(f"Charge {charge.stripe_id} has already been refunded.", code="charge_already_refunded")
    amount = wanted.get("amount", left)
    check_step(amount, charge.data["currency"], "amount")
    if amount > left:
        raise invalid(f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", "amount")
    card = charge.private["card"]
    data = {
        "id": store.new_id("re_3"),
        "object": KIND,
        "amount": amount,
        "balance_transaction": store.new_id("txn_3"),
        "charge": charge.stripe_id,
        "created": store.now(),
        "currency": charge.data["currency"],
        "failure_reason": None,
        "metadata": wanted.get("metadata", {}),
        "payment_intent": charge.data["payment_intent"],
        "reason": wanted.get("reason"),
        "receipt_number": None,
        "status": "pending" if card == "pm_card_pendingRefund" else "succeeded",
    }
    changes_later = card in ("pm_card_pendingRefund", "pm_card_refundFail")
    row = store.create(
        call.account, KIND, data, private={"card": card}, due_at=store.now() + LATER if changes_later else None
    )
    _count(charge, amount)
    events.emit(row.account, "refund.created", row.data)
    events.emit(row.account, "charge.refunded", charge.data)
    return row.data


def _charge(account: str, wanted: dict) -> SandboxObject:
    if "charge" in wanted and "payment_intent" in wanted:
        raise invalid("You may only specify one of these parameters: charge, payment_intent.", "payment_intent")
    if "charge" in wanted:
        charge = store.get(account, "charge", wanted["charge"], param="charge")
    elif "payment_intent" in wanted:
        intent = store.get(account, "payment_intent", wanted["payment_intent"], param="payment_intent")
        if intent.data["status"] != "succeeded":
            raise invalid(f"This PaymentIntent ({intent.stripe_id}) does not have a successful charge to refund.")
        charge = store.get(account, "charge", intent.data["latest_charge"], param="payment_intent")
    else:
        raise missing_parameter("payment_intent")
    if not charge.data["paid"]:
        raise invalid(f"Charge {charge.stripe_id} was not paid; it cannot be refunded.", "charge")
    return charge


def _count(charge: SandboxObject, amount: int) -> None:
    charge.data["amount_refunded"] += amount
    charge.data["refunded"] = charge.data["amount_refunded"] == charge.data["amount_captured"]
    store.save(charge)


def retrieve(call: Call, refund_id: str) -> dict:
    call.checked({})
    finish_due(call.account)
    return store.get(call.account, KIND, refund_id).data


def update(call: Call, refund_id: str) -> dict:
    wanted = call.checked({"metadata": params.metadata})
    row = store.get(call.account, KIND, refund_id)
    row.data["metadata"] = params.merge_metadata(row.data["metadata"], wanted.get("metadata", row.data["metadata"]))
    store.save(row)
    return row.data


def list_all(call: Call) -> dict:
    wanted = call.checked({**listing.TABLE, "charge": params.text(255), "payment_intent": params.text(255)})
    finish_due(call.account)
    rows = listing.objects(call.account, KIND)
    if "payment_intent" in wanted:
        rows = rows.filter(parent=wanted["payment_intent"])
    if "charge" in wanted:
        rows = rows.filter(data__charge=wanted["charge"])
    return listing.page(rows, wanted, "/v1/refunds")


def finish(account: str, refund_id: str) -> None:
    """What the bank says days later: the pending refund succeeds, the other test card's refund fails."""

    def work() -> None:
        row = store.get(account, KIND, refund_id)
        if row.due_at is None:
            return
        row.due_at = None
        if row.private["card"] == "pm_card_refundFail":
            _fail(row)
        else:
            row.data["status"] = "succeeded"
            store.save(row)
            events.emit(account, "refund.updated", row.data)

    store.atomically(work)


def _fail(row: SandboxObject) -> None:
    row.data |= {"status": "failed", "failure_reason": "lost_or_stolen_card"}
    store.save(row)
    _count(store.get(row.account, "charge", row.data["charge"]), -row.data["amount"])
    events.emit(row.account, "refund.failed", row.data)
    events.emit(row.account, "refund.updated", row.data)


def finish_due(account: str | None = None) -> int:
    """Finishes the refunds whose time has come; returns how many."""
    due = SandboxObject.objects.filter(kind=KIND, due_at__lte=store.now())
    rows = list(due.filter(account=account) if account else due)
    for row in rows:
        finish(row.account, row.stripe_id)
    return len(rows)


ROUTES = [
    ("POST", "/v1/refunds", create),
    ("GET", "/v1/refunds", list_all),
    ("GET", "/v1/refunds/([^/]+)", retrieve),
    ("POST", "/v1/refunds/([^/]+)", update),
]
