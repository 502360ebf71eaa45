"""How much a name's length counts in the index, worked out for what was written alone."""

from typing import Any

from django.db.models import Avg, F, Model, QuerySet
from django.db.models.functions import Length
from modelsearch.backends.base import BaseIndex
from modelsearch.utils import get_content_type_pk

from products.signals import catalogue_changed

NEWEST = 1_000  # entries whose names are averaged


class Norms(BaseIndex):
    """Beside a backend's own index: what was written gets its norm from the newest names; a rebuild does all."""

    def add_items(self, model: type[Model], objs: list[Model]) -> None:
        super().add_items(model, objs)
        newest = self.entries.order_by("-pk").values("pk")[:NEWEST]
        average = self._named(pk__in=newest).aggregate(Avg("length"))["length__avg"]
        own = self._named(content_type=get_content_type_pk(model), object_id__in=[str(one.pk) for one in objs])
        own.filter(title_norm=1.0).update(title_norm=average / F("length"))

    def _named(self, **which: Any) -> QuerySet:
        return self.entries.filter(**which).annotate(length=Length("title")).filter(length__gt=0)

    def _refresh_title_norms(self, full: bool = False) -> None:
        """In full at the end of a rebuild (`manage.py update_index`), which the results that are kept must hear of."""
        if full:
            super()._refresh_title_norms(full=True)
            catalogue_changed.send(sender=self.entries.model)
