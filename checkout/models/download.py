"""What a paid order may download: a frozen reference to the very file that was sold, and how often it was fetched."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone


def new_key() -> str:
    """The download's name in links, which are signed besides; it tells nobody how many were sold."""
    return secrets.token_urlsafe(12)


def new_end() -> datetime:
    """Until when links hold that are made now."""
    return timezone.now() + timedelta(days=settings.DOWNLOAD_DAYS)


class OrderDownload(models.Model):
    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    order = models.ForeignKey("checkout.Order", on_delete=models.PROTECT, related_name="downloads")
    line = models.ForeignKey("checkout.OrderLine", on_delete=models.PROTECT, related_name="downloads")
    file = models.ForeignKey("products.DownloadFile", on_delete=models.PROTECT, related_name="sold")
    expires_at = models.DateTimeField("links hold until", default=new_end)
    count = models.PositiveIntegerField("downloads", default=0)
    last_at = models.DateTimeField("last download", null=True, blank=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["line_id", "pk"]
        verbose_name = "download"
        constraints = [models.UniqueConstraint(fields=["line", "file"], name="orderdownload_once_per_line")]

    def __str__(self) -> str:
        return f"{self.file_id} of order {self.order_id}"
