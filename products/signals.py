"""`catalogue_changed`: whoever changes what a public page shows sends it, and every kept page is made anew.

    catalogue_changed.send(sender=ItemPage)     sender=Stock, if nothing but counts has changed

Inside a transaction it takes effect after the commit, outside at once; sending it twice costs nothing. Saving or
deleting the models listed here sends it by itself. `QuerySet.update()` tells nobody: send it by hand.
"""

import time
from functools import partial

from django.apps import apps
from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from django.dispatch import Signal
from wagtail import signals as wagtail_signals
from wagtail.models import Page

from . import generation
from .models import Stock

catalogue_changed = Signal()
# A forced correction takes units that are promised: receivers give up promises of `units` of `item_id`, `variant_id`,
# in the transaction of the correction.
units_missing = Signal()
# What saving a draft writes on the page itself; visitors see none of it.
DRAFT_FIELDS = frozenset(
    ("latest_revision", "latest_revision_id", "latest_revision_created_at", "draft_title", "has_unpublished_changes")
    + ("locked", "locked_at", "locked_by", "go_live_at")
)


def connect() -> None:
    """Called once, when all models are there."""
    catalogue_changed.connect(_new_generation, dispatch_uid="products.generation")
    for signal in (
        wagtail_signals.page_published,
        wagtail_signals.page_unpublished,
        wagtail_signals.page_slug_changed,
        wagtail_signals.post_page_move,
    ):
        signal.connect(_changed, dispatch_uid="products.changed")
    watch(*_shown_models())
    for model in apps.get_models():
        if issubclass(model, Page):
            post_save.connect(_page_saved, sender=model, dispatch_uid="products.changed")
            post_delete.connect(_changed, sender=model, dispatch_uid="products.changed")


def watch(*models: type[Model]) -> None:
    """Saving or deleting one of these changes what pages show."""
    for model in models:
        post_save.connect(_changed, sender=model, dispatch_uid="products.changed")
        post_delete.connect(_changed, sender=model, dispatch_uid="products.changed")


def _shown_models() -> list[type[Model]]:
    """Beside pages: pictures, documents, privacy of pages and collections, sites, redirects, settings, taxes, tags."""
    from wagtail.contrib.redirects.models import Redirect
    from wagtail.contrib.settings.models import BaseGenericSetting, BaseSiteSetting
    from wagtail.documents import get_document_model
    from wagtail.images import get_image_model
    from wagtail.models import CollectionViewRestriction, Locale, PageViewRestriction, Site

    from .models import ItemPage, ItemPicture, Tag

    named = [get_image_model(), get_document_model(), ItemPicture, Tag, ItemPage._meta.get_field("tax").related_model]
    named += [PageViewRestriction, CollectionViewRestriction, Site, Locale, Redirect]
    return named + [model for model in apps.get_models() if issubclass(model, BaseGenericSetting | BaseSiteSetting)]


def _page_saved(sender: type[Page], instance: Page, update_fields: frozenset[str] | None = None, **kwargs) -> None:
    if update_fields is None:
        if instance.live or not kwargs.get("created"):
            _changed(sender)
    elif not update_fields <= DRAFT_FIELDS:
        _changed(sender)


def _changed(sender: type, **kwargs) -> None:
    catalogue_changed.send(sender=sender)


def _new_generation(sender: type, **kwargs) -> None:
    row = generation.COUNTS if sender is Stock else generation.EVERYTHING
    # robust: the change itself is committed and must not look failed; kept pages have a greatest age besides
    transaction.on_commit(partial(generation.raise_after, time.monotonic(), row), robust=True)
