"""The form of an item's variants: one row each, with the key that keeps a row the same variant."""

import uuid
from typing import Any

from django import forms
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.forms.models import WagtailAdminModelForm

from products.models import ItemVariant, Variant


class VariantForm(WagtailAdminModelForm):
    """One row. A new row has no key yet; a wrong one counts as none."""

    key = forms.CharField(required=False, max_length=36, widget=forms.HiddenInput)

    class Meta:
        model = ItemVariant
        exclude: list[str] = []
        defer_required_on_fields = ["value1", "sku"]

    def clean_key(self) -> uuid.UUID:
        try:
            return uuid.UUID(self.cleaned_data["key"])
        except ValueError:
            return self.instance.key

    def clean_sku(self) -> str:
        return self.cleaned_data["sku"].strip()

    def clean(self) -> dict | None:
        super().clean()
        for name in ("value1", "value2", "value3"):
            if isinstance(value := self.cleaned_data.get(name), str):
                self.cleaned_data[name] = " ".join(value.replace("/", "-").split())
        return self.cleaned_data


class VariantFormSet(BaseChildFormSet):
    """All rows. One that was sold is not removed: it is put back and says what to do instead."""

    def __init__(self, data=None, *args, **kwargs) -> None:
        super().__init__(data, *args, **kwargs)
        self.data: Any
        self.kept: list[str] = []
        if self.is_bound:
            self._put_back_what_was_sold()

    def _put_back_what_was_sold(self) -> None:
        total = self.data.get(f"{self.prefix}-TOTAL_FORMS", "")
        count = int(total) if total.isascii() and total.isdigit() else 0
        removed = {}
        for number in range(min(count, self.absolute_max)):
            row = f"{self.prefix}-{number}"
            if self.data.get(f"{row}-DELETE") and (key := _uuid(self.data.get(f"{row}-key", ""))):
                removed[key] = row
        needed = {variant.key for variant in Variant.objects.filter(key__in=removed) if variant.is_needed()}
        if needed:
            self.data = self.data.copy()
        for key in needed:
            self.data[f"{removed[key]}-DELETE"] = ""
            self.kept.append(removed[key])

    @property
    def empty_form(self):
        """The row that the browser copies for a new one: each copy gets a key of its own when it is saved."""
        form = super().empty_form
        form.initial["key"] = ""
        return form

    def is_valid(self) -> bool:
        valid = super().is_valid()
        for form in self.forms:
            if form.prefix in self.kept and not form.has_error("for_sale"):
                form.add_error("for_sale", "It was sold or counted, so it stays. Untick “for sale” instead.")
        return valid and not self.kept

    def rows(self) -> list[tuple[VariantForm, ItemVariant]]:
        """The rows that stay, as they were filled in."""
        gone = self.deleted_forms
        return [
            (form, form.instance)
            for form in self.forms
            if form not in gone and (form.has_changed() or form.instance.pk is not None)
        ]


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
