"""Every address of the admin, read from the running URL configuration, and one real path for each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.urls import URLResolver, get_resolver
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.contrib.settings.registry import registry as settings_registry

PARAMETER = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)|<(?:\w+:)?(\w+)>")
ADMINS = ("admin/", "django-admin/")


@dataclass(frozen=True, order=True)
class Address:
    """`name`: the route as the table writes it, such as pages/<page_id>/edit/; `path`: where a client goes."""

    name: str
    path: str


def routes() -> Iterator[str]:
    """Routes as written in urlpatterns, from the first segment on."""

    def walk(patterns, before: str) -> Iterator[str]:
        for pattern in patterns:
            route = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, route)
            else:
                yield route

    return (route for route in walk(get_resolver().url_patterns, "") if route.startswith(ADMINS))


def addresses(world) -> list[Address]:
    """Every address once, with the world's objects in the place of parameters."""
    found = set()
    for route in routes():
        plain = re.sub(r"[\^$\\]", "", PARAMETER.sub(lambda match: f"<{match[1] or match[2]}>", route))
        for expanded in _expanded(plain):
            path = expanded
            for parameter in re.findall(r"<(\w+)>", expanded):
                path = path.replace(f"<{parameter}>", str(world.value(expanded, parameter)))
            chosen = f"?id={world.value(expanded, 'pk')}" if plain.startswith("admin/bulk/") else ""
            found.add(Address(expanded.removeprefix("admin/"), f"/{path}{chosen}"))
    return sorted(found)


def _expanded(route: str) -> Iterator[str]:
    """Routes that serve every model (settings, bulk actions, page types), once for each of them."""
    if "<action>" in route:
        bulk_action_registry.get_bulk_actions_for_model("", "")  # reads the hooks on its first call
        for app_label, models in bulk_action_registry.actions.items():
            for model_name, actions in models.items():
                for action in actions:
                    yield _named(route, app_label, model_name).replace("<action>", action)
    elif route.startswith("admin/settings/"):
        for model in settings_registry:
            yield _named(route, model._meta.app_label, model._meta.model_name)
    elif "model_name>" in route or "content_type_model_name>" in route:
        item = apps.get_model("products.ItemPage")._meta
        yield _named(route, item.app_label, item.model_name)
    else:
        yield route


def _named(route: str, app_label: str, model_name: str) -> str:
    route = re.sub(r"<(content_type_app_name|app_label|app_name)>", app_label, route)
    return re.sub(r"<(content_type_model_name|model_name)>", model_name, route)
