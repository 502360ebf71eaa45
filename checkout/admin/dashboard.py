"""Panels of the sales on Wagtail's home page: what is to be shipped."""

from checkout import shipping
from checkout.models import Order
from checkout.states import OrderStatus
from products.admin.dashboard import SHOWN, ShopPanel


class ToShipPanel(ShopPanel):
    """Paid orders with something to send that nobody marked as shipped, the oldest first: they have waited longest."""

    template_name = "checkout_admin/home_to_ship.html"
    order = 100

    def is_shown(self) -> bool:
        return self.user.has_perm("checkout.view_order") and Order.objects.filter(status=OrderStatus.PAID).exists()

    def get_context_data(self, parent_context) -> dict:
        waiting = shipping.to_ship().defer("snapshot")
        count = waiting.count()
        return {
            **super().get_context_data(parent_context),
            "orders": waiting.order_by("paid_at", "pk")[:SHOWN],
            "more": max(count - SHOWN, 0),
        }
