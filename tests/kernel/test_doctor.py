"""The doctor: every check answers, a broken check hides no other, unsafe settings are named with a mend."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from madoguchi.kernel import doctor, doctor_house, municipality
from madoguchi.kernel.access import SYSTEM
from madoguchi.kernel.clock import TOKYO
from madoguchi.kernel.doctor import Finding, as_dict, run_checks, worst

AT = datetime(2026, 11, 2, 10, 0, tzinfo=TOKYO)
TOWN = Path(__file__).resolve().parents[2] / "municipalities" / "sample-town"


def ids(findings: list[Finding]) -> set[str]:
    """Return the ids of the findings."""
    return {finding.id for finding in findings}


@pytest.mark.django_db
def test_every_check_answers_and_what_is_wrong_says_how_to_mend_it() -> None:
    findings = run_checks(at=AT)
    assert "folder.unloaded" in ids(findings)
    assert [finding.message_ja for finding in findings if finding.id.endswith(".broken")] == []
    assert all(finding.mend_ja for finding in findings if finding.level != "ok")
    assert len(findings) >= 11


def test_a_broken_check_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(at: datetime) -> list[Finding]:
        raise RuntimeError("somebody@example.jp")

    monkeypatch.setattr(doctor.doctor_checks, "_items", {"a": broken, "b": lambda at: [Finding("ok", "b", "よい")]})
    monkeypatch.setattr(doctor_house, "register", lambda: None)
    findings = run_checks(at=AT)
    assert [(finding.level, finding.id) for finding in findings] == [("bad", "a.broken"), ("ok", "b")]
    assert "example.jp" not in str(as_dict(findings))
    assert worst(findings) == "bad"


@pytest.mark.parametrize(
    ("name", "value", "check", "expected"),
    [
        ("SECRET_KEY", "short", doctor_house.check_secret_key, "secret_key.weak"),
        ("DEBUG", True, doctor_house.check_debug, "debug.on"),
        ("ALLOWED_HOSTS", ["*"], doctor_house.check_hosts, "hosts.any"),
        ("BASE_URL", "http://ward.example.jp", doctor_house.check_hosts, "hosts.plain"),
        ("EMAIL_BACKEND", "x.FolderEmailBackend", doctor_house.check_mail, "mail.unset"),
    ],
)
def test_unsafe_settings_are_named(settings: Any, name: str, value: Any, check: doctor.Check, expected: str) -> None:
    setattr(settings, name, value)
    settings.DEMO = False
    assert expected in ids(check(AT))


def test_a_mail_server_that_does_not_answer_is_named(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert ids(doctor_house.check_mail(AT)) == {"mail.refused"}


@pytest.mark.django_db
def test_the_queue_is_judged_by_heartbeat_and_backlog() -> None:
    assert "queue.no_worker" in ids(doctor_house.check_queue(AT))
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [AT - timedelta(seconds=20)])
    assert "queue.worker" in ids(doctor_house.check_queue(AT))
    assert "queue.no_worker" in ids(doctor_house.check_queue(AT + timedelta(minutes=5)))


@pytest.mark.django_db
def test_a_changed_file_puts_the_folder_out_of_step(settings: Any, tmp_path: Path) -> None:
    import shutil

    folder = Path(shutil.copytree(TOWN, tmp_path / "town"))
    settings.MUNICIPALITY_FOLDER = folder
    municipality.reset()
    municipality.load_folder(folder, actor=SYSTEM, at=AT)
    assert ids(doctor_house.check_folder_in_step(AT)) == {"folder"}
    path = folder / "departments.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("税務課", "税務の課"), encoding="utf-8")
    assert ids(doctor_house.check_folder_in_step(AT)) == {"folder.behind"}
    municipality.reset()
