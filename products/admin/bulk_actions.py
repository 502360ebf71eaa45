"""Changing many items from their list: what to do, then a table of before and after, then doing it."""

from decimal import Decimal
from typing import ClassVar

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied
from wagtail.admin.views.bulk_action import BulkAction

from products.bulk import running
from products.bulk.operations import ChangePrices, ChangeStock, Move, Operation, Publish, Unpublish
from products.models import CategoryPage, ItemPage

from .item_list import ItemListView, writes


class PriceForm(forms.Form):
    percent = forms.DecimalField(
        label="Change in percent",
        min_value=Decimal("-99.99"),
        max_value=Decimal(1000),
        decimal_places=2,
        help_text="10 makes everything ten percent dearer, -10 cheaper. Sale prices stay as they are.",
    )

    def clean_percent(self) -> str:
        if not self.cleaned_data["percent"]:
            raise forms.ValidationError("Zero changes nothing.")
        return str(self.cleaned_data["percent"])


class StockForm(forms.Form):
    quantity = forms.IntegerField(
        label="Change",
        min_value=-1_000_000,
        max_value=1_000_000,
        help_text="Added to each; with a minus sign, taken from each. Of an item with variants, each variant.",
    )
    reason = forms.CharField(max_length=150, help_text="For whoever reads the history: delivery, counted again.")

    def clean_quantity(self) -> int:
        if not self.cleaned_data["quantity"]:
            raise forms.ValidationError("Zero changes nothing.")
        return self.cleaned_data["quantity"]


class MoveForm(forms.Form):
    category = forms.ModelChoiceField(queryset=CategoryPage.objects.order_by("path"), label="To the category")

    def clean_category(self) -> int:
        return self.cleaned_data["category"].pk


class NothingToAsk(forms.Form):
    """Publishing and unpublishing need no further word."""


class ItemAction(BulkAction):
    """The three steps. Subclasses name the operation, its form and who is let in at all."""

    models = [ItemPage]
    template_name = "products_admin/bulk.html"
    operation: ClassVar[type[Operation]]
    permission: ClassVar[str] = ""
    classes = {"secondary"}

    def dispatch(self, request, *args, **kwargs) -> HttpResponse:
        allowed = request.user.has_perm(self.permission) if self.permission else writes(request.user)
        return super().dispatch(request, *args, **kwargs) if allowed else permission_denied(request)

    def chosen(self) -> list[ItemPage]:
        """The ticked items, or everything that the list shows with its filters; in the list's order."""
        view = ItemListView()
        view.setup(self.request)
        wanted = self.request.GET.getlist("id")
        if "all" in wanted:
            return list(view.get_queryset()[: running.MOST + 1])
        ids = {int(one) for one in wanted if one.isascii() and one.isdigit() and len(one) < 10}
        return list(view.get_base_queryset().filter(pk__in=ids).order_by("title", "pk")[: running.MOST + 1])

    def get(self, request, *args, **kwargs) -> HttpResponse:
        if self.form_class is NothingToAsk:
            return self.form_valid(NothingToAsk({}))
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs) -> dict:
        kwargs.setdefault("form", self.get_form())
        items = self.chosen()
        return {
            **kwargs,
            "view": self,
            "next": self.next_url,
            "count": len(items),
            "too_many": running.MOST if len(items) > running.MOST else 0,
            "submit_url": f"{self.request.path}?{self.request.META['QUERY_STRING']}",
        }

    def form_valid(self, form) -> HttpResponse:
        data = form.cleaned_data if form.is_valid() else {}
        operation = self.operation(self.request.user, **data)
        context = self.get_context_data(form=form)
        if context["too_many"] or not context["count"]:
            return self.render_to_response(context)
        rows = running.plan(operation, self.chosen())
        seen = running.fingerprint(rows)
        if self.request.POST.get("seen") != seen:
            context |= {"rows": rows, "label": operation.label, "seen": seen, "data": data}
            context |= {"ready": sum(not row.problem for row in rows), "again": "seen" in self.request.POST}
            return TemplateResponse(self.request, "products_admin/bulk_table.html", context)
        return self._done(running.carry_out(operation, rows), rows)

    def _done(self, change, rows) -> HttpResponse:
        left = [row for row in rows if row.problem]
        if change:
            undo = messages.button(reverse("bulk_change", args=[change.pk]), "Look at it, or take it back")
            count = len(change.rows)
            messages.success(self.request, f"{change.label}: {count} item{'' if count == 1 else 's'}.", buttons=[undo])
        if left:
            messages.warning(self.request, f"{len(left)} stayed as they were: {left[0].title}: {left[0].problem}")
        return redirect(self.next_url)


class PriceAction(ItemAction):
    display_name = "Price"
    action_type = "price"
    aria_label = "Change the prices of the selected items by a percentage"
    action_priority = 10
    operation, form_class, permission = ChangePrices, PriceForm, "products.change_price"


class StockAction(ItemAction):
    display_name = "Stock"
    action_type = "stock"
    aria_label = "Change the stock of the selected items"
    action_priority = 20
    operation, form_class, permission = ChangeStock, StockForm, "products.change_stock"


class PublishAction(ItemAction):
    display_name = "Publish"
    action_type = "publish"
    aria_label = "Publish the selected items"
    action_priority = 30
    operation, form_class = Publish, NothingToAsk


class UnpublishAction(ItemAction):
    display_name = "Unpublish"
    action_type = "unpublish"
    aria_label = "Unpublish the selected items"
    action_priority = 40
    operation, form_class = Unpublish, NothingToAsk


class MoveAction(ItemAction):
    display_name = "Category"
    action_type = "move"
    aria_label = "Move the selected items to another category"
    action_priority = 50
    operation, form_class = Move, MoveForm


ACTIONS: tuple[type[ItemAction], ...] = (PriceAction, StockAction, PublishAction, UnpublishAction, MoveAction)
