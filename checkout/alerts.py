"""Telling people, once, that what was sold out can be bought again.

Asked for on the item's page, confirmed by the link in a mail (nobody is signed up by strangers), told by `tick`, then
forgotten. The address is used for nothing else.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.transaction import atomic
from django.utils import timezone

from products import catalogue, languages, stock
from products.models import ItemPage, Stock, Variant
from products.tree import forest

from . import locks, ratelimit
from .models import OutboxMail, StockAlert
from .refusals import Refused

CONFIRM_WITHIN = timedelta(days=3)  # the link's life; then the address is deleted
WAIT_AT_MOST = timedelta(days=365)
TOLD_KEPT = timedelta(days=30)  # after the mail, so that a mail that failed can be sent again
PORTION = 50  # told at a time: where few units came back, later ones wait on instead of finding it sold out
MAILS_A_DAY = 5  # to one mailbox, however many ask for it
SAME_MAIL = 600  # seconds in which a second wish for the same thing sends no second mail
CONFIRM, STOP = "confirm", "stop"


def is_sold_out(item: ItemPage, variant: Variant | None) -> bool:
    return stock.available(item.source_id, variant.pk if variant else None) <= 0


@locks.retried
def ask(*, item: ItemPage, variant: Variant | None, email: str, language: str) -> None:
    """Notes the wish and queues the mail that asks for confirmation, unless it is confirmed already.

    The caller is told nothing, and visitors are told the same, whether or not the address was known.
    """
    wish = {"item_id": item.source_id, "variant": variant, "email": email.lower(), "told_at": None}
    StockAlert.objects.bulk_create([StockAlert(**wish, language=language)], ignore_conflicts=True)
    with locks.transaction():
        for alert in locks.lock_alerts(StockAlert.objects.filter(**wish, confirmed_at=None)):
            StockAlert.objects.filter(pk=alert.pk).update(created=timezone.now(), language=language)
            key = f"{CONFIRM}:{alert.pk}:{int(timezone.now().timestamp()) // SAME_MAIL}"
            if not OutboxMail.objects.filter(dedupe_key=key).exists() and _may_be_mailed(alert.email):
                OutboxMail.objects.create(kind="alert_confirm", alert=alert, dedupe_key=key, to=alert.email)


def _may_be_mailed(email: str) -> bool:
    try:
        ratelimit.check("alert_mail", email, MAILS_A_DAY, 24 * 3600)
    except Refused:
        return False
    return True


def confirm(alert: StockAlert) -> None:
    """The person behind the address says yes. Saying it again changes nothing."""
    StockAlert.objects.filter(pk=alert.pk, confirmed_at=None).update(confirmed_at=timezone.now())


def stop(alert: StockAlert) -> None:
    """Forgets the wish and its mails, sent or not."""
    drop(StockAlert.objects.filter(pk=alert.pk))


def drop(wanted: QuerySet[StockAlert]) -> int:
    """Deletes alerts with their mails; how many."""
    with atomic():
        found = [alert.pk for alert in locks.lock_alerts(wanted)]
        StockAlert.objects.filter(pk__in=found).delete()
    return len(found)


def of(email: str) -> QuerySet[StockAlert]:
    """A person's alerts."""
    return StockAlert.objects.filter(email=email.lower())


def tell_due(limit: int = PORTION) -> int:
    """Queues one mail for each person whose thing is back, who confirmed first comes first; how many."""
    due = _due().order_by("confirmed_at", "pk")[:limit]
    return sum(_tell(alert) for alert in due)


def _due() -> QuerySet[StockAlert]:
    left = Stock.objects.filter(item=OuterRef("item"), on_hand__gt=F("held"))
    # somebody who waits for an item that has got variants since waits for any of them
    plain = left.filter(Q(variant=None, item__has_variants=False) | Q(variant__active=True, item__has_variants=True))
    one = left.filter(variant=OuterRef("variant"), variant__active=True)
    pages = catalogue.for_sale().filter(Q(pk=OuterRef("item")) | Q(original=OuterRef("item")))
    waiting = StockAlert.objects.filter(confirmed_at__isnull=False, told_at=None)
    return waiting.filter((Q(variant=None) & Exists(plain)) | (Q(variant__isnull=False) & Exists(one)), Exists(pages))


@atomic
def _tell(alert: StockAlert) -> bool:
    """One conditional statement decides who queues the mail; its key is the second net."""
    mine = StockAlert.objects.filter(pk=alert.pk, confirmed_at__isnull=False, told_at=None)
    if not mine.update(told_at=timezone.now()):
        return False
    OutboxMail.objects.create(kind="alert_back", alert=alert, dedupe_key=f"back:{alert.pk}", to=alert.email)
    return True


def tidy() -> int:
    """Forgets who never confirmed, who was told, and who has waited for a year; how many."""
    now = timezone.now()
    never = Q(confirmed_at=None, created__lt=now - CONFIRM_WITHIN)
    told = Q(told_at__lt=now - TOLD_KEPT)
    return drop(StockAlert.objects.filter(never | told | Q(told_at=None, confirmed_at__lt=now - WAIT_AT_MOST)))


def signed(purpose: str, alert: StockAlert) -> str:
    """What stands in a link of a mail."""
    return _signer(purpose).sign(str(alert.pk))


def find(purpose: str, text: str) -> StockAlert | None:
    """The alert of a link; None if it is gone. Raises signing.BadSignature for a link that is not ours or too old."""
    pk = _signer(purpose).unsign(text, max_age=CONFIRM_WITHIN if purpose == CONFIRM else None)
    return StockAlert.objects.filter(pk=pk).select_related("variant").first()


def _signer(purpose: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"checkout.alerts.{purpose}")


def _link(purpose: str, alert: StockAlert) -> str:
    return f"{settings.BASE_URL}/back-in-stock/{purpose}/{signed(purpose, alert)}"


def headers(alert: StockAlert) -> dict[str, str]:
    """With these, mail programs show a button that ends it (RFC 8058)."""
    return {"List-Unsubscribe": f"<{_link(STOP, alert)}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def mail_context(alert: StockAlert) -> dict[str, Any]:
    """What the mails about an alert say, in its language."""
    page = page_of(alert)
    return {
        "thing": name_of(alert, page),
        "item_link": settings.BASE_URL + address_of(page),
        "confirm_link": _link(CONFIRM, alert),
        "stop_link": _link(STOP, alert),
        "days": CONFIRM_WITHIN.days,
    }


def page_of(alert: StockAlert) -> ItemPage:
    """The item's page in the alert's language, else the one that stock is kept for."""
    wanted = {one.locale_id for one in forest().values() if one.language == languages.supported(alert.language)}
    pages = ItemPage.objects.defer_streamfields().filter(Q(pk=alert.item_id) | Q(original=alert.item_id))
    return max(pages, key=lambda page: (page.live, page.locale_id in wanted, page.pk == alert.item_id))


def address_of(page: ItemPage) -> str:
    """The path of the page's own address."""
    shelves = next((one for one in forest().values() if one.locale_id == page.locale_id), None)
    return shelves.address(page.url_path) if shelves else f"/item/{page.pk}"


def name_of(alert: StockAlert, page: ItemPage) -> str:
    """The item, and the variant as the page calls it."""
    if alert.variant is None:
        return page.title
    rows = page.variants.filter(key=alert.variant.key)
    return f"{page.title}, {next((row.name for row in rows), alert.variant.name)}"
