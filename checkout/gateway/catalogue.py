"""Coupons and tax rates: made at Stripe when first needed, once for each account and terms, then remembered."""

import hashlib
import json
from typing import Any

from django.db.models import F

from ..models import StripeObject
from ..pricing import Quote, QuotedTax
from .accounts import Account
from .client import call

NAME_LIMIT = {"coupon": 40, "tax_rate": 50}


def coupon(account: Account, quote: Quote) -> str | None:
    """The id of the coupon that takes the quote's discount; None without one.

    Stripe takes one discount a session, so several become one that names them.
    """
    if not quote.discount:
        return None
    names = " + ".join(one.name for one in quote.discounts)[: NAME_LIMIT["coupon"]]
    only = quote.discounts[0] if len(quote.discounts) == 1 else None
    if only and only.percent_off is not None:
        terms: dict[str, Any] = {"name": names, "percent_off": only.percent_off, "duration": "once"}
    else:
        terms = {
            "name": names,
            "amount_off": quote.discount,
            "currency": quote.currency.lower(),
            "duration": "once",
        }
    return _once(account, StripeObject.Kind.COUPON, "coupons", terms)


def tax_rates(account: Account, taxes: tuple[QuotedTax, ...]) -> dict[int, str]:
    """Our tax's id → the id of its tax rate at that account."""
    return {tax.id: _tax_rate(account, tax) for tax in taxes}


def _tax_rate(account: Account, tax: QuotedTax) -> str:
    terms: dict[str, Any] = {
        "display_name": tax.name[: NAME_LIMIT["tax_rate"]],
        "percentage": tax.percentage,
        "inclusive": tax.inclusive,
    }
    if tax.country:
        terms["country"] = tax.country
    return _once(account, StripeObject.Kind.TAX_RATE, "tax_rates", terms)


def _once(account: Account, kind: str, service: str, terms: dict[str, Any]) -> str:
    digest = hashlib.sha256(json.dumps([account.secret_key[-12:], terms], sort_keys=True).encode()).hexdigest()
    known: dict[str, Any] = {"keypair": account.keypair, "livemode": account.livemode, "kind": kind, "terms": digest}
    found = StripeObject.objects.filter(**known).first()
    if found and found.stripe_id:
        return found.stripe_id
    again = f"-{found.lost}" if found else ""  # the old key would be answered with the lost object
    # two workers at once send the same key and get the same object
    made = call(account, service, "create", terms, {"idempotency_key": f"{kind}-{digest[:48]}{again}"})
    StripeObject.objects.update_or_create(**known, defaults={"stripe_id": made["id"]})
    return made["id"]


def forget(account: Account, params: dict[str, Any]) -> bool:
    """Stripe does not take a coupon or tax rate of this session any more: somebody deleted or archived it there.

    They are made anew when next needed. Whether there were any.
    """
    named = [discount["coupon"] for discount in params.get("discounts", [])]
    named += [rate for line in params["line_items"] for rate in line.get("tax_rates", [])]
    known = StripeObject.objects.filter(keypair=account.keypair, livemode=account.livemode, stripe_id__in=named)
    return known.update(stripe_id="", lost=F("lost") + 1) > 0
