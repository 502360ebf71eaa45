"""Which state of the catalogue is the newest, said by two rows. See products/generation.py."""

from django.db import models


class Generation(models.Model):
    """`word` is random, and new after every change of what pages show; row 2 is for item counts alone."""

    word = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.word
