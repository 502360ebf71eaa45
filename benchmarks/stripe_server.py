"""The sandbox over HTTP, which takes its time for a session as Stripe does.

    python -m benchmarks.stripe_server PORT MILLISECONDS

`/control/times` tells how long each session took here, so that the shop's own time can be told apart.
"""

import json
import sys
import time
from typing import Any

from tests.live import stripe_server
from tests.live.stripe_server import Server, api

DELAY = float(sys.argv[2]) / 1000
times: dict[str, float] = {}


class Door(stripe_server.Door):
    def _api(self, body: str) -> None:
        start = time.perf_counter()
        answer = api.handle(self.command, self.path, self.headers, body)
        opened = self.command == "POST" and self.path.endswith("/v1/checkout/sessions")
        if opened:
            time.sleep(max(0.0, DELAY - (time.perf_counter() - start)))
            times[json.loads(answer[2]).get("id", "")] = time.perf_counter() - start
        self._answer(*answer)

    def _own(self, verb: str, given: dict[str, Any]) -> Any:
        return times if verb == "times" else super()._own(verb, given)


if __name__ == "__main__":
    stripe_server.call_command("migrate", "sandbox", verbosity=0, interactive=False)
    Server(("127.0.0.1", int(sys.argv[1])), Door).serve_forever()
