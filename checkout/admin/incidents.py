"""Incidents: what the shop could not decide alone. A list, a form to close one, and a panel on the admin's home."""

from typing import Any

import django_filters
from django import forms
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import log
from wagtail.permissions import policy_registry
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from checkout.models import Incident

LIST = "wagtailsnippets_checkout_incident:list"
SHOWN = 5  # on the admin's home


class IncidentFilterSet(WagtailFilterSet):
    open = django_filters.ChoiceFilter(
        label="State",
        choices=[("open", "Open"), ("closed", "Closed")],
        method="filter_open",
        empty_label="All",
    )

    class Meta:
        model = Incident
        fields = ["open"]

    def filter_open(self, queryset, name: str, value: str):
        return queryset.filter(closed_at__isnull=value == "open")


class IncidentIndexView(IndexView):
    """Open ones first; the order is a click away."""

    template_name = "wagtailadmin/generic/index.html"
    is_searchable = True
    default_ordering = "-opened_at"

    @property
    def columns(self) -> list[Column]:
        return [
            TitleColumn("kind", label="What", accessor=_title, get_url=lambda one: reverse("incident", args=[one.pk])),
            Column("subject", label="About"),
            Column("order", label="Order", accessor=lambda one: one.order or "–"),
            StatusTagColumn(
                "state", label="State", accessor=_state, primary=lambda incident: incident.closed_at is None
            ),
            DateColumn("opened_at", label="Since", sort_key="opened_at"),
        ]

    def get_base_queryset(self):
        return Incident.objects.select_related("order")

    def order_queryset(self, queryset):
        closed = ExpressionWrapper(Q(closed_at__isnull=False), BooleanField())
        return queryset.order_by(closed, self.ordering, "-pk")

    def search_queryset(self, queryset):
        words = self.search_query.strip() if self.is_searching else ""
        if not words:
            return queryset
        return queryset.filter(
            Q(kind__icontains=words) | Q(subject__icontains=words) | Q(order__number__icontains=words)
        )

    def get_edit_url(self, instance) -> None:
        return None


def _title(incident: Incident) -> str:
    return incident.kind.replace("_", " ").capitalize()


def _state(incident: Incident) -> str:
    return "Closed" if incident.closed_at else "Open"


class CloseForm(forms.Form):
    note = forms.CharField(
        max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), help_text="What was found and done."
    )


class IncidentView(WagtailAdminTemplateMixin, FormView):
    """One incident; with the form that closes it for those who may."""

    form_class = CloseForm
    template_name = "checkout_admin/incident.html"
    page_title = "Incident"
    header_icon = "warning"

    def dispatch(self, request, *args, **kwargs):
        self.incident = get_object_or_404(Incident.objects.select_related("order", "payment"), pk=kwargs["pk"])
        if not self._may("view") or (request.method == "POST" and not self._may("close")):
            messages.error(request, "You may not do that.")
            return redirect("wagtailadmin_home")
        return super().dispatch(request, *args, **kwargs)

    def _may(self, action: str) -> bool:
        return policy_registry.get_by_type(Incident).user_has_permission(self.request.user, action)

    def form_valid(self, form):
        who, note = self.request.user.get_username(), form.cleaned_data["note"]
        closed = Incident.objects.filter(pk=self.incident.pk, closed_at=None).update(
            closed_at=timezone.now(), closed_by=who[:150], note=note
        )
        if closed:
            text = f"Incident closed ({self.incident.kind}): {note}"
            about: Any = self.incident.order or self.incident
            data = {"text": text, "before": "open", "after": "closed"}
            log(about, "checkout.incident", user=self.request.user, data=data)
            messages.success(self.request, "Closed.")
        else:
            messages.warning(self.request, "Somebody else has closed it meanwhile.")
        return redirect(LIST)

    def get_page_subtitle(self) -> str:
        return _title(self.incident)

    def get_breadcrumbs_items(self) -> list[dict]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(LIST), "label": "Incidents"},
            {"url": "", "label": _title(self.incident)},
        ]

    def get_context_data(self, **kwargs) -> dict:
        may_close = self._may("close") and self.incident.closed_at is None
        return super().get_context_data(incident=self.incident, may_close=may_close, **kwargs)


class IncidentViewSet(SnippetViewSet):
    model = Incident
    icon = "warning"
    menu_label = "Incidents"
    menu_order = 150
    index_view_class = IncidentIndexView
    index_template_name = "wagtailadmin/generic/index.html"
    copy_view_enabled = False
    add_to_reference_index = False
    filterset_class = IncidentFilterSet
    list_per_page = 50

    def get_urlpatterns(self) -> list:
        return [
            path("", self.index_view, name="list"),
            path("results/", self.index_results_view, name="list_results"),
        ]

    def register_chooser_viewset(self) -> None:
        """No chooser: nothing refers to an incident."""

    def get_permissions_to_register(self):
        found = super().get_permissions_to_register()
        return found.filter(codename__in=["view_incident", "close_incident"])


class IncidentPanel(Component):
    """On the admin's home, above the rest, while something waits for a person."""

    name = "incidents"
    template_name = "checkout_admin/incidents_panel.html"
    order = 50

    def __init__(self, incidents: list[Incident], count: int) -> None:
        self.incidents, self.count = incidents, count

    def get_context_data(self, parent_context) -> dict:
        return {"incidents": self.incidents, "count": self.count, "list_url": reverse(LIST)}


def panel_for(user) -> IncidentPanel | None:
    """None for those who may not look, and when nothing is open."""
    if not policy_registry.get_by_type(Incident).user_has_permission(user, "view"):
        return None
    waiting = Incident.objects.filter(closed_at=None)
    count = waiting.count()
    return IncidentPanel(list(waiting.select_related("order")[:SHOWN]), count) if count else None
