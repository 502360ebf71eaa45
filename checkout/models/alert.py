"""Who wants to be told when something that is sold out can be bought again."""

from django.db import models
from django.db.models import Q


class StockAlert(models.Model):
    """One person's wish about one thing. It waits for the person's confirmation, then for stock, and is done when told.

    `item` and `variant` name the thing as its stock does (ItemPage.source_id), so that translations share the wish.
    """

    item = models.ForeignKey("products.ItemPage", on_delete=models.CASCADE, related_name="alerts")
    variant = models.ForeignKey(
        "products.Variant", null=True, blank=True, on_delete=models.CASCADE, related_name="alerts"
    )
    email = models.EmailField(help_text="In small letters, so that nobody waits twice.")
    language = models.CharField(max_length=12, default="en", help_text="What the visitor read the shop in.")
    created = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created", "-pk"]
        constraints = [
            # two, because NULLs never equal each other; told ones do not count: the thing may sell out again
            models.UniqueConstraint(
                fields=["item", "email"],
                condition=Q(variant__isnull=True, told_at__isnull=True),
                name="stockalert_one_per_plain_item",
            ),
            models.UniqueConstraint(
                fields=["item", "variant", "email"],
                condition=Q(told_at__isnull=True),
                name="stockalert_one_per_variant",
            ),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True) | Q(confirmed_at__isnull=False), name="stockalert_told_if_confirmed"
            ),
        ]
        indexes = [
            models.Index(
                fields=["item", "confirmed_at"],
                condition=Q(confirmed_at__isnull=False, told_at__isnull=True),
                name="stockalert_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"alert {self.pk} about item {self.item_id}"
