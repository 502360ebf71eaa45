"""What the project adds to Wagtail's admin: the doctor's report, and on the home page whatever is wrong."""

from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from checkout import doctor

from .health_report import HealthReport


def may_look(user) -> bool:
    """The findings name settings and hosts: for whoever runs the shop."""
    return user.is_superuser


class HealthMenuItem(MenuItem):
    def is_shown(self, request) -> bool:
        return may_look(request.user)


@hooks.register("register_reports_menu_item")
def health_menu_item():
    return HealthMenuItem("Health of the shop", reverse("health_report"), icon_name="circle-check", order=900)


@hooks.register("register_admin_urls")
def health_urls():
    return [
        path("reports/health/", HealthReport.as_view(), name="health_report"),
        path("reports/health/results/", HealthReport.as_view(results_only=True), name="health_report_results"),
    ]


class WrongPanel(Component):
    """Only what is wrong and can be seen without asking anybody else: the page must open quickly."""

    order = 10
    template_name = "storefront_admin/wrong_panel.html"

    def get_context_data(self, parent_context):
        wrong = [finding for finding in doctor.examine(quick=True) if finding.level == doctor.RED]
        return {"wrong": wrong, "report": reverse("health_report")}


@hooks.register("construct_homepage_panels")
def wrong_panel(request, panels):
    if may_look(request.user):
        panels.append(WrongPanel())
