"""The counted tries: how long they are kept."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from checkout import ratelimit
from checkout.models import RateCount

pytestmark = pytest.mark.django_db


def test_windows_of_yesterday_are_removed_along_the_way(monkeypatch):
    now = timezone.now()
    with time_machine.travel(now - ratelimit.PRUNE_AFTER - timedelta(minutes=1)):
        ratelimit.check("buy", "long ago", 5, 60)
    with time_machine.travel(now - ratelimit.PRUNE_AFTER + timedelta(minutes=1)):
        ratelimit.check("buy", "today", 5, 60)
    monkeypatch.setattr(ratelimit, "PRUNE_ONE_IN", 1)
    ratelimit.check("find", "now", 5, 60)
    assert sorted(RateCount.objects.values_list("scope", flat=True)) == ["buy", "find"]
