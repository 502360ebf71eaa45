"""What a new database needs before it is a shop. Each step says what it did, or nothing when it was done before."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from wagtail.models import Page, Site

from products.models import HomePage


def home_page() -> str:
    """Put an empty home page where Wagtail's welcome page is, which our templates cannot show."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site and site.root_page.specific_class is not Page:
        return ""
    home = HomePage.objects.first()
    if home is None:
        home = HomePage(title=settings.WAGTAIL_SITE_NAME, slug="shop-home", show_in_menus=False)
        Page.get_first_root_node().add_child(instance=home)
    if site is None:
        Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
    else:
        welcome, site.root_page = site.root_page, home
        site.save()
        if welcome.depth > 1 and welcome.is_leaf():
            welcome.delete()
    return "an empty home page was made"


def site_address() -> str:
    """Full addresses (sitemap, canonical links, previews) come from this row: it follows BASE_URL."""
    address = urlsplit(settings.BASE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    site = Site.objects.get(is_default_site=True)
    name = site.site_name or settings.WAGTAIL_SITE_NAME
    if (site.hostname, site.port, site.site_name) == (address.hostname, port, name):
        return ""
    site.hostname, site.port, site.site_name = address.hostname, port, name
    site.save()
    return f"the site's address is {settings.BASE_URL}"


def administrator() -> str:
    """The first administrator, from ADMIN_USERNAME and ADMIN_PASSWORD; somebody who exists is left alone."""
    user_model = get_user_model()
    if not settings.ADMIN_USERNAME or user_model.objects.filter(username=settings.ADMIN_USERNAME).exists():
        return ""
    user_model.objects.create_superuser(
        username=settings.ADMIN_USERNAME, email=settings.ADMIN_EMAIL, password=settings.ADMIN_PASSWORD
    )
    return f"the administrator “{settings.ADMIN_USERNAME}” was made: log in at {settings.BASE_URL}/admin/"
