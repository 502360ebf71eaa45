"""Reports in Wagtail's Reports menu: charts and tables by date and currency, and the same as CSV or XLSX."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.admin.widgets import AdminDateInput

from checkout import reporting
from checkout.models import Order
from products import money

from .charts import Chart, bars
from .order_list import plain_text, used_currencies

DAYS = 30
LONGEST = 3660  # days
AMOUNTS = frozenset((*reporting.FIGURES, "amount", "base"))


class PeriodForm(forms.Form):
    """Which days, and one currency or all of them."""

    first = forms.DateField(label="From", widget=AdminDateInput)
    last = forms.DateField(label="To", widget=AdminDateInput)
    currency = forms.ChoiceField(label="Currency", required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].choices = [("", "All, each by itself"), *used_currencies()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            raise forms.ValidationError("The last day is before the first.")
        if first and last and (last - first).days > LONGEST:
            raise forms.ValidationError("Choose at most ten years.")
        return data


class Report(PermissionRequiredMixin, WagtailAdminTemplateMixin, SpreadsheetExportMixin, TemplateView):
    """One table of `columns` (name, heading), read by `rows`. Subclasses may draw charts."""

    permission_required = "checkout.view_order"
    raise_exception = True
    template_name = "checkout_admin/report.html"
    header_icon = "doc-empty-inverse"
    export_filename = "report"
    url_name = ""
    introduction = ""
    empty = "Nothing in this period."
    columns: tuple[tuple[str, str], ...] = ()

    @property
    def list_export(self) -> list[str]:
        return [name for name, _ in self.columns]

    def rows(self, period: reporting.Period) -> list[dict[str, Any]]:
        raise NotImplementedError

    def charts(self, period: reporting.Period, rows: list[dict]) -> list[Chart]:
        return []

    def totals(self, period: reporting.Period) -> list[dict[str, Any]]:
        """Rows under the table, one for each currency."""
        return []

    def get(self, request, *args, **kwargs):
        self.form = PeriodForm(request.GET if "first" in request.GET else _last_days())
        self.period = reporting.Period(**self.form.cleaned_data) if self.form.is_valid() else None
        found = self.rows(self.period) if self.period else []
        if self.is_export:
            return self.as_spreadsheet(found, request.GET.get("export"))
        return self.render_to_response(self.get_context_data(found=found))

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        period, found = self.period, kwargs.pop("found")
        return super().get_context_data(
            form=self.form,
            introduction=self.introduction,
            empty=self.empty,
            headings=[(heading, name in AMOUNTS or name == "orders") for name, heading in self.columns],
            rows=[self._cells(row) for row in found],
            totals=[self._cells(row) for row in self.totals(period)] if period else [],
            charts=self.charts(period, found) if period else [],
            exports=[(label, self.get_export_url(kind)) for kind, label in (("csv", "CSV"), ("xlsx", "XLSX"))],
            **kwargs,
        )

    def get_breadcrumbs_items(self) -> list[dict]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def _cells(self, row: dict) -> list[dict]:
        return [self._cell(name, row.get(name, ""), row) for name, _ in self.columns]

    def _cell(self, name: str, value: Any, row: dict) -> dict:
        if name in AMOUNTS and isinstance(value, int):
            return {"text": money.format_money(value, row["currency"]), "number": True}
        if isinstance(value, Order):
            return {"text": str(value), "url": reverse("wagtailsnippets_checkout_order:inspect", args=[value.pk])}
        if isinstance(value, date):
            return {"text": date_format(value, "DATE_FORMAT")}
        if isinstance(value, bool):
            return {"text": "in the prices" if value else "added"}
        return {"text": value, "number": isinstance(value, int)}

    def to_row_dict(self, item: dict) -> dict:
        """Amounts in major units beside their currency; no text that a spreadsheet would run."""
        return {name: _plain(name, item.get(name, ""), item["currency"]) for name, _ in self.columns}

    def get_heading(self, queryset, field: str) -> str:
        return dict(self.columns)[field]


def _last_days() -> dict[str, date]:
    today = timezone.localdate()
    return {"first": today - timedelta(days=DAYS - 1), "last": today}


def _plain(name: str, value: Any, currency: str) -> str | int | date | Decimal:
    if name in AMOUNTS and isinstance(value, int) and currency:
        return money.to_major(value, currency)
    if isinstance(value, bool):
        return "in the prices" if value else "added"
    return plain_text(str(value)) if isinstance(value, str | Order) else value


def _currencies(rows: Iterable[dict]) -> list[str]:
    return sorted({row["currency"] for row in rows})


class SalesReport(Report):
    page_title = "Sales"
    url_name = "report_sales"
    export_filename = "sales"
    introduction = "Orders by the day they were paid, refunds not taken off. Each currency stands by itself."
    columns = (
        ("at", "When"),
        ("currency", "Currency"),
        ("orders", "Orders"),
        ("subtotal", "Subtotal"),
        ("discount", "Discount"),
        ("tax", "Tax added"),
        ("tax_inclusive", "Tax contained"),
        ("shipping", "Shipping"),
        ("rounding", "Rounding"),
        ("total", "Total"),
    )

    def rows(self, period: reporting.Period) -> list[dict[str, Any]]:
        return reporting.sales(period)

    def totals(self, period: reporting.Period) -> list[dict[str, Any]]:
        return [row | {"at": "All"} for row in reporting.sales_totals(period)]

    def charts(self, period: reporting.Period, rows: list[dict]) -> list[Chart]:
        return [self._chart(period, currency, rows) for currency in _currencies(rows)]

    @staticmethod
    def _chart(period: reporting.Period, currency: str, rows: list[dict]) -> Chart:
        found = {row["at"]: row["total"] for row in rows if row["currency"] == currency}
        form = "F Y" if period.by_month else "j M"
        steps = [
            (date_format(step, form), found.get(step, 0), money.format_money(found.get(step, 0), currency))
            for step in period.steps()
        ]
        return bars(f"Sales in {currency}", steps, money.format_money(max(found.values()), currency))


class TaxReport(Report):
    page_title = "Tax by rate"
    url_name = "report_taxes"
    export_filename = "taxes"
    introduction = "Taxes as they stood when each order was made, by the day it was paid, refunds not taken off."
    columns = (
        ("currency", "Currency"),
        ("name", "Tax"),
        ("percentage", "Percent"),
        ("inclusive", "How"),
        ("country", "Country"),
        ("orders", "Orders"),
        ("base", "On"),
        ("amount", "Tax"),
    )

    def rows(self, period: reporting.Period) -> list[dict[str, Any]]:
        return reporting.taxes(period)

    def charts(self, period: reporting.Period, rows: list[dict]) -> list[Chart]:
        return [_by_name("Tax", currency, rows) for currency in _currencies(rows)]


class DiscountReport(Report):
    page_title = "Discounts used"
    url_name = "report_discounts"
    export_filename = "discounts"
    introduction = "What each discount took off, in orders paid in this period."
    empty = "No order of this period used a discount."
    columns = (
        ("currency", "Currency"),
        ("name", "Discount"),
        ("code", "Code"),
        ("orders", "Orders"),
        ("amount", "Taken off"),
    )

    def rows(self, period: reporting.Period) -> list[dict[str, Any]]:
        return reporting.discounts(period)

    def charts(self, period: reporting.Period, rows: list[dict]) -> list[Chart]:
        return [_by_name("Discounts", currency, rows) for currency in _currencies(rows)]


class RefundReport(Report):
    page_title = "Refunds"
    url_name = "report_refunds"
    export_filename = "refunds"
    introduction = "Money that reached buyers again, by the day the refund was asked for."
    empty = "Nothing was refunded in this period."
    columns = (
        ("currency", "Currency"),
        ("origin", "Made in"),
        ("refunds", "Refunds"),
        ("amount", "Amount"),
    )

    def rows(self, period: reporting.Period) -> list[dict[str, Any]]:
        return reporting.refunds(period)


class MismatchReport(Report):
    page_title = "Stripe and shop"
    url_name = "report_mismatches"
    export_filename = "mismatches"
    introduction = "Where Stripe and the shop do not say the same. An empty list is a good one."
    empty = "Nothing: what Stripe reported and what the shop recorded agree."
    columns = (
        ("at", "When"),
        ("kind", "What"),
        ("subject", "At Stripe"),
        ("order", "Order"),
        ("currency", "Currency"),
        ("amount", "Amount"),
        ("detail", "Detail"),
    )

    def rows(self, period: reporting.Period) -> list[dict[str, Any]]:
        return reporting.mismatches(period)


def _by_name(what: str, currency: str, rows: list[dict]) -> Chart:
    own = [row for row in rows if row["currency"] == currency]
    steps = [(row["name"], row["amount"], money.format_money(row["amount"], currency)) for row in own]
    return bars(f"{what} in {currency}", steps, money.format_money(max(row["amount"] for row in own), currency))


REPORTS: tuple[type[Report], ...] = (SalesReport, TaxReport, DiscountReport, RefundReport, MismatchReport)
