"""Coupons and tax rates: made at Stripe when first needed, once for each account and terms, then remembered."""

import hashlib
import json
from typing import Any, NamedTuple

from django.db.models import F

from ..models import StripeObject
from ..pricing import Quote, QuotedTax
from .accounts import Account
from .client import call

NAME_LIMIT = {"coupon": 40, "tax_rate": 50}


class _Wanted(NamedTuple):
    """Terms of ours, and their fingerprint at one account."""

    kind: str
    service: str
    terms: dict[str, Any]
    digest: str


def known(account: Account, quote: Quote) -> dict[str, Any] | None:
    """What the quote needs at Stripe: the id of its coupon, and our tax's id → its tax rate's. None: not all is made.

    One query, and none for a quote without discount and taxes. Asks nobody, so it may stand in a transaction.
    """
    coupon = _coupon(account, quote)
    rates = {tax.id: _tax_rate(account, tax) for tax in quote.taxes}
    wanted = [*([coupon] if coupon else []), *rates.values()]
    found: dict[tuple[str, str], str] = {}
    if wanted:
        rows = StripeObject.objects.filter(**_at(account), terms__in=[one.digest for one in wanted])
        found = {(kind, terms): name for kind, terms, name in rows.values_list("kind", "terms", "stripe_id") if name}
    if any((one.kind, one.digest) not in found for one in wanted):
        return None
    return {
        "coupon": found[coupon.kind, coupon.digest] if coupon else None,
        "tax_rates": {tax_id: found[rate.kind, rate.digest] for tax_id, rate in rates.items()},
    }


def make(account: Account, quote: Quote) -> None:
    """Makes at Stripe what known() does not find. Raises Unavailable, Rejected."""
    coupon = _coupon(account, quote)
    for one in [*([coupon] if coupon else []), *(_tax_rate(account, tax) for tax in quote.taxes)]:
        _once(account, one)


def _coupon(account: Account, quote: Quote) -> _Wanted | None:
    """The coupon that takes the quote's discount; None without one.

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
    return _wanted(account, StripeObject.Kind.COUPON, "coupons", terms)


def _tax_rate(account: Account, tax: QuotedTax) -> _Wanted:
    terms: dict[str, Any] = {
        "display_name": tax.name[: NAME_LIMIT["tax_rate"]],
        "percentage": tax.percentage,
        "inclusive": tax.inclusive,
    }
    if tax.country:
        terms["country"] = tax.country
    return _wanted(account, StripeObject.Kind.TAX_RATE, "tax_rates", terms)


def _wanted(account: Account, kind: StripeObject.Kind, service: str, terms: dict[str, Any]) -> _Wanted:
    digest = hashlib.sha256(json.dumps([account.secret_key[-12:], terms], sort_keys=True).encode()).hexdigest()
    return _Wanted(kind.value, service, terms, digest)


def _at(account: Account) -> dict[str, Any]:
    return {"keypair": account.keypair, "livemode": account.livemode}


def _once(account: Account, one: _Wanted) -> None:
    row: dict[str, Any] = {**_at(account), "kind": one.kind, "terms": one.digest}
    found = StripeObject.objects.filter(**row).first()
    if found and found.stripe_id:
        return
    again = f"-{found.lost}" if found else ""  # the old key would be answered with the lost object
    # two workers at once send the same key and get the same object
    key = f"{one.kind}-{one.digest[:48]}{again}"
    made = call(account, one.service, "create", one.terms, {"idempotency_key": key})
    StripeObject.objects.update_or_create(**row, defaults={"stripe_id": made["id"]})


def forget(account: Account, params: dict[str, Any]) -> bool:
    """Stripe does not take a coupon or tax rate of this session any more: somebody deleted or archived it there.

    They are made anew when next needed. Whether there were any.
    """
    named = [discount["coupon"] for discount in params.get("discounts", [])]
    named += [rate for line in params["line_items"] for rate in line.get("tax_rates", [])]
    gone = StripeObject.objects.filter(**_at(account), stripe_id__in=named)
    return gone.update(stripe_id="", lost=F("lost") + 1) > 0
