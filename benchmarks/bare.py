"""The bare view: the same bytes as the shop's page, from memory."""

from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import re_path

BODY = Path(settings.BODY).read_bytes()


def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse(BODY)


urlpatterns = [re_path(r"", view)]
application = get_wsgi_application()
