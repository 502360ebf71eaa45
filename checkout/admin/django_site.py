"""The Django admin of checkout: discounts and taxes can be edited, everything about money can only be read."""

from django.apps import apps
from django.contrib import admin

from checkout.models import Discount, Tax
from products.admin.django_site import register_read_only

from .forms import DiscountAdminForm
from .terms import in_use


class KeepsWhatIsUsed(admin.ModelAdmin):
    """What an order names is not deleted (deleting would silently take it off the order)."""

    def has_delete_permission(self, request, obj=None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not in_use(obj))


class DiscountAdmin(KeepsWhatIsUsed):
    form = DiscountAdminForm
    list_display = ("name", "code", "percent_off", "uses", "max_redemptions", "active")
    list_filter = ("active", "currency")
    search_fields = ("name", "code")
    readonly_fields = ("uses",)


class TaxAdmin(KeepsWhatIsUsed):
    list_display = ("name", "percentage", "inclusive", "country", "is_default", "active")
    list_filter = ("active",)
    search_fields = ("name",)


def register() -> None:
    """Registers the models of checkout and of the apps inside it."""
    admin.site.register(Discount, DiscountAdmin)
    admin.site.register(Tax, TaxAdmin)
    for app in apps.get_app_configs():
        if app.name == "checkout" or app.name.startswith("checkout."):
            register_read_only(app)
