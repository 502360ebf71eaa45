"""Only videos of the named services are shown, whatever form their address has."""

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from products import videos
from products.blocks import VideoBlock

YOUTUBE = "https://www.youtube-nocookie.com/embed/abcdefghijk?autoplay=1"
VIMEO = "https://player.vimeo.com/video/123456?dnt=1&autoplay=1"


@pytest.mark.parametrize(
    ("url", "frame"),
    [
        ("https://www.youtube.com/watch?v=abcdefghijk&t=12", YOUTUBE),
        ("https://youtu.be/abcdefghijk?si=xyz", YOUTUBE),
        ("http://m.youtube.com/shorts/abcdefghijk", YOUTUBE),
        ("https://www.youtube-nocookie.com/embed/abcdefghijk", YOUTUBE),
        ("https://vimeo.com/123456", VIMEO),
        ("https://vimeo.com/123456/abcdef", VIMEO),
        ("https://player.vimeo.com/video/123456", VIMEO),
    ],
)
def test_known_addresses(url, frame):
    assert videos.parse(url).frame == frame


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/watch?v=abcdefghijk",
        "https://youtube.com.evil.example/watch?v=abcdefghijk",
        "https://youtube.com@evil.example/watch?v=abcdefghijk",
        "https://www.youtube.com/watch?v=abc",
        'https://www.youtube.com/watch?v=abcdefghij"',
        "https://www.youtube.com/@channel",
        "https://vimeo.com/channels/staffpicks",
        "javascript:alert(1)//youtube.com/watch?v=abcdefghijk",
        "https://[bad",
        "",
    ],
)
def test_others(url):
    assert videos.parse(url) is None


def test_an_editor_is_told_which_services_there_are():
    block = VideoBlock()
    with pytest.raises(ValidationError) as refused:
        block.clean(block.to_python({"url": "https://example.com/film", "title": "Film"}))
    assert "YouTube or Vimeo" in str(refused.value.block_errors["url"])


def test_the_content_security_policy_lets_in_exactly_their_frames():
    allowed = settings.POLICIES["public"]["frame-src"]
    assert set(videos.FRAME_ORIGINS) <= set(allowed)
