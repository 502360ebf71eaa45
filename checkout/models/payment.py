"""Attempts to be paid, money that came, money that went back."""

from django.db import models
from django.db.models import Q

from ..states import LIVE_ATTEMPT, AttemptKind, AttemptState, Disposition, OrderStatus, Origin, RefundState


class Attempt(models.Model):
    """One request to Stripe for payment. The row with its key and parameters is enough to repeat the same call."""

    order = models.ForeignKey("checkout.Order", on_delete=models.PROTECT, related_name="attempts")
    kind = models.CharField(max_length=8, choices=AttemptKind.choices, default=AttemptKind.SESSION)
    state = models.CharField(max_length=10, choices=AttemptState.choices, default=AttemptState.CREATING)
    keypair = models.CharField(max_length=3)
    idempotency_key = models.CharField(max_length=64, unique=True)
    params = models.JSONField(help_text="Exactly what was sent, so that a repeat is byte-same.")
    params_hash = models.CharField(max_length=64)
    snapshot_hash = models.CharField(max_length=64)
    amount = models.PositiveBigIntegerField()
    stripe_id = models.CharField(max_length=255, unique=True, null=True, blank=True)
    payment_intent_id = models.CharField(max_length=255, null=True, blank=True, db_index=True)
    # Hosted page of a session, or client secret of an intent: what the buyer needs to go on.
    url = models.TextField(blank=True)
    client_secret = models.CharField(max_length=255, blank=True)
    error = models.CharField(max_length=300, blank=True)
    replays = models.PositiveSmallIntegerField(
        default=0, help_text="How often Stripe gave its stored failure again: asking with this key brings no more."
    )
    # What the order becomes when this attempt is shut: written before Stripe is asked, because Stripe's event about
    # it may be here before Stripe's answer.
    close_as = models.CharField(max_length=10, blank=True, choices=OrderStatus.choices)
    expires_at = models.DateTimeField()
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-created", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state__in=[s.value for s in LIVE_ATTEMPT]),
                name="attempt_one_live_per_order",
            )
        ]
        indexes = [models.Index(fields=["state", "expires_at"], name="attempt_state_expires")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.stripe_id or self.idempotency_key} ({self.state})"


class Payment(models.Model):
    """Money captured at Stripe, known by its payment intent. One applied payment makes an order paid."""

    payment_intent_id = models.CharField(max_length=255, unique=True)
    order = models.ForeignKey(
        "checkout.Order", null=True, blank=True, on_delete=models.PROTECT, related_name="payments"
    )
    attempt = models.ForeignKey(Attempt, null=True, blank=True, on_delete=models.PROTECT, related_name="payments")
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    keypair = models.CharField(max_length=3)
    livemode = models.BooleanField()
    disposition = models.CharField(max_length=10, choices=Disposition.choices)
    note = models.CharField(max_length=300, blank=True)
    disputed = models.BooleanField(default=False, help_text="A dispute is open; nothing can be refunded meanwhile.")
    disputes = models.PositiveSmallIntegerField(default=0, help_text="How many there ever were.")
    dispute_status = models.CharField(max_length=40, blank=True, help_text="Stripe's word; empty: never disputed.")
    dispute_amount = models.PositiveBigIntegerField(default=0)
    paid_at = models.DateTimeField(help_text="Stripe's time.")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["paid_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(disposition="applied"), name="payment_one_applied_per_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.payment_intent_id} ({self.disposition})"


class Refund(models.Model):
    """Money sent back. A row is written before Stripe is asked; refunds made at Stripe get their row afterwards."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    order = models.ForeignKey("checkout.Order", null=True, blank=True, on_delete=models.PROTECT, related_name="refunds")
    amount = models.PositiveBigIntegerField()
    reason = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=RefundState.choices, default=RefundState.REQUESTED)
    origin = models.CharField(max_length=6, choices=Origin.choices, default=Origin.SHOP)
    idempotency_key = models.CharField(max_length=64, unique=True, null=True, blank=True)
    stripe_id = models.CharField(max_length=255, unique=True, null=True, blank=True)
    actor = models.CharField(max_length=150, blank=True, help_text="Who asked for it; empty for the shop itself.")
    lines = models.JSONField(default=dict, blank=True, help_text="Units sent back, by the id of their order line.")
    restocked = models.BooleanField(default=False, help_text="Those units are on the shelf again.")
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["created", "pk"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="refund_of_something")]

    def __str__(self) -> str:
        return f"Refund {self.stripe_id or self.idempotency_key} ({self.state})"
