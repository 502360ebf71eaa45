"""The forms behind an order's actions. Amounts are typed as people write them and become minor units here."""

from collections.abc import Iterable

from django import forms

from checkout import ratelimit, refund
from checkout.models import Discount, Order, OrderLine, Payment
from checkout.refusals import Refused
from products import money

PASSWORD_TRIES = 10  # in a quarter of an hour


class NoteForm(forms.Form):
    note = forms.CharField(
        max_length=2000, widget=forms.Textarea(attrs={"rows": 4}), help_text="For staff; buyers never see it."
    )


class ReasonForm(forms.Form):
    note = forms.CharField(label="Reason", max_length=200, required=False, help_text="For whoever reads the history.")


class ShipForm(forms.Form):
    tracking = forms.CharField(
        max_length=200,
        required=False,
        help_text="What the buyer is told: carrier and number, or an address to follow the parcel at.",
    )


class DownloadsForm(forms.Form):
    newest = forms.BooleanField(
        label="Give what there is now, too",
        required=False,
        help_text="Files that were added to the items, or put in the place of others, since the order was paid.",
    )


class DiscountsForm(forms.Form):
    """Those that no buyer can type."""

    discounts = forms.ModelMultipleChoiceField(
        Discount.objects.filter(code="", active=True),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Discounts without a code. Ticked: the order has it. A code of the buyer's stays as it is.",
    )


class RefundForm(forms.Form):
    """All that is left, an amount, or units of lines. Asks for the manager's own password."""

    payment = forms.ModelChoiceField(Payment.objects.none(), required=False, empty_label=None)
    amount = forms.DecimalField(required=False, max_digits=13, min_value=0)
    reason = forms.CharField(max_length=200, required=False, help_text="For staff; buyers never see it.")
    restock = forms.BooleanField(required=False, help_text="The units that come back are for sale again.")
    password = forms.CharField(
        label="Your password", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    key = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args, order: Order, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.order, self.user = order, user
        payments = [one for one in order.payments.order_by("disposition", "pk") if refund.refundable(one)]
        choices = self.fields["payment"]
        choices.queryset = order.payments.filter(pk__in=[one.pk for one in payments])  # type: ignore[attr-defined]
        self.usual = payments[0] if payments else None
        if len(payments) < 2:
            choices.widget = forms.HiddenInput()
        self.lines = list(OrderLine.objects.filter(order=order).order_by("pk"))
        for line in self.lines:
            self.fields[f"line_{line.pk}"] = forms.IntegerField(
                label=f"Units back: {line.full_name}",
                required=False,
                min_value=0,
                max_value=line.quantity,
                help_text=f"Of {line.quantity}.",
            )
        if self.usual is not None:
            left = money.format_money(refund.refundable(self.usual), self.usual.currency)
            self.fields["amount"].help_text = f"Empty: what the units below cost, or else all that is left, {left}."
            self.initial = {**self.initial, "payment": self.usual.pk, "key": refund.form_key(self.usual)}
        self.order_fields(["payment", "amount", *self.line_names(), "restock", "reason", "password", "key"])

    def line_names(self) -> Iterable[str]:
        return [f"line_{line.pk}" for line in self.lines]

    def clean_password(self) -> str:
        try:
            ratelimit.check("password", f"user {self.user.pk}", PASSWORD_TRIES, 900)
        except Refused as refused:
            raise forms.ValidationError(refused.message) from None
        if not self.user.check_password(self.cleaned_data["password"]):
            raise forms.ValidationError("This is not your password.")
        return ""

    def clean(self) -> dict | None:
        data = super().clean() or {}
        data["payment"] = data.get("payment") or self.usual
        if data["payment"] is None:
            raise forms.ValidationError("There is nothing that could be refunded.")
        currency = data["payment"].currency
        if data.get("amount") is not None:
            try:
                data["amount"] = money.to_minor(data["amount"], currency)
            except money.InvalidAmount as error:
                self.add_error("amount", str(error))
        data["units"] = {line.pk: units for line in self.lines if (units := data.get(f"line_{line.pk}"))}
        return data
