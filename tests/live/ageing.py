"""Time goes by in the shop: everything that is written down was so much longer ago."""

from datetime import timedelta

from django.apps import apps
from django.db.models import DateTimeField, F

from .stripe_process import Stripe


def age_shop(seconds: float) -> None:
    """Every moment in the checkout's tables lies further back."""
    for model in apps.get_app_config("checkout").get_models():
        moments = [field.name for field in model._meta.local_fields if isinstance(field, DateTimeField)]
        if moments:
            model._base_manager.update(**{name: F(name) - timedelta(seconds=seconds) for name in moments})


def age(stripe: Stripe, seconds: int) -> None:
    """The same at Stripe as well; payment pages whose time is up expire there."""
    age_shop(seconds)
    stripe.control("let_time_pass", seconds=seconds)
    stripe.control("work_due")
