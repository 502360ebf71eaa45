"""The pages that lead to items: the home page and (nestable) categories."""

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, HelpPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from ..admin.forms import ShopPageForm
from ..blocks import DescriptionBlocks


class HomePage(Page):
    """The shop's first page: what it sells, the items an editor chose, the categories."""

    page_description = "The shop's first page. There is one, at the top."
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["products.CategoryPage", "products.LandingPage", "products.ArticlePage"]
    max_count = 1

    headline = models.CharField(max_length=120, blank=True, help_text="One short line: what the shop sells.")
    introduction = models.TextField(max_length=400, blank=True, help_text="One or two sentences under the headline.")
    hero_image = models.ForeignKey(
        "wagtailimages.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    body = StreamField(DescriptionBlocks(required=False), blank=True)

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("headline"), FieldPanel("introduction"), FieldPanel("hero_image")], heading="Opening"
        ),
        InlinePanel("featured", heading="Featured items", label="Item", max_num=12),
        FieldPanel("body"),
    ]
    base_form_class = ShopPageForm
    template = "pages/home.html"

    class Meta:
        verbose_name = "home page"

    def get_context(self, request, *args, **kwargs) -> dict:
        from .. import showing

        return super().get_context(request, *args, **kwargs) | showing.home(self, request)


class FeaturedItem(Orderable):
    """An item that an editor put on the home page."""

    page = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="featured")
    item = models.ForeignKey("products.ItemPage", on_delete=models.CASCADE, related_name="+")

    panels = [FieldPanel("item")]

    class Meta(Orderable.Meta):
        verbose_name = "featured item"

    def __str__(self) -> str:
        return self.item.title


class CategoryPage(Page):
    """A shelf of items; may hold further shelves."""

    page_description = "A shelf of items. It may hold further categories."
    parent_page_types = ["products.HomePage", "products.CategoryPage"]
    subpage_types = ["products.CategoryPage", "products.ItemPage"]

    introduction = models.TextField(max_length=600, blank=True, help_text="A few sentences above the items.")
    image = models.ForeignKey("wagtailimages.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    content_panels = [
        HelpPanel(
            "<p>A name is enough. <strong>Publish</strong> is in the menu beside “Save draft”.</p>",
            heading="From draft to shop",
        ),
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel("image"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("introduction")]
    base_form_class = ShopPageForm
    template = "pages/category.html"

    class Meta:
        verbose_name = "category"
        verbose_name_plural = "categories"

    def get_context(self, request, *args, **kwargs) -> dict:
        from .. import showing

        return super().get_context(request, *args, **kwargs) | showing.category(self, request)
