"""Where files lie: a folder, or an S3-compatible store, which is here a small server that answers as one does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from madoguchi.config.files import file_storage


class _Store(BaseHTTPRequestHandler):
    """PUT, GET, HEAD and DELETE of objects; refuses what is not signed."""

    objects: dict[str, bytes]
    protocol_version = "HTTP/1.1"

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"x"')
        self.send_header("Last-Modified", "Mon, 02 Nov 2026 01:00:00 GMT")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _do(self) -> None:
        key = unquote(urlsplit(self.path).path)
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else b""
        if not self.headers.get("Authorization", "").startswith("AWS4-HMAC-SHA256"):
            self._answer(403)
        elif self.command == "PUT":
            self.objects[key] = _unchunked(body) if "aws-chunked" in self.headers.get("Content-Encoding", "") else body
            self._answer(200)
        elif self.command == "DELETE":
            self.objects.pop(key, None)
            self._answer(204)
        elif key in self.objects:
            self._answer(200, self.objects[key])
        else:
            self._answer(404)

    do_GET = do_HEAD = do_PUT = do_DELETE = _do

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def _unchunked(body: bytes) -> bytes:
    """Take the pieces out of the framing that signed uploads use."""
    found = b""
    while body:
        head, _, body = body.partition(b"\r\n")
        size = int(head.split(b";")[0] or b"0", 16)
        if not size:
            break
        found, body = found + body[:size], body[size + 2 :]
    return found


@pytest.fixture
def store() -> Iterator[tuple[str, dict[str, bytes]]]:
    """Start the store; give its address and what lies in it."""
    _Store.objects = {}
    with ThreadingHTTPServer(("127.0.0.1", 0), _Store) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", _Store.objects
        server.shutdown()


def test_a_file_goes_to_the_store_and_comes_back(
    store: tuple[str, dict[str, bytes]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    address, objects = store
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    setting = file_storage(f"s3://ward/files?endpoint={address}&region=jp-east", folder=tmp_path)
    storage = storages.create_storage(setting)
    place = storage.save("attachments/d/a", ContentFile(b"%PDF-1.4 whole"))
    assert list(objects) == ["/ward/files/attachments/d/a"]
    with storage.open(place, "rb") as stream:
        assert stream.read() == b"%PDF-1.4 whole"
    assert storage.exists(place)
    storage.delete(place)
    assert not storage.exists(place)
    assert setting["OPTIONS"]["default_acl"] == "private"


def test_a_folder_is_the_default_and_other_addresses_are_refused(tmp_path: Path) -> None:
    assert file_storage("", folder=tmp_path)["OPTIONS"] == {"location": tmp_path}
    assert file_storage("/srv/files", folder=tmp_path)["OPTIONS"] == {"location": Path("/srv/files")}
    for bad in ("s3://", "ftp://x/y", "files", "s3://key:secret@bucket/x"):
        with pytest.raises(ValueError, match="MADOGUCHI_FILES"):
            file_storage(bad, folder=tmp_path)
