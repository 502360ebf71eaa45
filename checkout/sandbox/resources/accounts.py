"""`/v1/account` and `/v1/balance`: enough to ask whose key this is."""

from django.conf import settings

from checkout.sandbox import listing
from checkout.sandbox.call import Call
from checkout.sandbox.currencies import SUPPORTED


def exists(account: str) -> bool:
    """Accounts are never opened: there is one for every currency."""
    return account in SUPPORTED


def account_id(account: str) -> str:
    return f"acct_sandbox{account}"


def retrieve(call: Call) -> dict:
    name = settings.WAGTAIL_SITE_NAME
    return {
        "id": account_id(call.account),
        "object": "account",
        "business_profile": {"name": name, "url": settings.BASE_URL},
        "charges_enabled": True,
        "country": "US",
        "default_currency": call.account.lower(),
        "details_submitted": True,
        "payouts_enabled": True,
        "settings": {"dashboard": {"display_name": name, "timezone": "Etc/UTC"}},
        "type": "standard",
    }


def balance(call: Call) -> dict:
    """What came in less what went back; the sandbox takes no fees."""
    charges = listing.objects(call.account, "charge").values_list("data", flat=True)
    sums: dict[str, int] = {call.account.lower(): 0}
    for charge in charges.iterator():
        kept = charge["amount_captured"] - charge["amount_refunded"]
        sums[charge["currency"]] = sums.get(charge["currency"], 0) + kept
    available = [{"amount": amount, "currency": currency, "source_types": {}} for currency, amount in sums.items()]
    return {"object": "balance", "available": available, "livemode": False, "pending": []}


ROUTES = [("GET", "/v1/account", retrieve), ("GET", "/v1/balance", balance)]
