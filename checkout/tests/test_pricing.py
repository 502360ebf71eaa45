"""The price of an order, against a second calculation that shares no code with it: fractions, rounded once a line."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkout.pricing import DiscountTerms, Line, Quote, TaxTerms, quote

# The smallest step between two amounts of a currency at Stripe, from its documentation, not from the code under test.
STEPS = {"USD": 1, "EUR": 1, "JPY": 1, "KRW": 1, "HUF": 1, "TWD": 1, "ISK": 100, "UGX": 100, "KWD": 10, "BHD": 10}


def half_up(value: Fraction, step: int) -> int:
    exact = Decimal(value.numerator) / Decimal(value.denominator) / step
    # a quotient that decimal had to cut off could hide a half: compare exactly
    whole = int(exact.to_integral_value(rounding=ROUND_HALF_UP))
    for candidate in (whole - 1, whole, whole + 1):
        if Fraction(candidate * step) - Fraction(step, 2) <= value < Fraction(candidate * step) + Fraction(step, 2):
            return candidate * step
    raise AssertionError(value)


def percent(text: str) -> Fraction:
    return Fraction(text) / 100


def oracle_tax(net: int, tax: TaxTerms, all_taxes: tuple[TaxTerms, ...], step: int) -> int:
    """Inclusive: the part of the gross that is tax, of several each on the same net."""
    if not tax.inclusive:
        return half_up(net * percent(tax.percentage), step)
    inside = sum((percent(one.percentage) for one in all_taxes if one.inclusive), Fraction(0))
    return half_up(net / (1 + inside) * percent(tax.percentage), step)


currencies = st.sampled_from(sorted(STEPS))
percentages = st.decimals(min_value=0, max_value=30, places=4).map(lambda value: f"{value.normalize():f}")


@st.composite
def tax_sets(draw) -> tuple[TaxTerms, ...]:
    """What may stand on one line: all inclusive or all exclusive, as Stripe demands."""
    inclusive = draw(st.booleans())
    rates = draw(st.lists(percentages, max_size=3))
    first = draw(st.integers(1, 10_000)) * 10
    return tuple(TaxTerms(first + n, f"Tax {n}", rate, inclusive) for n, rate in enumerate(rates))


@st.composite
def orders(draw):
    currency = draw(currencies)
    step = STEPS[currency]
    amounts = draw(st.lists(st.integers(1, 50_000), min_size=1, max_size=8))
    lines = [
        Line(n, f"SKU-{n}", f"Item {n}", amount * step, draw(st.integers(1, 50)), taxes=draw(tax_sets()))
        for n, amount in enumerate(amounts)
    ]
    return currency, lines


@st.composite
def discounts(draw, step: int):
    terms = []
    for number in range(draw(st.integers(0, 2))):
        off = draw(st.decimals(min_value="0.01", max_value=100, places=2))
        terms.append(DiscountTerms(number, f"P{number}", percent_off=f"{off.normalize():f}"))
    if draw(st.booleans()):
        terms.append(DiscountTerms(9, "Amount", amount_off=draw(st.integers(1, 200_000)) * step))
    return terms


@settings(max_examples=300, deadline=None)
@given(orders(), st.data())
def test_every_figure_agrees_with_the_second_calculation(order, data):
    currency, lines = order
    step = STEPS[currency]
    terms = data.draw(discounts(step))
    shipping = data.draw(st.integers(0, 3000)) * step
    found = quote(currency, lines, terms, (), shipping)
    left = [line.unit_amount * line.quantity for line in lines]
    for one, quoted in zip(terms, found.discounts, strict=True):
        if one.percent_off is None:
            assert quoted.amount == min(one.amount_off, sum(left))
            left = [Fraction(rest) - Fraction(rest * quoted.amount, sum(left) or 1) for rest in left]
        else:
            shares = [half_up(rest * percent(one.percent_off), step) for rest in left]
            assert quoted.amount == sum(shares)
            left = [rest - share for rest, share in zip(left, shares, strict=True)]
    check_shares(found, terms, left, step)
    added = contained = 0
    for line, wanted in zip(found.lines, lines, strict=True):
        taxes = [oracle_tax(line.taxed, tax, wanted.taxes, step) for tax in wanted.taxes]
        inclusive = bool(wanted.taxes) and wanted.taxes[0].inclusive
        assert (line.tax, line.tax_inclusive) == ((0, sum(taxes)) if inclusive else (sum(taxes), 0))
        added += line.tax
        contained += line.tax_inclusive
    goods = sum(line.unit_amount * line.quantity for line in lines)
    off = sum(one.amount for one in found.discounts)
    assert (found.subtotal, found.discount, found.tax, found.tax_inclusive) == (goods, off, added, contained)
    assert found.total == goods - off + added + shipping


def check_shares(found: Quote, terms: list[DiscountTerms], left: list[Fraction], step: int) -> None:
    """One percentage is rounded on each line. Anything else is one amount, spread in proportion to the lines."""
    taxed = [line.taxed for line in found.lines]
    if len(terms) == 1 and terms[0].percent_off is not None or not terms:
        assert taxed == left
    else:
        exact = [Fraction(found.discount * line.amount, found.subtotal) for line in found.lines]
        assert all(abs(line.discount - part) < step for line, part in zip(found.lines, exact, strict=True))


@settings(max_examples=200, deadline=None)
@given(orders(), st.data())
def test_what_must_hold_for_every_order(order, data):
    currency, lines = order
    step = STEPS[currency]
    found = quote(currency, lines, data.draw(discounts(step)))
    figures = [found.subtotal, found.discount, found.tax, found.tax_inclusive, found.total]
    assert all(isinstance(figure, int) and figure >= 0 and figure % step == 0 for figure in figures)
    assert found.discount == sum(line.discount for line in found.lines) == sum(one.amount for one in found.discounts)
    assert found.tax == sum(tax.amount for tax in found.taxes if not tax.inclusive)
    assert found.tax_inclusive == sum(tax.amount for tax in found.taxes if tax.inclusive)
    assert all(line.discount <= line.amount for line in found.lines)
    assert Quote.from_json(found.as_json()) == found


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 10**7), percentages.filter(lambda text: Fraction(text) > 0))
def test_a_contained_tax_is_what_the_same_rate_adds_to_the_net(gross, rate):
    """Within one unit: tax contained in a gross price and tax added to its net price are the same money."""
    inside = quote("USD", [Line(1, "", "", gross, 1, taxes=(TaxTerms(1, "VAT", rate, True),))])
    net = gross - inside.tax_inclusive
    outside = quote("USD", [Line(1, "", "", net, 1, taxes=(TaxTerms(1, "VAT", rate, False),))])
    assert abs(outside.tax - inside.tax_inclusive) <= 1
    assert abs(outside.total - gross) <= 1


TABLE = [
    # currency, unit amounts × quantity, discounts, (percentage, inclusive), expected (discount, tax, contained, total)
    ("USD", [(1999, 1)], [], None, (0, 0, 0, 1999)),
    ("USD", [(33, 1), (33, 1), (33, 1)], [], ("10", False), (0, 9, 0, 108)),  # 3 × 3.3, not 9.9
    ("USD", [(43, 1), (484, 1)], [], ("15", False), (0, 79, 0, 606)),  # Stripe's own example: 0.06 + 0.73
    ("USD", [(1000, 1)], [("percent", "12.5")], ("8.875", False), (125, 78, 0, 953)),
    ("USD", [(1, 1)], [("percent", "50")], None, (1, 0, 0, 0)),  # half up
    ("EUR", [(11900, 1)], [], ("19", True), (0, 0, 1900, 11900)),
    ("EUR", [(999, 3)], [("amount", 1000)], ("7", True), (1000, 0, 131, 1997)),
    ("JPY", [(500, 1)], [("percent", "3")], ("10", False), (15, 49, 0, 534)),  # 48.5 → 49
    ("ISK", [(50_000, 1)], [("percent", "0.1")], None, (100, 0, 0, 49_900)),  # whole krónur: 0.50 → 1
    ("KWD", [(5_120, 1)], [("percent", "10")], None, (510, 0, 0, 4_610)),  # the last digit stays 0
    ("HUF", [(17_550, 1)], [], ("27", True), (0, 0, 3_731, 17_550)),  # two decimals, as it is charged
    ("USD", [(500, 1)], [("amount", 9_999)], ("20", False), (500, 0, 0, 0)),  # never below zero
    ("USD", [(1000, 1)], [("percent", "10"), ("amount", 100)], None, (200, 0, 0, 800)),
]


@pytest.mark.parametrize(("currency", "lines", "off", "tax", "expected"), TABLE)
def test_known_orders(currency, lines, off, tax, expected):
    taxes = (TaxTerms(1, "Tax", *tax),) if tax else ()
    terms = [
        DiscountTerms(
            n, "D", percent_off=value if kind == "percent" else None, amount_off=None if kind == "percent" else value
        )
        for n, (kind, value) in enumerate(off)
    ]
    wanted = [Line(n, "", "", amount, quantity, taxes=taxes) for n, (amount, quantity) in enumerate(lines)]
    found = quote(currency, wanted, terms)
    assert (found.discount, found.tax, found.tax_inclusive, found.total) == expected
