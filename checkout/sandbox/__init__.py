"""A pretend Stripe inside the shop: demo, developer's tool and test double.

    SDK ─ gateway.sandbox_transport ─▶ api ─▶ routes ─▶ resources/* ─▶ intents, charging, totals ─▶ store, events
    buyer ─ views/page, views/secure ──────────────────▶ paying ───────┘                               │
    shop's inbox ◀─ delivery ◀─ housekeeping (after a request, when the alarm rings; or manage.py tick) ◀┘

It imports nothing of the shop above it but `checkout.inbox.receive`, at the moment an event is delivered, and never
the SDK. What it cannot pretend faithfully it refuses with the code `sandbox_not_simulated`.
"""
