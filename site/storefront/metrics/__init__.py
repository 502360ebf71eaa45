"""Figures for Prometheus. What happened in processes is counted in memory that all workers share (`counters`);
what is true of the shop is read from the database when somebody asks (`gauges`)."""

from .counters import count_request, count_stripe_call

__all__ = ["count_request", "count_stripe_call"]
