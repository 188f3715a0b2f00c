"""A proxy before the server that loses answers: the server has done the work, and nobody is told."""

from __future__ import annotations

import http.client
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar


class Handler(BaseHTTPRequestHandler):
    """Passes a request on, and now and then hangs up instead of answering."""

    protocol_version = "HTTP/1.1"
    server: DroppingProxy
    kept: ClassVar = ("Authorization", "Content-Type")

    def setup(self) -> None:
        super().setup()
        self.behind = http.client.HTTPConnection("127.0.0.1", self.server.behind, timeout=120)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.behind.request("POST", self.path, body, {name: self.headers[name] for name in self.kept})
        answer = self.behind.getresponse()
        content = answer.read()
        if answer.status == 200 and self.server.drops():
            self.close_connection = True
            return
        head = f"HTTP/1.1 {answer.status} {answer.reason}\r\nContent-Length: {len(content)}\r\n"
        for name in ("Content-Type", "Retry-After"):
            if answer.getheader(name):
                head += f"{name}: {answer.getheader(name)}\r\n"
        self.wfile.write(head.encode() + b"\r\n" + content)

    def finish(self) -> None:
        super().finish()
        self.behind.close()


class DroppingProxy(ThreadingHTTPServer):
    """Listens on a port of its own; ``answered`` and ``dropped`` count the answers that said "done"."""

    daemon_threads = True

    def __init__(self, behind: int, share: float) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.behind, self.share = behind, share
        self.answered = self.dropped = 0
        self._chance = random.Random(5)  # noqa: S311 (drops for a test)
        self._mutex = threading.Lock()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def drops(self) -> bool:
        """Whether this answer is lost."""
        with self._mutex:
            lost = self._chance.random() < self.share
            self.answered += 1
            self.dropped += lost
            return lost


@contextmanager
def dropping(behind: int, share: float) -> Iterator[DroppingProxy]:
    """A proxy that loses a share of the answers of the server at a port."""
    with DroppingProxy(behind, share) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, name="dropping", daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            thread.join(10)
