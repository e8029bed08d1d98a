"""The sections ``letters`` and ``notices`` of the ward folder. Owns their registration; the shapes are in ``schema`` and
``delivery_schema``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from madoguchi.kernel.folder import Fault, Folder, Section, register_section
from madoguchi.kernel.l10n import LANGUAGES

from .delivery_schema import DeliveryFile
from .rules import render_sms, segments
from .schema import Letter

NEEDED = (
    "application_received",
    "correction_requested",
    "correction_received",
    "in_review",
    "decided_approved",
    "decided_refused",
    "document_issued",
    "document_expiring",
    "pickup_waiting",
    "withdrawn",
    "reminder_due",
    "originals_due",
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


def check_sms(folder: Folder) -> Iterator[Fault]:
    """Yield a fault for each text of an SMS that, with the example values, takes more parts than the ward allows."""
    entries = folder.of("notices")
    limit = (entries[0].value if entries else DeliveryFile()).sms_max_segments
    for entry in folder.of("letters"):
        letter: Letter = entry.value
        for lang in LANGUAGES if "sms" in letter.channels else ():
            parts = segments(render_sms(letter, lang, letter.variables))
            if parts > limit:
                what = f"SMS（{lang}）が{parts}通分の長さです"
                yield entry.fault(("sms",), what, f"{limit}通（1通70文字）までにしてください")


def register() -> None:
    """Register the two sections."""
    register_section(Section("letters", "letters/*.yaml", Letter, order=30, check=check, counts=counts))
    register_section(Section("notices", "notices.yaml", DeliveryFile, order=31, check=check_sms))
