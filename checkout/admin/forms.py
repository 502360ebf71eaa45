"""Discounts as people write them: amounts in major units in the form, minor units in the database."""

from decimal import Decimal

from django import forms
from wagtail.admin.forms.models import WagtailAdminModelForm

from checkout.models import Discount
from checkout.models.discount import normal_code
from products import money

AMOUNTS = ("amount_off", "minimum_amount")


def amount_field(label: str, help_text: str, *, required: bool = False) -> forms.DecimalField:
    """A sum of money as people write it."""
    return forms.DecimalField(label=label, required=required, max_digits=13, min_value=0, help_text=help_text)


class MajorUnitAmounts(forms.ModelForm):
    """`amount_off` and `minimum_amount` are typed as 5.00 USD or 500 JPY and checked against their currency."""

    amount_off = amount_field("Amount off", "As people write it: 5.00 for USD, 500 for JPY. Empty with a percentage.")
    minimum_amount = amount_field(
        "Minimum order",
        "The subtotal from which the discount applies, in its currency. Empty: no minimum.",
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in AMOUNTS:
            stored = getattr(self.instance, name)
            if stored is not None and self.instance.currency:
                self.initial[name] = money.to_major(stored, self.instance.currency)

    def clean_code(self) -> str:
        code = normal_code(self.cleaned_data["code"])
        if code and Discount.objects.filter(code=code).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Another discount has this code already.")
        return code

    def clean_currency(self) -> str:
        return self.cleaned_data["currency"].strip().upper()

    def clean(self) -> dict | None:
        super().clean()
        currency = self.cleaned_data.get("currency", "")
        for name in AMOUNTS:
            amount = self.cleaned_data.get(name)
            if amount is None:
                continue
            try:
                self.cleaned_data[name] = in_minor_units(amount, currency)
            except money.InvalidAmount as error:
                self.add_error(name, str(error))
        if self.cleaned_data.get("amount_off") == 0:
            self.add_error("amount_off", "A discount is more than zero.")
        return self.cleaned_data


def in_minor_units(amount: Decimal, currency: str) -> int:
    """Raises money.InvalidAmount with what to write instead."""
    if not currency:
        # Without a currency there is no minor unit; the model's own check asks for it at its field.
        return int(amount * 100)
    minor = money.to_minor(amount, currency)
    if minor > money.MAXIMUM_CHARGE:
        most = money.to_major(money.MAXIMUM_CHARGE, currency)
        raise money.InvalidAmount(f"That is more than any order can be: at most {most}.")
    return minor


class DiscountForm(MajorUnitAmounts, WagtailAdminModelForm):
    """For the editor's admin."""


class DiscountAdminForm(MajorUnitAmounts):
    """For the Django admin."""

    class Meta:
        model = Discount
        fields = [
            "name",
            "code",
            "percent_off",
            "amount_off",
            "currency",
            "starts_at",
            "ends_at",
            "max_redemptions",
            "minimum_amount",
            "active",
        ]
