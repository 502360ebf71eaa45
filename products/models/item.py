"""An item for sale. Its price is here; its stock is not (see stock.py: a revision must never undo a sale)."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from .. import money
from ..admin.forms import ItemPageForm
from ..admin.panels import FirstCountPanel, FirstStepsPanel, StockPanel
from ..blocks import DescriptionBlocks

CURRENCY = RegexValidator(r"^[A-Z]{3}\Z", "Three capital letters, for example USD.")


class ItemPage(Page):
    """One thing a buyer can buy. `id` of the page is the id in `/item/<id>` and `/buy/<id>`."""

    page_description = "One thing to sell: pictures, description, price."
    parent_page_types = ["products.CategoryPage"]
    subpage_types: list[str] = []

    summary = models.CharField(max_length=200, blank=True, help_text="One sentence for cards and search results.")
    description = StreamField(DescriptionBlocks(required=False), blank=True)
    sku = models.CharField(
        "SKU", max_length=64, blank=True, db_index=True, help_text="Your own article number; each item has its own."
    )
    price = models.DecimalField(
        max_digits=13,
        decimal_places=3,
        null=True,
        blank=True,
        help_text="As people write it: 19.99 for USD, 500 for JPY.",
    )
    currency = models.CharField(
        max_length=3, default="USD", validators=[CURRENCY], help_text="The Stripe account of this currency is paid."
    )
    # `price` in minor units, derived at every save: what listings sort by and pricing reads.
    unit_amount = models.PositiveBigIntegerField(null=True, editable=False, db_index=True)
    tax = models.ForeignKey(
        "checkout.Tax",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Leave empty for the default taxes.",
    )
    # Asked for before the item was ever counted and booked once, at its first publication (see stock.py): a draft may
    # carry it, and no later revision can bring it back.
    opening_stock = models.PositiveIntegerField(
        "how many do you have?",
        null=True,
        blank=True,
        validators=[MaxValueValidator(1_000_000)],
        help_text="Counted when the item is published for the first time. Empty: it is shown as sold out.",
    )
    low_stock = models.PositiveIntegerField(
        "warn from", null=True, blank=True, help_text="Left empty, the shop's own number counts (Settings, Stock)."
    )

    content_panels = [
        FirstStepsPanel(heading="From draft to shop"),
        *Page.content_panels,
        FieldPanel("summary"),
        InlinePanel(
            "gallery", heading="Pictures", label="Picture", help_text="The first one stands on cards.", icon="image"
        ),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("price"), FieldPanel("currency")]), FieldPanel("tax")],
            heading="Price",
            icon="tag",
        ),
        MultiFieldPanel(
            [
                FieldPanel("sku"),
                FirstCountPanel("opening_stock"),
                StockPanel(),
                FieldPanel("low_stock"),
            ],
            heading="Stock",
            icon="clipboard-list",
        ),
        FieldPanel("description"),
    ]
    exclude_fields_in_copy = ["opening_stock"]
    base_form_class = ItemPageForm
    search_fields = [
        *Page.search_fields,
        index.SearchField("summary", boost=2),
        index.SearchField("description"),
        index.SearchField("sku", boost=3),
        index.AutocompleteField("sku"),
        index.FilterField("currency"),
        index.FilterField("unit_amount"),
    ]
    template = "pages/item.html"

    class Meta:
        verbose_name = "item"

    def clean(self) -> None:
        super().clean()
        amount = self._price_in_minor_units()
        if amount is not None and amount <= 0:
            raise ValidationError({"price": "A price is more than zero."})

    def save(self, *args, **kwargs):
        self.unit_amount = self._price_in_minor_units()
        return super().save(*args, **kwargs)

    def get_context(self, request, *args, **kwargs) -> dict:
        from .. import showing

        return super().get_context(request, *args, **kwargs) | showing.item(self, request)

    def _price_in_minor_units(self) -> int | None:
        if self.price is None:
            return None
        try:
            return money.to_minor(self.price, self.currency)
        except money.InvalidAmount as error:
            raise ValidationError({"price": str(error)}) from error

    @property
    def source_id(self) -> int:
        """The page that stock is kept for."""
        return self.pk


class ItemPicture(Orderable):
    """A picture of the item's gallery, in the editor's order."""

    page = ParentalKey(ItemPage, on_delete=models.CASCADE, related_name="gallery")
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
