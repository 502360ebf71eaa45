"""The fingerprint of what a buyer was promised."""

import hashlib
import json
from typing import Any


def snapshot_hash(snapshot: dict[str, Any]) -> str:
    """Of a frozen quote (or of Stripe's parameters), independent of key order; what `audit` compares."""
    return hashlib.sha256(json.dumps(snapshot, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
