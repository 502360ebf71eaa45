"""Panels of the item's edit form: its variants, and its stock, which is the live count and never the revision's."""

from django.db.models import Q
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
class FirstStepsPanel(Panel):
    """What to do, in order; for an item that was never published."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "products_admin/first_steps.html"

        def is_shown(self) -> bool:
            return super().is_shown() and self.instance.first_published_at is None


class FirstCountPanel(FieldPanel):
    """How many there are: asked until the item has been counted, because then the count has a life of its own."""

    class BoundPanel(FieldPanel.BoundPanel):
        def is_shown(self) -> bool:
            from products.models import Stock

            item_id = self.instance.pk
            counted = bool(item_id) and Stock.objects.filter(item_id=item_id).exists()
            return super().is_shown() and not counted


class StockPanel(Panel):
    """Read-only figures and the last movements, with a link to where stock is counted."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "products_admin/stock_panel.html"

        def get_context_data(self, parent_context=None) -> dict:
            context = super().get_context_data(parent_context)
            item_id = self.instance.pk
            # Imported late: the item model lists this panel.
            from products.models import Stock, StockMovement, Variant

            source_id = self.instance.source_id if item_id else None
            plain = Stock.objects.filter(item_id=source_id, variant=None).first() if item_id else None
            variants = list(
                Variant.objects.filter(Q(active=True) | Q(stock__on_hand__gt=0), item_id=source_id).select_related("stock")
            )
            movements = StockMovement.objects.filter(stock__item_id=source_id).select_related("user", "stock__variant")
            context["saved"] = bool(item_id)
            context["stock"] = plain
            context["variants"] = variants
            context["movements"] = movements[:LATEST] if item_id else []
            if item_id and self.request.user.has_perm("products.change_stock"):
                context["adjust_url"] = reverse("stock_adjust", args=[source_id])
            return context
