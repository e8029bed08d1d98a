"""The section ``letters`` of the ward folder. Owns its registration; the shape of a letter is ``schema.Letter``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from madoguchi.kernel.folder import Fault, Folder, Section, register_section
from madoguchi.kernel.l10n import LANGUAGES

from .schema import Letter

NEEDED = (
    "application_received",
    "correction_requested",
    "correction_received",
    "in_review",
    "decided_approved",
    "decided_refused",
    "withdrawn",
    "reminder_due",
    "message_waiting",
    "payment_due",
    "payment_received",
    "payment_reminder",
    "refund_made",
    "draft_expiring",
    "phone_code",
    "sign_in_link",
    "staff_message_waiting",
    "staff_digest",
    "staff_chief_alarm",
    "staff_factor_reset",
)
"""Letters that the house itself sends; a folder without one of them would fail at night, not at load."""


def check(folder: Folder) -> Iterator[Fault]:
    """Yield a fault for a letter in a file of another name, for each language that is missing, and for each letter the house needs and does not find."""
    entries = folder.of("letters")
    for entry in entries:
        stem = Path(entry.document.file).stem
        if entry.value.id != stem:
            yield entry.fault(("id",), f"ファイル名（{stem}）と id が違います", f"id: {stem} にしてください")
        for part, lang in entry.value.missing(LANGUAGES):
            yield entry.fault(
                (part,), f"{lang}（{LANGUAGES[lang]}）の文がありません", f"{part} に {lang} を書き足してください"
            )
    found = {entry.value.id for entry in entries}
    for letter_id in NEEDED:
        if letter_id not in found:
            yield Fault(
                f"letters/{letter_id}.yaml",
                1,
                ".",
                "窓口が送る文面がありません",
                "他の自治体のフォルダーから写して直してください",
            )


def counts(folder: Folder) -> Mapping[str, int]:
    """Return how many letters the folder has."""
    return {"letters": len(folder.of("letters"))}


def register() -> None:
    """Register the section."""
    register_section(Section("letters", "letters/*.yaml", Letter, order=30, check=check, counts=counts))
