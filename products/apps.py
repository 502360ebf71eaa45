from django.apps import AppConfig


class ProductsConfig(AppConfig):
    name = "products"

    def ready(self) -> None:
        from .avif import save_quickly

        save_quickly()
        from .signals import connect

        connect()
        # products.admin is the package that the models take their panels from, so it cannot register them itself.
        from .admin.django_site import register_read_only

        register_read_only(self)
        from wagtail.signals import page_published

        from .publishing import count_first_stock

        page_published.connect(count_first_stock, dispatch_uid="first stock")
        from django.db.models.signals import post_delete

        from .models import DownloadFile
        from .private_files import delete_content

        post_delete.connect(delete_content, DownloadFile, dispatch_uid="content of deleted files")
