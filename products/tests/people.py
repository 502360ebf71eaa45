"""Staff accounts for tests of the admin, one of each group."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client


def client_of(group: str) -> Client:
    """A client logged in as a new member of `group`, or as a superuser for "superuser"."""
    users = get_user_model().objects
    name = group.lower().replace(" ", "-")
    if group == "superuser":
        user = users.create_superuser(name, f"{name}@example.com", "x")
    else:
        user = users.create_user(name, f"{name}@example.com", "x")
        user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client
