"""Lists, newest first, as every list of the API: limit, starting_after, ending_before, created."""

from django.db.models import QuerySet

from . import params
from .errors import invalid
from .models import SandboxEvent, SandboxObject

TABLE = {
    "limit": params.integer(1, 100),
    "starting_after": params.text(255),
    "ending_before": params.text(255),
    "created": params.created_range,
}
_BOUNDS = {"gt": "created__gt", "gte": "created__gte", "lt": "created__lt", "lte": "created__lte", "exact": "created"}


def objects(account: str, kind: str) -> QuerySet[SandboxObject]:
    return SandboxObject.objects.filter(account=account, kind=kind)


def page(rows: QuerySet, wanted: dict, url: str) -> dict:
    """One page of `rows` as the API's list object; `wanted` are checked parameters of TABLE."""
    for bound, moment in wanted.get("created", {}).items():
        rows = rows.filter(**{_BOUNDS[bound]: moment})
    limit = wanted.get("limit", 10)
    if "ending_before" in wanted:
        newer = rows.filter(pk__gt=_place(rows, wanted["ending_before"], "ending_before")).order_by("pk")
        found = list(newer[: limit + 1])
        has_more, found = len(found) > limit, found[:limit][::-1]
    else:
        if "starting_after" in wanted:
            rows = rows.filter(pk__lt=_place(rows, wanted["starting_after"], "starting_after"))
        found = list(rows.order_by("-pk")[: limit + 1])
        has_more, found = len(found) > limit, found[:limit]
    return {"object": "list", "url": url, "has_more": has_more, "data": [_shown(row) for row in found]}


def _place(rows: QuerySet, object_id: str, param: str) -> int:
    model = rows.model
    field = "event_id" if model is SandboxEvent else "stripe_id"
    place = model.objects.filter(**{field: object_id}).values_list("pk", flat=True).first()
    if place is None:
        raise invalid(f"No such object: '{object_id}'", param, "resource_missing")
    return place


def _shown(row: SandboxObject | SandboxEvent) -> dict:
    return row.body if isinstance(row, SandboxEvent) else row.data
