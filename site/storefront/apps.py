from django.apps import AppConfig
from django.conf import settings


class StorefrontConfig(AppConfig):
    name = "storefront"

    def ready(self) -> None:
        if settings.SENTRY_DSN:
            import sentry_sdk

            from .logs import redact_event

            sentry_sdk.init(dsn=settings.SENTRY_DSN, send_default_pii=False, before_send=redact_event)
