"""Keeping what was proven beside what was handed in. Owns that it is written once and never changed."""

from __future__ import annotations

from datetime import datetime

from madoguchi.kernel import municipality
from madoguchi.kernel.access import Actor

from ..models import ShownProof, SignInMethod
from ..outside.section import file_in_force

KEPT_CLAIMS = (
    "name", "kana", "birth_date", "address", "postal_code", "sex", "corporate_number", "company", "role",
)  # fmt: skip
"""The claims that say who somebody is; address for mail and telephone prove nothing and stay with the method."""


def keep_proof(subject: str, *, actor: Actor, at: datetime) -> ShownProof | None:
    """Keep how the actor of this session showed who they are, for what was handed in as *subject*.

    Nothing is kept for guests, staff and mailed links (level 1, nothing proven). Two SQL statements.
    """
    proof = actor.proof
    if proof is None or not proof.method:
        return None
    method = SignInMethod.objects.filter(pk=proof.method, account_id=int(actor.id)).first()
    if method is None:
        return None
    provider = next((item for item in file_in_force().providers if item.id == proof.provider), None)
    return ShownProof.objects.create(
        subject=subject,
        account_ref=actor.ref,
        provider_id=proof.provider,
        provider_title=(provider.title.get("ja") if provider else proof.provider)[:120],
        issuer=method.issuer,
        identity=proof.identity,
        authentication=proof.authentication,
        authenticated_at=proof.at,
        claims={key: value for key in KEPT_CLAIMS if (value := method.claims.get(key))},
        kept_at=at,
    )


def proof_limit_minutes() -> int:
    """Return how many minutes old a sign-in may be when a procedure above level 1 is handed in."""
    return file_in_force().reauthenticate_after_minutes if municipality.generation() else 60
