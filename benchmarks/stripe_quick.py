"""Stripe from memory: after its time it gives an answer of the sandbox, with another session's names in it.

    python -m benchmarks.stripe_quick PORT MILLISECONDS

The first session of each content is made by the sandbox itself, and so is whatever else is asked for (tax rates,
coupons). What follows takes a twentieth of a millisecond: a stand-in that takes more than the shop leaves it no
processor to be measured on. `/control/times` tells how long each session took here.
"""

import asyncio
import json
import re
import secrets
import sys
import time
from urllib.parse import parse_qsl

from tests.live.stripe_server import api, call_command

DELAY = float(sys.argv[2]) / 1000
SESSIONS = "/v1/checkout/sessions"
# Parameters that belong to one order, and the key of the metadata that two places repeat.
OWN = re.compile(r"metadata|payment_intent_data|expires_at|success_url|cancel_url")
NAMES = ("metadata[order]", "metadata[attempt]", "expires_at")
times: dict[str, float] = {}
patterns: dict[tuple, "Pattern"] = {}


class Pattern:
    """An answer of the sandbox, and the names in it that are another's in the next one."""

    def __init__(self, given: dict[str, str], headers: dict[str, str], text: str) -> None:
        self.headers, self.text = headers, text
        self.session = str(json.loads(text)["id"])
        self.names = [given[name] for name in NAMES]

    def answer(self, given: dict[str, str], key: str) -> tuple[str, int, dict[str, str], str]:
        session = f"{self.session[:-24]}{secrets.token_hex(12)}"
        text = self.text.replace(self.session, session)
        for old, name in zip(self.names, NAMES, strict=True):
            text = text.replace(old, given[name])
        own = {"Request-Id": f"req_{secrets.token_hex(7)}", "Idempotency-Key": key}
        return session, 200, self.headers | own, text


class Door(asyncio.Protocol):
    """One connection, which asks one thing after the other."""

    transport: asyncio.Transport
    waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        head, end, body = self.waiting.partition(b"\r\n\r\n")
        if not end:
            return
        first, *lines = head.decode().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if len(body) < int(headers.get("content-length", 0)):
            return
        self.waiting = b""
        method, path, _ = first.split(" ")
        self.task = asyncio.create_task(self.answer(method, path, headers, body.decode(), time.perf_counter()))

    async def answer(self, method: str, path: str, headers: dict[str, str], body: str, start: float) -> None:
        if path.startswith("/control/"):
            self.send(200, {"Content-Type": "application/json"}, json.dumps(times))
        elif (method, path) == ("POST", SESSIONS):
            session, *answer = await opened(path, headers, body)
            await asyncio.sleep(DELAY - (time.perf_counter() - start))
            self.send(*answer)
            times[session] = time.perf_counter() - start
        else:
            self.send(*await asyncio.to_thread(api.handle, method, path, headers, body))

    def send(self, status: int, headers: dict[str, str], text: str) -> None:
        body = text.encode()
        lines = [f"HTTP/1.1 {status} -", *(f"{name}: {value}" for name, value in headers.items())]
        self.transport.write("\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body)


async def opened(path: str, headers: dict[str, str], body: str) -> tuple[str, int, dict[str, str], str]:
    """A session: its id, and the answer that tells of it."""
    given = dict(parse_qsl(body))
    content = (headers["authorization"], *((name, value) for name, value in given.items() if not OWN.match(name)))
    if content not in patterns:
        status, found, text = await asyncio.to_thread(api.handle, "POST", path, headers, body)
        if status != 200:
            return "", status, found, text
        patterns[content] = Pattern(given, found, text)
        return patterns[content].session, status, found, text
    return patterns[content].answer(given, headers.get("idempotency-key", ""))


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Door, "127.0.0.1", int(sys.argv[1]), backlog=512)
    await server.serve_forever()


if __name__ == "__main__":
    call_command("migrate", "sandbox", verbosity=0, interactive=False)
    asyncio.run(main())
