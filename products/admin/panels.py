"""The stock panel of the item's edit form. It reads the live count, never the page's revision."""

from django.urls import reverse
from wagtail.admin.panels import Panel

LATEST = 5


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
