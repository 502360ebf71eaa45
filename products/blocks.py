"""The blocks an editor writes with. Each has a template of its own in templates/blocks/."""

import json
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from wagtail import blocks
from wagtail.images.blocks import ImageBlock, ImageChooserBlock

from . import videos

RICH_TEXT_FEATURES = ["h3", "bold", "italic", "ol", "ul", "link", "document-link"]
STORY_FEATURES = ["h2", *RICH_TEXT_FEATURES]
DESCRIBE = "Describe what can be seen, for people who cannot see it."


class TextBlock(blocks.RichTextBlock):
    class Meta:
        template = "blocks/text.html"
        icon = "pilcrow"
        label = "Text"
        description = "Paragraphs, lists, small headings, links."
        preview_value = "<p>Cut by hand, printed in small numbers, signed by the artist.</p>"


class PictureBlock(blocks.StructBlock):
    image = ImageBlock(help_text=DESCRIBE)
    caption = blocks.CharBlock(required=False, max_length=200)

    class Meta:
        template = "blocks/picture.html"
        icon = "image"
        label = "Picture"
        description = "One picture across the column, with a caption if you like."


class GalleryBlock(blocks.StructBlock):
    pictures = blocks.ListBlock(ImageBlock(help_text=DESCRIBE), min_num=2, max_num=12)
    caption = blocks.CharBlock(required=False, max_length=200)

    class Meta:
        template = "blocks/gallery.html"
        icon = "grip"
        label = "Gallery"
        description = "Two to twelve pictures side by side."


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(rows=3)
    source = blocks.CharBlock(required=False, max_length=120, help_text="Who said it, and where.")

    class Meta:
        template = "blocks/quote.html"
        icon = "openquote"
        label = "Quote"
        description = "What somebody said about it."
        preview_value = {"text": "The paper alone is worth it.", "source": "A buyer"}


class SpecificationRow(blocks.StructBlock):
    name = blocks.CharBlock(max_length=60)
    value = blocks.CharBlock(max_length=200)


class SpecificationBlock(blocks.StructBlock):
    rows = blocks.ListBlock(SpecificationRow(), min_num=1, help_text="For example Paper: 300 g cotton.")

    class Meta:
        template = "blocks/specification.html"
        icon = "list-ul"
        label = "Specification table"
        description = "Size, material, weight: a name and a value in each row."
        preview_value = {"rows": [{"name": "Paper", "value": "300 g cotton"}, {"name": "Size", "value": "A3"}]}


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(max_length=200)
    answer = blocks.RichTextBlock(features=["bold", "italic", "link", "ul", "ol"])


class FaqBlock(blocks.StructBlock):
    questions = blocks.ListBlock(QuestionBlock(), min_num=1)

    class Meta:
        template = "blocks/faq.html"
        icon = "help"
        label = "Questions and answers"
        description = "What buyers ask, each answer folded away until it is wanted."
        preview_value = {"questions": [{"question": "Does it come framed?", "answer": "<p>No, rolled.</p>"}]}


class VideoAddressBlock(blocks.URLBlock):
    """An address on the list of video services."""

    def clean(self, value: str) -> str:
        value = super().clean(value)
        if value and videos.parse(value) is None:
            raise ValidationError(f"Give the address of one video at {videos.NAMES}; others cannot be shown here.")
        return value


class VideoBlock(blocks.StructBlock):
    url = VideoAddressBlock(label="Address", help_text=f"Of one video at {videos.NAMES}.")
    title = blocks.CharBlock(max_length=120, help_text="What it shows: it stands on the button that starts it.")
    poster = ImageChooserBlock(required=False, help_text="Shown until somebody starts the video.")

    def get_context(self, value, parent_context=None) -> dict:
        return super().get_context(value, parent_context) | {"video": videos.parse(value.get("url") or "")}

    class Meta:
        template = "blocks/video.html"
        icon = "media"
        label = "Video"
        description = f"A video at {videos.NAMES}. Nothing is fetched from there before a visitor starts it."


class BuyBoxBlock(blocks.StructBlock):
    """An item that can be bought right here. Only its id is kept: price and stock are read when the page is shown."""

    item = blocks.PageChooserBlock(page_type="products.ItemPage", help_text="Shown with its price and stock of today.")
    note = blocks.CharBlock(required=False, max_length=160, help_text="Why this one: one line above the button.")

    def get_context(self, value, parent_context=None) -> dict:
        from .showing import buy_box

        context = super().get_context(value, parent_context)
        return context | buy_box(value.get("item"), context.get("request"))

    class Meta:
        template = "blocks/buy_box.html"
        icon = "tag"
        label = "Buy box"
        description = "An item with its present price, its stock and a button to buy it."


class ShelfBlock(blocks.StructBlock):
    """A row of chosen items."""

    heading = blocks.CharBlock(required=False, max_length=80)
    items = blocks.ListBlock(blocks.PageChooserBlock(page_type="products.ItemPage"), min_num=1, max_num=12)

    def get_context(self, value, parent_context=None) -> dict:
        from .showing import shelf

        context = super().get_context(value, parent_context)
        chosen = [item.pk for item in value.get("items", []) if item]
        return context | {"cards": shelf(chosen, context.get("request"))}

    class Meta:
        template = "blocks/shelf.html"
        icon = "list-ul"
        label = "Row of items"
        description = "Up to twelve items as cards, with their prices of today."


class DescriptionBlocks(blocks.StreamBlock):
    """An item's description, and the free part of the home page."""

    text = TextBlock(features=RICH_TEXT_FEATURES)
    picture = PictureBlock()
    gallery = GalleryBlock()
    specification = SpecificationBlock()
    quote = QuoteBlock()
    faq = FaqBlock()
    video = VideoBlock()
    buy_box = BuyBoxBlock()

    def render_basic(self, value, context=None) -> SafeString:
        """The blocks one below the other; what follows from the written words alone is remembered by them, which is
        0.7 ms of an item page."""
        language, made = get_language(), []
        for place, raw in enumerate(value.raw_data):
            words = json.dumps(raw["value"]) if raw["type"] in WRITTEN else ""
            if words and not any(mark in words for mark in LIVE):
                made.append(_written(raw["type"], words, language))
            else:
                made.append(_framed(raw["type"], value[place].render(context=context)))
        return SafeString("\n".join(made))


WRITTEN: dict[str, blocks.Block] = {
    "text": TextBlock(),
    "specification": SpecificationBlock(),
    "quote": QuoteBlock(),
    "faq": FaqBlock(),
}
LIVE = ("linktype=", "embedtype=")  # to pages, documents and embeds, whose addresses can change


@lru_cache(maxsize=2_000)
def _written(kind: str, words: str, _language: str | None) -> SafeString:
    block = WRITTEN[kind]
    return _framed(kind, block.render(block.to_python(json.loads(words))))


def _framed(kind: str, made: str) -> SafeString:
    return format_html('<div class="w-block-{0} block-{0}">{1}</div>', kind, made)


class StoryBlocks(DescriptionBlocks):
    """Landing pages and articles: the same, with headings of their own and rows of items."""

    text = TextBlock(features=STORY_FEATURES)
    shelf = ShelfBlock()
