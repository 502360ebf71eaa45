"""What an operator must know before buyers come: everything the shop leans on, looked at once. No secret is shown.

Whatever is wrong says what to do about it.
"""

from collections.abc import Callable, Iterator

from . import data, payments, periodic, services, setup
from .finding import GREEN, RED, YELLOW, Finding

__all__ = ["GREEN", "RED", "YELLOW", "Finding", "examine"]

Part = Callable[[], Iterator[Finding]]
# Answered from settings and the database alone, within milliseconds.
HERE: list[Part] = [setup.settings_read, setup.address, payments.currencies]
# Others are asked: Stripe, the mail server, the bucket, our own address from outside.
ELSEWHERE: list[Part] = [setup.certificate, services.mail, services.media, services.cache_works, services.search]
# Need a database whose migrations are applied.
FROM_ROWS: list[Part] = [payments.events, periodic.scheduler, periodic.outbox, periodic.incidents]


def examine(*, quick: bool = False) -> list[Finding]:
    """Every finding, in the order an operator would ask. `quick`: nobody else is asked."""
    findings = [finding for part in HERE for finding in part()]
    database = [*data.database(), *data.disk()]
    findings += database
    parts = [] if quick else [*ELSEWHERE, payments.accounts]
    if all(finding.level != RED or finding.subject == "disk" for finding in database):
        parts += FROM_ROWS if quick else [services.downloads, *FROM_ROWS]
    for part in parts:
        findings += part()
    return findings
