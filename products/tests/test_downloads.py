"""Files for sale: uploaded by editors, kept where no address leads, shared by translations, kept while needed."""

import json

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from wagtail.documents.models import Document
from wagtail.models import Locale
from wagtail.test.utils.form_data import inline_formset

from products import publishing
from products.models import DownloadFile, ItemDownload, ItemPage
from products.private_bucket import PrivateBucket
from products.private_files import content_type
from products.tests.editing import edit_url, item_form
from products.tests.factories import make_file, make_item, make_variants, offer, translate
from products.tests.people import client_of

pytestmark = pytest.mark.django_db
LIST = "/admin/snippets/products/downloadfile/"
UPLOAD = "/admin/choosers/snippets/products/downloadfile/create/"


def chooser_url() -> str:
    from django.urls import reverse

    return reverse("wagtailsnippetchoosers_products_downloadfile:create")


def rows(*files: DownloadFile, skus: tuple[str, ...] = ("",)) -> dict:
    return inline_formset([{"file": file.pk, "sku": sku} for file, sku in zip(files, skus * len(files), strict=False)])


def test_an_editor_uploads_a_file_beside_the_item_and_publishes_it():
    editor, item = client_of("Editors"), make_item("Pattern")
    sent = SimpleUploadedFile("Pattern (A4).PDF", b"%PDF-1.7", "application/pdf")
    answer = json.loads(editor.post(chooser_url(), {"title": "The pattern", "file": sent}).content)
    file = DownloadFile.objects.get()
    assert (answer["step"], answer["result"]["id"]) == ("chosen", str(file.pk))
    assert (file.title, file.size) == ("The pattern", 8)
    assert file.filename.startswith("Pattern")
    answer = editor.post(edit_url(item), item_form(item, downloads=rows(file), **{"action-publish": "1"}))
    assert answer.status_code == 302
    item.refresh_from_db()
    assert item.has_downloads
    assert [row.file for row in item.downloads.all()] == [file]


def test_an_upload_without_a_file_or_too_large_says_so(settings):
    editor = client_of("Editors")
    assert "This field is required" in editor.post(f"{LIST}add/", {"title": "Nothing"}).content.decode()
    settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 3
    big = SimpleUploadedFile("big.bin", b"four")
    assert "is the most" in editor.post(f"{LIST}add/", {"title": "Big", "file": big}).content.decode()
    settings.DOWNLOADS_ARE_KEPT = False
    small = SimpleUploadedFile("small.bin", b"one")
    assert "AWS_PRIVATE_BUCKET_NAME" in editor.post(f"{LIST}add/", {"title": "S", "file": small}).content.decode()
    assert not DownloadFile.objects.exists()


def test_what_was_uploaded_never_changes_only_its_title_does():
    file = make_file()
    other = SimpleUploadedFile("other.pdf", b"something else")
    answer = client_of("Editors").post(f"{LIST}edit/{file.pk}/", {"title": "Another title", "file": other})
    assert answer.status_code == 302
    again = DownloadFile.objects.get()
    assert (again.title, again.filename, again.file.read()) == ("Another title", "heron.pdf", b"%PDF-1.7 a heron")


def test_no_public_address_leads_to_a_file(client):
    file = make_file()
    document = Document.objects.create(title="Leaflet", file="documents/leaflet.pdf")
    with pytest.raises(ValueError, match="not accessible via a URL"):
        _ = file.file.url
    tries = [f"/{folder}/{file.file.name}" for folder in ("media", "media/downloads", "documents", "downloads", "var")]
    tries += [f"/media/../var/downloads/{file.file.name}", f"/documents/{document.pk + file.pk}/{file.filename}"]
    tries += [f"/admin/downloads/{file.pk}/", f"/static/{file.file.name}", f"/download/{file.pk}/{file.filename}"]
    for path in tries:
        assert client.get(path).status_code in (302, 400, 404), path
    assert client.get(f"/admin/downloads/{file.pk}/").url.startswith("/admin/login/")


def test_the_api_says_nothing_of_files(client):
    item, file = make_item("Pattern"), make_file("Secret title", name="secret-name.pdf")
    offer(item, file)
    for path in ("/api/v2/items/", f"/api/v2/items/{item.pk}/", f"/item/{item.pk}"):
        text = client.get(path).content.decode()
        assert not [word for word in ("Secret title", "secret-name", file.file.name) if word in text], path


def test_staff_look_at_a_file_as_an_attachment():
    file = make_file(name="page.html", content=b"<script>alert(1)</script>")
    answer = client_of("Editors").get(f"/admin/downloads/{file.pk}/")
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    assert answer["Content-Disposition"] == 'attachment; filename="page.html"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert client_of("Shop managers").get(f"/admin/downloads/{file.pk}/").status_code == 302


@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.xml", "a.js", "a.xhtml", "a.unknown", "a"])
def test_types_that_browsers_would_run_are_sent_as_bytes(name):
    assert content_type(name) == "application/octet-stream"


def test_a_file_that_an_item_offers_is_kept_and_one_that_nobody_needs_goes_with_its_bytes(
    django_capture_on_commit_callbacks,
):
    admin, item, needed, free = client_of("superuser"), make_item(), make_file("Needed"), make_file("Free")
    offer(item, needed)
    for path in (f"{LIST}delete/{needed.pk}/", f"/admin/bulk/products/downloadfile/delete/?id={needed.pk}"):
        assert "items offer it or buyers have paid" in admin.post(path, follow=True).content.decode(), path
    name = free.file.name
    with django_capture_on_commit_callbacks(execute=True):
        assert admin.post(f"{LIST}delete/{free.pk}/").status_code == 302
    assert [file.title for file in DownloadFile.objects.all()] == ["Needed"]
    assert not storages["downloads"].exists(name)
    assert storages["downloads"].exists(needed.file.name)


def test_an_old_version_of_a_page_opens_although_its_file_is_gone(django_capture_on_commit_callbacks):
    item, file = make_item(), make_file()
    offer(item, file)
    old = item.save_revision()
    item.downloads = []
    item.save()
    file.delete()
    assert list(old.as_object().downloads.all()) == []


def test_a_draft_with_a_file_changes_nothing_for_buyers():
    item, file = make_item(), make_file()
    item.downloads = [ItemDownload(file=file)]
    item.save_revision()
    assert not ItemDownload.objects.exists()
    item.get_latest_revision().publish()
    assert ItemDownload.objects.get().file == file


def test_a_file_for_a_variant_that_there_is_not_is_said_before_publishing():
    item, file = make_item(), make_file()
    make_variants(item, {"value1": "A3", "sku": "H-A3"})
    offer(item, file, sku="H-A3")
    assert publishing.problems(item) == {}
    offer(item, make_file(), sku="H-A2")
    assert "H-A2" in publishing.problems(item)["downloads"]
    answer = client_of("Editors").post(
        edit_url(item), item_form(item, downloads=rows(file, skus=("H-A2",)), **{"action-publish": "1"})
    )
    assert "H-A2, which none of the variants has" in answer.content.decode()


def test_a_translation_has_its_originals_files_and_none_of_its_own():
    item = make_item("Pattern")
    offer(item, make_file())
    item.save_revision().publish()
    german = translate(ItemPage.objects.get(pk=item.pk), "de", title="Schnitt")
    german = ItemPage.objects.get(pk=german.pk)
    assert german.has_downloads
    assert list(german.downloads.all()) == []
    form = client_of("superuser").get(edit_url(german)).content.decode()
    assert "Buyers of this page get the files of the item" in form
    assert 'name="downloads-TOTAL_FORMS" value="0"' in form


def test_a_draft_of_a_translation_and_an_alias_hold_no_file_back():
    """A row that no form shows would keep the file from being deleted for ever."""
    item = make_item("Pattern")
    offer(item, make_file())
    item.copy_for_translation(Locale.objects.get_or_create(language_code="de")[0], copy_parents=True)
    item.create_alias(update_slug="the-same-again")
    assert ItemPage.objects.filter(original=item, has_downloads=True).count() == 2
    assert [row.page_id for row in ItemDownload.objects.all()] == [item.pk]


def test_the_items_page_says_that_there_are_files(client):
    item = make_item()
    assert "files to download" not in client.get(f"/item/{item.pk}").content.decode()
    offer(item, make_file())
    with transaction.atomic():
        assert "files to download" in client.get(f"/item/{item.pk}").content.decode()


def test_a_bucket_gives_a_link_of_a_minute_that_names_the_file_as_an_attachment():
    bucket = PrivateBucket(
        bucket_name="closed",
        access_key="key",
        secret_key="secret",
        region_name="auto",
        endpoint_url="https://account.example.com",
        querystring_auth=True,
    )
    answer = bucket.respond("abc.pdf", "Reiher – groß.pdf")
    assert answer.status_code == 302
    assert answer.url.startswith("https://account.example.com/closed/abc.pdf?")
    for part in ("response-content-disposition=attachment%3B", "X-Amz-Expires=60", "response-cache-control=private"):
        assert part in answer.url


def test_somebody_without_the_right_finds_no_list_and_no_upload():
    visitor, manager = Client(), client_of("Shop managers")
    for path in (LIST, f"{LIST}add/", chooser_url()):
        assert visitor.get(path).status_code == 302
        assert manager.get(path).status_code in (302, 403), path
