"""Taxes as Stripe knows them: a percentage, added to the price or contained in it."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel


class Tax(models.Model):
    name = models.CharField(max_length=50, help_text="Buyers see it, for example VAT.")
    percentage = models.DecimalField(
        max_digits=7, decimal_places=4, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    inclusive = models.BooleanField(default=False, help_text="Ticked: prices contain it. Not: it is added to them.")
    country = models.CharField(max_length=2, blank=True, help_text="Shown, and sent to Stripe; it chooses nothing.")
    active = models.BooleanField(default=True)
    is_default = models.BooleanField("default", default=False, help_text="Applies to items that name no tax.")

    panels = [
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("percentage"), FieldPanel("inclusive")]),
        FieldPanel("country"),
        FieldRowPanel([FieldPanel("is_default"), FieldPanel("active")]),
    ]

    class Meta:
        ordering = ["name", "pk"]
        verbose_name_plural = "taxes"

    def __str__(self) -> str:
        return f"{self.name} {self.percentage.normalize():f} % ({'included' if self.inclusive else 'added'})"

    def clean(self) -> None:
        self.country = self.country.upper()
        if self.is_default and self.active:
            others = Tax.objects.filter(is_default=True, active=True).exclude(pk=self.pk)
            # Stripe refuses a line whose rates are not all inclusive or all exclusive.
            if others.exclude(inclusive=self.inclusive).exists():
                raise ValidationError({"inclusive": "All default taxes must be included, or all added."})
