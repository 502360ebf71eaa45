"""One row that says which state of the catalogue is the newest. See products/generation.py."""

from django.db import models


class Generation(models.Model):
    """`word` is random and new after every change of what pages show."""

    word = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.word
