"""Files for sale in a bucket that nobody but the shop may read. Imported only where such a bucket is set."""

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import content_disposition_header
from storages.backends.s3 import S3Storage

from .private_files import HEADERS, content_type

SECONDS = 60  # to begin; a download under way goes on


class PrivateBucket(S3Storage):
    def respond(self, name: str, filename: str) -> HttpResponse:
        """The way to the file: the bucket sends it, and none of the shop's few threads waits for slow lines."""
        parameters = {
            "ResponseContentDisposition": content_disposition_header(True, filename),
            "ResponseContentType": content_type(filename),
            "ResponseCacheControl": HEADERS["Cache-Control"],
        }
        return HttpResponseRedirect(self.url(name, parameters=parameters, expire=SECONDS))
