"""Saving in the form studio: a form of 95 questions, its questions edited one after another by real requests.

Method: a fresh embedded PostgreSQL with the sample town; a clerk's working copy gets a form of ten steps with 95 questions,
every third with a condition. Each save posts the page of one question as a browser would, through the whole stack (session,
rights, CSRF excepted); the page that follows is asked for as well. Every tenth save is drawn from an old revision, so that it is
joined with what was saved meanwhile. Goal: a save < 200 ms p95 with one client.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = 95
PER_STEP = 10
GOAL_MS = 200


def run(*, seconds: float = 15.0, clients: int = 1) -> dict[str, Any]:
    """Measure in a process of its own with a scratch database and return one flat object (milliseconds)."""
    var = Path(tempfile.mkdtemp(prefix="mdg-studio-"))
    env = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    env |= {"MADOGUCHI_VAR": str(var), "MADOGUCHI_ENV": "test", "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings"}
    try:
        command = [sys.executable, "-m", "bench.studio", str(seconds)]
        done = subprocess.run(command, env=env, cwd=ROOT, check=True, stdout=subprocess.PIPE)
        result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return result
    finally:
        shutil.rmtree(var, ignore_errors=True)


def big_form() -> dict[str, Any]:
    """Return a form of 95 questions in ten steps; every third question has a condition."""
    steps: list[dict[str, Any]] = []
    for number in range(QUESTIONS):
        if number % PER_STEP == 0:
            steps.append({"id": f"step{len(steps)}", "title": {"ja": f"画面{len(steps) + 1}"}, "fields": []})
        field: dict[str, Any] = {
            "id": f"q{number}",
            "type": "text",
            "label": {"ja": f"質問{number}"},
            "max_length": 200,
        }
        if number % 10 == 0:
            options = [{"value": f"o{n}", "label": {"ja": f"選択肢{n}"}} for n in range(1, 5)]
            field = {"id": f"q{number}", "type": "choice", "label": {"ja": f"質問{number}"}, "options": options}
        elif number % 3 == 0:
            field["shown_if"] = {"==": [{"var": f"q{number - number % 10}"}, "o1"]}
        steps[-1]["fields"].append(field)
    return {"title": {"ja": "計測用の大きな様式"}, "steps": steps}


def _measure(seconds: float) -> dict[str, Any]:
    """Build the scratch house and time saves and the pages that follow."""
    from madoguchi.config.database import ensure_database_url

    ensure_database_url(durable=False)
    import django

    django.setup()
    from django.core.management import call_command

    from madoguchi.kernel import municipality
    from madoguchi.kernel.access import SYSTEM
    from madoguchi.kernel.clock import now

    call_command("migrate", verbosity=0)
    municipality.load_folder(ROOT / "municipalities" / "sample-town", actor=SYSTEM, at=now())
    client, draft = _begin()
    saves: list[float] = []
    pages: list[float] = []
    joined: list[float] = []
    end, number, base = time.monotonic() + seconds, 0, 1
    while time.monotonic() < end or number < 60:
        old = number % 10 == 9
        field = f"q{number % QUESTIONS}"
        post = {"label.ja": f"質問 {number}", "type": "text", "max_length": "200", "help.ja": "例", "_required": "yes"}
        if int(field[1:]) % 10 == 0:
            values = {
                "options.value": [f"o{n}" for n in range(1, 5)],
                "options.label": [f"選択肢{n}" for n in range(1, 5)],
            }
            post = {"label.ja": f"質問 {number}", "type": "choice", "layout": "radio", "_required": "yes", **values}
        began = time.perf_counter()
        answer = client.post(f"{draft}parts/field/{field}/", {**post, "_base": base - 3 if old else base})
        took = (time.perf_counter() - began) * 1000
        if answer.status_code != 302:
            raise RuntimeError(f"save {number} answered {answer.status_code}")
        (joined if old else saves).append(took)
        began = time.perf_counter()
        page = client.get(answer["Location"].partition("#")[0])
        pages.append((time.perf_counter() - began) * 1000)
        if page.status_code != 200:
            raise RuntimeError(f"the page after save {number} answered {page.status_code}")
        base, number = base + 1, number + 1
    return {
        "questions": QUESTIONS,
        "saves": number,
        "save_p50_ms": round(statistics.median(saves), 1),
        "save_p95_ms": _p95(saves),
        "joined_save_p95_ms": _p95(joined),
        "page_p95_ms": _p95(pages),
        "goal_ms": GOAL_MS,
        "clients": 1,
    }


def _p95(times: list[float]) -> float:
    return round(sorted(times)[int(len(times) * 0.95)], 1)


def _begin() -> tuple[Any, str]:
    """Return a client of a clerk and the address of the working copy."""
    from django.test import Client

    from madoguchi.engines.identity.api import actor_for
    from madoguchi.engines.identity.models import Account
    from madoguchi.kernel.clock import now
    from madoguchi.rooms.studio.services import begin_draft
    from madoguchi.rooms.studio.starting import skeleton

    account = Account.objects.get(kind="staff", login="jumin")
    document = skeleton(title="計測用の手続", kana="けいそく", department="jumin", form=big_form())
    draft = begin_draft(document, what="計測", actor=actor_for(account, now()), at=now())
    client = Client()
    client.force_login(account, backend="madoguchi.engines.identity.backends.StaffPasswordBackend")
    session = client.session
    session["identity_second_factor"] = True
    session.save()
    return client, f"/staff/studio/{draft.pk}/"


if __name__ == "__main__":
    print(json.dumps(_measure(float(sys.argv[1]))))
