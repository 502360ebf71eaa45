"""What the shop uses and does not own: mail, uploads, cache."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.mail import get_connection

from products import cluster
from products.models import DownloadFile

from ..models import OrderDownload
from .finding import GREEN, RED, YELLOW, Finding

LOOKED_AT = 200  # files for sale, the newest: a bucket is asked about each


def mail() -> Iterator[Finding]:
    backend = settings.EMAIL_BACKEND.rsplit(".", 2)[-2]
    if backend != "smtp":
        level = RED if settings.STRIPE_LIVE else YELLOW
        yield Finding(level, "mail", f"goes to “{backend}”, not to buyers: set EMAIL_URL")
        return
    try:
        with get_connection(fail_silently=False):
            yield Finding(GREEN, "mail", f"{settings.EMAIL_HOST} accepts us")
    except OSError as error:  # smtplib's errors are OSErrors
        text = f"EMAIL_URL: {settings.EMAIL_HOST} does not accept us ({type(error).__name__}). Check name and password."
        yield Finding(RED, "mail", f"{text} Hosts often block port 25; 587 or 465 may be open.")
    if settings.DEFAULT_FROM_EMAIL.endswith("@localhost"):
        yield Finding(RED, "sender", "DEFAULT_FROM_EMAIL is missing: mails from localhost are thrown away")


def media() -> Iterator[Finding]:
    try:
        name = default_storage.save("doctor/written-by-doctor.txt", ContentFile(b"ok"))
        default_storage.delete(name)
    except Exception as error:  # noqa: BLE001 - every storage has errors of its own
        where = "MEDIA_ROOT" if settings.MEDIA_STORAGE == "local" else "AWS_STORAGE_BUCKET_NAME and the AWS_ keys"
        text = f"nothing can be written ({type(error).__name__}): check {where}"
        yield Finding(RED, "media", text)
        return
    if settings.MEDIA_STORAGE == "local":
        level = YELLOW if settings.ON_RENDER else GREEN
        lost = ", which this host empties at every restart: set MEDIA_STORAGE=s3" if settings.ON_RENDER else ""
        yield Finding(level, "media", f"written to {Path(settings.MEDIA_ROOT)}{lost}")
    else:
        yield Finding(GREEN, "media", "the bucket can be written")


def downloads() -> Iterator[Finding]:
    """Files for sale: can they be kept, and are those that were sold still there?"""
    if not settings.DOWNLOADS_ARE_KEPT:
        text = "no file can be sold: set AWS_PRIVATE_BUCKET_NAME, a bucket that the public cannot read"
        yield Finding(YELLOW if DownloadFile.objects.exists() else GREEN, "downloads", text)
        return
    storage = storages["downloads"]
    try:
        storage.delete(storage.save("written-by-doctor.txt", ContentFile(b"ok")))
        sold = DownloadFile.objects.filter(pk__in=OrderDownload.objects.values("file"))
        lost = [file.filename for file in sold[:LOOKED_AT] if not storage.exists(str(file.file.name))]
    except Exception as error:  # noqa: BLE001 - every storage has errors of its own
        where = "DOWNLOADS_ROOT" if settings.MEDIA_STORAGE == "local" else "AWS_PRIVATE_BUCKET_NAME and the AWS_ keys"
        yield Finding(RED, "downloads", f"nothing can be written ({type(error).__name__}): check {where}")
        return
    if settings.ON_RENDER and settings.MEDIA_STORAGE == "local":
        text = "this host empties its disk at every restart: set MEDIA_STORAGE=s3 and AWS_PRIVATE_BUCKET_NAME"
        yield Finding(YELLOW, "downloads", text)
    if lost:
        yield Finding(RED, "downloads", f"sold, and gone: {', '.join(lost[:5])}. Put back a backup of the uploads")
    else:
        yield Finding(GREEN, "downloads", "files for sale can be kept, and those that were sold are there")


def cache_works() -> Iterator[Finding]:
    try:
        cache.set("doctor", "ok", 5)
        works = cache.get("doctor") == "ok"
    except Exception as error:  # noqa: BLE001 - every cache has errors of its own
        text = f"CACHE_URL: the cache does not answer ({type(error).__name__}). Is it running, and the address right?"
        yield Finding(RED, "cache", text)
        return
    if works:
        yield Finding(GREEN, "cache", "works")
    else:
        yield Finding(YELLOW, "cache", "keeps nothing: pages are made anew for everybody. Set CACHE_URL.")


def search() -> Iterator[Finding]:
    """Of a search cluster, where SEARCH_URL names one."""
    if cluster.NAME not in settings.WAGTAILSEARCH_BACKENDS:
        return
    try:
        there = cluster.has_index()
    except Exception as error:  # noqa: BLE001 - a client has errors of its own
        text = f"SEARCH_URL: the cluster does not answer ({type(error).__name__}); the database searches meanwhile"
        yield Finding(RED, "search", text)
        return
    if there:
        yield Finding(GREEN, "search", "the cluster has an index of the shop")
    else:
        yield Finding(RED, "search", "the cluster has no index of the shop: run manage.py update_index")
