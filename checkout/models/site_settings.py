"""How the shop sells, for each site; in the admin under Settings → Checkout."""

from django.db import models
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting


class FrontEnd(models.TextChoices):
    SESSION = "session", "Stripe's own page (Checkout)"
    INTENT = "intent", "A page of this shop (Payment Element)"


@register_setting(icon="key")
class CheckoutSettings(BaseSiteSetting):
    payment_front_end = models.CharField(
        "where buyers pay",
        max_length=7,
        choices=FrontEnd.choices,
        default=FrontEnd.SESSION,
        help_text="Where the Buy and Pay buttons lead. Orders, prices and stock are the same either way.",
    )

    class Meta:
        verbose_name = "checkout"
        verbose_name_plural = "checkout"
