"""What somebody did to many items at once: the rows as they were shown, so that it can be looked at and undone."""

from django.conf import settings
from django.db import models


class BulkChange(models.Model):
    """`rows`: a list of products.bulk.Row as JSON, only those that were carried out."""

    kind = models.CharField(max_length=12, help_text="A key of products.bulk.operations.OPERATIONS.")
    label = models.CharField(max_length=200)
    terms = models.JSONField(default=dict, help_text="What the operation was given.")
    rows = models.JSONField(default=list)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-created", "-pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.label
