"""The groups exist after migrating, extend Wagtail's own, and are left alone afterwards."""

from io import StringIO

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import call_command
from wagtail.models import GroupCollectionPermission, GroupPagePermission

from products.tests.factories import make_item
from products.tests.people import client_of
from storefront.groups import MANAGERS, create_groups, create_groups_once

pytestmark = pytest.mark.django_db


def permissions(name: str) -> set[str]:
    return set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))


def test_managers_sell_and_editors_write():
    assert permissions(MANAGERS) == {
        "access_admin",
        *(f"{action}_order" for action in ("view", "refund", "cancel", "check", "note", "ship", "mail", "discount")),
        "download_order",
        "view_incident",
        "close_incident",
        *(f"{action}_{model}" for action in ("add", "change", "view") for model in ("discount", "tax", "shippingrate")),
        "view_stock",
        "change_stock",
        "change_stocksettings",
    }
    assert not {name for name in permissions("Editors") if name.split("_")[1] in {"order", "discount", "tax", "stock"}}
    pages = GroupPagePermission.objects.filter(group__name="Editors", page__depth=1)
    assert set(pages.values_list("permission__codename", flat=True)) == {"add_page", "change_page", "publish_page"}


def test_an_upgraded_shop_gets_what_a_new_one_has():
    managers = Group.objects.get(name=MANAGERS)
    managers.permissions.remove(*managers.permissions.filter(codename__endswith="_shippingrate"))
    said = StringIO()
    call_command("grant_groups", stdout=said)
    assert "add_shippingrate" in permissions(MANAGERS)
    assert MANAGERS in said.getvalue()


def test_creating_them_again_changes_nothing():
    def state():
        return (
            sorted(Group.objects.values_list("name", "permissions__codename")),
            GroupPagePermission.objects.count(),
            GroupCollectionPermission.objects.count(),
        )

    before = state()
    create_groups()
    create_groups()
    assert state() == before


def test_what_was_taken_away_by_hand_is_not_given_back_by_the_next_migrate():
    Group.objects.get(name=MANAGERS).permissions.clear()
    create_groups_once(apps.get_app_config("checkout"), using="default")
    assert permissions(MANAGERS) == set()


def test_groups_that_were_deleted_are_made_again():
    Group.objects.all().delete()
    create_groups_once(apps.get_app_config("checkout"), using="default")
    assert set(Group.objects.values_list("name", flat=True)) == {"Editors", "Moderators", MANAGERS}
    assert "view_order" in permissions(MANAGERS)


@pytest.mark.parametrize("who", ["Editors", "Moderators"])
def test_those_who_write_may_publish(who):
    item = make_item()
    assert b'name="action-publish"' in client_of(who).get(f"/admin/pages/{item.pk}/edit/").content


def test_managers_do_not_edit_pages():
    item = make_item()
    assert client_of(MANAGERS).get(f"/admin/pages/{item.pk}/edit/").status_code == 302
