"""What a buyer would pay for one unit of a draft, for the preview: the shop's own pricing, nothing else."""

from dataclasses import replace
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from products import prices
from products.models import ItemPage
from products.money import format_money
from products.previews import Note

from . import quoting
from .models import Discount, Tax
from .pricing import DiscountTerms, Line, Quote, TaxTerms, quote

SAMPLE_TAX = TaxTerms(0, "VAT", "20", inclusive=True)
SAMPLE_DISCOUNT = DiscountTerms(0, "Discount", "EXAMPLE", percent_off="10")


def note(item: ItemPage, mode: str) -> Note:
    """The sum, row by row. In the tax modes the page object gets that tax, so that its own words fit."""
    price = prices.price_of(item)
    if price is None:
        return Note(mode, remark="Without a price nothing can be worked out yet.")
    remark = ""
    if mode == "on-sale" and not price.reduced:
        remark = "No sale price is set, so this is the regular price."
    taxes = _taxes(item, mode)
    if mode.startswith("tax"):
        item.tax = Tax(
            name=taxes[0].name, percentage=Decimal(taxes[0].percentage), inclusive=taxes[0].inclusive, active=True
        )
    list_amount = price.list_amount if price.reduced else None
    line = Line(item.pk or 0, item.sku, item.title, price.amount, 1, "", tuple(taxes), list_amount)
    discounts = [_discount(item.currency)] if mode == "discount" else []
    return Note(mode, _rows(quote(item.currency, [line], discounts)), remark)


def _taxes(item: ItemPage, mode: str) -> list[TaxTerms]:
    own = [quoting.tax_terms(item.tax)] if item.tax and item.tax.active else quoting.default_taxes()
    if mode in ("tax-included", "tax-added"):
        return [replace((own or [SAMPLE_TAX])[0], inclusive=mode == "tax-included")]
    return own


def _discount(currency: str) -> DiscountTerms:
    """One that buyers can use now, or a made-up one."""
    lasting = Q(ends_at__isnull=True) | Q(ends_at__gt=timezone.now())
    found = Discount.objects.filter(lasting, active=True, currency__in=["", currency]).exclude(code="").order_by("pk")
    return quoting.discount_term(found[0]) if found else SAMPLE_DISCOUNT


def _rows(found: Quote) -> list[tuple[str, str]]:
    def show(amount: int) -> str:
        return format_money(amount, found.currency)

    rows = [("Price", show(found.subtotal))]
    rows += [(f"{one.name} ({one.code})" if one.code else one.name, f"−{show(one.amount)}") for one in found.discounts]
    for tax in found.taxes:
        name = f"{tax.name} {tax.percentage} %"
        rows.append((f"includes {name}" if tax.inclusive else name, show(tax.amount)))
    return [*rows, ("The buyer pays", f"{show(found.total)} {found.currency}")]
