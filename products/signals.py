"""What the catalogue tells others."""

from django.dispatch import Signal

# Something changed that a public page shows, or a sale has begun or ended. Sent inside the change's transaction.
catalogue_changed = Signal()
