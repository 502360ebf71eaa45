"""The blocks an editor writes with. Each has a template of its own in templates/blocks/."""

from wagtail import blocks
from wagtail.embeds.blocks import EmbedBlock
from wagtail.images.blocks import ImageBlock

RICH_TEXT_FEATURES = ["h3", "bold", "italic", "ol", "ul", "link", "document-link"]


class PictureBlock(blocks.StructBlock):
    image = ImageBlock(help_text="Describe what can be seen, for people who cannot see it.")
    caption = blocks.CharBlock(required=False, max_length=200)

    class Meta:
        template = "blocks/picture.html"
        icon = "image"
        label = "Picture"


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(rows=3)
    source = blocks.CharBlock(required=False, max_length=120, help_text="Who said it, and where.")

    class Meta:
        template = "blocks/quote.html"
        icon = "openquote"
        label = "Quote"


class SpecificationRow(blocks.StructBlock):
    name = blocks.CharBlock(max_length=60)
    value = blocks.CharBlock(max_length=200)


class SpecificationBlock(blocks.StructBlock):
    rows = blocks.ListBlock(SpecificationRow(), min_num=1, help_text="For example Paper: 300 g cotton.")

    class Meta:
        template = "blocks/specification.html"
        icon = "list-ul"
        label = "Specification table"


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(max_length=200)
    answer = blocks.RichTextBlock(features=["bold", "italic", "link", "ul", "ol"])


class FaqBlock(blocks.StructBlock):
    questions = blocks.ListBlock(QuestionBlock(), min_num=1)

    class Meta:
        template = "blocks/faq.html"
        icon = "help"
        label = "Questions and answers"


class DescriptionBlocks(blocks.StreamBlock):
    """An item's description, and the free part of home and category pages."""

    text = blocks.RichTextBlock(features=RICH_TEXT_FEATURES, template="blocks/text.html", icon="pilcrow")
    picture = PictureBlock()
    specification = SpecificationBlock()
    quote = QuoteBlock()
    faq = FaqBlock()
    video = EmbedBlock(template="blocks/video.html", icon="media", max_width=1200)
