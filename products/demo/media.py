"""The demo's picture files: made into Wagtail images, put back on a wiped disk, cut to size ahead of visitors."""

import re
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.core.files import File
from django.core.files.storage import Storage
from django.db import connection
from tqdm import tqdm
from wagtail.images import get_image_model
from wagtail.images.image_operations import Rect
from wagtail.models import Collection
from wagtail.utils.file import hash_filelike

from products.pictures import ROLES

from .content.alts import PICTURES

FOLDER = Path(__file__).resolve().parent / "pictures"
COLLECTION = "Demo"
PREFIX = "slowline-"
# A storage may have added _abc1234 to a name that was taken.
FILE_NAME = re.compile(rf"{PREFIX}(?P<name>[a-z0-9-]+?)(_\w{{7}})?\.jpg\Z")
# What must stay in sight when a place crops the picture: left, top, right, bottom in pixels.
FOCUS = {"home-hero": Rect(900, 130, 1960, 1110)}
CARD_SPECS = tuple(ROLES["card"].specs)
# A page stands with the one JPEG, so a first start makes no more than that.
QUICK_SPECS = (ROLES["card"].spec(ROLES["card"].cuts[1], "jpeg"),)


def add_image(name: str):
    """A Wagtail image of the picture `name` in the demo's collection, titled and described."""
    collection = Collection.objects.filter(name=COLLECTION).first()
    if collection is None:
        collection = Collection.get_first_root_node().add_child(name=COLLECTION)
    title, description = PICTURES[name]
    with (FOLDER / f"{name}.jpg").open("rb") as stream:
        image = get_image_model()(title=title, description=description, collection=collection)
        image.file = File(stream, name=f"{PREFIX}{name}.jpg")
        image.set_focal_point(FOCUS.get(name))
        image.file_size = image.file.size  # set now: each later save would write the search index again
        image.file_hash = hash_filelike(stream)
        image.save()
    return image


def restore_media() -> int:
    """Put back pictures whose rows survived a wiped disk, forget cuts whose files are gone; returns files restored.

    Called at every start. On a local disk it looks for each file; an object store loses all or nothing (and each look
    costs a round trip), so there the first picture answers for the rest.
    """
    images = {image.pk: image for image in get_image_model().objects.filter(collection__name=COLLECTION)}
    if not images:
        return 0
    storage = next(iter(images.values())).file.storage
    if not _is_local(storage) and storage.exists(next(iter(images.values())).file.name):
        return 0
    restored = sum(_restore(image, storage) for image in images.values())
    cuts = get_image_model().get_rendition_model().objects.filter(image_id__in=images)
    for cut in cuts.only("pk", "image_id", "file", "filter_spec", "focal_point_key"):
        if not storage.exists(cut.file.name):
            cut.delete()
    return restored


def _is_local(storage: Storage) -> bool:
    try:
        storage.path("x")
    except NotImplementedError:
        return False
    return True


def _restore(image, storage: Storage) -> bool:
    """Only a file that the demo brought: an editor's replacement has another name and cannot be drawn again."""
    known = FILE_NAME.search(image.file.name)
    source = FOLDER / f"{known['name']}.jpg" if known else None
    if source is None or not source.exists() or storage.exists(image.file.name):
        return False
    with source.open("rb") as stream:
        storage.save(image.file.name, File(stream))
    return True


def warm(
    specs: Sequence[str] = CARD_SPECS, images: Iterable | None = None, *, threads: int = 2, quiet: bool = False
) -> int:
    """Make these cuts of every item's first picture (or of `images`) ahead of visitors; returns how many were seen to.

    With one thread it works in the caller's, and so in the caller's transaction.
    """
    # Translations of a page share one image object: two threads would close its file under each other.
    chosen = list({image.pk: image for image in (first_pictures() if images is None else images)}.values())
    with tqdm(total=len(chosen), desc="Cutting pictures to size", unit="picture", disable=quiet or None) as progress:
        if threads == 1:
            for image in chosen:
                image.get_renditions(*specs)
                progress.update()
            return len(chosen)
        with ThreadPoolExecutor(threads, thread_name_prefix="warm") as pool:
            for _ in pool.map(lambda image: _cut(image, specs), chosen):
                progress.update()
    return len(chosen)


def _cut(image, specs: Sequence[str]) -> None:
    try:
        image.get_renditions(*specs)
    finally:
        connection.close()  # the thread's own


def first_pictures() -> list:
    """The images that stand on cards: the first of each live item's gallery."""
    from products.models import ItemPage

    pages = ItemPage.objects.live().order_by("path").prefetch_related("gallery__image")
    return [gallery[0].image for page in pages if (gallery := list(page.gallery.all()))]
