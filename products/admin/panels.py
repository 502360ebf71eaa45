"""The stock panel of the item's edit form. It reads the live count, never the page's revision."""

from django.urls import reverse
from wagtail.admin.panels import FieldPanel, Panel

LATEST = 5


class FirstStepsPanel(Panel):
    """What to do, in order; for an item that was never published."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "products_admin/first_steps.html"

        def is_shown(self) -> bool:
            return super().is_shown() and self.instance.first_published_at is None


class FirstCountPanel(FieldPanel):
    """How many there are: asked until the item has been counted, because then the count has a life of its own."""

    class BoundPanel(FieldPanel.BoundPanel):
        def is_shown(self) -> bool:
            from products.models import Stock

            item_id = self.instance.pk
            counted = bool(item_id) and Stock.objects.filter(item_id=item_id).exists()
            return super().is_shown() and not counted


class StockPanel(Panel):
    """Read-only figures and the last movements, with a link to where stock is counted."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "products_admin/stock_panel.html"

        def get_context_data(self, parent_context=None) -> dict:
            context = super().get_context_data(parent_context)
            item_id = self.instance.pk
            # Imported late: the item model lists this panel.
            from products.models import Stock

            stock = Stock.objects.filter(item_id=item_id).first() if item_id else None
            context["saved"] = bool(item_id)
            context["stock"] = stock
            context["movements"] = stock.movements.select_related("user")[:LATEST] if stock else []
            if item_id and self.request.user.has_perm("products.change_stock"):
                context["adjust_url"] = reverse("stock_adjust", args=[item_id])
            return context
