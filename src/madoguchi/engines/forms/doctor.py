"""The engine's checks for the doctor: is the virus scanner there, does the file store take and give back a file."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from madoguchi.kernel.doctor import Finding, doctor_checks

LONG_HELD = timedelta(minutes=30)


def register() -> None:
    """Register the checks."""
    doctor_checks.register("files.scanner", check_scanner)
    doctor_checks.register("files.store", check_store)


def check_scanner(at: datetime) -> list[Finding]:
    """Judge the virus scanner and the files that wait for it."""
    from madoguchi.engines.forms import scanning

    if not scanning.is_configured():
        words = "添付ファイルのウイルスの確認（MADOGUCHI_CLAMD）が設定されていません。"
        return [
            Finding(
                "bad" if settings.ENV == "production" else "warn",
                "files.scanner.none",
                words,
                "clamd の場所を設定してください。例：tcp://127.0.0.1:3310",
            )
        ]
    try:
        version = scanning.ask_version()
    except scanning.ScannerSilent:
        mend = "clamd が動いているか、MADOGUCHI_CLAMD の場所が正しいかを確かめてください。"
        return [Finding("bad", "files.scanner.silent", "ウイルスの確認（clamd）が答えません。", mend)]
    findings = [Finding("ok", "files.scanner", f"ウイルスの確認は {version.split('/')[0]} が行います。")]
    if waiting := scanning.long_held(before=at - LONG_HELD):
        words = f"{waiting}件の添付ファイルが、30分を超えて確認中のままです。"
        findings.append(
            Finding("bad", "files.held", words, "作業係（madoguchi worker）が動いているか確かめてください。")
        )
    return findings


def check_store(at: datetime) -> list[Finding]:
    """Write a file, read it back and delete it."""
    body = uuid.uuid4().bytes
    place = default_storage.save(f"doctor/{uuid.uuid4()}", ContentFile(body))
    try:
        with default_storage.open(place, "rb") as stream:
            same = stream.read() == body
    finally:
        default_storage.delete(place)
    if not same:
        return [
            Finding(
                "bad",
                "files.store.broken",
                "ファイルの置き場が、書いた通りに返しません。",
                "MADOGUCHI_FILES を確かめてください。",
            )
        ]
    return [Finding("ok", "files.store", "ファイルの置き場は、書いて読めます。")]
