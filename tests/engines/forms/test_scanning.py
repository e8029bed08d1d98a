"""Virus scanning: held until clean, infected for ever, asked of a real clamd where one is installed.

``clamd`` (Debian's clamav-daemon) is started with a signature database of one line, the published hash of EICAR; where it is
not installed a server that speaks its protocol (INSTREAM) stands in, so that the same client code is used either way.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import socket
import socketserver
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.support.files import EICAR, PDF

from madoguchi.engines.forms import doctor, scanning
from madoguchi.engines.forms.attachments import add_files, open_attachment, open_preview
from madoguchi.engines.forms.file_holders import DraftFiles
from madoguchi.engines.forms.models import Attachment
from madoguchi.engines.forms.selectors import LoadedDraft
from madoguchi.kernel import clock, jobs
from madoguchi.kernel.audit.models import AuditEntry
from madoguchi.kernel.errors import Conflict

from .conftest import AT, Begin, Publish
from .small import field

CLAMD = shutil.which("clamd", path="/usr/sbin:/usr/bin:/usr/local/sbin")


class _Talk(socketserver.StreamRequestHandler):
    """One conversation of clamd's protocol: ``nVERSION`` or ``nINSTREAM`` with pieces of a given length, zero at the end."""

    def handle(self) -> None:
        command = self.rfile.readline().strip()
        if command == b"nVERSION":
            self.wfile.write(b"ClamAV 0.0-test/1/now\n")
        elif command == b"nINSTREAM":
            body = b""
            while length := struct.unpack("!L", self.rfile.read(4))[0]:
                body += self.rfile.read(length)
            found = EICAR in body
            self.wfile.write(b"stream: Eicar-Test FOUND\n" if found else b"stream: OK\n")


@contextlib.contextmanager
def _stand_in() -> Iterator[str]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Talk) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"tcp://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@contextlib.contextmanager
def _real(folder: Path) -> Iterator[str]:
    """Start clamd in a folder of its own with one signature: the hash of EICAR, whole or at the start of a longer file."""
    (folder / "db").mkdir()
    (folder / "db" / "test.hdb").write_text(f"{hashlib.md5(EICAR).hexdigest()}:{len(EICAR)}:Eicar-Test\n")
    (folder / "db" / "test.ndb").write_text(f"Eicar-Body:0:*:{EICAR.hex()}\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = folder / "clamd.conf"
    config.write_text(
        f"DatabaseDirectory {folder}/db\nTCPSocket {port}\nTCPAddr 127.0.0.1\nForeground yes\nLogFile {folder}/log\n"
    )
    assert CLAMD is not None
    process = subprocess.Popen([CLAMD, "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.05)
        yield f"tcp://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture(scope="module", params=["real", "stand-in"])
def scanner(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a scanner: Debian's own, and the one that stands in for it."""
    if request.param == "real" and CLAMD is None:
        pytest.skip("clamd がありません（apt-get install clamav-daemon）。同じ手順を代わりの相手で確かめます。")
    with _real(tmp_path_factory.mktemp("clamd")) if request.param == "real" else _stand_in() as address:
        yield address


def test_the_scanner_is_asked_over_the_line(scanner: str, settings: Any, tmp_path: Path) -> None:
    settings.CLAMD_URL = scanner
    clean, bad = tmp_path / "clean", tmp_path / "bad"
    clean.write_bytes(PDF)
    bad.write_bytes(EICAR)
    with clean.open("rb") as stream:
        assert scanning.scan_bytes(stream) == ""
    with bad.open("rb") as stream:
        assert "Eicar" in scanning.scan_bytes(stream)
    assert scanning.ask_version().startswith("ClamAV")


@pytest.mark.django_db
@pytest.mark.usefixtures("sample_town")
class TestHeld:
    @pytest.fixture
    def loaded(self, publish: Publish, begin: Begin, tmp_path: Path, settings: Any) -> LoadedDraft:
        settings.STORAGES = {
            **settings.STORAGES,
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
        }
        publish(field("letter", "file", accept=["pdf", "csv"]), papers=[{"id": "p", "title": "紙", "field": "letter"}])
        return begin()

    def add(self, loaded: LoadedDraft, body: bytes, name: str) -> Attachment:
        upload = SimpleUploadedFile(name, body)
        assert add_files(DraftFiles(loaded), loaded.form.fields["letter"], [upload], at=clock.now()) == []
        return Attachment.objects.latest("created_at")

    def test_a_file_is_held_until_it_is_clean(self, loaded: LoadedDraft, scanner: str, settings: Any) -> None:
        settings.CLAMD_URL = scanner
        kept = self.add(loaded, PDF, "a.pdf")
        assert scanning.state_of(kept) == "held"
        assert loaded.evaluate(at=AT).valid, "a held file does not keep anybody from handing in"
        for reader in (open_attachment, open_preview):
            with pytest.raises(Conflict) as held:
                reader(loaded.draft.pk, str(kept.pk))
            assert held.value.code == "forms.file_held"
        assert jobs.run_pending("files") == 1
        assert scanning.state_of(kept) == "open"
        open_attachment(loaded.draft.pk, str(kept.pk))[1].close()

    def test_an_infected_file_is_never_readable_again(self, loaded: LoadedDraft, scanner: str, settings: Any) -> None:
        settings.CLAMD_URL = scanner
        kept = self.add(loaded, EICAR, "table.csv")
        jobs.run_pending("files")
        assert scanning.states_of_draft(loaded.draft.pk) == {str(kept.pk): "infected"}
        with pytest.raises(Conflict) as infected:
            open_attachment(loaded.draft.pk, str(kept.pk))
        assert infected.value.code == "forms.file_infected"
        assert AuditEntry.objects.filter(action="forms.file_infected", subject=f"file:{kept.pk}").count() == 1

    def test_a_silent_scanner_keeps_the_hold_and_is_asked_again(self, loaded: LoadedDraft, settings: Any) -> None:
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            settings.CLAMD_URL = f"tcp://127.0.0.1:{nobody.getsockname()[1]}"
            kept = self.add(loaded, PDF, "a.pdf")
            assert jobs.run_pending("files") == 1
            assert scanning.state_of(kept) == "held"
            found = doctor.check_scanner(clock.now())
            assert [(item.level, item.id) for item in found] == [("bad", "files.scanner.silent")]
        with _stand_in() as address:
            settings.CLAMD_URL = address
            assert "files.held" in {item.id for item in doctor.check_scanner(clock.now() + timedelta(hours=1))}
            jobs.run_pending("files", until=clock.now() + timedelta(minutes=5))
            assert scanning.state_of(kept) == "open"

    def test_without_a_scanner_nothing_is_held(self, loaded: LoadedDraft) -> None:
        assert scanning.state_of(self.add(loaded, PDF, "a.pdf")) == "open"
        assert jobs.run_pending("files") == 0
        assert doctor.check_scanner(AT)[0].id == "files.scanner.none"
        assert doctor.check_store(AT)[0].level == "ok"
