"""What the API says of an item beside its text. Nothing of drafts, costs, stock counts or buyers."""

from typing import Any

from rest_framework.fields import Field
from wagtail.api import APIField


class PriceField(Field):
    """Minor units as Stripe counts them: 1999 is 19.99 USD. `regular_amount` is more than `amount` during a sale."""

    def __init__(self, **kwargs) -> None:
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, item) -> dict[str, Any] | None:
        from products import prices

        found = prices.price_of(item)
        if found is None:
            return None
        return {
            "amount": found.amount,
            "regular_amount": found.list_amount,
            "currency": item.currency,
            "from": item.prices_differ,
            "sale_ends": found.until,
        }


class AvailabilityField(Field):
    """`state`: "in", "few" or "out"; never a number."""

    def __init__(self, **kwargs) -> None:
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, item) -> str:
        from products import cards, catalogue

        units = item.units if hasattr(item, "units") else catalogue.units(item)
        return cards.availability(units).state


class VariantsField(Field):
    def __init__(self, **kwargs) -> None:
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, item) -> list[dict[str, Any]]:
        from products import cards, catalogue

        return [
            {
                "name": choice.name,
                "sku": choice.variant.sku,
                "amount": choice.price.amount,
                "regular_amount": choice.price.list_amount,
                "availability": cards.availability(choice.available).state,
            }
            for choice in catalogue.choices(item)
        ]


class TagsField(Field):
    """The words, by name."""

    def __init__(self, **kwargs) -> None:
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, item) -> list[str]:
        from products import tags

        return [word.name for word in tags.of(item)]


class PicturesField(Field):
    """The gallery, as the shop cuts it for the item's page."""

    def __init__(self, **kwargs) -> None:
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, item) -> list[dict[str, Any]]:
        from products import catalogue, seo
        from products.pictures import Album

        pictures = catalogue.pictures([item.pk]).get(item.pk, [])
        album = Album([picture.image.id for picture in pictures], ["item"])
        made = [(picture, album.first(picture.image, "item")) for picture in pictures]
        return [
            {"url": seo.absolute(one.url), "width": one.width, "height": one.height, "alt": picture.alt}
            for picture, one in made
            if one
        ]


ITEM_FIELDS = [
    APIField("summary"),
    APIField("sku"),
    APIField("price", serializer=PriceField()),
    APIField("availability", serializer=AvailabilityField()),
    APIField("description"),
    APIField("variants", serializer=VariantsField()),
    APIField("tags", serializer=TagsField()),
    APIField("pictures", serializer=PicturesField()),
]
STORY_FIELDS = [APIField("introduction"), APIField("body")]
