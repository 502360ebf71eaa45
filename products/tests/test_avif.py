"""AVIF is made, and made quickly."""

from io import BytesIO

import pytest
from PIL import Image

from products.avif import SPEED
from products.tests.factories import make_image


def saved(image: Image.Image, **options) -> bytes:
    stream = BytesIO()
    image.save(stream, "AVIF", quality=55, **options)
    return stream.getvalue()


def test_the_speed_is_ours_unless_another_is_named():
    image = Image.radial_gradient("L").convert("RGB")
    assert saved(image) == saved(image, speed=SPEED)
    assert saved(image) != saved(image, speed=6)


@pytest.mark.django_db
def test_an_avif_rendition_is_made():
    rendition = make_image(size=(300, 300)).get_rendition("fill-120x150|format-avif|avifquality-55")
    with rendition.file.open() as stream, Image.open(stream) as picture:
        assert (picture.format, picture.size) == ("AVIF", (120, 150))
