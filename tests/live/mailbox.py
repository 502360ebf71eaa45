"""A mail server that keeps what it gets, or says nothing when told to."""

import re
import select
import socket
import socketserver
import threading
from email import message_from_bytes
from email.message import Message


class _Talk(socketserver.StreamRequestHandler):
    server: "Mailbox"

    def handle(self) -> None:
        try:
            self._talk()
        except OSError:  # the shop was killed while it spoke
            return

    def _talk(self) -> None:
        self.wfile.write(b"220 mailbox\r\n")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self._data()
            elif verb == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 ok\r\n")

    def _data(self) -> None:
        self.wfile.write(b"354 go on\r\n")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        self.server.reached.set()
        # Who was kept waiting may have been killed, and a dying process takes a moment to let go of its connections.
        patience = 0.0 if self.server.open.is_set() else 2.0
        self.server.open.wait(30)
        if _is_gone(self.connection, patience):  # it was never told that the mail was taken
            return
        self.server.messages.append(message_from_bytes(b"".join(lines)))
        self.wfile.write(b"250 kept\r\n")


class Mailbox(socketserver.ThreadingTCPServer):
    """`open` cleared: whoever delivers waits. `reached`: somebody has delivered a message and waits or waited."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.messages: list[Message] = []
        self.open = threading.Event()
        self.reached = threading.Event()
        self.empty()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return self.server_address[1]

    def empty(self) -> None:
        self.messages.clear()
        self.open.set()
        self.reached.clear()

    def orders(self) -> list[str]:
        """The order token in each message, in order of arrival."""
        texts = [_text(message) for message in list(self.messages)]
        return [found[1] for text in texts if (found := re.search(r"/order/([\w-]{20,})", text))]


def _is_gone(connection: socket.socket, patience: float) -> bool:
    """Whether the other side hung up, or does so within `patience` seconds: it has nothing to say before our answer."""
    try:
        readable, _, _ = select.select([connection], [], [], patience)
        return bool(readable) and connection.recv(1, socket.MSG_PEEK) == b""
    except OSError:
        return True


def _text(message: Message) -> str:
    for part in message.walk():
        if part.get_content_type() == "text/plain":
            return (part.get_payload(decode=True) or b"").decode()  # type: ignore[union-attr]
    return ""
