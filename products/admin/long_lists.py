"""Lists of the admin that stay quick with a hundred thousand rows."""

from typing import Any

from django.db.models import Model, Prefetch, QuerySet
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.models import WorkflowState

FEW = 200


class LongList(BaseListingView):
    """The page's keys are read first, then the rows of these keys alone.

    Otherwise PostgreSQL works out every column, counts of stock among them, of all rows that a later page skips. From
    the list's second half on, the keys are walked from its end, so the last page costs what the first one does.
    Where a search or a filter leaves little, its conditions are looked at once, and not for the number and for the
    order again: of 100,000 items, half of what finding one of them costs. `row_key` names the columns that tell rows
    apart.
    """

    row_key: tuple[str, ...] = ("pk",)

    def paginate_queryset(self, queryset: QuerySet, page_size: int) -> tuple:
        paginator = self.get_paginator(queryset, page_size)
        if (keys := self._few(queryset)) is not None:
            queryset = queryset.filter(pk__in={key[0] for key in keys})
            paginator.count = len(keys)
        page = paginator.get_page(self.request.GET.get(self.page_kwarg))
        page.object_list = self._rows(queryset, paginator.count, max(page.start_index() - 1, 0), page_size)
        return paginator, page, page.object_list, page.has_other_pages()

    def _few(self, queryset: QuerySet) -> list[tuple] | None:
        """The keys of all rows, in no order, where something is looked for and at most FEW are found."""
        if not (self.is_searching or self.is_filtering):
            return None
        keys = list(queryset.order_by().values_list(*self.row_key)[: FEW + 1])
        return keys if len(keys) <= FEW else None

    def _rows(self, queryset: QuerySet, count: int, start: int, size: int) -> list[Model]:
        stop = min(start + size, count)
        keys = queryset.values_list(*self.row_key)
        if start > count // 2:
            wanted = list(keys.reverse()[count - stop : count - start])[::-1]
        else:
            wanted = list(keys[start:stop])
        shown = self.get_base_queryset().filter(pk__in=[key[0] for key in wanted])
        found = {self._key(row): row for row in shown.order_by()}
        return [found[key] for key in wanted if key in found]

    def _key(self, row: Model) -> tuple[Any, ...]:
        return tuple(getattr(row, name) for name in self.row_key)


def with_workflows(items: QuerySet) -> QuerySet:
    """What the status column asks of each row; Wagtail's prefetch_workflow_states() looks up plain pages only."""
    waiting = WorkflowState.objects.active().select_related("current_task_state__task")
    return items.prefetch_related(
        Prefetch("_specific_workflow_states", queryset=waiting, to_attr="_current_workflow_states")
    )
