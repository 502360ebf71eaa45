"""Tax rates: https://docs.stripe.com/api/tax_rates ."""

from decimal import Decimal

from checkout.sandbox import listing, params, store
from checkout.sandbox.call import Call
from checkout.sandbox.errors import invalid

KIND = "tax_rate"
_DESCRIBING = {
    "active": params.boolean,
    "country": params.text(2, "[A-Za-z]{2}"),
    "description": params.text(5000),
    "display_name": params.text(50),
    "jurisdiction": params.text(50),
    "metadata": params.metadata,
    "state": params.text(50),
    "tax_type": params.text(50),
}
CREATE = {**_DESCRIBING, "inclusive": params.boolean, "percentage": params.decimal(above=-1, maximum=100, places=4)}


def create(call: Call) -> dict:
    wanted = call.checked(CREATE, ("display_name", "inclusive", "percentage"))
    percentage = float(wanted["percentage"])
    data = {
        "id": store.new_id("txr_1"),
        "object": KIND,
        "active": True,
        "country": None,
        "created": store.now(),
        "description": None,
        "effective_percentage": percentage,
        "flat_amount": None,
        "jurisdiction": None,
        "jurisdiction_level": None,
        "livemode": False,
        "metadata": {},
        "rate_type": "percentage",
        "state": None,
        "tax_type": None,
        **wanted,
        "percentage": percentage,
    }
    return store.create(call.account, KIND, data, private={"percentage": str(Decimal(wanted["percentage"]))}).data


def retrieve(call: Call, rate_id: str) -> dict:
    call.checked({})
    return store.get(call.account, KIND, rate_id).data


def update(call: Call, rate_id: str) -> dict:
    """Percentage and inclusive are fixed for good: unknown parameters here."""
    wanted = call.checked(_DESCRIBING)
    row = store.get(call.account, KIND, rate_id)
    if "metadata" in wanted:
        wanted["metadata"] = params.merge_metadata(row.data["metadata"], wanted["metadata"])
    row.data.update(wanted)
    store.save(row)
    return row.data


def list_all(call: Call) -> dict:
    wanted = call.checked({**listing.TABLE, "active": params.boolean, "inclusive": params.boolean})
    rows = listing.objects(call.account, KIND)
    for name in ("active", "inclusive"):
        if name in wanted:
            rows = rows.filter(**{f"data__{name}": wanted[name]})
    return listing.page(rows, wanted, "/v1/tax_rates")


def usable(account: str, ids: list[str], param: str) -> list[dict]:
    """The rates a line names, each with its percentage as text. Refuses unknown, archived or mixed ones."""
    rates = []
    for index, rate_id in enumerate(ids):
        row = store.get(account, KIND, rate_id, param=f"{param}[{index}]", status=400)
        if not row.data["active"]:
            raise invalid(f"The tax rate {rate_id} is archived and cannot be used.", f"{param}[{index}]")
        rates.append({**row.data, "exact": row.private["percentage"]})
    if len({rate["id"] for rate in rates}) < len(rates):
        raise invalid("Tax rates must be unique on a line item.", param)
    if len({rate["inclusive"] for rate in rates}) > 1:
        raise invalid("All tax rates of a line item must be inclusive, or all exclusive.", param)
    return rates


ROUTES = [
    ("POST", "/v1/tax_rates", create),
    ("GET", "/v1/tax_rates", list_all),
    ("GET", "/v1/tax_rates/([^/]+)", retrieve),
    ("POST", "/v1/tax_rates/([^/]+)", update),
]
