"""Uses of discounts: held with the order's stock, used at settlement, released with it. Called inside a transaction."""

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from .models import Discount, Order, Redemption
from .refusals import discount_refused
from .states import RedemptionState


def usable(discount: Discount, *, currency: str, subtotal: int) -> bool:
    """Whether an order of that currency and subtotal (minor units) may use the discount now, its limit aside."""
    now = timezone.now()
    return (
        discount.active
        and (discount.starts_at is None or discount.starts_at <= now)
        and (discount.ends_at is None or now < discount.ends_at)
        and discount.currency in ("", currency)
        and subtotal >= (discount.minimum_amount or 0)
    )


def hold(order: Order) -> None:
    """Claim one use of each discount that the locked order does not hold yet. Raises Refused when one cannot be had."""
    held = Redemption.objects.filter(order=order, state=RedemptionState.HELD).values("discount")
    for discount in order.discounts.exclude(pk__in=held).order_by("pk"):
        if not usable(discount, currency=order.currency, subtotal=order.subtotal) or not _take(discount):
            raise discount_refused()
        Redemption.objects.update_or_create(discount=discount, order=order, defaults={"state": RedemptionState.HELD})


def _take(discount: Discount) -> int:
    if settings.UNSAFE_NO_LOCKS:
        seen = Discount.objects.get(pk=discount.pk)
        if seen.max_redemptions is not None and seen.uses >= seen.max_redemptions:
            return 0
        return Discount.objects.filter(pk=discount.pk).update(uses=seen.uses + 1)
    free = Q(max_redemptions__isnull=True) | Q(max_redemptions__gt=F("uses"))
    return Discount.objects.filter(free, pk=discount.pk).update(uses=F("uses") + 1)


def use(order: Order) -> None:
    """The order is paid."""
    Redemption.objects.filter(order=order, state=RedemptionState.HELD).update(state=RedemptionState.USED)


def release(order: Order) -> None:
    """The order will not be paid: its uses are free for others."""
    for redemption in Redemption.objects.filter(order=order, state=RedemptionState.HELD).order_by("discount_id"):
        Redemption.objects.filter(pk=redemption.pk).update(state=RedemptionState.RELEASED)
        Discount.objects.filter(pk=redemption.discount_id).update(uses=F("uses") - 1)
