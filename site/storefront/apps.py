from django.apps import AppConfig
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate

from checkout.gateway.signals import stripe_answered

from . import metrics


class StorefrontConfig(AppConfig):
    name = "storefront"

    def ready(self) -> None:
        from .groups import create_groups_once

        post_migrate.connect(create_groups_once, dispatch_uid="storefront.groups")
        connection_created.connect(_do_not_compile, dispatch_uid="storefront.jit")
        stripe_answered.connect(_count_stripe_call, dispatch_uid="storefront.metrics")
        if settings.SENTRY_DSN:
            watch_errors(settings.SENTRY_DSN)


def _do_not_compile(sender: object, connection: BaseDatabaseWrapper, **kwargs: object) -> None:
    """PostgreSQL compiles what it takes for long work, which takes longer than the work: the first list in stock of
    100,000 items after a sale 430 → 260 ms. By a statement, because poolers refuse it as an option of the connection.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET jit = off")


def _count_stripe_call(sender: object, outcome: str, seconds: float, **kwargs: object) -> None:
    metrics.count_stripe_call(outcome, seconds)


def watch_errors(dsn: str) -> None:
    """Errors to Sentry. Local variables stay here: they hold tokens and addresses that no pattern recognises."""
    import sentry_sdk

    from .logs import redact_event

    sentry_sdk.init(
        dsn=dsn,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        before_send=redact_event,
        before_breadcrumb=redact_event,
    )
