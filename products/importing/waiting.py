"""A file between two requests: shown first, then carried out exactly as it was shown, once."""

from dataclasses import asdict
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from products.models import ItemImport

from .run import Report, import_file

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 10_000  # a browser waits for them; the command takes more
LASTS = timedelta(hours=2)  # from the upload to the second button
REMEMBERED = timedelta(days=30)  # what was done
TOLD = ("rows", "created", "updated", "unchanged", "counted", "categories", "ignored", "unpublished")


class Gone(Exception):
    """The file is not there any more: it was carried out, or nobody came back for it."""


def keep(user, *, name: str, data: bytes, publish: bool) -> ItemImport:
    """In the place of what the same person uploaded before and left."""
    ItemImport.objects.filter(user=user, done_at=None).delete()
    return ItemImport.objects.create(user=user, name=name[:200], data=data, publish=publish)


def is_open(waiting: ItemImport) -> bool:
    return waiting.done_at is None and waiting.created > timezone.now() - LASTS


def show(waiting: ItemImport) -> Report:
    """What it would do now. Changes nothing."""
    return _run(waiting, dry_run=True)


def carry_out(waiting: ItemImport, seen: str) -> Report:
    """What was shown under that fingerprint; the report says if it was not written. Raises Gone the second time.

    Whoever comes first sets `done_at`; another request waits at that row for the end and then finds it set.
    """
    with transaction.atomic():
        mine = ItemImport.objects.filter(pk=waiting.pk, done_at=None, created__gt=timezone.now() - LASTS)
        if not mine.update(done_at=timezone.now()):
            raise Gone
        report = _run(waiting, seen=seen)
        if report.written:
            done = {name: value for name, value in asdict(report).items() if name in TOLD}
            ItemImport.objects.filter(pk=waiting.pk).update(data=b"", result=done)
        else:
            transaction.set_rollback(True)
    return report


def _run(waiting: ItemImport, **options) -> Report:
    return import_file(
        bytes(waiting.data),
        publish=waiting.publish,
        user=waiting.user,
        source=waiting.name,
        most_rows=MOST_ROWS,
        **options,
    )


def forget() -> int:
    """Files that nobody came back for, and results that are old. Answers how many."""
    now = timezone.now()
    left = ItemImport.objects.filter(done_at=None, created__lt=now - LASTS).delete()[0]
    return left + ItemImport.objects.filter(created__lt=now - REMEMBERED).delete()[0]
