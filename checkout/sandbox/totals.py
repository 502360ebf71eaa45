"""The arithmetic of a Checkout Session: discount first, then tax, rounded half up on each line.

Which line gets the odd cent of an `amount_off`, and whether a percentage is rounded on each line or once, Stripe
does not document. The first is a setting (STRIPE_SANDBOX_ODD_CENTS: the lines that get what the proportional split
leaves over), the second a constant here, so that a shop can be tried against every answer.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from django.conf import settings

from products.money import granularity, round_half_up

PERCENT_ON = "line"  # or "subtotal": where percent_off is rounded

SCALE = 10_000  # percentages have at most four decimals


@dataclass(frozen=True)
class Rate:
    """A tax rate; percentage in percent as text, e.g. "8.875"."""

    id: str
    percentage: str
    inclusive: bool

    @property
    def scaled(self) -> int:
        return int(Decimal(self.percentage) * SCALE)


@dataclass
class Line:
    """One line; amounts in minor units. The second half is filled in by `work_out`."""

    unit_amount: int
    quantity: int
    rates: tuple[Rate, ...] = ()
    discount: int = 0
    taxes: list[int] = field(default_factory=list)  # one for each rate, inclusive ones included

    @property
    def subtotal(self) -> int:
        return self.unit_amount * self.quantity

    @property
    def added_tax(self) -> int:
        return sum(tax for tax, rate in zip(self.taxes, self.rates, strict=True) if not rate.inclusive)

    @property
    def total(self) -> int:
        return self.subtotal - self.discount + self.added_tax


@dataclass(frozen=True)
class Totals:
    """Minor units. `tax` holds inclusive tax as well, which is already in the prices."""

    subtotal: int
    discount: int
    tax: int
    total: int


def work_out(lines: list[Line], coupon: dict | None, currency: str, shipping: int = 0) -> Totals:
    """Fills in discount and taxes of `lines` and adds up. `coupon` is the API's object; `currency` in lower case."""
    step = granularity(currency.upper())
    for line, discount in zip(lines, _discounts(lines, coupon, step), strict=True):
        line.discount = discount
        line.taxes = _taxes(line.subtotal - discount, line.rates, step)
    return Totals(
        subtotal=sum(line.subtotal for line in lines),
        discount=sum(line.discount for line in lines),
        tax=sum(sum(line.taxes) for line in lines),
        total=sum(line.total for line in lines) + shipping,
    )


def _discounts(lines: list[Line], coupon: dict | None, step: int) -> list[int]:
    amounts = [line.subtotal for line in lines]
    if coupon is None:
        return [0] * len(amounts)
    if coupon["amount_off"]:
        return spread(coupon["amount_off"], amounts, step)
    percent = int(Decimal(str(coupon["percent_off"])) * SCALE)
    if PERCENT_ON == "subtotal":
        return spread(round_half_up(sum(amounts) * percent, 100 * SCALE, step), amounts, step)
    return [round_half_up(amount * percent, 100 * SCALE, step) for amount in amounts]


def spread(amount_off: int, amounts: list[int], step: int = 1) -> list[int]:
    """Shares of `amount_off` in proportion to `amounts`; exact in sum, capped at the sum of the amounts."""
    whole = sum(amounts)
    if amount_off >= whole:
        return amounts
    shares = [amount_off * amount // (whole * step) * step for amount in amounts]
    order = [index for index, amount in enumerate(amounts) if amount]
    if settings.STRIPE_SANDBOX_ODD_CENTS == "last":
        order.reverse()
    elif settings.STRIPE_SANDBOX_ODD_CENTS == "largest":
        order.sort(key=lambda index: -amounts[index])
    left = amount_off - sum(shares)
    for index in order:
        if left <= 0:
            break
        shares[index] += min(step, left)
        left -= min(step, left)
    return shares


def _taxes(amount: int, rates: tuple[Rate, ...], step: int) -> list[int]:
    inclusive = sum(rate.scaled for rate in rates if rate.inclusive)
    return [round_half_up(amount * rate.scaled, 100 * SCALE + inclusive, step) for rate in rates]
