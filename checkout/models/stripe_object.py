"""Which coupon or tax rate stands at which Stripe account for which terms, so that each is made once."""

from django.db import models


class StripeObject(models.Model):
    class Kind(models.TextChoices):
        COUPON = "coupon", "Coupon"
        TAX_RATE = "tax_rate", "Tax rate"

    keypair = models.CharField(max_length=3)
    livemode = models.BooleanField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # Hash of what was sent: other terms are another object.
    terms = models.CharField(max_length=64)
    stripe_id = models.CharField(max_length=255, blank=True)
    lost = models.PositiveIntegerField(default=0, help_text="How often it was gone at Stripe and is made again.")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["keypair", "livemode", "kind", "terms"], name="stripeobject_once_per_terms")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.stripe_id}"
