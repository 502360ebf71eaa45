"""Tags for templates that stand outside a prepared page: the StreamField's blocks, the pieces of every page."""

from django import template
from django.template import RequestContext
from django.utils import translation
from django.utils.safestring import SafeString

from products import parts
from products.pictures import Album
from products.tree import Tree, tree

register = template.Library()
MOST_PIECES = 512
_pieces: dict[tuple, tuple[Tree, SafeString]] = {}


@register.simple_tag(takes_context=True)
def piece(context: RequestContext, name: str) -> SafeString:
    """`components/<name>.html`, rendered once for the shelves as they are: header and footer, a third of a page's time.

    Such a template sees the shelves (`shop`), the languages, `section_id`, and `page.id` if the page is in the menu.
    """
    shelves = tree(context.get("request"))
    here = getattr(context.get("page"), "id", None)
    story = here if any(one.id == here for one in shelves.landings) else None
    section, language = context.get("section_id"), translation.get_language()
    key = (name, language, shelves.language, section, story)
    known = _pieces.get(key)
    # the tree is a new object whenever anything has changed, so what was made from this very one is right
    if known and known[0] is shelves:
        return known[1]
    found = context.template.engine.get_template(f"components/{name}.html")  # type: ignore[union-attr]
    seen = {"shop": shelves, "section_id": section, "page": {"id": story}, "LANGUAGES": context.get("LANGUAGES")}
    made = found.render(context.new(seen | {"LANGUAGE_CODE": language}))
    if len(_pieces) >= MOST_PIECES:
        _pieces.clear()
    _pieces[key] = shelves, made
    return made


@register.simple_tag
def part(name: str, **values) -> SafeString:
    """`components/<name>.html` of these values alone, remembered by them (products/parts.py)."""
    return parts.made(name, **values)


@register.simple_tag
def shop_picture(image, role: str, decorative: bool = False) -> SafeString:
    """`<picture>` in the sizes of that place (products/pictures.py), with the text an editor wrote for it.

    `decorative`: the words beside it say the same, so it has no text of its own.
    """
    if image is None:
        return SafeString("")
    silent = decorative or getattr(image, "decorative", False)
    alt = "" if silent else getattr(image, "contextual_alt_text", None)
    return Album([image.id], [role]).markup(image, role, alt=image.default_alt_text if alt is None else alt)
