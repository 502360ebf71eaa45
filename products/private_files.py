"""Where files for sale are kept, and how one is handed over. No address leads there: a view answers.

On disk they lie in a folder of their own, outside of what is served. In a bucket (private_bucket.py) the browser is
sent on with a link that Amazon's way of signing closes again within a minute.
"""

import mimetypes
from typing import TYPE_CHECKING

from django.core.files.storage import FileSystemStorage, storages
from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase

if TYPE_CHECKING:  # the model takes its storage from here
    from .models import DownloadFile

STORAGE = "downloads"  # in settings.STORAGES
UNKNOWN = "application/octet-stream"
# Types that a browser opens as a page or as a script of whoever wrote them.
ACTIVE = ("html", "xml", "svg", "script")
HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


class PrivateFolder(FileSystemStorage):
    """A folder without an address: `url` raises ValueError."""

    base_url = None  # type: ignore[assignment]

    def respond(self, name: str, filename: str) -> HttpResponseBase:
        """The file in pieces. Raises FileNotFoundError."""
        return FileResponse(self.open(name), as_attachment=True, filename=filename, content_type=content_type(filename))


def content_type(filename: str) -> str:
    guessed = mimetypes.guess_type(filename)[0] or UNKNOWN
    return UNKNOWN if any(word in guessed for word in ACTIVE) else guessed


def hand_over(file: "DownloadFile") -> HttpResponse:
    """The file as an attachment, or the way to it. Raises FileNotFoundError."""
    response = storages[STORAGE].respond(file.file.name, file.filename)  # type: ignore[attr-defined]  # both of ours do
    for name, value in HEADERS.items():
        response[name] = value
    return response


def delete_content(sender, instance: "DownloadFile", **kwargs) -> None:
    """After a row that nobody needs is gone: its bytes too."""
    name = str(instance.file.name)
    transaction.on_commit(lambda: storages[STORAGE].delete(name))
