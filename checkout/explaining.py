"""Why an order costs what it costs: every step from list prices to the total, in words and ready to read."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from products.money import format_money

from .models import Order
from .pricing import Quote, QuotedDiscount, QuotedLine, QuotedTax
from .states import OrderStatus


@dataclass(frozen=True, slots=True)
class Reason:
    """One step. `kind`: line, part (of the line above), sum, discount, tax, shipping, rounding or total."""

    kind: str
    label: str
    amount: str
    detail: str = ""


def why(order: Order, quote: Quote, locale: str) -> list[Reason]:
    """The steps for an order that was quoted so. `locale`: how amounts are written."""
    return list(_Explanation(order, quote, locale).steps())


class _Explanation:
    def __init__(self, order: Order, quote: Quote, locale: str) -> None:
        self.order = order
        self.quote = quote
        self.locale = locale

    def steps(self) -> Iterator[Reason]:
        quote, order = self.quote, self.order
        for line in quote.lines:
            yield from self._line(line)
        yield Reason("sum", _("Subtotal"), self._money(quote.subtotal))
        for discount in quote.discounts:
            yield self._discount(discount)
        for tax in quote.taxes:
            yield self._tax(tax)
        if quote.shipping:
            yield Reason("shipping", _("Shipping"), self._money(quote.shipping), _("not discounted, not taxed"))
        total = quote.total
        if order.status != OrderStatus.DRAFT:
            total = order.total
            if order.rounding:
                detail = _("Stripe gave a discount's odd amount to another line")
                yield Reason("rounding", _("Rounding"), self._signed(order.rounding), detail)
        yield Reason("total", _("Total"), self._money(total))

    def _line(self, line: QuotedLine) -> Iterator[Reason]:
        each = _("%(quantity)s × %(price)s") % {"quantity": line.quantity, "price": self._money(line.unit_amount)}
        yield Reason("line", line.full_name, self._money(line.amount), each)
        if line.saved:
            detail = _("list price %(price)s each") % {"price": self._money(line.list_amount)}
            yield Reason("part", _("saved in the sale"), self._signed(-line.saved), detail)
        if line.discount:
            yield Reason("part", _("its share of the discount"), self._signed(-line.discount))
        if line.tax:
            on = _("on %(base)s") % {"base": self._money(line.taxed)}
            yield Reason("part", _("tax added"), self._signed(line.tax), on)
        if line.tax_inclusive:
            inside = _("in %(base)s") % {"base": self._money(line.taxed)}
            yield Reason("part", _("tax contained"), self._money(line.tax_inclusive), inside)

    def _discount(self, discount: QuotedDiscount) -> Reason:
        label = f"{discount.name} ({discount.code})" if discount.code else discount.name
        detail = _("an amount, spread over the lines in proportion")
        if discount.percent_off is not None:
            detail = _("%(percent)s %% of each line") % {"percent": discount.percent_off}
        return Reason("discount", label, self._signed(-discount.amount), detail)

    def _tax(self, tax: QuotedTax) -> Reason:
        words = {"percent": tax.percentage, "base": self._money(tax.base)}
        if tax.inclusive:
            detail = _("%(percent)s %% contained in %(base)s, rounded on each line") % words
            return Reason("tax", tax.name, self._money(tax.amount), detail)
        detail = _("%(percent)s %% of %(base)s, rounded on each line") % words
        return Reason("tax", tax.name, self._signed(tax.amount), detail)

    def _money(self, amount: int) -> str:
        return format_money(amount, self.quote.currency, self.locale)

    def _signed(self, amount: int) -> str:
        return f"{'−' if amount < 0 else '+'}{self._money(abs(amount))}"
