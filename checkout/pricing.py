"""The only arithmetic in the shop: lines, discounts and taxes → a Quote that is frozen with the order.

Pure: no database, clock, settings or network. Everything is an integer in minor units. The rules are Stripe's
(https://docs.stripe.com/tax/tax-rates): discount first, then tax on what is left, per line, rounded half up, summed.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from products.money import granularity, round_half_up

PERCENT = 10_000  # a percentage is kept as ten-thousandths of a percent, so that it is an integer too


@dataclass(frozen=True, slots=True)
class TaxTerms:
    """A tax as it stood at freeze. `percentage` is a plain decimal string: "5.5"."""

    id: int
    name: str
    percentage: str
    inclusive: bool
    country: str = ""

    @property
    def parts(self) -> int:
        """The percentage in ten-thousandths of a percent: 5.5 % is 55000."""
        return int(Decimal(self.percentage) * PERCENT)


@dataclass(frozen=True, slots=True)
class DiscountTerms:
    """Either `percent_off` (a decimal string) or `amount_off` (minor units)."""

    id: int
    name: str
    code: str = ""
    percent_off: str | None = None
    amount_off: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody wants. `taxes` None: the default taxes apply. `list_amount`: what one costs without a sale."""

    item_id: int
    sku: str
    name: str
    unit_amount: int
    quantity: int
    variant: str = ""
    taxes: tuple[TaxTerms, ...] | None = None
    list_amount: int | None = None

    @property
    def amount(self) -> int:
        return self.unit_amount * self.quantity


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """A line with its share of the discount and its taxes. `tax` is added to the price, `tax_inclusive` inside it.

    `list_amount`: what one costs without a sale; the unit amount itself when there is none.
    """

    item_id: int
    sku: str
    name: str
    variant: str
    quantity: int
    unit_amount: int
    amount: int
    discount: int
    tax: int
    tax_inclusive: int
    tax_ids: tuple[int, ...]
    list_amount: int

    @property
    def full_name(self) -> str:
        """Name and variant: "Thirty nights, A3 / black"."""
        return f"{self.name}, {self.variant}" if self.variant else self.name

    @property
    def saved(self) -> int:
        """What the sale takes off the whole line."""
        return max(0, self.list_amount - self.unit_amount) * self.quantity

    @property
    def taxed(self) -> int:
        """What taxes are computed on."""
        return self.amount - self.discount


@dataclass(frozen=True, slots=True)
class QuotedDiscount:
    id: int
    name: str
    code: str
    percent_off: str | None
    amount: int


@dataclass(frozen=True, slots=True)
class QuotedTax:
    """`base`: the discounted amount the tax was computed on."""

    id: int
    name: str
    percentage: str
    inclusive: bool
    country: str
    base: int
    amount: int


@dataclass(frozen=True, slots=True)
class Shipping:
    """The rate as it stood at freeze; `countries` are where the order may be sent."""

    id: int
    name: str
    amount: int
    countries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """What a buyer pays and why. total = subtotal - discount + tax + shipping."""

    currency: str
    lines: tuple[QuotedLine, ...]
    discounts: tuple[QuotedDiscount, ...] = ()
    taxes: tuple[QuotedTax, ...] = ()
    subtotal: int = 0
    discount: int = 0
    tax: int = 0
    tax_inclusive: int = 0
    shipping: int = 0
    total: int = field(default=0)
    shipping_rate: Shipping | None = None

    def as_json(self) -> dict[str, Any]:
        """For the order's snapshot; `from_json` reads it back equal."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Quote":
        lines = tuple(_line_from_json(line) for line in data["lines"])
        discounts = tuple(QuotedDiscount(**one) for one in data["discounts"])
        taxes = tuple(QuotedTax(**one) for one in data["taxes"])
        rate = _shipping_from_json(data.get("shipping_rate"))
        return cls(**{**data, "lines": lines, "discounts": discounts, "taxes": taxes, "shipping_rate": rate})


def _line_from_json(data: dict[str, Any]) -> QuotedLine:
    """Snapshots from before there were sales have no list price."""
    return QuotedLine(**{"list_amount": data["unit_amount"], **data, "tax_ids": tuple(data["tax_ids"])})


def _shipping_from_json(data: dict[str, Any] | None) -> Shipping | None:
    return Shipping(**{**data, "countries": tuple(data["countries"])}) if data else None


def quote(
    currency: str,
    lines: Sequence[Line],
    discounts: Sequence[DiscountTerms] = (),
    default_taxes: Sequence[TaxTerms] = (),
    shipping: int = 0,
    shipping_rate: Shipping | None = None,
) -> Quote:
    """Price an order. All lines are in `currency`; `shipping` is not discounted and not taxed.

    `shipping_rate`: the rate it comes from, whose amount it then is.
    """
    shipping = shipping_rate.amount if shipping_rate else shipping
    step = granularity(currency)
    amounts = [line.amount for line in lines]
    shares, quoted_discounts = _discounts(amounts, discounts, step)
    bases: dict[TaxTerms, list[int]] = {}
    quoted = []
    for line, share in zip(lines, shares, strict=True):
        taxes = tuple(default_taxes) if line.taxes is None else line.taxes
        added, inside = _line_taxes(line.amount - share, taxes, step, bases)
        quoted.append(_quoted(line, share, added, inside, taxes))
    tax = sum(line.tax for line in quoted)
    subtotal, off = sum(amounts), sum(shares)
    return Quote(
        currency=currency,
        lines=tuple(quoted),
        discounts=tuple(quoted_discounts),
        taxes=tuple(_quoted_tax(terms, base, amount) for terms, (base, amount) in bases.items()),
        subtotal=subtotal,
        discount=off,
        tax=tax,
        tax_inclusive=sum(line.tax_inclusive for line in quoted),
        shipping=shipping,
        total=subtotal - off + tax + shipping,
        shipping_rate=shipping_rate,
    )


def _discounts(
    amounts: Sequence[int], terms: Sequence[DiscountTerms], step: int
) -> tuple[list[int], list[QuotedDiscount]]:
    """What the discounts take off each line. Each takes from what the ones before it left, never more than there is.

    Several reach Stripe as one amount, which it spreads over the lines in proportion; then so do we.
    """
    left = list(amounts)
    quoted = []
    for one in terms:
        if one.percent_off is not None:
            parts = int(Decimal(one.percent_off) * PERCENT)
            shares = [round_half_up(amount * parts, 100 * PERCENT, step) for amount in left]
        else:
            shares = _spread(min(one.amount_off or 0, sum(left)), left, step)
        left = [amount - share for amount, share in zip(left, shares, strict=True)]
        quoted.append(QuotedDiscount(one.id, one.name, one.code, one.percent_off, sum(shares)))
    taken = [amount - rest for amount, rest in zip(amounts, left, strict=True)]
    return (taken if len(terms) < 2 else _spread(sum(taken), amounts, step)), quoted


def _spread(total: int, weights: Sequence[int], step: int) -> list[int]:
    """`total` in shares proportional to `weights`, exact in the sum; odd steps go to the largest remainders."""
    whole = sum(weights)
    if not total or not whole:
        return [0] * len(weights)
    shares = [total * weight // (whole * step) * step for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda n: (shares[n] * whole - total * weights[n], n))
    odd = total - sum(shares)
    for index in by_remainder:
        part = min(odd, step)
        shares[index] += part
        odd -= part
    return shares


def _line_taxes(net: int, taxes: Sequence[TaxTerms], step: int, bases: dict[TaxTerms, list[int]]) -> tuple[int, int]:
    """(added, contained) tax of one discounted line; the sums per tax go into `bases`.

    Several contained taxes share one gross price: net = gross / (1 + sum of rates), each on that net.
    """
    added = inside = 0
    contained = sum(tax.parts for tax in taxes if tax.inclusive)
    for tax in taxes:
        divisor = 100 * PERCENT + (contained if tax.inclusive else 0)
        amount = round_half_up(net * tax.parts, divisor, step)
        sums = bases.setdefault(tax, [0, 0])
        sums[0] += net
        sums[1] += amount
        if tax.inclusive:
            inside += amount
        else:
            added += amount
    return added, inside


def _quoted(line: Line, share: int, added: int, inside: int, taxes: Sequence[TaxTerms]) -> QuotedLine:
    return QuotedLine(
        item_id=line.item_id,
        sku=line.sku,
        name=line.name,
        variant=line.variant,
        quantity=line.quantity,
        unit_amount=line.unit_amount,
        amount=line.amount,
        discount=share,
        tax=added,
        tax_inclusive=inside,
        tax_ids=tuple(tax.id for tax in taxes),
        list_amount=line.unit_amount if line.list_amount is None else line.list_amount,
    )


def _quoted_tax(terms: TaxTerms, base: int, amount: int) -> QuotedTax:
    return QuotedTax(terms.id, terms.name, terms.percentage, terms.inclusive, terms.country, base, amount)


def share_of_units(line: QuotedLine, units: int, *, after: int = 0) -> int:
    """What `units` of a line cost after its discount and with its added tax, when `after` units were counted before.

    All units one after the other come to exactly the line: an odd cent goes with the unit that completes it.
    """
    whole = line.amount - line.discount + line.tax
    return round_half_up(whole * (after + units), line.quantity) - round_half_up(whole * after, line.quantity)
