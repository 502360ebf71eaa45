"""What came in (Stripe's events), what must go out (mail), and what a person must look at (incidents)."""

from django.db import models
from django.db.models import Q

from ..states import EventState


class StripeEvent(models.Model):
    """A verified event of one account, stored before it is acted on, marked done together with its effect."""

    keypair = models.CharField(max_length=3)
    event_id = models.CharField(max_length=255)
    type = models.CharField(max_length=80)
    body = models.TextField(help_text="The raw body as it was signed.")
    state = models.CharField(max_length=10, choices=EventState.choices, default=EventState.NEW)
    attempts = models.PositiveIntegerField(default=0, help_text="Tries that came to nothing; 0 once it is done.")
    error = models.CharField(max_length=300, blank=True)
    received = models.DateTimeField(auto_now_add=True)
    processed = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-received", "-pk"]
        verbose_name = "Stripe event"
        constraints = [models.UniqueConstraint(fields=["keypair", "event_id"], name="stripeevent_once_per_account")]
        indexes = [
            models.Index(fields=["received"], condition=Q(state__in=["new", "unmatched"]), name="stripeevent_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"


class OutboxMail(models.Model):
    """A mail to be sent once. The dedupe key makes a second "paid" mail of an order impossible."""

    kind = models.CharField(max_length=20)
    order = models.ForeignKey("checkout.Order", null=True, blank=True, on_delete=models.PROTECT, related_name="mails")
    # What the mail is about instead of an order; who no longer waits gets no mail, so it goes with its alert.
    alert = models.ForeignKey(
        "checkout.StockAlert", null=True, blank=True, on_delete=models.CASCADE, related_name="mails"
    )
    refund = models.ForeignKey("checkout.Refund", null=True, blank=True, on_delete=models.PROTECT, related_name="mails")
    dedupe_key = models.CharField(max_length=300, unique=True)
    to = models.EmailField()
    attempts = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    next_try = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created", "-pk"]
        verbose_name = "mail"
        indexes = [models.Index(fields=["next_try"], condition=Q(sent_at__isnull=True), name="outboxmail_waiting")]
        constraints = [
            models.CheckConstraint(
                condition=Q(order__isnull=False, alert__isnull=True) | Q(order__isnull=True, alert__isnull=False),
                name="outboxmail_about_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} to order {self.order_id}" if self.order_id else f"{self.kind} to {self.alert}"


class Incident(models.Model):
    """Something a person must look at. At most one open of a kind about the same thing."""

    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=255, help_text="What it is about, for example a payment intent's id.")
    order = models.ForeignKey(
        "checkout.Order", null=True, blank=True, on_delete=models.PROTECT, related_name="incidents"
    )
    payment = models.ForeignKey(
        "checkout.Payment", null=True, blank=True, on_delete=models.PROTECT, related_name="incidents"
    )
    detail = models.TextField(blank=True)
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=150, blank=True)
    note = models.TextField(blank=True, help_text="What was found and done, by whoever closed it.")

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=Q(closed_at__isnull=True), name="incident_one_open"
            )
        ]
        permissions = [("close_incident", "Can close incidents")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.subject}"
