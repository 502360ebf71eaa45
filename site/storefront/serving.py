"""Gunicorn's worker, except that nobody who was let in is cut off when it stops."""

import select
from typing import Any

from gunicorn.workers.gthread import ThreadWorker


class Worker(ThreadWorker):
    """Whoever has connected by the time it must stop is answered; whoever comes later is refused at once.

    Gunicorn's own stops accepting but keeps its listening socket open until its last answer: the system goes on
    greeting visitors for seconds, and resets them all at the end. A refused connection is tried elsewhere by a proxy;
    one that is reset in the middle of a request is a 502 to somebody.
    """

    def set_accept_enabled(self, enabled: Any) -> None:
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            for listener in self.sockets:
                while select.select([listener], [], [], 0)[0]:
                    self.accept(listener)
                listener.close()  # this process's own: a worker that replaces it has the master's
