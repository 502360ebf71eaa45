"""What the demo sells to download: one of its own drawings as a PDF to print. It is drawn again on a wiped disk."""

import io

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from PIL import Image

from products.models import DownloadFile
from products.private_files import STORAGE

from .media import FOLDER, PREFIX

ENDING = "-to-print.pdf"
DOTS_PER_INCH = 150


def add_printable(name: str, title: str) -> DownloadFile | None:
    """The picture `name` as a file for sale; None where the shop has no place to keep one."""
    if not settings.DOWNLOADS_ARE_KEPT:
        return None
    return DownloadFile.objects.create(title=title, file=ContentFile(_pdf(name), f"{PREFIX}{name}{ENDING}"))


def restore_printables() -> int:
    """Puts back those whose rows survived a wiped disk; how many. An editor's own files cannot be drawn again."""
    storage, restored = storages[STORAGE], 0
    for file in DownloadFile.objects.filter(filename__startswith=PREFIX, filename__endswith=ENDING):
        name = file.filename.removeprefix(PREFIX).removesuffix(ENDING)
        if (FOLDER / f"{name}.jpg").exists() and not storage.exists(str(file.file.name)):
            storage.save(str(file.file.name), ContentFile(_pdf(name)))
            restored += 1
    return restored


def _pdf(name: str) -> bytes:
    data = io.BytesIO()
    with Image.open(FOLDER / f"{name}.jpg") as picture:
        picture.save(data, "PDF", resolution=DOTS_PER_INCH, quality=85)
    return data.getvalue()
