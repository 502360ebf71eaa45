"""One object of each kind, so that every address of the admin leads to something real."""

from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.models import Collection, Locale, Site, Task, Workflow

from checkout.models import Discount, Incident, ShippingRate, Tax
from checkout.tests.factories import make_paid_order
from products.models import BulkChange, ItemImport, Tag
from products.tests.factories import make_category, make_file, make_image, make_item


@dataclass
class World:
    """`parts`: beginning of the route → parameter → value. The longest beginning that knows the parameter wins."""

    parts: dict[str, dict[str, Any]] = field(default_factory=dict)

    def value(self, route: str, parameter: str) -> Any:
        """What stands for `parameter`: what `parts` says, else the first row of the model the route names."""
        known = [start for start, values in self.parts.items() if route.startswith(start) and parameter in values]
        if known:
            return self.parts[max(known, key=len)][parameter]
        if snippet := self._model_named(route):
            row = snippet._default_manager.order_by("pk").first()
            return row.pk if row else 1
        return 1

    @staticmethod
    def _model_named(route: str):
        """Snippets and the Django admin have app and model in their addresses."""
        words = route.split("/")
        for app_label, model in zip(words, words[1:], strict=False):
            try:
                return apps.get_model(app_label, model)
            except (LookupError, ValueError):
                continue
        return None


def make_world() -> World:
    category, item = make_category("Prints"), make_item("Lamp")
    revision = item.save_revision()
    image, document = make_image("Plain"), Document.objects.create(title="Leaflet", file="documents/leaflet.pdf")
    staff = get_user_model().objects.create_user("somebody", "somebody@example.com", "x")
    waiting = make_item("Waiting", live=False)
    waiting.save_revision(user=staff)
    state = Workflow.objects.first().start(waiting, staff)
    Locale.objects.get_or_create(language_code="de")
    order = make_paid_order(item=item)
    Discount.objects.create(name="Spring", code="SPRING", percent_off="10")
    Tax.objects.create(name="VAT", percentage="20")
    ShippingRate.objects.create(name="Post", countries="DE", amount=490, currency="USD")
    incident = Incident.objects.create(kind="dispute", subject="dp_1", order=order)
    file = make_file()
    Tag.objects.create(name="linen")
    change = BulkChange.objects.create(kind="price", label="Prices +10 %", terms={"percent": "10"})
    pages = {"page_id": item.pk, "pk": item.pk, "page_to_move_id": item.pk, "parent_page_id": category.pk}
    workflow = Workflow.objects.first()
    return World(
        {
            "admin/": {"uidb64": "x", "token": "x", "session_id": 1, "object_id": item.pk},
            "admin/pages/": pages
            | {"destination_id": make_category("Garden").pk, "revision_id": revision.pk, "app_label": "products"}
            | {"revision_id_a": "earliest", "revision_id_b": "latest", "workflow_state_id": state.pk},
            "admin/pages/workflow/": {
                "action_name": "approve",
                "page_id": waiting.pk,
                "task_state_id": state.current_task_state.pk,
                "task_id": state.current_task_state.task_id,
            },
            "admin/api/main/pages/": {"pk": item.pk, "action_name": "unpublish"},
            "admin/api/main/images/": {"pk": image.pk},
            "admin/api/main/documents/": {"pk": document.pk},
            "admin/choose-page/": pages,
            "admin/bulk/auth/user/": {"pk": staff.pk},
            "admin/bulk/wagtailcore/page/": {"pk": item.pk},
            "admin/bulk/wagtailimages/image/": {"pk": image.pk},
            "admin/bulk/wagtaildocs/document/": {"pk": document.pk},
            "admin/collections/": dict.fromkeys(("pk", "collection_id"), _collection().pk),
            "admin/workflows/": {"pk": workflow.pk, "workflow_pk": workflow.pk, "page_pk": category.pk},
            "admin/workflows/tasks/": {"pk": Task.objects.first().pk, "app_label": "wagtailcore", "model_name": "task"},
            "admin/workflows/task_chooser/": {"task_id": Task.objects.first().pk},
            "admin/settings/": {"pk": Site.objects.first().pk},
            "admin/redirects/": {"redirect_id": Redirect.objects.create(old_path="/old", redirect_link="/").pk},
            "admin/translation/submit/page/": {"page_id": item.pk},
            "admin/sites/": {"pk": Site.objects.first().pk},
            "admin/users/": {"pk": staff.pk},
            "admin/groups/": {"pk": Group.objects.order_by("pk").first().pk},
            "admin/images/": {"image_id": image.pk, "pk": image.pk, "filter_spec": "width-20"},
            "admin/documents/": dict.fromkeys(("document_id", "doc_id", "pk"), document.pk),
            "admin/stock/": {"item_id": item.pk},
            "admin/items/changes/": {"pk": change.pk},
            "admin/items/import/": {"pk": _upload(staff).pk},
            "admin/items/export/": {"kind": "csv"},
            "admin/orders/": {"pk": order.pk},
            "admin/downloads/": {"pk": file.pk},
            "admin/incidents/": {"pk": incident.pk},
            "admin/snippets/checkout/order/": {"pk": order.pk},
        }
    )


def _upload(user) -> ItemImport:
    return ItemImport.objects.create(user=user, name="goods.csv", data=b"sku,price\nA,1\n")


def _collection() -> Collection:
    return Collection.get_first_root_node().add_child(name="Leaflets")
