"""Signatures over applications: taking one in, keeping it, asking for a good one before an application is handed in.

Owns what is stored and whom the ward trusts (``trust_anchors.yaml``, a directory of the host, the demo's own authority).
The cryptography is in ``signing``; which procedure needs a signature is the room's to know.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from madoguchi.kernel import audit, ids, municipality
from madoguchi.kernel.access import Actor
from madoguchi.kernel.errors import InvalidInput
from madoguchi.kernel.folder import Fault, Folder, Section, register_section

from . import demo_cards
from .models import ReceivedSignature
from .schema import TrustAnchor, TrustAnchorsFile
from .signing import Anchors, Decision, read_anchors, read_revocation_lists, verify_signature
from .signing.reading import UnreadableError

MAX_UPLOAD_BYTES = 60_000
"""A detached signature with its certificates is a few kilobytes."""


def register() -> None:
    """Register the section ``trust_anchors`` of the ward folder."""
    register_section(
        Section("trust_anchors", "trust_anchors.yaml", TrustAnchorsFile, order=26, check=_check, items=_items)
    )


def _items(value: TrustAnchorsFile, _: str) -> Iterator[tuple[str, TrustAnchor]]:
    for row in value.trust_anchors:
        yield row.id, row


def _check(folder: Folder) -> Iterator[Fault]:
    """Yield a fault for every anchor whose certificate cannot be read."""
    for entry in folder.of("trust_anchors"):
        for index, row in enumerate(entry.value.trust_anchors):
            try:
                read_anchors([row.certificate.encode()])
            except (UnreadableError, ValueError):
                where = ("trust_anchors", index, "certificate")
                yield entry.fault(where, "証明書を読み取れません", "PEM の全文を貼り付けてください")


def anchors_on(day: date, *, at: datetime) -> Anchors:
    """Return whom the ward trusts on a day, with the revocation lists at hand.

    Besides the ward's own data: ``*.pem`` and ``*.crl`` under ``MADOGUCHI_SIGNATURES``; in a demo its own authority.
    """
    rows = [TrustAnchor.model_validate(row) for row in municipality.current().section("trust_anchors")]
    roots = [
        row.certificate.encode()
        for row in rows
        if row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)
    ]
    lists: list[bytes] = []
    if settings.SIGNATURE_FOLDER:
        roots += [path.read_bytes() for path in sorted(Path(settings.SIGNATURE_FOLDER).glob("*.pem"))]
        lists += [path.read_bytes() for path in sorted(Path(settings.SIGNATURE_FOLDER).glob("*.crl"))]
    if settings.DEMO:
        roots.append(demo_cards.authority().pem)
        lists.append(demo_cards.revocation_list(at=at))
    return Anchors(roots=read_anchors(roots), lists=read_revocation_lists(lists))


@transaction.atomic
def take_signature(
    draft_id: uuid.UUID, content: bytes, signature: bytes, *, certificate: bytes = b"", actor: Actor, at: datetime
) -> Decision:
    """Check an uploaded signature over *content*, keep it whatever the outcome, and return the decision.

    Raises InvalidInput when a file is missing or too large to be a signature.
    """
    if not signature or len(signature) > MAX_UPLOAD_BYTES or len(certificate) > MAX_UPLOAD_BYTES:
        raise InvalidInput(
            "署名ファイルを選んでください。",
            code="signing.no_file",
            mend="署名ソフトが書き出した、60キロバイトまでのファイルを受け付けます。",
        )
    decision = verify_signature(
        content, signature, certificate=certificate, anchors=anchors_on(at.date(), at=at), at=at
    )
    facts = decision.certificate
    kept = ReceivedSignature.objects.create(
        id=ids.uuid7(),
        draft_id=draft_id,
        content_sha256=hashlib.sha256(content).hexdigest(),
        signature=signature,
        certificate=facts.pem if facts else "",
        serial=facts.serial[:64] if facts else "",
        issuer=facts.issuer[:300] if facts else "",
        subject=facts.subject[:300] if facts else "",
        valid_to=facts.valid_to if facts else None,
        claimed_at=decision.claimed_at,
        verdict=decision.verdict,
        reasons=[{"code": item.code, "message": item.message_ja} for item in decision.reasons],
        received_at=at,
        actor_ref=actor.ref,
    )
    audit.record(
        actor=actor,
        action="identity.signature_received",
        subject=f"draft:{draft_id}",
        payload={
            "signature": str(kept.pk),
            "verdict": decision.verdict,
            "codes": [item.code for item in decision.reasons],
        },
        at=at,
    )
    return decision


def signatures_of(draft_id: uuid.UUID) -> list[ReceivedSignature]:
    """Return every signature received for a draft or the submission it became, newest first (one SQL statement)."""
    return list(ReceivedSignature.objects.filter(draft_id=draft_id))


def good_signature(draft_id: uuid.UUID, content: bytes) -> ReceivedSignature | None:
    """Return the newest good signature over exactly *content*, None when there is none (one SQL statement)."""
    digest = hashlib.sha256(content).hexdigest()
    return ReceivedSignature.objects.filter(draft_id=draft_id, content_sha256=digest, verdict="good").first()


def demand_signature(draft_id: uuid.UUID, content: bytes, *, at: datetime) -> ReceivedSignature:
    """Return the good signature over *content*, its certificate looked up once more. Raises InvalidInput otherwise."""
    kept = good_signature(draft_id, content)
    if kept is None:
        raise InvalidInput(
            "この手続には、今の内容への電子署名が要ります。",
            code="signing.needed",
            mend="署名するファイルを受け取って署名し、署名ファイルを送ってください。",
        )
    again = verify_signature(
        content,
        bytes(kept.signature),
        certificate=kept.certificate.encode(),
        anchors=anchors_on(at.date(), at=at),
        at=at,
    )
    if not again.is_good:
        reason = again.reasons[0]
        raise InvalidInput(reason.message_ja, code=reason.code, mend=reason.mend)
    return kept
