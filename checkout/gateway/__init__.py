"""Stripe. The only importer of the `stripe` library; what leaves this room is plain data and two errors."""
