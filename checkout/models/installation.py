"""This shop's own name at Stripe, written into metadata: events of other shops on the same account are not ours."""

import uuid

from django.db import models


class Installation(models.Model):
    marker = models.CharField(max_length=32, unique=True)

    def __str__(self) -> str:
        return self.marker

    @classmethod
    def current(cls) -> str:
        """The marker; made on first use and never changed, so that it survives moves and key rotation."""
        row, _ = cls.objects.get_or_create(pk=1, defaults={"marker": uuid.uuid4().hex})
        return row.marker
