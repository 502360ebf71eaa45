"""Downloads of an order: given when it is paid, reached by signed links that end, made anew for whoever bought.

A link holds the download's key and the moment it ends, signed. It opens the file and nothing else: not the order.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.core import signing
from django.db.models import F, Q
from django.http import HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from products.models import ItemDownload
from products.prepared import Prepared
from products.private_files import hand_over

from . import ratelimit, refusals, returning
from .disputes import KEPT_BY_THE_BANK
from .incidents import open_incident
from .models import Order, OrderDownload, OrderLine, OutboxMail, Refund
from .models.download import new_end
from .states import Disposition, OrderStatus, RefundState

SALT = "checkout.downloads"
TRIES = 30  # of one file in an hour: enough for bad lines, too few to give the link to the world


@dataclass(frozen=True, slots=True)
class DownloadView:
    """A file as the order's page and the mail show it. `path`: the link, without the host."""

    title: str
    item: str
    filename: str
    size: str
    path: str


@dataclass(frozen=True, slots=True)
class Downloads:
    """Of one order. `until`: when its links end; None if they have ended. `withheld`: its money was given back."""

    files: list[DownloadView]
    until: datetime | None
    withheld: bool


def give(order: Order, lines: list[OrderLine] | None = None) -> int:
    """What the order's items offer now and it does not have yet, in the caller's transaction; how many files.

    `lines`: the order's, with items and variants, where they are read already.
    """
    if lines is None:
        lines = list(OrderLine.objects.filter(order_id=order.pk).select_related("item", "sold_variant"))
    sold = [(line, line.item.source_id, line.sold_variant.sku if line.sold_variant else "") for line in lines]
    offered = _offered.objects(ItemDownload, ids=sorted({item_id for _line, item_id, _sku in sold})) if sold else []
    if not offered:
        return 0
    known = set(OrderDownload.objects.filter(order_id=order.pk).values_list("line_id", "file_id"))
    wanted = {
        (line.pk, one.file_id): OrderDownload(order_id=order.pk, line=line, file_id=one.file_id)
        for line, item_id, sku in sold
        for one in offered
        if one.page_id == item_id and one.sku.strip() in ("", sku)
    }
    new = [download for names, download in wanted.items() if names not in known]
    OrderDownload.objects.bulk_create(new, ignore_conflicts=True)  # staff may press twice
    return len(new)


_offered = Prepared(lambda ids: ItemDownload.objects.filter(page__in=ids), ids=list)


def offers(order: Order) -> bool:
    """Whether the items of a paid order have files: given already, or since."""
    if order.status != OrderStatus.PAID:
        return False
    if order.downloads.exists():
        return True
    lines = OrderLine.objects.filter(order_id=order.pk)
    pages = lines.values("item"), lines.filter(item__original__isnull=False).values("item__original")
    return ItemDownload.objects.filter(Q(page__in=pages[0]) | Q(page__in=pages[1])).exists()


def of_order(order: Order) -> Downloads | None:
    """For its page and its mail; None for most orders: they have none."""
    if order.status != OrderStatus.PAID or not _given.rows(order=order.pk):
        return None  # asked by itself first: the join below costs four times as much
    found = list(OrderDownload.objects.filter(order_id=order.pk).select_related("file", "line"))
    gone = _withheld_lines(order)
    left = [one for one in found if one.line_id not in gone]
    until = max((one.expires_at for one in left), default=None)
    is_open = until is not None and until > timezone.now()
    return Downloads([_view(one) for one in left], until if is_open else None, not left)


_given = Prepared(lambda order: OrderDownload.objects.filter(order_id=order).values_list("pk")[:1], order=int)


def _view(one: OrderDownload) -> DownloadView:
    return DownloadView(
        title=one.file.title,
        item=one.line.full_name,
        filename=one.file.filename,
        size=filesizeformat(one.file.size),
        path=f"/download/{link_of(one)}",
    )


def link_of(download: OrderDownload) -> str:
    """The signed part of the link, which ends when the download does."""
    return _signer().sign(f"{download.key}.{int(download.expires_at.timestamp())}")


def _signer() -> signing.Signer:
    return signing.Signer(salt=SALT, sep=":")


def by_link(signed: str) -> OrderDownload:
    """What a link opens. Raises Refused: 404 for one the shop never made, 410 for one that has ended."""
    try:
        key, _, ends = _signer().unsign(signed).rpartition(".")
    except signing.BadSignature:
        raise refusals.not_found() from None
    download = OrderDownload.objects.select_related("order", "file").filter(key=key).first()
    if download is None:
        raise refusals.not_found()
    order = download.order
    if order.status != OrderStatus.PAID or download.line_id in _withheld_lines(order):
        raise refusals.download_withheld()
    if datetime.fromtimestamp(int(ends), UTC) <= timezone.now():
        raise refusals.download_expired()
    return download


def _withheld_lines(order: Order) -> set[int]:
    """Lines whose money is back with the buyer: all of them, or those of which every unit was sent back."""
    lines = dict(OrderLine.objects.filter(order_id=order.pk).values_list("pk", "quantity"))
    paid = order.payments.filter(disposition=Disposition.APPLIED).first()
    refunds = Refund.objects.filter(payment=paid).exclude(state=RefundState.FAILED) if paid else Refund.objects.none()
    given_back = sum(refunds.values_list("amount", flat=True))
    if paid and (paid.dispute_status == KEPT_BY_THE_BANK or given_back >= paid.amount > 0):
        return set(lines)
    returned = returning.returned(order)
    return {line for line, quantity in lines.items() if returned[line] >= quantity}


def fetch(download: OrderDownload, *, count: bool = True) -> HttpResponse:
    """The file, counted. Raises Refused."""
    ratelimit.check("download", download.key, TRIES, 3600)
    try:
        response = hand_over(download.file)
    except FileNotFoundError:
        text = f"“{download.file.title}” was sold and is not where it should be: put it back from a backup."
        open_incident("download_missing", f"file {download.file_id}", text, order=download.order)
        raise refusals.download_missing() from None
    if count:
        mine = OrderDownload.objects.filter(pk=download.pk)
        mine.update(count=F("count") + 1, last_at=timezone.now())
    return response


def extend(order: Order) -> None:
    """Links that are made from now on hold for their whole time again."""
    OrderDownload.objects.filter(order_id=order.pk).update(expires_at=new_end())


def tell(order: Order, name: str = "paid") -> bool:
    """A mail with the links, written in the caller's transaction; whether it is a new one."""
    if not order.email:
        return False
    key = f"downloads:{order.pk}:{name}"
    defaults = {"order": order, "kind": "downloads", "to": order.email}
    return OutboxMail.objects.get_or_create(dedupe_key=key, defaults=defaults)[1]
