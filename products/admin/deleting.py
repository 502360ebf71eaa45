"""Deleting several at once, by those who may delete one."""

from django.core.exceptions import PermissionDenied
from wagtail.permissions import policy_registry
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction

from products.models import DownloadFile, Tag


class DeleteIfAllowed(DeleteBulkAction):
    """In place of Wagtail's, which names what was chosen to those who may not even look at it."""

    models = [DownloadFile, Tag]

    def dispatch(self, request, *args, **kwargs):
        if not policy_registry.get_by_type(self.model).user_has_permission(request.user, "delete"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)
