"""Currencies that can be presented at Stripe, and the amounts it takes in them."""

from products import money

from .errors import invalid

# https://docs.stripe.com/currencies#presentment-currencies
_CODES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CLP CNY COP
CRC CVE CZK DJF DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR ISK JMD JOD JPY
KES KGS KHR KMF KRW KWD KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK
NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SEK SGD SHP SLE SOS SRD STD SZL THB TJS TND TOP
TRY TTD TWD TZS UAH UGX USD UYU UZS VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW
"""
SUPPORTED = frozenset(_CODES.split())


def check_step(amount: int, currency: str, param: str) -> None:
    """Refuses 500.50 ISK and 5.123 KWD. `amount` in minor units, `currency` in lower case."""
    step = money.granularity(currency.upper())
    if amount % step:
        raise invalid(f"Invalid amount: {currency} amounts must be a multiple of {step}.", param)


def check_charge(amount: int, currency: str, param: str) -> None:
    """Refuses what is too small, too large or not a sum of that currency; minor units, currency in lower case."""
    code = currency.upper()
    check_step(amount, currency, param)
    if amount < money.minimum_charge(code):
        least = money.format_money(money.minimum_charge(code), code)
        raise invalid(f"Amount must be at least {least} {currency}", param, "amount_too_small")
    if amount > money.MAXIMUM_CHARGE:
        most = money.format_money(money.MAXIMUM_CHARGE, code)
        raise invalid(f"Amount must be no more than {most} {currency}", param, "amount_too_large")
