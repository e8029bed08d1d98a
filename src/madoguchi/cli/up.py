"""``madoguchi up``: database, migrations, ward folder, sample year, web and worker; prints addresses and demo sign-ins.

Owns the start and the stop of the processes. Everything it does is idempotent: the second start takes seconds.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from pathlib import Path
from types import FrameType

from madoguchi.cli.main import setup_django

ENDS_AT_MOST = 5
ENDS_WITHIN_S = 60.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--oidc-port", type=int, help="試験用の提供者の番号（既定は --port の次）")
    parser.add_argument("--workers", type=int, default=1, help="画面の処理の数（1 つで 2 コアの半分を使う）")
    parser.add_argument("--municipality", type=Path, help="自治体フォルダ（既定は杉並区）")
    parser.add_argument("--no-sample", action="store_true", help="サンプルの一年を読み込まない")
    parser.add_argument("--no-worker", action="store_true", help="作業係を起動しない")
    parser.add_argument("--prepare-only", action="store_true", help="準備だけして終わる")
    parser.add_argument("--json", action="store_true")


def run(options: argparse.Namespace) -> int:
    """Prepare the house, start it, wait until told to stop."""
    os.environ.setdefault("MADOGUCHI_ENV", "demo")
    os.environ["MADOGUCHI_BASE_URL"] = os.environ.get("MADOGUCHI_BASE_URL", f"http://{options.host}:{options.port}")
    if os.environ["MADOGUCHI_ENV"] == "demo":
        os.environ.setdefault("MADOGUCHI_LOCAL_OIDC", f"http://127.0.0.1:{options.oidc_port or options.port + 1}")
    if options.municipality:
        os.environ["MADOGUCHI_MUNICIPALITY"] = str(options.municipality.resolve())
    say = _Say(quiet=options.json)
    _warm_up()
    setup_django()
    _migrate(say)
    _collect_static(say)
    house = _House(options)
    if not options.prepare_only:
        house.start()  # the web process starts up while the folder is compared and the sample year is made
    try:
        if code := _fill(options, say):
            return code
        if options.prepare_only:
            return 0
        if not house.wait_until_ready():
            say("画面の処理が起動しませんでした。")
            return 1
        _announce(options, say, ready_after=house.ready_after)
        return house.watch()
    finally:
        house.stop()


def _warm_up() -> None:
    """Start the database while the big libraries are read: the two wait for different things."""
    from madoguchi.config.database import ensure_database_url

    database = threading.Thread(target=ensure_database_url)
    database.start()
    for name in ("pydantic", "psycopg", "django.db.models", "django.template", "procrastinate", "structlog", "yaml"):
        importlib.import_module(name)
    database.join()


class _Say:
    """Prints progress for a person; silent for programs."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet

    def __call__(self, text: str) -> None:
        if not self.quiet:
            print(text, flush=True)


def _fill(options: argparse.Namespace, say: _Say) -> int:
    """Load the ward folder, the demo staff and the sample year; return the exit code."""
    from django.conf import settings

    if code := _load_folder(Path(settings.MUNICIPALITY_FOLDER), say):
        return code
    if settings.DEMO:
        from madoguchi.engines.identity.api import seed_demo_staff
        from madoguchi.kernel import clock

        seed_demo_staff(demo=True, at=clock.now())
        if not options.no_sample:
            _load_sample_year(say)
    return 0


def _migrate(say: _Say) -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("データベースを整えています…")
        call_command("migrate", verbosity=0, interactive=False)


def _load_folder(root: Path, say: _Say) -> int:
    from madoguchi.kernel import clock
    from madoguchi.kernel.access import SYSTEM
    from madoguchi.kernel.folder import FolderError, digest_of_files
    from madoguchi.kernel.folder_models import FolderLoad
    from madoguchi.kernel.municipality import load_folder

    last = FolderLoad.objects.order_by("-id").first()
    if last is not None and last.name == root.name and last.digest == digest_of_files(root):
        return 0
    say(f"自治体フォルダ {root.name} を読み込んでいます…")
    try:
        load_folder(root, actor=SYSTEM, at=clock.now())
    except FolderError as error:
        for fault in error.faults:
            print(fault, file=sys.stderr)
        return 1
    return 0


def _load_sample_year(say: _Say) -> None:
    from madoguchi.kernel import clock
    from madoguchi.rooms.portal.api import load_sample_year

    report = load_sample_year(at=clock.now())
    if report.cases:
        say(f"サンプルの一年（{report.cases:,} 件）を作りました。")


def _collect_static(say: _Say) -> None:
    """Gather static files when one has changed since the last time."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            path = Path(storage.path(name))
            digest.update(f"{name}:{path.stat().st_mtime_ns}:{path.stat().st_size};".encode())
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    say("画面の部品を集めています…")
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(digest.hexdigest())


class _House:
    """The processes: web (granian) and worker."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.commands: list[list[str]] = []
        self.processes: list[subprocess.Popen[bytes]] = []
        self.stopping = False
        self.started = 0.0
        self.ready_after = 0.0
        """Seconds from the start of the web process to its first answer."""

    def start(self) -> None:
        """Start web and worker; they end with this process."""
        options = self.options
        web = [
            sys.executable, "-m", "granian", "madoguchi.config.wsgi:application", "--interface", "wsgi",
            "--host", options.host, "--port", str(options.port), "--workers", str(options.workers),
            "--blocking-threads", "4", "--backpressure", "64", "--respawn-failed-workers", "--no-ws", "--log-level", "warning",
            "--workers-kill-timeout", "5",
        ]  # fmt: skip
        self.started = time.monotonic()
        self._run(web)
        threading.Thread(target=self._await_first_answer, daemon=True).start()
        if not options.no_worker:
            self._run([sys.executable, "-m", "madoguchi.cli", "worker"])
        self._start_local_provider()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)

    def _start_local_provider(self) -> None:
        """Start the demo's OpenID Connect provider, unless the setting names one that already runs elsewhere."""
        from django.conf import settings

        here = f"http://127.0.0.1:{self.options.oidc_port or self.options.port + 1}"
        if settings.DEMO and here == settings.LOCAL_OIDC_URL:
            os.environ["MADOGUCHI_LOCAL_OIDC_SECRET"] = settings.LOCAL_OIDC_SECRET
            self._run([sys.executable, "-m", "madoguchi.engines.identity.local_provider", here.rpartition(":")[2]])

    def _run(self, command: list[str]) -> None:
        self.commands.append(command)
        self.processes.append(subprocess.Popen(command))  # noqa: S603 - our own arguments

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _await_first_answer(self) -> None:
        url = f"http://{self.options.host}:{self.options.port}/healthz"
        while not self.stopping and self.processes[0].poll() is None:
            try:
                with urllib.request.urlopen(url, timeout=2):
                    self.ready_after = time.monotonic() - self.started
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.03)

    def wait_until_ready(self, *, seconds: float = 40) -> bool:
        """Wait for the first answer; tell whether it came."""
        while not self.ready_after and time.monotonic() - self.started < seconds and self.processes[0].poll() is None:
            time.sleep(0.03)
        return bool(self.ready_after)

    def watch(self) -> int:
        """Start again what ended by itself until told to stop; return the exit code.

        Gives up with 1 when one process ended ``ENDS_AT_MOST`` times within ``ENDS_WITHIN_S`` seconds: then something is
        broken that a new start does not mend.
        """
        ends = [deque[float](maxlen=ENDS_AT_MOST) for _ in self.commands]
        while not self.stopping:
            for place, command in enumerate(self.commands):
                if self.processes[place].poll() is None or self.stopping:
                    continue
                ends[place].append(time.monotonic())
                if len(ends[place]) == ENDS_AT_MOST and ends[place][-1] - ends[place][0] < ENDS_WITHIN_S:
                    return 1
                self.processes[place] = subprocess.Popen(command)  # noqa: S603 - our own arguments
            time.sleep(0.3)
        return 0

    def stop(self) -> None:
        """Ask the processes to end, then insist."""
        self.stopping = True
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
        for process in self.processes:
            try:
                process.wait(timeout=25)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _announce(options: argparse.Namespace, say: _Say, *, ready_after: float) -> None:
    from django.conf import settings

    from madoguchi.engines.identity.api import demo_people, demo_totp_code, seed_demo_staff
    from madoguchi.kernel import clock

    base = f"http://{options.host}:{options.port}"
    sign_ins = seed_demo_staff(demo=True, at=clock.now()) if settings.DEMO else []
    addresses = {"provider": settings.LOCAL_OIDC_URL} if settings.LOCAL_OIDC_URL else {}
    addresses |= {"portal": f"{base}/", "staff": f"{base}/staff/signin/", "mail": str(settings.MAIL_FOLDER)}
    if options.json:
        accounts = [{"login": item.login, "password": item.password, "title": item.title} for item in sign_ins]
        result = {"addresses": addresses, "sign_ins": accounts, "web_first_answer_s": round(ready_after, 2)}
        print(json.dumps(result, ensure_ascii=False), flush=True)
        return
    say(
        f"\n  区民ポータル　 {addresses['portal']}\n  職員のサインイン {addresses['staff']}\n  送ったメール　　 {addresses['mail']}"
    )
    if sign_ins:
        say(f"\n  デモの職員（パスワード {sign_ins[0].password}、いまの確認コード {demo_totp_code(at=clock.now())}）")
        say(f"  確認コードの鍵（認証アプリに登録できます） {sign_ins[0].totp_secret}")
        for item in sign_ins:
            say(f"    {item.login:<14} {item.name}　{item.title}")
    if settings.LOCAL_OIDC_URL:
        say(f"\n  試験用の提供者　 {settings.LOCAL_OIDC_URL}/（カードや共通の ID で入るときの、架空の人物）")
        for title, people in demo_people():
            say(f"    {title}：{'、'.join(people)}")
    say("\n  止めるには Ctrl-C を押してください。")
