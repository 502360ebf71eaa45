"""What whoever runs the shop sets for the whole site."""

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting


@register_setting(icon="clipboard-list", order=900)
class StockSettings(BaseSiteSetting):
    low_stock = models.PositiveIntegerField(
        "warn from",
        default=5,
        help_text="Items with this many or fewer left are shown as low on stock. An item may have a number of its own.",
    )

    panels = [FieldPanel("low_stock")]

    class Meta:
        verbose_name = "stock"
        verbose_name_plural = "stock settings"
