"""The list of orders: columns, filters, search, export."""

from collections import OrderedDict
from decimal import Decimal

import django_filters
from django.db.models import OuterRef, Q, Subquery, Sum
from django.urls import reverse
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.snippets.views.snippets import IndexView

from checkout.models import Order, OrderLine, Payment, Refund
from checkout.states import OrderStatus, RefundState
from products import money
from products.admin.long_lists import LongList
from products.distinct import different
from products.sheets import plain_text

AMOUNTS = ("subtotal", "discount", "tax", "tax_inclusive", "shipping", "rounding", "total", "refunded")


def used_currencies() -> list[tuple[str, str]]:
    return [(code, code) for code in different(Order.objects.all(), "currency") if code]


class OrderFilterSet(WagtailFilterSet):
    # no order has two: to tell them apart the database compared all columns of all of them, for their number
    status = django_filters.MultipleChoiceFilter(choices=OrderStatus.choices, label="Status", distinct=False)
    currency = django_filters.ChoiceFilter(choices=used_currencies, label="Currency")
    created = django_filters.DateFromToRangeFilter(label="Created", widget=DateRangePickerWidget)
    paid_at = django_filters.DateFromToRangeFilter(label="Paid", widget=DateRangePickerWidget)

    class Meta:
        model = Order
        fields = ["status", "currency", "created", "paid_at"]


class OrderIndexView(LongList, IndexView):
    """Search finds an order by number, e-mail, item name, SKU or the payment's id at Stripe."""

    template_name = "wagtailadmin/generic/index.html"
    is_searchable = True
    list_export = (
        "number",
        "status",
        "currency",
        *AMOUNTS,
        "email",
        "items",
        "created",
        "paid_at",
        "account",
        "livemode",
    )
    export_headings = {
        "tax": "Tax added",
        "tax_inclusive": "Tax contained",
        "items": "Items",
        "refunded": "Refunded",
        "account": "Stripe account",
        "livemode": "Live",
    }

    @property
    def columns(self) -> list[Column]:
        return [
            TitleColumn("number", label="Order", accessor=str, sort_key="number", get_url=self.get_inspect_url),
            StatusTagColumn(
                "status",
                label="Status",
                accessor="get_status_display",
                sort_key="status",
                primary=lambda order: order.status == OrderStatus.PAID,
            ),
            Column("total", label="Total", accessor=_total_with_currency),
            Column("email", label="E-mail", sort_key="email"),
            DateColumn("created", label="Created", sort_key="created"),
            DateColumn("paid_at", label="Paid", sort_key="paid_at"),
        ]

    def get_base_queryset(self):
        orders = Order.objects.defer("snapshot")
        if not self.is_export:
            return orders
        returned = (
            Refund.objects.filter(order=OuterRef("pk"), state=RefundState.SUCCEEDED)
            .order_by()
            .values("order")
            .annotate(sum=Sum("amount"))
            .values("sum")
        )
        return orders.annotate(refunded=Subquery(returned)).prefetch_related("lines")

    def search_queryset(self, queryset):
        if not self.is_searching:
            return queryset
        words = self.search_query.strip()
        # each is read once, and not looked for in every order: of 100,000 that took three times as long
        lines = OrderLine.objects.filter(Q(name__icontains=words) | Q(sku__icontains=words)).order_by()
        payments = Payment.objects.filter(payment_intent_id=words, order__isnull=False).order_by()
        return queryset.filter(
            Q(number__icontains=words)
            | Q(email__icontains=words)
            | Q(pk__in=lines.values("order"))
            | Q(pk__in=payments.values("order"))
        )

    def to_row_dict(self, order: Order) -> OrderedDict:
        """Amounts in major units, so that a row reads 19.99 beside USD; sums across currencies are left to people."""
        row = OrderedDict(number=order.number or "", status=order.get_status_display(), currency=order.currency)
        for name in AMOUNTS:
            row[name] = _major(getattr(order, name) or 0, order.currency)
        row["email"] = plain_text(order.email)
        row["items"] = plain_text("; ".join(f"{line.quantity} × {line.sku or line.name}" for line in order.lines.all()))
        row |= {"created": order.created, "paid_at": order.paid_at or "", "account": order.keypair}
        row["livemode"] = order.livemode
        return row

    def get_edit_url(self, instance) -> None:
        return None

    def get_inspect_url(self, instance) -> str:
        return reverse(self.inspect_url_name, args=[instance.pk])


def _total_with_currency(order: Order) -> str:
    return f"{order.total_display} {order.currency}" if order.currency else "–"


def _major(amount: int, currency: str) -> Decimal:
    return money.to_major(amount, currency) if currency else Decimal(amount)
