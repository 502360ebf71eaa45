from django.apps import AppConfig


class CheckoutConfig(AppConfig):
    name = "checkout"

    def ready(self) -> None:
        # Called here and not by autodiscovery: `checkout.admin` is a package of both admins.
        from . import checks  # noqa: F401 - registers them
        from .admin.django_site import register

        register()
