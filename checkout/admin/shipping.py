"""Shipping rates in the editor's admin."""

from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.snippets.views.snippets import SnippetViewSet

from checkout.models import ShippingRate
from products import money

from .forms import amount_field, in_minor_units


class ShippingRateForm(WagtailAdminModelForm):
    """The price is typed as 4.90 USD or 500 JPY and checked against its currency."""

    amount = amount_field("Price", "As people write it: 4.90 for USD, 500 for JPY. 0: it is free.", required=True)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.amount is not None and self.instance.currency:
            self.initial["amount"] = money.to_major(self.instance.amount, self.instance.currency)

    def clean_currency(self) -> str:
        return self.cleaned_data["currency"].strip().upper()

    def clean(self) -> dict | None:
        super().clean()
        amount = self.cleaned_data.get("amount")
        if amount is not None:
            try:
                self.cleaned_data["amount"] = in_minor_units(amount, self.cleaned_data.get("currency", ""))
            except money.InvalidAmount as error:
                self.add_error("amount", str(error))
        return self.cleaned_data


def _price(rate: ShippingRate) -> str:
    return f"{money.format_money(rate.amount, rate.currency)} {rate.currency}" if rate.amount else "free"


class ShippingRateViewSet(SnippetViewSet):
    model = ShippingRate
    icon = "mail"
    menu_label = "Shipping"
    menu_order = 400
    add_to_reference_index = False
    copy_view_enabled = False
    list_display = [
        "name",
        Column("amount", label="Price", accessor=_price),
        Column("countries", label="Countries"),
        Column("sort_order", label="Order", sort_key="sort_order"),
        BooleanColumn("active", label="Active", sort_key="active"),
    ]
    list_filter = ["active", "currency"]
    search_fields = ["name", "countries"]

    def register_chooser_viewset(self) -> None:
        """No chooser: nothing refers to a rate but orders, and buyers choose there."""

    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldRowPanel([FieldPanel("amount"), FieldPanel("currency")]),
            FieldPanel("countries"),
            FieldPanel("sort_order", help_text="The first of a currency is chosen until the buyer takes another."),
            FieldPanel("active", help_text="Untick to stop new orders from using it. Old orders keep what was agreed."),
        ],
        base_form_class=ShippingRateForm,
    )
