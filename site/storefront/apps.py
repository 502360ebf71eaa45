from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate


class StorefrontConfig(AppConfig):
    name = "storefront"

    def ready(self) -> None:
        from .groups import create_groups_once

        post_migrate.connect(create_groups_once, dispatch_uid="storefront.groups")
        if settings.SENTRY_DSN:
            import sentry_sdk

            from .logs import redact_event

            sentry_sdk.init(dsn=settings.SENTRY_DSN, send_default_pii=False, before_send=redact_event)
