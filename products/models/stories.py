"""Pages that tell something and sell while they do: landing pages and articles."""

from django.db import models
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from ..admin.forms import ShopPageForm
from ..api.fields import STORY_FIELDS
from ..blocks import StoryBlocks

WRITING = (
    "<p>Write with blocks. A <strong>buy box</strong> puts an item into the text, with its price and stock as they are"
    " when somebody reads it: nothing to correct when a price changes.</p>"
)


class StoryPage(Page):
    """What landing pages and articles share."""

    introduction = models.TextField(
        max_length=400, blank=True, help_text="One or two sentences under the title; lists and search results show it."
    )
    picture = models.ForeignKey(
        "wagtailimages.Image",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Stands at the top and is shown when somebody shares the page.",
    )
    body = StreamField(StoryBlocks(required=False), blank=True)

    opening = MultiFieldPanel([FieldPanel("introduction"), FieldPanel("picture")], heading="Opening")
    content_panels = [*Page.content_panels, opening, HelpPanel(WRITING, heading="How to write"), FieldPanel("body")]
    search_fields = [
        *Page.search_fields,
        index.SearchField("introduction", boost=2),
        index.SearchField("body"),
    ]

    base_form_class = ShopPageForm
    api_fields = STORY_FIELDS

    class Meta:
        abstract = True


class LandingPage(StoryPage):
    page_description = "A page for a season, an offer or a subject, with items to buy in it. It may hold articles."
    parent_page_types = ["products.HomePage"]
    subpage_types = ["products.ArticlePage"]
    show_in_menus_default = True
    template = "pages/landing.html"

    class Meta:
        verbose_name = "landing page"

    def get_context(self, request, *args, **kwargs) -> dict:
        from .. import stories

        return super().get_context(request, *args, **kwargs) | stories.landing(self, request)


class ArticlePage(StoryPage):
    page_description = "Something to read: how it is made, how to use it. Items can be bought in the text."
    parent_page_types = ["products.HomePage", "products.LandingPage"]
    subpage_types: list[str] = []
    template = "pages/article.html"

    author = models.CharField(max_length=80, blank=True, help_text="Shown under the title; leave empty for none.")

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("introduction"), FieldPanel("picture"), FieldPanel("author")],
            heading="Opening",
        ),
        HelpPanel(WRITING, heading="How to write"),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = "article"

    def get_context(self, request, *args, **kwargs) -> dict:
        from .. import stories

        return super().get_context(request, *args, **kwargs) | stories.article(self, request)
