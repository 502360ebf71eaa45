"""Coupons: https://docs.stripe.com/api/coupons ."""

from checkout.sandbox import listing, params, store
from checkout.sandbox.call import Call
from checkout.sandbox.currencies import check_step
from checkout.sandbox.errors import invalid, missing_parameter

KIND = "coupon"
FIVE_YEARS = 5 * 366 * 24 * 3600
CREATE = {
    "amount_off": params.integer(1),
    "applies_to": params.unsupported,
    "currency": params.currency,
    "currency_options": params.unsupported,
    "duration": params.choice("once", "forever", "repeating"),
    "duration_in_months": params.integer(1),
    "id": params.text(200, "[A-Za-z0-9_-]+"),
    "max_redemptions": params.integer(1),
    "metadata": params.metadata,
    "name": params.text(40),
    "percent_off": params.decimal(above=0, maximum=100, places=4),
    "redeem_by": params.integer(1),
}
UPDATE = {"currency_options": params.unsupported, "metadata": params.metadata, "name": params.text(40)}


def create(call: Call) -> dict:
    wanted = call.checked(CREATE)
    _check_terms(wanted)
    data = {
        "id": store.new_id("", 8),
        "object": KIND,
        "amount_off": None,
        "created": store.now(),
        "currency": None,
        "duration": "once",
        "duration_in_months": None,
        "livemode": False,
        "max_redemptions": None,
        "metadata": {},
        "name": None,
        "percent_off": None,
        "redeem_by": None,
        "times_redeemed": 0,
        "valid": True,
        **wanted,
    }
    if data["percent_off"]:
        data["percent_off"] = float(data["percent_off"])
    return store.create(call.account, KIND, data).data


def _check_terms(wanted: dict) -> None:
    if ("percent_off" in wanted) == ("amount_off" in wanted):
        raise invalid("Must provide exactly one of percent_off or amount_off.", "percent_off")
    if "amount_off" in wanted:
        if "currency" not in wanted:
            raise missing_parameter("currency")
        check_step(wanted["amount_off"], wanted["currency"], "amount_off")
    elif "currency" in wanted:
        raise invalid("currency can only be passed with amount_off.", "currency")
    if (wanted.get("duration") == "repeating") != ("duration_in_months" in wanted):
        raise invalid("duration_in_months belongs to duration=repeating, and only to it.", "duration_in_months")
    if "redeem_by" in wanted and not store.now() < wanted["redeem_by"] <= store.now() + FIVE_YEARS:
        raise invalid("redeem_by must be a moment within the next five years.", "redeem_by")


def retrieve(call: Call, coupon_id: str) -> dict:
    call.checked({})
    return _with_validity(store.get(call.account, KIND, coupon_id).data)


def update(call: Call, coupon_id: str) -> dict:
    wanted = call.checked(UPDATE)
    row = store.get(call.account, KIND, coupon_id)
    if "metadata" in wanted:
        wanted["metadata"] = params.merge_metadata(row.data["metadata"], wanted["metadata"])
    row.data.update(wanted)
    store.save(row)
    return _with_validity(row.data)


def delete(call: Call, coupon_id: str) -> dict:
    """Sessions that already have the coupon keep it."""
    store.remove(store.get(call.account, KIND, coupon_id))
    return {"id": coupon_id, "object": KIND, "deleted": True}


def list_all(call: Call) -> dict:
    wanted = call.checked(listing.TABLE)
    return listing.page(listing.objects(call.account, KIND), wanted, "/v1/coupons")


def usable(account: str, coupon_id: str, currency: str, param: str) -> dict:
    """The coupon a session names. Refuses unknown and used-up ones and those of another currency."""
    coupon = _with_validity(store.get(account, KIND, coupon_id, param=param, status=400).data)
    if not coupon["valid"]:
        raise invalid(f"Coupon {coupon_id} is expired and cannot be applied.", param, "coupon_expired")
    if coupon["amount_off"] and coupon["currency"] != currency:
        raise invalid(f"Coupon {coupon_id} is in {coupon['currency']}, the session in {currency}.", param)
    return coupon


def redeem(account: str, coupon_id: str) -> None:
    """Counts a use; a coupon deleted meanwhile has nothing to count."""
    row = store.find(account, KIND, coupon_id)
    if row is not None:
        row.data["times_redeemed"] += 1
        store.save(row)


def _with_validity(coupon: dict) -> dict:
    used_up = coupon["max_redemptions"] is not None and coupon["times_redeemed"] >= coupon["max_redemptions"]
    late = coupon["redeem_by"] is not None and coupon["redeem_by"] < store.now()
    return {**coupon, "valid": not (used_up or late)}


ROUTES = [
    ("POST", "/v1/coupons", create),
    ("GET", "/v1/coupons", list_all),
    ("GET", "/v1/coupons/([^/]+)", retrieve),
    ("POST", "/v1/coupons/([^/]+)", update),
    ("DELETE", "/v1/coupons/([^/]+)", delete),
]
