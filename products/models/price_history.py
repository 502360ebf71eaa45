"""What things cost when. Rows are only ever added: the law asks what a price was before it was reduced."""

from django.db import models
from django.utils import timezone


class PriceRecord(models.Model):
    """From `since` on, an item (or one of its variants) cost this. Money in minor units; no price: not for sale."""

    item = models.ForeignKey("products.ItemPage", on_delete=models.CASCADE, related_name="price_records")
    variant = models.ForeignKey(
        "products.Variant", null=True, blank=True, on_delete=models.CASCADE, related_name="price_records"
    )
    currency = models.CharField(max_length=3)
    unit_amount = models.PositiveBigIntegerField(null=True)
    sale_amount = models.PositiveBigIntegerField(null=True)
    sale_starts_at = models.DateTimeField(null=True)
    sale_ends_at = models.DateTimeField(null=True)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["since", "pk"]
        indexes = [models.Index(fields=["item", "since"], name="pricerecord_item_since")]

    def __str__(self) -> str:
        return f"{self.unit_amount} {self.currency} since {self.since:%Y-%m-%d}"
