"""Flat rates for sending: a name, the countries it goes to, a price in one currency."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from products.models.item import CURRENCY

# Where Stripe collects no address: https://docs.stripe.com/api/checkout/sessions/create (allowed_countries)
REFUSED_COUNTRIES = frozenset("AS CX CC CU HM IR KP MH FM NF MP PW SY UM VI".split())


def country_codes(text: str) -> list[str]:
    """ "de, AT" → ["DE", "AT"]; each once, in the order written."""
    return list(dict.fromkeys(re.findall(r"[A-Z]+", text.upper())))


class ShippingRate(models.Model):
    """The first rate of a currency is an order's until its buyer chooses another."""

    name = models.CharField(max_length=100, help_text="Buyers see it, for example “Post, 3 to 5 days”.")
    countries = models.TextField(
        help_text="Where it goes: two-letter codes with commas between, for example DE, AT, CH. Stripe asks for an "
        "address in one of them."
    )
    amount = models.PositiveBigIntegerField(help_text="Minor units of the currency; 0 is free.")
    currency = models.CharField(max_length=3, validators=[CURRENCY])
    sort_order = models.PositiveIntegerField("order", default=0, help_text="The smallest comes first.")
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["currency", "sort_order", "pk"]
        verbose_name = "shipping rate"
        constraints = [models.CheckConstraint(condition=~Q(countries=""), name="shippingrate_goes_somewhere")]

    def __str__(self) -> str:
        return f"{self.name} ({self.currency})"

    def clean(self) -> None:
        codes = country_codes(self.countries)
        wrong = [code for code in codes if len(code) != 2 or code in REFUSED_COUNTRIES]
        if wrong or not codes:
            named = f" Not {', '.join(wrong)}." if wrong else ""
            raise ValidationError({"countries": f"Two-letter codes of countries, for example DE, AT, CH.{named}"})
        self.countries = ", ".join(codes)

    @property
    def country_list(self) -> list[str]:
        return country_codes(self.countries)
