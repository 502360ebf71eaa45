"""Who may put a new price in front of buyers. An item's first price is its editor's; a change of it asks for a
permission of its own, and whoever lacks it sends the draft to a moderator.
"""

from wagtail.models import PageLogEntry, PagePermissionTester

PERMISSION = "products.change_price"
FIELDS = ("price", "sale_price", "sale_starts_at", "sale_ends_at", "currency")
ROW_FIELDS = ("price", "sale_price")
ASK = (
    "A new price asks a moderator. Choose “Submit to …” in the menu beside “Save draft”; "
    "until then the old price stays."
)

Terms = dict[str, object]


def refusal(draft, user, rows=None) -> dict[str, str]:
    """Field name → what to do, if publishing `draft` would change what buyers pay and `user` may not decide that.

    `user` None is the shop itself: what it publishes was decided before. `rows`: variants not yet the draft's own.
    """
    if user is None or user.has_perm(PERMISSION) or draft.pk is None or draft.original_id is not None:
        return {}
    before = _last_published(draft)
    if before is None or before == _terms(draft, rows):
        return {}
    return {"price": ASK}


def _terms(page, rows=None) -> Terms:
    found: Terms = {name: _plain(getattr(page, name)) for name in FIELDS}
    for row in page.variants.all() if rows is None else rows:
        found |= {f"{row.key}.{name}": _plain(getattr(row, name)) for name in ROW_FIELDS}
    return {name: value for name, value in found.items() if value not in (None, "")}


def _plain(value):
    return value.normalize() if hasattr(value, "normalize") else value


def _last_published(draft) -> Terms | None:
    """What buyers paid: the live page's terms, or those of the version that was live last. None if it never was."""
    current = type(draft).objects.filter(pk=draft.pk).first()
    if current is None:
        return None
    if current.live:
        return _terms(current)
    entry = PageLogEntry.objects.filter(page=draft.pk, action="wagtail.publish", revision__isnull=False)
    last = entry.select_related("revision").order_by("-timestamp", "-pk").first()
    return _terms(last.revision.as_object()) if last and last.revision else None


class ItemPermissions(PagePermissionTester):
    """Wagtail's own, but a draft with a new price is not published by those who may not decide prices."""

    def can_publish(self) -> bool:
        return super().can_publish() and not refusal(self.page, self.user)
