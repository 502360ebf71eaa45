"""Items that an editor put beside another one."""

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel
from wagtail.models import Orderable

MOST = 8


class RelatedItem(Orderable):
    """`page` shows `item` before its neighbours on the shelf, and never itself.

    Translations show what their originals name.
    """

    page = ParentalKey("products.ItemPage", on_delete=models.CASCADE, related_name="related_items")
    item = models.ForeignKey("products.ItemPage", on_delete=models.CASCADE, related_name="+")

    panels = [FieldPanel("item")]

    class Meta(Orderable.Meta):
        verbose_name = "related item"

    def __str__(self) -> str:
        return self.item.title
