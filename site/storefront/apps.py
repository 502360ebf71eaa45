from django.apps import AppConfig
from django.db.models.signals import post_migrate


class StorefrontConfig(AppConfig):
    name = "storefront"

    def ready(self) -> None:
        from .groups import create_groups_once

        post_migrate.connect(create_groups_once, dispatch_uid="storefront.groups")
