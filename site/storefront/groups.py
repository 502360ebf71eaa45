"""The three kinds of people in the admin. Created once; afterwards whoever runs the shop may change them.

Editors and Moderators come with Wagtail and get what a shop's editors need; Shop managers are ours.
"""

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import router
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

MANAGERS = "Shop managers"
PAGES = {"Editors": ["add", "change", "publish"], "Moderators": ["add", "change", "publish", "lock", "unlock"]}
FILES = [
    *(("wagtailimages", f"{action}_image") for action in ("add", "change", "choose")),
    *(("wagtaildocs", f"{action}_document") for action in ("add", "change", "choose")),
]
CHANGING = ("add", "change", "delete", "view")
WRITING = [
    ("wagtailadmin", "access_admin"),
    ("simple_translation", "submit_translation"),
    *(("products", f"{action}_{model}") for model in ("downloadfile", "tag") for action in CHANGING),
]
KEPT = ("discount", "tax", "shippingrate")
DECIDING = [("products", "change_price")]  # beside what Editors may
SALES = [
    ("wagtailadmin", "access_admin"),
    ("checkout", "view_order"),
    *(("checkout", f"{action}_order") for action in ("refund", "cancel", "check", "note", "ship", "mail", "discount")),
    ("checkout", "download_order"),
    *(("checkout", f"{action}_incident") for action in ("view", "close")),
    *(("checkout", f"{action}_{model}") for model in KEPT for action in ("add", "change", "view")),
    *(("products", f"{action}_stock") for action in ("change", "view")),
    ("products", "change_stocksettings"),
]
LABELS = (
    *("wagtailadmin", "wagtailcore", "wagtailimages", "wagtaildocs", "simple_translation"),
    *("products", "checkout"),
)
NEEDED = [
    "auth.Group",
    "checkout.Order",
    "products.Stock",
    "products.DownloadFile",
    "products.Tag",
    "wagtailcore.GroupPagePermission",
    "wagtailadmin.Admin",
    "wagtailimages.Image",
    "wagtaildocs.Document",
]


def create_groups() -> None:
    """Makes the groups and grants what is missing; takes nothing away. May be called again."""
    # Permissions are made by a signal of every app in turn; ours may not have had its turn.
    for label in LABELS:
        create_permissions(apps.get_app_config(label), verbosity=0)
    root, files = Page.objects.filter(depth=1).first(), Collection.objects.filter(depth=1).first()
    for name, actions in PAGES.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*filter(None, (_permission(label, codename) for label, codename in WRITING)))
        if root:
            for action in actions:
                _grant_pages(group, root, action)
        if files:
            for label, codename in FILES:
                _grant_files(group, files, label, codename)
    Group.objects.get(name="Moderators").permissions.add(
        *filter(None, (_permission(label, codename) for label, codename in DECIDING))
    )
    managers, _ = Group.objects.get_or_create(name=MANAGERS)
    managers.permissions.add(*filter(None, (_permission(label, codename) for label, codename in SALES)))


def create_groups_once(sender, using: str, apps=apps, **kwargs) -> None:
    """After migrating: a shop that has no managers' group is new. Later changes by hand stay as they are.

    `apps` holds what is migrated so far; after a part only (`migrate auth`), the groups wait for the rest.
    """
    if sender.label != "checkout" or not router.allow_migrate_model(using, Group):
        return
    try:
        for model in NEEDED:
            apps.get_model(model)
    except LookupError:
        return
    if not Group.objects.filter(name=MANAGERS).exists():
        create_groups()


def _permission(app_label: str, codename: str) -> Permission | None:
    return Permission.objects.filter(content_type__app_label=app_label, codename=codename).first()


def _grant_pages(group: Group, root: Page, action: str) -> None:
    if permission := _permission("wagtailcore", f"{action}_page"):
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)


def _grant_files(group: Group, collection: Collection, app_label: str, codename: str) -> None:
    if permission := _permission(app_label, codename):
        GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=permission)
