"""Servers on this machine that speak LINE's Messaging API and an SMS gateway's HTTP, so that the real clients are tested."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Heard:
    """What a server was asked, and what it will answer: ``answers`` by path, status first; else success."""

    requests: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, list[tuple[int, dict[str, Any]]]] = field(default_factory=dict)
    url: str = ""
    retry_keys: set[str] = field(default_factory=set)

    def answer(self, path: str, headers: Any) -> tuple[int, dict[str, Any]]:
        if waiting := self.answers.get(path):
            return waiting.pop(0)
        if path.endswith("/linkToken"):
            return 200, {"linkToken": "link-token-1"}
        key = headers.get("X-Line-Retry-Key")
        if key in self.retry_keys:
            return 409, {"message": "The retry key is already accepted"}
        if key:
            self.retry_keys.add(key)
        return 200, {"sentMessages": [{"id": "1"}], "id": "sms-1"}


@contextmanager
def serving() -> Iterator[Heard]:
    """Serve on a free port of this machine."""
    heard = Heard()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            heard.requests.append({"path": self.path, "headers": dict(self.headers), "body": json.loads(body or "{}")})
            status, answer = heard.answer(self.path, self.headers)
            data = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    heard.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield heard
    finally:
        server.shutdown()
        server.server_close()
