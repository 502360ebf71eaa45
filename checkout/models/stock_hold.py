"""Units promised to an order whose payment page is open."""

from django.db import models
from django.db.models import Q

from ..states import HoldState


class Hold(models.Model):
    order = models.ForeignKey("checkout.Order", on_delete=models.PROTECT, related_name="holds")
    # The page that stock is kept for: of a translation its original.
    item = models.ForeignKey("products.ItemPage", on_delete=models.PROTECT, related_name="holds")
    variant = models.ForeignKey(
        "products.Variant", null=True, blank=True, on_delete=models.PROTECT, related_name="holds"
    )
    quantity = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=HoldState.choices, default=HoldState.HELD)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "item"], condition=Q(variant__isnull=True), name="hold_one_per_item"
            ),
            models.UniqueConstraint(fields=["order", "variant"], name="hold_one_per_variant"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="hold_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.item_id} {self.state}"
