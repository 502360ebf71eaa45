"""When a periodic job last ran to its end. In the database, because a web process cannot look into a cron job."""

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone


class Beat(models.Model):
    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%Y-%m-%d %H:%M}"

    @classmethod
    def record(cls, name: str, at: datetime | None = None) -> None:
        """The job `name` ("reconcile", "tick") has ended well, having seen everything up to `at` (now)."""
        cls.objects.update_or_create(name=name, defaults={"at": at or timezone.now()})

    @classmethod
    def last(cls, name: str) -> datetime | None:
        """Up to when the job has seen everything; None: it never ended well."""
        return cls.objects.filter(name=name).values_list("at", flat=True).first()

    @classmethod
    def is_due(cls, name: str, every: timedelta) -> bool:
        """Whether the job never ended well, or `every` ago."""
        last = cls.last(name)
        return last is None or timezone.now() - last >= every
