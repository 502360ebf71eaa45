"""What staff may do to an order: each an address of its own, with its own permission, logged with before and after."""

from typing import Any, ClassVar

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log
from wagtail.permissions import policy_registry

from checkout import acting, basket, downloads, refund, refusals, returning, shipping
from checkout.models import Order, OutboxMail
from checkout.reconcile import TROUBLE
from checkout.refusals import Refused
from checkout.states import OrderStatus
from products.money import format_money

from .action_forms import DiscountsForm, DownloadsForm, NoteForm, ReasonForm, RefundForm, ShipForm

INSPECT = "wagtailsnippets_checkout_order:inspect"
SILENCE = "Stripe does not answer at the moment. Nothing was changed; try again in a minute."


def picture(order: Order) -> dict[str, Any]:
    """What an action may change, for the log: before and after."""
    order.refresh_from_db()
    return {
        "status": order.status,
        "refunds": [[one.amount, one.state] for one in order.refunds.order_by("pk")],
        "shipped_at": order.shipped_at.isoformat() if order.shipped_at else None,
        "tracking": order.tracking,
        "discounts": [str(one) for one in order.discounts.order_by("pk")],
        "downloads": [[one.file_id, one.expires_at.isoformat()] for one in order.downloads.all()],
    }


class OrderActionView(WagtailAdminTemplateMixin, FormView):
    """A form on a page of its own. Subclasses say in `act` what happens and answer a sentence about it."""

    action: ClassVar[str]
    label: ClassVar[str]
    icon: ClassVar[str]
    explanation: ClassVar[str] = ""
    before_payment: ClassVar[bool] = False  # for drafts too
    form_class: type[forms.Form] = forms.Form
    template_name = "checkout_admin/order_action.html"

    def dispatch(self, request, *args, **kwargs):
        orders = Order.objects.all() if self.before_payment else Order.objects.exclude(status=OrderStatus.DRAFT)
        self.order = get_object_or_404(orders, pk=kwargs["pk"])
        if not allowed(request.user, self.action):
            return self.refuse()
        return super().dispatch(request, *args, **kwargs)

    def refuse(self) -> HttpResponse:
        messages.error(self.request, "You may not do that.")
        return redirect("wagtailadmin_home")

    def act(self, data: dict[str, Any]) -> str:
        raise NotImplementedError

    def form_valid(self, form) -> HttpResponse:
        before = picture(self.order)
        try:
            done = self.act(form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.message)
        except TROUBLE:
            form.add_error(None, SILENCE)
        else:
            data = {"text": done, "before": before, "after": picture(self.order)}
            log(self.order, f"checkout.{self.action}", user=self.request.user, data=data)
            messages.success(self.request, done)
            return redirect(INSPECT, self.order.pk)
        return self.form_invalid(form)

    page_title = property(lambda self: self.label)  # type: ignore[assignment]
    header_icon = property(lambda self: self.icon)  # type: ignore[assignment]

    def get_page_subtitle(self) -> str:
        return str(self.order)

    def get_breadcrumbs_items(self) -> list[dict]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("wagtailsnippets_checkout_order:list"), "label": "Orders"},
            {"url": reverse(INSPECT, args=[self.order.pk]), "label": str(self.order)},
            {"url": "", "label": self.label},
        ]

    def get_context_data(self, **kwargs) -> dict:
        summary = f"{self.order}, {self.order.total_display} {self.order.currency}"
        return super().get_context_data(order=self.order, view=self, summary=summary, **kwargs)


class RefundView(OrderActionView):
    action, label, icon = "refund", "Refund", "resubmit"
    explanation = "The money goes back to the card or account it came from, and the buyer gets a mail."
    form_class = RefundForm

    def get_form_kwargs(self) -> dict:
        return {**super().get_form_kwargs(), "order": self.order, "user": self.request.user}

    def act(self, data: dict[str, Any]) -> str:
        payment, units = data["payment"], data["units"]
        amount = data.get("amount")
        if amount is None and units:
            returning.check(self.order, units, restock=data["restock"])
            amount = min(returning.worth(self.order, units), refund.refundable(payment))
        row = refund.refund(
            payment.pk,
            amount=amount,
            reason=data["reason"],
            actor=self.request.user.get_username(),
            key=data["key"] or refund.form_key(payment),
            lines=units,
            restock=data["restock"],
            user=self.request.user,
        )
        what = f"{format_money(row.amount, payment.currency)} {payment.currency}"
        because = f": {row.reason}" if row.reason else ""
        return f"Refund of {what} {row.get_state_display().lower()}{because}"


class CancelView(OrderActionView):
    action, label, icon = "cancel", "Cancel order", "cross"
    explanation = "The payment page is shut at Stripe and what the order holds is for sale again."
    form_class = ReasonForm

    def act(self, data: dict[str, Any]) -> str:
        acting.cancel(self.order)
        return "Cancelled" + (f": {data['note']}" if data["note"] else "")


class CheckView(OrderActionView):
    action, label, icon = "check", "Check now", "rotate"
    explanation = "Stripe is asked about every payment, refund and dispute of this order."

    def act(self, data: dict[str, Any]) -> str:
        acting.check_order(self.order)
        self.order.refresh_from_db()
        return f"Stripe was asked: {self.order.get_status_display().lower()}"


class NoteView(OrderActionView):
    action, label, icon = "note", "Write a note", "edit"
    form_class = NoteForm

    def act(self, data: dict[str, Any]) -> str:
        return f"Note: {data['note']}"


class ShipView(OrderActionView):
    action, label, icon = "ship", "Mark shipped", "mail"
    explanation = "The buyer gets a mail with the text below, once."
    form_class = ShipForm

    def get_initial(self) -> dict:
        return {"tracking": self.order.tracking}

    def act(self, data: dict[str, Any]) -> str:
        acting.ship(self.order.pk, data["tracking"])
        return "Shipped" + (f": {data['tracking']}" if data["tracking"] else "")


class MailView(OrderActionView):
    action, label, icon = "mail", "Send a mail again", "mail"

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        choices = [(mail.pk, f"“{mail.kind}” to {mail.to}") for mail in self.order.mails.exclude(kind="downloads")]
        form.fields["mail"] = forms.TypedChoiceField(choices=choices, coerce=int)
        return form

    def act(self, data: dict[str, Any]) -> str:
        acting.resend(data["mail"])
        mail = OutboxMail.objects.get(pk=data["mail"])
        return f"Mail “{mail.kind}” to {mail.to} {'sent' if mail.sent_at else 'waits: ' + mail.error}"


class DownloadsView(OrderActionView):
    action, label, icon = "download", "Send download links", "download"
    explanation = "The buyer gets a mail with new links to what this order may download. Older links end as they said."
    form_class = DownloadsForm

    def act(self, data: dict[str, Any]) -> str:
        count = acting.send_downloads(self.order, newest=data["newest"])
        to = f"sent to {self.order.email}" if self.order.email else "made: they stand on the order’s page"
        return f"New links to {count} file{'' if count == 1 else 's'} {to}"


class DiscountView(OrderActionView):
    action, label, icon = "discount", "Discounts", "cut"
    explanation = "The total changes at once. A payment page that is open is shut first."
    before_payment = True
    form_class = DiscountsForm

    def get_initial(self) -> dict:
        return {"discounts": self.order.discounts.filter(code="")}

    def act(self, data: dict[str, Any]) -> str:
        given = list(data["discounts"])
        try:
            basket.give_discounts(token=self.order.token, discounts=given)
        except Refused as refused:
            if refused.code != refusals.discount_refused().code:
                raise
            wrong = "One of them cannot be used for this order. Look at its currency, dates, limit and minimum order."
            raise refusals.bad_request(wrong) from None
        return "Discounts: " + (", ".join(one.name for one in given) or "none")


ACTIONS: list[type[OrderActionView]] = [
    *(RefundView, CancelView, CheckView, NoteView, ShipView, MailView, DownloadsView, DiscountView),
]


def allowed(user, action: str) -> bool:
    policy = policy_registry.get_by_type(Order)
    return policy.user_has_permission(user, "view") and policy.user_has_permission(user, action)


def makes_sense(action: str, order: Order) -> bool:
    """Whether the order's page offers it; the action itself decides again."""
    if action == "discount":
        return order.status in (OrderStatus.DRAFT, OrderStatus.PENDING) and order.lines.exists()
    if order.status == OrderStatus.DRAFT:
        return False
    return {
        "refund": lambda: any(not one.disputed and refund.refundable(one) for one in order.payments.all()),
        "cancel": lambda: order.status == OrderStatus.PENDING,
        "ship": lambda: order.status == OrderStatus.PAID and (bool(order.shipped_at) or shipping.has_parcel(order)),
        "mail": lambda: order.mails.exclude(kind="downloads").exists(),
        "download": lambda: downloads.offers(order),
    }.get(action, lambda: True)()


def address_name(view: type[OrderActionView]) -> str:
    return f"order_action_{view.action}"


def buttons(order: Order, user) -> list[HeaderButton]:
    return [
        HeaderButton(view.label, url=reverse(address_name(view), args=[order.pk]), icon_name=view.icon)
        for view in ACTIONS
        if allowed(user, view.action) and makes_sense(view.action, order)
    ]


def urlpatterns() -> list[URLPattern]:
    return [path(f"orders/<int:pk>/{view.action}/", view.as_view(), name=address_name(view)) for view in ACTIONS]
