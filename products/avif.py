"""AVIF at a pace a small server can hold."""

from typing import Any

from PIL import AvifImagePlugin, Image

# 0 (slow) to 10; Pillow's own is 6. Eight of the demo's pictures at 480x600 and quality 55, each: 6 takes 0.39 s and
# makes 18.6 kB, 8 takes 0.13 s for 20.2 kB, 9 takes 0.03 s for 23.4 kB; WebP makes 30.9 kB.
SPEED = 9


def save_quickly() -> None:
    """Every AVIF of this process is encoded at SPEED, unless whoever saves it names another.

    Wagtail passes no speed on, and Willow would not; Pillow's list of formats is the one place to say it.
    """
    assert AvifImagePlugin  # imported first, because it enters itself into the list  # noqa: S101
    slow = Image.SAVE.get("AVIF")
    if slow is None or getattr(slow, "quick", False):
        return

    def save(image: Image.Image, file: Any, name: str | bytes, *more: Any) -> None:
        image.encoderinfo.setdefault("speed", SPEED)
        slow(image, file, name, *more)

    save.quick = True  # type: ignore[attr-defined]
    Image.register_save("AVIF", save)
