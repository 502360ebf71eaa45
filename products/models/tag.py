"""Words that stand on items and that visitors narrow a shelf down by."""

from django.db import models
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase, TagBase


class Tag(TagBase):
    """One word. Pictures and documents have tags of their own, which no visitor sees."""

    free_tagging = True  # whoever writes an item may think of a new one

    class Meta:
        ordering = ["name"]
        verbose_name = "tag"


class ItemTag(ItemBase):
    """A word on an item. A translation begins with its original's, and then has its own, in its own language."""

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="given")
    content_object = ParentalKey("products.ItemPage", on_delete=models.CASCADE, related_name="tagged_items")

    class Meta:
        # which items have a tag, without reading their rows
        indexes = [models.Index(fields=["tag", "content_object"], name="item_tag_items")]
