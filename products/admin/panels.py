"""Panels of the item's edit form: variants, files, and its stock, which is the live count and never the revision's."""

from django.urls import reverse
from wagtail.admin.panels import FieldPanel, InlinePanel, Panel

LATEST = 5


class VariantsPanel(InlinePanel):
    """The rows of an item's variants. Each carries its key through the form, so that it stays the same variant."""

    def get_form_options(self) -> dict:
        from .variant_forms import VariantForm, VariantFormSet  # Django's forms need the apps to be ready

        options = super().get_form_options()
        rows = options["formsets"][self.relation_name]
        rows |= {"form": VariantForm, "formset": VariantFormSet, "fields": [*rows["fields"], "key"]}
        return options

    class BoundPanel(InlinePanel.BoundPanel):
        template_name = "products_admin/variants_panel.html"


class RelatedPanel(InlinePanel):
    """What goes with an item. Translations follow their original, so they are not asked (see ItemPageForm)."""

    class BoundPanel(InlinePanel.BoundPanel):
        def __init__(self, **kwargs) -> None:
            self.follows = kwargs["instance"].original_id is not None
            super().__init__(**kwargs | ({"form": None} if self.follows else {}))

        def is_shown(self) -> bool:
            return super().is_shown() and not self.follows


class DownloadsPanel(InlinePanel):
    """The files that buyers get. Translations share those of their original, so the form of one does not ask."""

    class BoundPanel(InlinePanel.BoundPanel):
        template_name = "products_admin/downloads_panel.html"


class FirstStepsPanel(Panel):
    """What to do, in order; for an item that was never published."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "products_admin/first_steps.html"

        def is_shown(self) -> bool:
            return super().is_shown() and self.instance.first_published_at is None


class FirstCountPanel(FieldPanel):
    """How many there are: asked until it has been counted, because then the count has a life of its own."""

    class BoundPanel(FieldPanel.BoundPanel):
        def is_shown(self) -> bool:
            return super().is_shown() and not self._counted().exists()

        def _counted(self):
            from products.models import ItemVariant, Stock

            if isinstance(self.instance, ItemVariant):
                return Stock.objects.filter(variant__key=self.instance.key)
            return Stock.objects.filter(item_id=self.instance.source_id or 0)


class PriceHistoryPanel(Panel):
    """What the item cost before, and the lowest price that stands beside a sale price."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "products_admin/price_history.html"

        def is_shown(self) -> bool:
            return super().is_shown() and bool(self.instance.pk)

        def get_context_data(self, parent_context=None) -> dict:
            # Imported late: the item model lists this panel.
            from products import price_history
            from products.models import PriceRecord
            from products.money import format_money

            context = super().get_context_data(parent_context)
            records = PriceRecord.objects.filter(item_id=self.instance.source_id).select_related("variant")
            context["records"] = [
                {
                    "record": row,
                    "price": format_money(row.unit_amount, row.currency) if row.unit_amount else "–",
                    "sale": format_money(row.sale_amount, row.currency) if row.sale_amount else "",
                }
                for row in records.order_by("-since", "-pk")[:LATEST]
            ]
            lowest = price_history.lowest_before(self.instance).get(None)
            context["lowest"] = format_money(lowest, self.instance.currency) if lowest is not None else ""
            return context


class StockPanel(Panel):
    """Read-only figures and the last movements, with a link to where stock is counted."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "products_admin/stock_panel.html"

        def get_context_data(self, parent_context=None) -> dict:
            context = super().get_context_data(parent_context)
            source_id = self.instance.source_id
            # Imported late: the item model lists this panel.
            from products.models import Stock, StockMovement

            counts = list(Stock.objects.filter(item_id=source_id).select_related("variant")) if source_id else []
            movements = StockMovement.objects.filter(stock__in=counts).select_related("user", "stock__variant")
            context["saved"] = bool(source_id)
            context["stock"] = next((count for count in counts if count.variant_id is None), None)
            context["variants"] = self._variants(source_id, counts) if source_id else []
            context["movements"] = movements[:LATEST] if counts else []
            if source_id and self.request.user.has_perm("products.change_stock"):
                context["adjust_url"] = reverse("stock_adjust", args=[source_id])
            return context

        def _variants(self, source_id: int, counts: list) -> list[dict]:
            """Those for sale, and others as long as there are any of them."""
            from products.models import Variant

            stocks = {count.variant_id: count for count in counts}
            return [
                {"variant": variant, "stock": stocks.get(variant.pk)}
                for variant in Variant.objects.filter(item_id=source_id)
                if variant.active or (variant.pk in stocks and stocks[variant.pk].on_hand)
            ]
