"""Tags for templates that stand outside a prepared page: the StreamField's blocks."""

from django import template
from django.utils.safestring import SafeString

from products.pictures import Album

register = template.Library()


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
