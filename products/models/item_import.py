"""A file that somebody wants to import: kept from the page that shows what it would do until the button below it."""

from django.conf import settings
from django.db import models


class WithoutFiles(models.Manager):
    """A file may have megabytes: it is read where it is asked for, not with every row."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().defer("data")


class ItemImport(models.Model):
    """Kept in the database, because the next request may reach another machine. Nobody but `user` gets to see it.

    `result`: what was done, in numbers; the file itself is thrown away then.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    publish = models.BooleanField(default=False)
    data = models.BinaryField()
    created = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(default=dict)

    objects = WithoutFiles()

    class Meta:
        ordering = ["-created", "-pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.name
