"""Every address of the admin × role × method, tried by logging in as each; the table is admin_access/table.txt."""

import pytest
from django.test import Client

from products.tests.people import client_of
from tests.admin_access import table
from tests.admin_access.addresses import Address, addresses
from tests.admin_access.asking import ask, is_open
from tests.admin_access.world import make_world

pytestmark = pytest.mark.django_db
TABLE = table.read()


def client_for(role: str) -> Client:
    client = client_of(table.ROLES[role]) if role else Client()
    client.raise_request_exception = False  # an empty form that Wagtail does not expect is none of our doors
    return client


def test_every_address_stands_in_the_table():
    """A new address: run this, look at who can open it now, correct that if need be, and add the printed lines."""
    known = addresses(make_world())
    new = [one for one in known if one.name not in TABLE and not one.name.startswith("django-admin/")]
    letters = {role: client_for(role) for role in table.ROLES}
    lines = [table.line(one.name, _found(letters, one)) for one in new]
    assert not lines, "Not in tests/admin_access/table.txt. Now they are open to:\n" + "\n".join(lines)


def _found(clients: dict[str, Client], address: Address) -> dict[str, str]:
    return {
        method: "".join(role for role, client in clients.items() if is_open(ask(client, method, address.path))) or "-"
        for method in table.METHODS
    }


def test_the_table_names_nothing_that_is_gone():
    assert set(TABLE) - {one.name for one in addresses(make_world())} == set()


def on_either_database(role: str):
    """Who may do what is the same on both: the superuser, who opens every page, is enough for the second."""
    marks = () if table.ROLES.get(role) in (None, "superuser") else pytest.mark.sqlite
    return pytest.param(role, marks=marks, id=table.ROLES.get(role, "nobody"))


@pytest.mark.parametrize("role", [on_either_database(role) for role in ("", *table.ROLES)])
def test_the_doors_of(role):
    client, wrong = client_for(role), []
    for address in addresses(make_world()):
        for method, letters in TABLE.get(address.name, {}).items():
            answer = ask(client, method, address.path)
            if is_open(answer) != table.may(letters, role):
                expected = "open" if table.may(letters, role) else "closed"
                wrong.append(f"{method} {address.path} should be {expected}, answered {answer.status_code}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", ["", "E", "M", "S"])
def test_the_django_admin_is_for_superusers(role):
    client = client_for(role)
    known = [one for one in addresses(make_world()) if one.name.startswith("django-admin/")]
    opened = [one.path for one in known if is_open(ask(client, "GET", one.path)) and "/log" not in one.path]
    assert len(known) > 50
    assert opened in ([], ["/django-admin/jsi18n/"])
