"""The doctor's findings as a report in Wagtail's admin: what `manage.py doctor` prints, for people without a shell."""

from django.core.exceptions import PermissionDenied
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView

from checkout import doctor

WORDS = {doctor.GREEN: "OK", doctor.YELLOW: "Look", doctor.RED: "Wrong"}


class LevelColumn(Column):
    cell_template_name = "storefront_admin/level_cell.html"

    def get_value(self, instance):
        return {"level": instance.level, "word": WORDS[instance.level]}


class HealthReport(ReportView):
    page_title = "Health of the shop"
    header_icon = "circle-check"
    index_url_name = "health_report"
    index_results_url_name = "health_report_results"
    default_ordering = None
    is_searchable = False
    paginate_by = None
    columns = [
        LevelColumn("level", label="State", width="10%"),
        Column("subject", label="What", width="20%"),
        Column("text", label="Found, and what to do"),
    ]
    list_export = ["level", "subject", "text"]

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        return doctor.examine()

    def filter_queryset(self, queryset):
        return queryset

    def order_queryset(self, queryset):
        return queryset
