"""The editor's form of an item, and the form that counts stock."""

from django import forms
from wagtail.admin.forms.pages import WagtailAdminPageForm


class ItemPageForm(WagtailAdminPageForm):
    """A draft may be incomplete; publishing (or submitting) names each missing thing at its field.

    The model leaves `sku` and `price` optional, because the database holds drafts too. Here they are required, and
    Wagtail takes that back while a draft is saved (`defer_required_fields`).
    """

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in ("sku", "price"):
            if name in self.fields:
                self.fields[name].required = True
        if "currency" in self.fields:
            self.fields["currency"].help_text = _sold_here()
            if self.instance.pk is None and not self.is_bound:
                self.initial["currency"] = _usual_currency()

    def clean_sku(self) -> str:
        return self.cleaned_data["sku"].strip()

    def clean_currency(self) -> str:
        return self.cleaned_data["currency"].strip().upper()

    def _post_clean(self) -> None:
        super()._post_clean()
        if not self.is_deferred_validation:
            self._check_publishable()

    def _check_publishable(self) -> None:
        # The model imports this form for its panels.
        from products.publishing import problems

        for name, message in problems(self.instance).items():
            if not self.has_error(name):
                self.add_error(name if name in self.fields else None, message)


def _sold_here() -> str:
    from products.currencies import sellable

    return f"Sold here: {', '.join(sellable()) or 'none yet'}. The Stripe account of that currency is paid."


def _usual_currency() -> str:
    """What the item added last is sold in; in a new shop, the first currency that can be sold."""
    from products.currencies import sellable
    from products.models import ItemPage

    last = ItemPage.objects.exclude(currency="").order_by("-pk").values_list("currency", flat=True).first()
    return last or next(iter(sellable()), "USD")


class AdjustStockForm(forms.Form):
    """±n units and why. There is no reason-free change of a count."""

    quantity = forms.IntegerField(
        label="Change",
        min_value=-1_000_000,
        max_value=1_000_000,
        help_text="How many to add; with a minus sign, how many to take away. 5 adds five, -2 takes two.",
    )
    reason = forms.CharField(
        max_length=200, help_text="For whoever reads the history: delivery, damaged, counted again."
    )

    def clean_quantity(self) -> int:
        if self.cleaned_data["quantity"] == 0:
            raise forms.ValidationError("Zero changes nothing.")
        return self.cleaned_data["quantity"]
