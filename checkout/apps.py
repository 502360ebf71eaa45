from django.apps import AppConfig


class CheckoutConfig(AppConfig):
    name = "checkout"

    def ready(self) -> None:
        # Called here and not by autodiscovery: `checkout.admin` is a package of both admins.
        from products.previews import price_with
        from products.signals import units_missing, watch

        from . import checks, holds, previewing  # noqa: F401 - the checks register themselves
        from .admin.django_site import register
        from .models import ShippingRate

        register()
        watch(ShippingRate)  # an item's page says what delivery costs
        price_with(previewing.note)
        units_missing.connect(holds.give_up, dispatch_uid="checkout.holds")
