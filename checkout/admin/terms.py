"""Discounts and taxes in the editor's admin, and why one that was used is never deleted."""

from django.db.models import Q
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.models import Revision
from wagtail.snippets.views.snippets import SnippetViewSet

from checkout.models import Discount, ShippingRate, Tax
from products.admin.deleting import DeleteIfAllowed
from products.models import ItemPage

from .forms import DiscountForm
from .order_page import terms


def in_use(instance: Discount | Tax) -> str:
    """What refers to it, in words for a message; empty if nothing does and it may be deleted."""
    orders = instance.orders.count()  # type: ignore[union-attr]  # the other end of Order's two fields
    if isinstance(instance, Discount):
        orders = max(orders, instance.redemptions.count())
        return _count(orders, "order")
    # Drafts name a tax inside their revision, where the database cannot protect it.
    drafts = Revision.page_revisions.filter(Q(content__tax=instance.pk) | Q(content__tax=str(instance.pk)))
    items = ItemPage.objects.filter(
        Q(tax=instance) | Q(latest_revision__in=drafts) | Q(live_revision__in=drafts)
    ).count()
    return " and ".join(filter(None, (_count(orders, "order"), _count(items, "item"))))


def refusal(instance: Discount | Tax, users: str) -> str:
    """The message shown instead of deleting."""
    return (
        f"“{instance.name}” cannot be deleted: {users} name it, and what was agreed must stay readable. "
        "Untick “active” instead: nothing new will use it."
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}" if number else ""


class DiscountViewSet(SnippetViewSet):
    model = Discount
    icon = "cut"
    menu_label = "Discounts"
    menu_order = 200
    # Deleting asks `in_use`, which also sees what the usage table does not.
    add_to_reference_index = False
    copy_view_enabled = False  # a copy would begin with a code that is taken

    def register_chooser_viewset(self) -> None:
        """No chooser: nothing chooses discounts, and it would list the codes to whoever may edit some page."""

    list_display = [
        "name",
        "code",
        Column("terms", label="Takes off", accessor=terms),
        Column(
            "uses", label="Uses", accessor=lambda d: f"{d.uses} of {d.max_redemptions}" if d.max_redemptions else d.uses
        ),
        DateColumn("ends_at", label="Ends", sort_key="ends_at"),
        BooleanColumn("active", label="Active", sort_key="active"),
    ]
    list_filter = ["active", "currency"]
    search_fields = ["name", "code"]
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("code", help_text="What a buyer types; spaces and capitals do not matter. Empty: staff only."),
            MultiFieldPanel(
                [
                    FieldPanel("percent_off"),
                    FieldRowPanel(
                        [
                            FieldPanel("amount_off"),
                            FieldPanel("currency", help_text="USD, EUR, JPY … Needed with an amount or a minimum."),
                        ]
                    ),
                ],
                heading="How much",
                help_text="Either a percentage or an amount off the whole order.",
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel(
                        [
                            FieldPanel("starts_at", help_text="Empty: at once."),
                            FieldPanel("ends_at", help_text="Empty: it does not end."),
                        ]
                    ),
                    FieldPanel("minimum_amount"),
                    FieldRowPanel([FieldPanel("max_redemptions"), FieldPanel("uses", read_only=True)]),
                    FieldPanel("active", help_text="Untick to stop new orders from using it. Old orders keep it."),
                ],
                heading="When",
            ),
        ],
        base_form_class=DiscountForm,
    )


class DeleteTerms(DeleteIfAllowed):
    models = [Discount, ShippingRate, Tax]


class TaxViewSet(SnippetViewSet):
    model = Tax
    icon = "decimal"
    menu_label = "Taxes"
    menu_order = 300
    add_to_reference_index = False
    copy_view_enabled = False
    list_display = [
        "name",
        Column(
            "percentage",
            label="Percent",
            accessor=lambda tax: f"{tax.percentage.normalize():f} %",
            sort_key="percentage",
        ),
        BooleanColumn("inclusive", label="In prices"),
        Column("country", label="Country"),
        BooleanColumn("is_default", label="Default"),
        BooleanColumn("active", label="Active", sort_key="active"),
    ]
    list_filter = ["active", "inclusive"]
    search_fields = ["name", "country"]
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            MultiFieldPanel(
                [
                    FieldRowPanel(
                        [
                            FieldPanel("percentage", help_text="For example 20, or 8.875."),
                            FieldPanel(
                                "country", help_text="Two letters, for example DE. Shown to buyers; chooses nothing."
                            ),
                        ]
                    ),
                    FieldPanel("inclusive"),
                ],
                heading="Rate",
            ),
            MultiFieldPanel(
                [
                    FieldPanel("is_default", help_text="Applies to every item that names no tax of its own."),
                    FieldPanel("active", help_text="Untick to stop new orders from using it. Old orders keep it."),
                ],
                heading="Where it applies",
            ),
        ]
    )
