"""What the pretend Stripe remembers. Nothing of the shop refers to these rows, nor they to the shop."""

from django.db import models


class SandboxObject(models.Model):
    """One object of one account, as the API shows it (`data`), with what it keeps to itself (`private`)."""

    account = models.CharField(max_length=3)
    kind = models.CharField(max_length=30)
    stripe_id = models.CharField(max_length=255)
    parent = models.CharField(max_length=255, blank=True, help_text="The payment intent it belongs to.")
    data = models.JSONField()
    private = models.JSONField(default=dict)
    created = models.BigIntegerField(help_text="Unix seconds.")
    due_at = models.BigIntegerField(null=True, help_text="When it changes by itself: a session expires. Unix seconds.")
    version = models.PositiveIntegerField(default=0, help_text="Counts changes; a change of an old version fails.")

    class Meta:
        verbose_name = "sandbox object"
        constraints = [models.UniqueConstraint(fields=["account", "stripe_id"], name="sandbox_object_once")]
        indexes = [
            models.Index(fields=["account", "kind", "-id"], name="sandbox_object_list"),
            models.Index(fields=["parent"], name="sandbox_object_parent"),
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="sandbox_object_due"),
        ]

    def __str__(self) -> str:
        return self.stripe_id


class SandboxRequest(models.Model):
    """An idempotency key and, once the request is finished, its answer. `claim` names the worker that is at it."""

    account = models.CharField(max_length=3)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    claim = models.CharField(max_length=32)
    started = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True, help_text="HTTP status; empty while the request runs.")
    body = models.TextField(blank=True)

    class Meta:
        verbose_name = "sandbox request"
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="sandbox_request_once")]
        indexes = [models.Index(fields=["started"], name="sandbox_request_started")]

    def __str__(self) -> str:
        return self.key


class SandboxEvent(models.Model):
    """An event with the object as it was at that moment."""

    account = models.CharField(max_length=3)
    event_id = models.CharField(max_length=255, unique=True)
    type = models.CharField(max_length=80)
    created = models.BigIntegerField(help_text="Unix seconds.")
    body = models.JSONField()

    class Meta:
        verbose_name = "sandbox event"
        indexes = [models.Index(fields=["account", "-id"], name="sandbox_event_list")]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"


class DeliveryStatus(models.TextChoices):
    WAITING = "waiting"
    CLAIMED = "claimed"
    DELIVERED = "delivered"
    GAVE_UP = "gave_up"


class SandboxDelivery(models.Model):
    """One copy of an event on its way to the shop; tried again until the shop answers 2xx."""

    event = models.ForeignKey(SandboxEvent, on_delete=models.CASCADE, related_name="deliveries")
    due_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=DeliveryStatus.choices, default=DeliveryStatus.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    last_answer = models.CharField(max_length=200, blank=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "sandbox delivery"
        verbose_name_plural = "sandbox deliveries"
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(status__in=["waiting", "claimed"]), name="sandbox_delivery_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.status}"
