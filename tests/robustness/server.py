"""A web server that comes back at once: the parent holds the door, a child serves; when the child dies, the next is born.

Run as ``python -m tests.robustness.server PORT``; prints the number of each serving process on a line of its own. It stands
in for the process manager of a real house, whose children take seconds to start.
"""

from __future__ import annotations

import os
import socket
import sys
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def serve(door: socket.socket, application: Any) -> None:
    """Serve requests that come through the door until killed."""
    server = _Server(door.getsockname(), _Quiet, bind_and_activate=False)
    server.socket.close()
    server.socket = door
    server.server_name, server.server_port = "127.0.0.1", door.getsockname()[1]
    server.setup_environ()
    server.set_app(application)
    server.serve_forever(poll_interval=0.05)


def main(port: int) -> None:
    """Hold the door and keep a child serving."""
    from django.template.loader import get_template
    from django.urls import resolve

    from madoguchi.config.wsgi import application

    for name in ("step", "summary", "done", "procedure"):
        get_template(f"portal/{name}.html")
    resolve("/")  # the addresses and the templates are read once, before the children are born
    door = socket.socket()
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.bind(("127.0.0.1", port))
    door.listen(64)
    while True:
        child = os.fork()
        if child == 0:
            serve(door, application)
            os._exit(0)
        print(child, flush=True)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
