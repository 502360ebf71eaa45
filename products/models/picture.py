"""The pictures of an item."""

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel
from wagtail.models import Orderable


class ItemPicture(Orderable):
    """A picture of the item's gallery, in the editor's order."""

    page = ParentalKey("products.ItemPage", on_delete=models.CASCADE, related_name="gallery")
    image = models.ForeignKey("wagtailimages.Image", on_delete=models.CASCADE, related_name="+")
    alt_text = models.CharField(
        "description of the picture",
        max_length=200,
        blank=True,
        help_text="What can be seen, for people who cannot see it. Empty: the picture's own description.",
    )

    panels = [FieldPanel("image"), FieldPanel("alt_text")]

    @property
    def alt(self) -> str:
        """The text alternative: this picture's, else the image's own."""
        return self.alt_text or self.image.default_alt_text

    def __str__(self) -> str:
        return self.alt
