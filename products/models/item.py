"""An item for sale. Its price is here; its stock is not (see stock.py: a revision must never undo a sale)."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models, transaction
from modelcluster.contrib.taggit import ClusterTaggableManager
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, TitleFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from .. import money
from ..admin.forms import ItemPageForm
from ..admin.panels import (
    DownloadsPanel,
    FirstCountPanel,
    FirstStepsPanel,
    PriceHistoryPanel,
    RelatedPanel,
    StockPanel,
    VariantsPanel,
)
from ..api.fields import ITEM_FIELDS
from ..blocks import DescriptionBlocks
from .related import MOST as MOST_RELATED

CURRENCY = RegexValidator(r"^[A-Z]{3}\Z", "Three capital letters, for example USD.")
# what it costs and when, worked out of what the editor wrote
TERMS = ["unit_amount", "currency", "sale_amount", "sale_starts_at", "sale_ends_at"]


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
    sale_price = models.DecimalField(
        max_digits=13,
        decimal_places=3,
        null=True,
        blank=True,
        help_text="What it costs during a sale. The regular price stands beside it, struck out.",
    )
    sale_starts_at = models.DateTimeField("sale starts", null=True, blank=True, help_text="Empty: when published.")
    sale_ends_at = models.DateTimeField("sale ends", null=True, blank=True, help_text="Empty: it does not end.")
    shipping_required = models.BooleanField(
        "has to be shipped", default=True, help_text="Untick for what needs no parcel: a download, a voucher, a course."
    )
    choice1 = models.CharField(
        "first choice", max_length=40, blank=True, help_text="What the buyer chooses, for example Size."
    )
    choice2 = models.CharField("second choice", max_length=40, blank=True, help_text="For example Colour.")
    choice3 = models.CharField("third choice", max_length=40, blank=True)
    # Derived at every save: in minor units the (lowest) regular price and the (lowest) price during the sale, whether
    # there are variants and cost different sums. What lists read; products/prices.py says which of the two holds.
    unit_amount = models.PositiveBigIntegerField(null=True, editable=False, db_index=True)
    sale_amount = models.PositiveBigIntegerField(null=True, editable=False)
    has_variants = models.BooleanField(default=False, editable=False)
    has_downloads = models.BooleanField(default=False, editable=False)
    prices_differ = models.BooleanField(default=False, editable=False)
    # The page whose SKU, price and stock this one shows: set on translations and aliases.
    original = models.ForeignKey("self", null=True, editable=False, on_delete=models.SET_NULL, related_name="sharing")
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

    tags = ClusterTaggableManager(
        through="products.ItemTag", blank=True, help_text="Words that buyers narrow down by: linen, for children."
    )

    content_panels = [
        FirstStepsPanel(heading="From draft to shop"),
        TitleFieldPanel("title", heading="Name", help_text="As buyers see it.", placeholder="Name of the item*"),
        FieldPanel("summary"),
        InlinePanel(
            "gallery", heading="Pictures", label="Picture", help_text="The first one stands on cards.", icon="image"
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("price"), FieldPanel("currency")]),
                FieldPanel("tax"),
                FieldRowPanel([FieldPanel("sale_price"), FieldPanel("sale_starts_at"), FieldPanel("sale_ends_at")]),
                PriceHistoryPanel(),
            ],
            heading="Price",
            icon="tag",
        ),
        MultiFieldPanel(
            [
                FieldPanel("sku"),
                FirstCountPanel("opening_stock"),
                StockPanel(),
                FieldPanel("low_stock"),
                FieldPanel("shipping_required"),
            ],
            heading="Stock",
            icon="clipboard-list",
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("choice1"), FieldPanel("choice2"), FieldPanel("choice3")]),
                VariantsPanel("variants", label="Variant"),
            ],
            heading="Variants",
            icon="list-ul",
            help_text="Only for an item in several sizes, colours or the like. Name what is chosen, then add a row for "
            "each thing on the shelf.",
        ),
        DownloadsPanel(
            "downloads",
            heading="Files to download",
            label="File",
            icon="download",
            help_text="Whoever has paid gets links to these files by mail, and finds them on the order’s page. Nobody "
            "else can reach them. A file is counted like everything else on the shelf: give it a large number, such as "
            "1000000. If there is nothing to send beside it, untick “has to be shipped” above.",
        ),
        FieldPanel("description"),
        FieldPanel("tags"),
        RelatedPanel(
            "related_items",
            heading="Related items",
            label="Related item",
            max_num=MOST_RELATED,
            help_text="Shown below the item in this order; neighbours on its shelf fill up the rest. What is not for "
            "sale is left out.",
        ),
    ]
    base_form_class = ItemPageForm
    search_fields = [
        *Page.search_fields,
        index.SearchField("summary", boost=2),
        index.SearchField("description"),
        index.SearchField("sku", boost=3),
        index.AutocompleteField("sku"),
        index.SearchField("variant_words", boost=2),
        index.AutocompleteField("variant_words"),
        index.FilterField("currency"),
        index.FilterField("unit_amount"),
    ]
    api_fields = ITEM_FIELDS
    template = "pages/item.html"

    class Meta:
        verbose_name = "item"
        indexes = [  # when the next price begins is asked after every change (prices.next_price_change)
            models.Index(
                fields=["sale_starts_at"], name="item_sale_starts", condition=models.Q(sale_starts_at__isnull=False)
            ),
            models.Index(
                fields=["sale_ends_at"], name="item_sale_ends", condition=models.Q(sale_ends_at__isnull=False)
            ),
            models.Index(fields=["currency"], name="item_currency"),  # which there are
            # what a shelf is read from, without the long rows (migration 0016_narrow_reads)
            models.Index(fields=["page_ptr", *TERMS, "original"], name="item_terms"),
            # the largest number is asked for by whoever looks for what runs out (products/low_stock.py)
            models.Index(fields=["low_stock"], name="item_low_stock", condition=models.Q(low_stock__isnull=False)),
        ]
        permissions = [("change_price", "Can publish changes of prices, and change many at once")]

    # a copy is a thing of its own; a translation finds its original again by its translation key
    exclude_fields_in_copy = ["opening_stock", "original"]

    def clean(self) -> None:
        super().clean()
        self._check_sums()
        if self.price is not None and self.price <= 0:
            raise ValidationError({"price": "A price is more than zero."})
        if self.sale_price is not None and self.price is not None and not 0 < self.sale_price < self.price:
            raise ValidationError({"sale_price": "A sale price is less than the price, and more than zero."})
        if self.sale_starts_at and self.sale_ends_at and self.sale_ends_at <= self.sale_starts_at:
            raise ValidationError({"sale_ends_at": "The sale ends before it starts."})

    def save(self, *args, **kwargs):
        """Saves the page and, unless only some fields are written, what is sold under its variants' rows."""
        from .. import price_history, sharing, variants

        whole = kwargs.get("update_fields") is None
        with transaction.atomic():
            sharing.take_from_original(self)
            rows = variants.settle_keys(self) if whole else []
            self.derive_amounts()
            result = super().save(*args, **kwargs)
            if whole:
                price_history.record(self, variants.publish_rows(self, rows))
                sharing.hand_on(self)
        return result

    def publish(self, revision, *args, **kwargs) -> None:
        """Publishes, unless something is missing: schedules and workflows have no form that could say so."""
        from ..publishing import refuse_unfinished

        if not refuse_unfinished(self, revision, kwargs.get("user")):
            super().publish(revision, *args, **kwargs)

    def permissions_for_user(self, user):
        from ..price_approval import ItemPermissions

        return ItemPermissions(user, self)

    def with_content_json(self, content):
        """A version never says whose stock it is, nor a translation's which files its buyers get."""
        page = super().with_content_json(content)
        page.original_id = self.original_id
        if page.original_id is not None:
            page.downloads = []
        return page

    def get_context(self, request, *args, **kwargs) -> dict:
        from .. import showing

        return super().get_context(request, *args, **kwargs) | showing.item(self, request)

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        from ..previews import MODES

        return MODES

    def get_preview_context(self, request, mode_name) -> dict:
        from .. import previews

        return previews.context(self, request, mode_name)

    def derive_amounts(self) -> None:
        """`unit_amount` and its companions from prices and variants. Raises ValidationError at the price's field."""
        from .. import variants

        if self.original_id is not None:  # the original's, taken over when this page is saved
            return
        self._check_sums()
        try:
            rows = [row for row in self.variants.all() if row.for_sale]
            self.has_variants = bool(rows)
            self.has_downloads = bool(self.downloads.all())
            self.unit_amount, self.sale_amount, self.prices_differ = variants.lowest(self, rows)
        except money.InvalidAmount as error:
            raise ValidationError(f"A variant’s price: {error}") from error

    def _check_sums(self) -> None:
        for name in ("price", "sale_price"):
            try:
                money.to_minor(getattr(self, name) or 0, self.currency)
            except money.InvalidAmount as error:
                raise ValidationError({name: str(error)}) from error

    @property
    def source_id(self) -> int:
        """The page that stock and variants are kept for."""
        return self.original_id or self.pk

    @property
    def choices(self) -> list[str]:
        """What a buyer chooses, in order: Size, Colour."""
        return [name for name in (self.choice1, self.choice2, self.choice3) if name]

    def variant_words(self) -> str:
        """SKUs and values of the variants, for the search index."""
        return " ".join(f"{row.sku} {' '.join(row.values)}" for row in self.variants.all())
