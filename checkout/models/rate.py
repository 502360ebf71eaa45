"""How often a visitor tried something. In the database, because every worker must see the same count."""

from django.db import models


class RateCount(models.Model):
    scope = models.CharField(max_length=20)
    identity = models.CharField(max_length=64, help_text="A hash: who it was cannot be read from it.")
    started = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "count of tries"
        verbose_name_plural = "counts of tries"
        constraints = [models.UniqueConstraint(fields=["scope", "identity"], name="ratecount_one_per_visitor")]

    def __str__(self) -> str:
        return f"{self.scope}: {self.count}"
