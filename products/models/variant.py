"""Variants: an item in several sizes or colours.

Two tables, because two things live at different speeds. `ItemVariant` is a row in the editor's form: it belongs to the
page and so to its drafts and versions, and may be deleted, reverted or copied with them. `Variant` is what was
published under that row's key: what stock is counted for, what orders name, and therefore never deleted.
"""

import uuid

from django.core.validators import MaxValueValidator
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable

from ..admin.panels import FirstCountPanel

VALUE_LENGTH = 38  # three of them and what stands between are at most the 120 characters of a name


class ItemVariant(Orderable):
    """One row of an item's variants, in the editor's order. `key` joins the row to its Variant."""

    page = ParentalKey("products.ItemPage", on_delete=models.CASCADE, related_name="variants")
    key = models.UUIDField(default=uuid.uuid4)
    value1 = models.CharField("first choice", max_length=VALUE_LENGTH, help_text="For example A3.")
    value2 = models.CharField("second choice", max_length=VALUE_LENGTH, blank=True, help_text="For example black.")
    value3 = models.CharField("third choice", max_length=VALUE_LENGTH, blank=True)
    sku = models.CharField("SKU", max_length=64, help_text="This variant's own article number.")
    price = models.DecimalField(
        max_digits=13, decimal_places=3, null=True, blank=True, help_text="Empty: the item's price."
    )
    sale_price = models.DecimalField(
        max_digits=13,
        decimal_places=3,
        null=True,
        blank=True,
        help_text="While the item's sale lasts. Empty: the item's sale price, unless this row has a price of its own.",
    )
    opening_stock = models.PositiveIntegerField(
        "units there are",
        null=True,
        blank=True,
        validators=[MaxValueValidator(1_000_000)],
        help_text="Counted when this variant is published for the first time.",
    )
    for_sale = models.BooleanField(
        default=True, help_text="Untick to stop selling it. Its stock and its orders stay as they are."
    )

    panels = [
        FieldRowPanel([FieldPanel("value1"), FieldPanel("value2"), FieldPanel("value3")]),
        FieldRowPanel([FieldPanel("sku"), FieldPanel("price"), FieldPanel("sale_price")]),
        FieldRowPanel([FirstCountPanel("opening_stock"), FieldPanel("for_sale")]),
    ]

    class Meta(Orderable.Meta):
        verbose_name = "variant"

    def __str__(self) -> str:
        return self.name

    @property
    def values(self) -> tuple[str, ...]:
        """The chosen values, one for each of the item's choices."""
        return tuple(value for value in (self.value1, self.value2, self.value3) if value)

    @property
    def name(self) -> str:
        """What buyers, orders and Stripe call it: "A3 / black"."""
        return " / ".join(self.values)


class Variant(models.Model):
    """What is sold under a row's key. Written when the item's page is saved (products/variants.py), never by hand."""

    item = models.ForeignKey("products.ItemPage", on_delete=models.CASCADE, related_name="sold_variants")
    key = models.UUIDField(unique=True)
    sku = models.CharField("SKU", max_length=64, db_index=True)
    name = models.CharField(max_length=120)
    # Minor units; the item's own figures where the row has none.
    unit_amount = models.PositiveBigIntegerField(null=True)
    sale_amount = models.PositiveBigIntegerField(null=True)
    position = models.PositiveIntegerField(default=0)
    active = models.BooleanField(default=True, help_text="It stands on the item's page and can be bought.")

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name

    def is_needed(self) -> bool:
        """Something refers to it: it was counted, or stands in orders."""
        return any(
            relation.related_model._base_manager.filter(**{relation.field.name: self}).exists()
            for relation in self._meta.related_objects
            if relation.name == "stock" or relation.on_delete is models.PROTECT
        )
