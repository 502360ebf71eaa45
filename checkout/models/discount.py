"""Discounts, and the ledger of who uses them. `uses` never passes `max_redemptions`: the database says so."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from products.models.item import CURRENCY

from ..states import RedemptionState


def normal_code(code: str) -> str:
    """Codes are compared without spaces and in capitals: " spring 10" is SPRING10."""
    return "".join(code.split()).upper()


class Discount(models.Model):
    """A percentage or an amount off the whole order, with a code or attached by staff."""

    name = models.CharField(max_length=40, help_text="Buyers see it in the basket and on Stripe's page.")
    code = models.CharField(
        max_length=40, blank=True, help_text="What a buyer types. Empty: only staff can attach this discount."
    )
    percent_off = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text="Percent off the whole order, for example 12.5. Leave empty if an amount is given.",
    )
    amount_off = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="Minor units (500 is 5.00 USD, 500 JPY). Leave empty if a percentage is given."
    )
    currency = models.CharField(
        max_length=3, blank=True, validators=[CURRENCY], help_text="Needed with an amount; optional with a percentage."
    )
    minimum_amount = models.PositiveBigIntegerField(
        "minimum order", null=True, blank=True, help_text="Subtotal from which it applies, in minor units of currency."
    )
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    max_redemptions = models.PositiveIntegerField(
        "limit of uses", null=True, blank=True, help_text="How many orders may use it. Empty: no limit."
    )
    uses = models.PositiveIntegerField(default=0, editable=False, help_text="Held and used redemptions.")
    active = models.BooleanField(default=True)

    panels = [
        FieldPanel("name"),
        FieldPanel("code"),
        MultiFieldPanel(
            [FieldPanel("percent_off"), FieldRowPanel([FieldPanel("amount_off"), FieldPanel("currency")])],
            heading="How much",
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
                FieldRowPanel([FieldPanel("max_redemptions"), FieldPanel("minimum_amount")]),
                FieldPanel("active"),
            ],
            heading="When",
        ),
    ]

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="discount_code_unique"),
            models.CheckConstraint(
                condition=Q(percent_off__isnull=True, amount_off__isnull=False)
                | Q(percent_off__isnull=False, amount_off__isnull=True),
                name="discount_percent_or_amount",
            ),
            models.CheckConstraint(
                condition=Q(amount_off__isnull=True) | ~Q(currency=""), name="discount_amount_currency"
            ),
            models.CheckConstraint(
                condition=Q(max_redemptions__isnull=True) | Q(uses__lte=F("max_redemptions")),
                name="discount_uses_within_limit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})" if self.code else self.name

    def clean(self) -> None:
        self.code = normal_code(self.code)
        if (self.percent_off is None) == (self.amount_off is None):
            raise ValidationError({"percent_off": "Give either a percentage or an amount, not both."})
        if self.percent_off is not None and self.percent_off <= 0:
            raise ValidationError({"percent_off": "A discount is more than zero."})
        if self.amount_off is not None and not self.currency:
            raise ValidationError({"currency": "An amount needs its currency."})
        if self.minimum_amount and not self.currency:
            raise ValidationError({"currency": "A minimum order needs its currency."})
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": "It ends before it starts."})
        if self.max_redemptions is not None and self.max_redemptions < self.uses:
            raise ValidationError({"max_redemptions": f"It is used {self.uses} times already."})


class Redemption(models.Model):
    """One order's claim on a discount: held at freeze, used at settlement, released with the hold."""

    discount = models.ForeignKey(Discount, on_delete=models.PROTECT, related_name="redemptions")
    order = models.ForeignKey("checkout.Order", on_delete=models.PROTECT, related_name="redemptions")
    state = models.CharField(max_length=10, choices=RedemptionState.choices, default=RedemptionState.HELD)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["discount", "order"], name="redemption_one_per_order")]

    def __str__(self) -> str:
        return f"{self.discount} {self.get_state_display().lower()}"
