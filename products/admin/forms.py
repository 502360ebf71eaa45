"""The editor's form of an item, and the form that counts stock."""

from django import forms
from django.conf import settings
from django.utils.text import slugify
from wagtail.admin.forms.pages import WagtailAdminPageForm
from wagtail.models import Page


class ShopPageForm(WagtailAdminPageForm):
    """Makes the slug from the title when none was sent.

    Wagtail fills the slug in with a script that waits a moment after the last letter. Whoever publishes before that, or
    without scripts, would be sent to an error on a tab that was never opened.
    """

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean_slug(self) -> str:
        return self.cleaned_data["slug"] or self._free_slug(self.cleaned_data.get("title", ""))

    def _free_slug(self, title: str) -> str:
        allow_unicode = getattr(settings, "WAGTAIL_ALLOW_UNICODE_SLUGS", True)
        base = slugify(title, allow_unicode=allow_unicode)[:240] or "page"
        candidate, number = base, 1
        while not Page._slug_is_available(candidate, self.parent_page, self.instance):
            number += 1
            candidate = f"{base}-{number}"
        return candidate


class ItemPageForm(ShopPageForm):
    """A draft may be incomplete; publishing (or submitting) names each missing thing at its field.

    The model leaves `sku` and `price` optional, because the database holds drafts too. Here they are required, and
    Wagtail takes that back while a draft is saved (`defer_required_fields`).
    """

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.original_id is not None:
            self.formsets.pop("related_items", None)
        for name in ("sku", "price"):
            if name in self.fields and not self._has_rows():
                self.fields[name].required = True
        if "currency" in self.fields:
            self.fields["currency"].help_text = _sold_here()
            if self.instance.pk is None and not self.is_bound:
                self.initial["currency"] = _usual_currency()

    def _has_rows(self) -> bool:
        """Whether variants were filled in: they have article numbers, and may have prices, of their own."""
        rows = self.formsets.get("variants")
        return rows is not None and rows.total_form_count() > 0

    def clean_sku(self) -> str:
        return self.cleaned_data["sku"].strip()

    def clean_currency(self) -> str:
        return self.cleaned_data["currency"].strip().upper()

    def is_valid(self) -> bool:
        """Looks at the item as a whole, rows included, so it comes after they were checked one by one."""
        valid = super().is_valid()
        rows = self.formsets["variants"].rows() if "variants" in self.formsets else []
        if not rows or all(form.is_valid() for form, _row in rows):
            self._check_rows(rows)
            if not self.is_deferred_validation:
                self._check_publishable([row for _form, row in rows])
            if "action-publish" in self.data:
                self._check_price_change([row for _form, row in rows])
        return valid and not self.errors and all(form.is_valid() for form, _row in rows)

    def _check_rows(self, rows) -> None:
        # The model imports this form for its panels.
        from products import publishing

        found = publishing.row_problems(self.instance, [row for _form, row in rows])
        if self.is_deferred_validation:  # a draft may lack things, but what it has must be a sum of money
            found = publishing.price_problems(self.instance, [row for _form, row in rows])
        for number, _row, message in found:
            form = rows[number - 1][0]
            if message not in form.non_field_errors():
                form.add_error(None, message)

    def _check_price_change(self, rows) -> None:
        """Also while a draft is saved: the form may have been opened before somebody drafted a new price."""
        from products import price_approval

        for name, message in price_approval.refusal(self.instance, self.for_user, rows).items():
            self.add_error(name, message)

    def _check_publishable(self, rows) -> None:
        from products import publishing

        for name, message in publishing.problems(self.instance, rows).items():
            if name == "variants" and self.formsets and not all(form.is_valid() for form in self.formsets["variants"]):
                continue  # said at the rows
            if not self.has_error(name if name in self.fields else "__all__"):
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
    force = forms.BooleanField(
        label="Take promised units too",
        required=False,
        help_text="They are gone, although buyers are paying for them right now: whoever pays gets the money back.",
    )

    def clean_quantity(self) -> int:
        if self.cleaned_data["quantity"] == 0:
            raise forms.ValidationError("Zero changes nothing.")
        return self.cleaned_data["quantity"]
