"""Gunicorn's worker, except that nobody who was let in is cut off when it stops, and that visitors spread."""

import select
import time
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

STEP_BACK = 0.0002  # seconds


class Worker(ThreadWorker):
    """Whoever has connected by the time it must stop is answered; whoever comes later is refused at once.

    Gunicorn's own stops accepting but keeps its listening socket open until its last answer: the system goes on
    greeting visitors for seconds, and resets them all at the end. A refused connection is tried elsewhere by a proxy;
    one that is reset in the middle of a request is a 502 to somebody. Left is the instant between the last look at who
    waits and the closing: some microseconds, longer only where the machine puts the process aside just there.

    A worker that has visitors leaves the next one to another for a moment. When several come at once, the first worker
    to wake took them all, each third or fourth time, and kept them as long as they stayed connected: with two workers
    eight connections had 1,750 stored pages a second in place of 5,000, and the other worker had nothing to do.
    """

    def accept(self, listener: Any) -> None:
        if self.nr_conns and self.cfg.workers > 1 and self.alive:
            time.sleep(STEP_BACK)
        super().accept(listener)

    def set_accept_enabled(self, enabled: Any) -> None:
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            for listener in self.sockets:
                while select.select([listener], [], [], 0)[0]:
                    self.accept(listener)
                listener.close()  # this process's own: a worker that replaces it has the master's
