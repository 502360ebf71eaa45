"""Importing items from a file: what it would do, then doing it. And the list of items as a file."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages

from products import exporting, sheets
from products.importing import waiting
from products.importing.run import Report
from products.models import ItemImport, ItemPage

from .item_list import BelowItems, ItemListView, may_import, may_open

KINDS = (".csv", ".tsv", ".txt", ".json", ".xlsx")
SHOWN = 200  # lines of a table: nobody reads more, and every one is counted
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class ImportForm(forms.Form):
    file = forms.FileField(
        label="File",
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ",".join(KINDS)}),
        help_text=f"CSV, XLSX or JSON, at most {filesizeformat(waiting.MOST_BYTES)} and {waiting.MOST_ROWS:,} rows.",
        error_messages={"empty": "The file is empty.", "required": "Choose a file first."},
    )
    publish = forms.BooleanField(
        label="Publish",
        required=False,
        help_text="Without it new items are drafts, and changes of items in the shop wait in a draft. "
        "Counts of stock change at once in either case.",
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if PurePath(file.name).suffix.lower() not in KINDS:
            raise forms.ValidationError("Choose a CSV, XLSX or JSON file. Other programs can save as one of them.")
        if file.size > waiting.MOST_BYTES:
            raise forms.ValidationError(
                f"The file has {filesizeformat(file.size)}, and {filesizeformat(waiting.MOST_BYTES)} is the most. "
                "Split it, or ask whoever runs the shop to import it with the command."
            )
        return file


class ImportStep(BelowItems):
    page_title = "Import items"
    header_icon = "upload"
    request: HttpRequest

    def dispatch(self, request, *args, **kwargs):
        if not may_import(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class ImportView(ImportStep, FormView):
    """Choose a file. Nothing changes yet."""

    form_class = ImportForm
    template_name = "products_admin/item_import.html"

    def form_valid(self, form) -> HttpResponse:
        file = form.cleaned_data["file"]
        kept = waiting.keep(self.request.user, name=file.name, data=file.read(), publish=form.cleaned_data["publish"])
        return redirect("item_import_file", kept.pk)

    def get_context_data(self, **kwargs) -> dict:
        columns = exporting.IMPORTED
        return super().get_context_data(columns=columns, read_only=exporting.READ_ONLY, **kwargs)


class ImportFileView(ImportStep, TemplateView):
    """What is in the file and what it would do, with the button that does it; afterwards what was done."""

    template_name = "products_admin/item_import_file.html"

    def setup(self, request, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.kept = get_object_or_404(ItemImport, pk=kwargs["pk"], user_id=request.user.pk)

    def get(self, request, *args, **kwargs) -> HttpResponse:
        if self.kept.done_at:
            return self.render_to_response(self.get_context_data(done=self.kept.result))
        if not waiting.is_open(self.kept):
            messages.warning(request, "The file was thrown away after two hours. Nothing was changed; upload it again.")
            return redirect("item_import")
        return self._show(waiting.show(self.kept))

    def post(self, request, *args, **kwargs) -> HttpResponse:
        try:
            report = waiting.carry_out(self.kept, request.POST.get("seen", "") or "nothing")
        except waiting.Gone:
            self.kept.refresh_from_db(fields=["done_at"])
            if self.kept.done_at:
                messages.warning(request, "This file was imported before; it was not imported again.")
            return redirect("item_import_file", self.kept.pk)
        if report.written:
            messages.success(request, f"“{self.kept.name}” was imported.")
            return redirect("item_import_file", self.kept.pk)
        return self._show(report, again=True)

    def _show(self, report: Report, **context: Any) -> HttpResponse:
        lines = [line for line in report.lines if line.kind != "unchanged"]
        context |= {
            "report": report,
            "lines": lines[:SHOWN],
            "more_lines": max(0, len(lines) - SHOWN),
            "problems": report.problems[:SHOWN],
            "more_problems": max(0, len(report.problems) - SHOWN),
            "ready": not report.problems and bool(lines),
        }
        return self.render_to_response(self.get_context_data(**context))

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(kept=self.kept, **kwargs)


@require_safe
def export(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    """The list of items, as it is filtered, in columns that can be imported again."""
    if not may_open(request.user):
        raise PermissionDenied
    if kind not in sheets.FORMATS:
        raise Http404
    view = ItemListView()
    view.setup(request)
    chosen = ItemPage.objects.filter(pk__in=view.get_queryset().order_by().values("pk")).order_by("path")
    hidden = () if request.user.has_perm("products.view_stock") else exporting.COUNTS
    columns = [name for name in exporting.COLUMNS if name not in hidden]
    response = StreamingHttpResponse(sheets.stream(kind, exporting.rows(chosen), columns), content_type=TYPES[kind])
    name = f"items-{timezone.localdate():%Y-%m-%d}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
