"""Is everything there that the shop opens now and then? `python scripts/image_whole.py`, last in the image's build.

The packages were made smaller (`image_slim.py`). A boot and a tour would not notice the language, the bucket or the
file format that nobody asked for yet. Ends with a traceback if something lacks. Needs no network and no database.
"""

import io
import os
import pkgutil
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = {
    "SECRET_KEY": "build",
    "DATABASE_URL": "sqlite://:memory:",
    "API_V3": "1",
    "MEDIA_STORAGE": "s3",
    "AWS_STORAGE_BUCKET_NAME": "bucket",
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_S3_REGION_NAME": "eu-central-1",
}
DRIVERS = (
    "psycopg",
    "psycopg_binary",
    "redis",
    "opensearchpy",
    "brotli",
    "sentry_sdk",
    "gunicorn.workers.gthread",
    "tqdm",
    "axes",
)


class Lacking(Exception):
    """The image is without something that the shop needs."""


def need(there: object, what: object) -> None:
    if not there:
        raise Lacking(what)


def modules() -> None:
    """Every module of ours, commands and migrations included, and each driver that a setting may ask for."""
    for package in ("products", "checkout", "storefront"):
        for found in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
            if ".tests" not in found.name and ".settings" not in found.name:
                import_module(found.name)
    for name in DRIVERS:
        import_module(name)


def addresses_and_templates() -> None:
    from django.conf import settings
    from django.core.management import call_command
    from django.template.loader import get_template
    from django.urls import get_resolver

    call_command("check")
    need(get_resolver().url_patterns, "addresses")
    for folder in settings.TEMPLATES[0]["DIRS"]:
        for path in Path(folder).rglob("*.*"):
            get_template(str(path.relative_to(folder)))


def languages() -> None:
    """Prices in the languages of the pages; Django's and Wagtail's words in those of the office."""
    import wagtail.admin
    from django.conf import settings
    from django.utils.translation import to_locale, trans_real
    from wagtail.admin.localization import get_available_admin_languages

    from products.money import format_money

    for language, _ in settings.LANGUAGES:
        need("19" in format_money(1999, "EUR", language), language)
    for language, _ in get_available_admin_languages():
        trans_real.translation(language)
        words = Path(wagtail.admin.__file__).parent.glob(f"locale/{to_locale(language)}*/LC_MESSAGES/django.mo")
        need(any(words), language)


def pictures() -> None:
    from PIL import Image
    from willow.image import Image as Willow

    stream = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").save(stream, "PNG")
    for kind in ("jpeg", "webp", "avif", "png", "gif"):
        made = io.BytesIO()
        getattr(Willow.open(stream).resize((60, 80)), f"save_as_{kind}")(made)
        need(Willow.open(made).get_size() == (60, 80), kind)


def bucket() -> None:
    """A signed address, and the parser of Amazon's answers."""
    from django.core.files.storage import default_storage

    client = default_storage.connection.meta.client
    signed = client.generate_presigned_url("get_object", Params={"Bucket": "bucket", "Key": "picture.jpg"})
    need(signed.startswith("https://"), signed)
    for operation in ("PutObject", "HeadObject", "DeleteObject", "ListObjectsV2", "CreateMultipartUpload"):
        need(client.meta.service_model.operation_model(operation), operation)


def tables() -> None:
    from openpyxl import Workbook, load_workbook

    stream, book = io.BytesIO(), Workbook(write_only=True)
    book.create_sheet().append(["a", 1])
    book.save(stream)
    need([cell.value for cell in next(load_workbook(stream).active.rows)] == ["a", 1], "xlsx")


CHECKS: list[Callable[[], None]] = [modules, addresses_and_templates, languages, pictures, bucket, tables]


def main() -> None:
    os.environ.update(ENVIRONMENT)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings")
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    import django

    django.setup()
    for check in CHECKS:
        check()
    print("Nothing lacks.")


if __name__ == "__main__":
    main()
