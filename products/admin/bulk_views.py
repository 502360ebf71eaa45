"""Changes of many items that were made: the list of them, and each with the button that takes it back."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.paginator import WagtailPaginator

from products.bulk import Row, running
from products.bulk.operations import OPERATIONS
from products.models import BulkChange, ItemPage

from .bulk_actions import ACTIONS
from .item_list import BelowItems, may_open

PER_PAGE = 50


class ChangesView(BelowItems, TemplateView):
    template_name = "products_admin/bulk_changes.html"
    page_title = "Changes of many items"
    header_icon = "history"

    def dispatch(self, request, *args, **kwargs):
        if not may_open(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs) -> dict:
        changes = BulkChange.objects.select_related("user", "undone_by")
        page = WagtailPaginator(changes, PER_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(
            changes=page, elided_page_range=page.paginator.get_elided_page_range(page.number), **kwargs
        )


class ChangeView(ChangesView):
    """One of them. Only who could make it now may take it back."""

    template_name = "products_admin/bulk_change.html"
    page_title = "Change of many items"

    def setup(self, request, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.change = get_object_or_404(BulkChange, pk=kwargs["pk"])

    def may_take_back(self) -> bool:
        action = next(action for action in ACTIONS if action.operation.kind == self.change.kind)
        if action.permission:
            return self.request.user.has_perm(action.permission)
        operation = OPERATIONS[self.change.kind](self.request.user, **self.change.terms)
        items = ItemPage.objects.filter(pk__in=[row["item_id"] for row in self.change.rows])
        return all(operation.may(item) for item in items)

    def post(self, request, *args, **kwargs) -> HttpResponse:
        if not self.may_take_back():
            raise PermissionDenied
        rows = running.take_back(self.change, request.user)
        left = [row for row in rows if row.problem]
        if not rows:
            messages.warning(request, "It was taken back before.")
        elif len(left) < len(rows):
            messages.success(request, f"Taken back for {len(rows) - len(left)} of {len(rows)} items.")
        for row in left[:5]:
            messages.error(request, f"{row.title} stays as it is: {row.problem}")
        return redirect("bulk_change", self.change.pk)

    def get_context_data(self, **kwargs) -> dict:
        rows = [Row(**row) for row in self.change.rows]
        return super().get_context_data(change=self.change, rows=rows, may=self.may_take_back(), **kwargs)
