"""When a periodic job last ran to its end. In the database, because a web process cannot look into a cron job."""

from django.db import models
from django.utils import timezone


class Beat(models.Model):
    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%Y-%m-%d %H:%M}"

    @classmethod
    def record(cls, name: str) -> None:
        """The job `name` ("reconcile", "tick") has just ended well."""
        cls.objects.update_or_create(name=name, defaults={"at": timezone.now()})
