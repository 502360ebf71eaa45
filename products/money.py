"""Money: integers in the currency's minor unit, as Stripe counts it.

1999 is 19.99 USD, 500 is 500 JPY, 5120 is 5.120 KWD, 50000 is 500 ISK.
Source of the tables: https://docs.stripe.com/currencies. They differ from ISO 4217 on purpose (ISK, UGX, HUF, TWD).
"""

from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import chain, zip_longest

from babel.numbers import format_currency

ZERO_DECIMAL = frozenset("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split())
THREE_DECIMAL = frozenset("BHD JOD KWD OMR TND".split())
# Sent with two decimals, but whole: 500 ISK is 50000, and 50050 is refused.
WHOLE_TWO_DECIMAL = frozenset(("ISK", "UGX"))

# Stripe's smallest charge, in minor units. A currency without an entry is checked by Stripe alone.
MINIMUM_CHARGE = {
    **dict.fromkeys("USD AUD BRL CAD CHF EUR INR NZD SGD".split(), 50),
    **dict.fromkeys("AED PLN RON MYR".split(), 200),
    **dict.fromkeys(("NOK", "SEK"), 300),
    "GBP": 30,
    "DKK": 250,
    "HKD": 400,
    "MXN": 1000,
    "JPY": 50,
    "CZK": 1500,
    "HUF": 17500,
    "THB": 1000,
}
MAXIMUM_CHARGE = 99_999_999


class InvalidAmount(ValueError):
    """The amount is not a sum of money in that currency; the message says what to write instead."""


def exponent(currency: str) -> int:
    """How many decimals the minor unit has at Stripe: 0, 2 or 3."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def granularity(currency: str) -> int:
    """The step, in minor units, between two amounts Stripe accepts: 1, 10 (KWD) or 100 (ISK)."""
    if currency in WHOLE_TWO_DECIMAL:
        return 100
    return 10 if currency in THREE_DECIMAL else 1


def decimals(currency: str) -> int:
    """How many decimals a person may write: USD 2, JPY 0, ISK 0, KWD 2."""
    return exponent(currency) - len(str(granularity(currency))) + 1


def minimum_charge(currency: str) -> int:
    """Stripe's smallest charge in minor units; 1 where Stripe publishes none."""
    return MINIMUM_CHARGE.get(currency, 1)


def to_minor(amount: Decimal | int | str, currency: str) -> int:
    """Major units as people write them → minor units. Raises InvalidAmount rather than round."""
    try:
        value = Decimal(amount)
    except InvalidOperation:
        raise InvalidAmount(f"“{amount}” is not a number. Write it like {example(currency)}.") from None
    if not value.is_finite():
        raise InvalidAmount(f"“{amount}” is not a sum of money. Write it like {example(currency)}.")
    minor = value.scaleb(exponent(currency))
    if minor != minor.to_integral_value() or int(minor) % granularity(currency):
        places = decimals(currency)
        allowed = "no decimals" if places == 0 else f"at most {places} decimals"
        raise InvalidAmount(f"{currency} amounts have {allowed}, for example {example(currency)}.")
    return int(minor)


def to_major(minor: int, currency: str) -> Decimal:
    """Minor units → major units with the currency's own number of decimals: 1999 USD → Decimal("19.99")."""
    places = decimals(currency)
    return Decimal(minor).scaleb(-exponent(currency)).quantize(Decimal(1).scaleb(-places))


def example(currency: str) -> str:
    """A well-formed amount in that currency, for messages."""
    return str(to_major(1_234_500 if exponent(currency) == 3 else 1900 * granularity(currency), currency))


def round_half_up(numerator: int, denominator: int, step: int = 1) -> int:
    """numerator / denominator, both not negative, rounded half up to a multiple of `step`.

    Half up, because Stripe does: https://support.stripe.com/questions/rounding-rules-for-stripe-fees
    """
    scaled = denominator * step
    return (2 * numerator + scaled) // (2 * scaled) * step


def change_by_percent(minor: int, percent: Decimal, currency: str) -> int:
    """`minor` raised (or, with a negative percentage, lowered) by `percent`, half up, as an amount Stripe accepts."""
    parts = int((100 + percent) * 10_000)
    return round_half_up(minor * parts, 1_000_000, granularity(currency))


@lru_cache(maxsize=4_000)
def format_money(minor: int, currency: str, locale: str = "en") -> str:
    """For reading: 1999, "USD" → "$19.99"; always with the currency's real number of decimals.

    Remembered, and where it is not yet, its digits are put where Babel puts those of any sum that long: to let Babel
    write each price is 0.05 ms, five on an item's page.
    """
    value = to_major(minor, currency)
    digits = [one for one in f"{value:f}" if one.isdigit()]
    around = _around(len(digits), currency, locale)
    if minor < 0 or len(around) != len(digits) + 1:
        return _by_babel(value, currency, locale)
    return "".join(chain.from_iterable(zip_longest(around, digits, fillvalue="")))


@lru_cache(maxsize=1_000)
def _around(digits: int, currency: str, locale: str) -> list[str]:
    """What stands before, between and after the digits of a sum with so many of them."""
    ones = Decimal("1" * digits).scaleb(-decimals(currency))
    return _by_babel(ones, currency, locale).split("1")


def _by_babel(value: Decimal, currency: str, locale: str) -> str:
    places = decimals(currency)
    pattern = "¤#,##0" + ("." + "0" * places if places else "")
    if locale.split("_")[0].split("-")[0] == "en":
        return format_currency(value, currency, pattern, locale="en", currency_digits=False)
    return format_currency(value, currency, locale=locale.replace("-", "_"), decimal_quantization=False)
