"""The order: a draft (basket), then a frozen promise, then paid. Money columns are minor units of `currency`."""

import secrets

from django.db import models
from django.db.models import Q
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from products.money import format_money

from ..states import OrderStatus

MAX_QUANTITY = 999
MAX_LINES = 50


def new_token() -> str:
    """The order's name in URLs and the right to see it: 192 random bits."""
    return secrets.token_urlsafe(24)


class Order(ClusterableModel):
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    number = models.CharField(max_length=16, unique=True, null=True, blank=True, editable=False)
    status = models.CharField(max_length=10, choices=OrderStatus.choices, default=OrderStatus.DRAFT)
    currency = models.CharField(max_length=3, blank=True)
    # The key set (named by its currency) whose Stripe account this order is paid on; set at freeze.
    keypair = models.CharField(max_length=3, blank=True)
    livemode = models.BooleanField(default=False)
    visitor = models.CharField(max_length=64, blank=True, db_index=True)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=12, default="en")
    buyer_note = models.TextField("the buyer's note", max_length=500, blank=True)

    subtotal = models.PositiveBigIntegerField(default=0)
    discount = models.PositiveBigIntegerField(default=0)
    tax = models.PositiveBigIntegerField(default=0, help_text="Added to the total.")
    tax_inclusive = models.PositiveBigIntegerField(default=0, help_text="Contained in the prices.")
    shipping = models.PositiveBigIntegerField(default=0)
    rounding = models.IntegerField(default=0, help_text="Stripe's total less ours, at most one minor unit a line.")
    total = models.PositiveBigIntegerField(default=0)
    # The frozen quote (pricing.Quote as JSON) and its hash: what the buyer was promised.
    snapshot = models.JSONField(null=True, blank=True, editable=False)
    snapshot_hash = models.CharField(max_length=64, blank=True, editable=False)

    # The rate the buyer chose; without a choice the first one of the currency holds (checkout/shipping.py).
    shipping_rate = models.ForeignKey(
        "checkout.ShippingRate", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # As Stripe collected it: name, line1, line2, postal_code, city, state, country.
    shipping_address = models.JSONField(null=True, blank=True, editable=False)

    discounts = models.ManyToManyField("checkout.Discount", blank=True, related_name="orders")
    taxes = models.ManyToManyField("checkout.Tax", blank=True, related_name="orders")

    created = models.DateTimeField(auto_now_add=True)
    frozen_at = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True, help_text="Stripe's time of the payment.")
    closed_at = models.DateTimeField(null=True, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True)
    tracking = models.CharField(max_length=200, blank=True, help_text="What the buyer is told about the parcel.")
    # Stripe was asked about this order from the return page; asked again only after a few seconds.
    asked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(total__gte=0), name="order_total_not_negative"),
            models.CheckConstraint(condition=Q(status__in=OrderStatus.values), name="order_status_known"),
            models.CheckConstraint(
                condition=Q(status=OrderStatus.DRAFT) | ~Q(snapshot_hash=""), name="order_frozen_unless_draft"
            ),
        ]
        indexes = [
            models.Index(fields=["status", "created"], name="order_status_created"),
            models.Index(fields=["-created", "-id"], name="order_newest"),
            models.Index(fields=["currency"], name="order_currency"),
            models.Index(  # what is to be shipped (checkout/shipping.py)
                fields=["paid_at"],
                condition=Q(shipped_at__isnull=True, paid_at__isnull=False),
                name="order_to_ship",
            ),
        ]
        permissions = [
            ("refund_order", "Can send money back"),
            ("cancel_order", "Can cancel unpaid orders"),
            ("check_order", "Can ask Stripe about an order"),
            ("note_order", "Can write notes on orders"),
            ("ship_order", "Can mark orders shipped"),
            ("mail_order", "Can send an order's mail again"),
            ("download_order", "Can send download links again"),
            ("discount_order", "Can give an order a discount"),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.get_status_display()} order {self.pk}"

    @property
    def total_display(self) -> str:
        """The total for reading, with its currency."""
        return format_money(self.total, self.currency, self.language) if self.currency else "–"


class OrderLine(models.Model):
    """One item of an order. Name and price are copied at freeze and never read from the item again."""

    order = ParentalKey(Order, on_delete=models.CASCADE, related_name="lines")
    item = models.ForeignKey("products.ItemPage", on_delete=models.PROTECT, related_name="order_lines")
    sku = models.CharField("SKU", max_length=64, blank=True)
    name = models.CharField(max_length=255)
    # The variant's name, and the variant itself: renaming it does not make it another.
    variant = models.CharField(max_length=120, blank=True)
    sold_variant = models.ForeignKey(
        "products.Variant", null=True, blank=True, on_delete=models.PROTECT, related_name="order_lines"
    )
    quantity = models.PositiveIntegerField(default=1)
    unit_amount = models.PositiveBigIntegerField()
    amount = models.PositiveBigIntegerField(help_text="unit_amount × quantity")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=MAX_QUANTITY), name="orderline_quantity_in_range"
            ),
            models.UniqueConstraint(
                fields=["order", "item"], condition=Q(sold_variant__isnull=True), name="orderline_one_per_item"
            ),
            models.UniqueConstraint(fields=["order", "item", "sold_variant"], name="orderline_one_per_variant"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.full_name}"

    @property
    def full_name(self) -> str:
        """Name and variant: "Thirty nights, A3 / black"."""
        return f"{self.name}, {self.variant}" if self.variant else self.name
