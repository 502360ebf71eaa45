"""Files that are sold. What was uploaded never changes: whoever paid for it gets what they paid for.

`DownloadFile` is the file, kept where no public address leads (products/private_files.py). `ItemDownload` is a row of
an item's form, with its drafts and versions: it says that buyers of the item get the file.
"""

import secrets
from pathlib import PurePosixPath

from django.core.files.storage import Storage, storages
from django.db import models
from django.template.defaultfilters import filesizeformat
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable

from ..private_files import STORAGE


def private_storage() -> Storage:
    return storages[STORAGE]


def secret_name(file: "DownloadFile", name: str) -> str:
    """Not to be guessed, should a bucket ever be opened by mistake."""
    return f"{secrets.token_urlsafe(24)}{PurePosixPath(name).suffix.lower()[:16]}"


class DownloadFile(models.Model):  # type: ignore[django-manager-missing]  # mypy stumbles over Orderable
    """A file for sale. Another version of it is another row, which the item then names in its place."""

    title = models.CharField(max_length=120, help_text="What buyers read beside the link.")
    file = models.FileField(upload_to=secret_name, storage=private_storage, max_length=255)
    filename = models.CharField(max_length=150, editable=False, help_text="What it is called on the buyer’s disk.")
    size = models.PositiveBigIntegerField("size in bytes", default=0, editable=False)
    created = models.DateTimeField("uploaded", auto_now_add=True)

    class Meta:
        ordering = ["-created", "-pk"]
        verbose_name = "file for sale"
        verbose_name_plural = "files for sale"

    def __str__(self) -> str:
        return f"{self.title} ({self.filename}, {filesizeformat(self.size)})"

    def save(self, *args, **kwargs) -> None:
        if self._state.adding:
            self.filename = PurePosixPath(str(self.file.name).replace("\\", "/")).name[-150:]
            self.size = self.file.size
        super().save(*args, **kwargs)

    def is_needed(self) -> bool:
        """An item offers it, or somebody bought it."""
        return any(
            relation.related_model._base_manager.filter(**{relation.field.name: self}).exists()
            for relation in self._meta.related_objects
        )


class ItemDownload(Orderable):
    """One file that buyers of the item get; with a SKU, only buyers of that variant."""

    page = ParentalKey("products.ItemPage", on_delete=models.CASCADE, related_name="downloads")
    # CASCADE, so that an old version of a page may name a file that is gone; is_needed keeps those that items offer.
    file = models.ForeignKey(DownloadFile, on_delete=models.CASCADE, related_name="items")
    sku = models.CharField(
        "only for the variant with the SKU", max_length=64, blank=True, help_text="Empty: whoever buys the item."
    )

    panels = [FieldRowPanel([FieldPanel("file"), FieldPanel("sku")])]

    class Meta(Orderable.Meta):
        verbose_name = "file"

    def __str__(self) -> str:
        return str(self.file)
