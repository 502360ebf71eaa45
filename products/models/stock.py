"""Stock lives outside the page: drafts, publishing, reverting, copying and translating never touch it.

`on_hand` counts what is on the shelf, `held` what of it is promised to buyers who are paying right now, `sold` what
was paid for. A sale moves `quantity` from on_hand and held to sold. The database refuses impossible figures.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Stock(models.Model):
    """The one count of an item or, if it has variants, of one of them; no row means never counted, so none for sale.

    `item` is the page that translations and aliases share their stock with (ItemPage.source_id).
    """

    item = models.ForeignKey("products.ItemPage", on_delete=models.CASCADE, related_name="stocks")
    variant = models.OneToOneField(
        "products.Variant", null=True, blank=True, on_delete=models.CASCADE, related_name="stock"
    )
    on_hand = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    sold = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "stock"
        indexes = [models.Index(F("on_hand") - F("held"), name="stock_left")]  # what runs out (products/low_stock.py)
        constraints = [
            models.CheckConstraint(condition=Q(on_hand__gte=0), name="stock_on_hand_not_negative"),
            models.CheckConstraint(condition=Q(held__gte=0), name="stock_held_not_negative"),
            models.CheckConstraint(condition=Q(sold__gte=0), name="stock_sold_not_negative"),
            models.CheckConstraint(condition=Q(held__lte=F("on_hand")), name="stock_held_within_on_hand"),
            # a plain unique (item, variant) would let through two rows without a variant: NULLs never equal each other
            models.UniqueConstraint(
                fields=["item"], condition=Q(variant__isnull=True), name="stock_one_per_plain_item"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on_hand} on hand, {self.held} held, {self.sold} sold"

    @property
    def available(self) -> int:
        """How many can be sold to somebody new."""
        return self.on_hand - self.held


class StockMovement(models.Model):
    """The ledger: why `on_hand` changed, by how much, who did it. Rows are only ever added."""

    class Kind(models.TextChoices):
        RESTOCK = "restock", "Restock"
        CORRECTION = "correction", "Correction"
        SALE = "sale", "Sale"
        RETURN = "return", "Return"

    stock = models.ForeignKey(Stock, on_delete=models.CASCADE, related_name="movements")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    quantity = models.IntegerField(help_text="Added to (or, negative, taken from) the stock on hand.")
    reason = models.CharField(max_length=200)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    order_number = models.CharField(max_length=32, blank=True, help_text="The order that was sold or returned.")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(quantity=0), name="stockmovement_moves_something"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity:+d} {self.get_kind_display().lower()}"
