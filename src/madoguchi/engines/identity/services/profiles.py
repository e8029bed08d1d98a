"""A resident's own details for filling forms. Owns which details there are; written by the resident alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from madoguchi.kernel import audit
from madoguchi.kernel.access import Actor
from madoguchi.kernel.errors import InvalidInput, NotAllowed
from madoguchi.kernel.text import is_kana

from ..models import ResidentProfile
from ..outside.claims import day_of

PROFILE_KEYS = (
    "family_name", "given_name", "family_kana", "given_kana", "birth_date", "postal_code", "prefecture", "city", "town",
    "block", "building", "phone", "email",
)  # fmt: skip
VALUE_MAX = 120


def save_profile(values: Mapping[str, str], *, actor: Actor, at: datetime) -> ResidentProfile:
    """Store the details; empty ones are forgotten. Raises InvalidInput naming the key (``context["key"]``)."""
    if actor.kind != "resident":
        raise NotAllowed("登録情報は区民だけが持てます。", code="identity.profile")
    kept = {key: text for key in PROFILE_KEYS if (text := str(values.get(key, "")).strip()[:VALUE_MAX])}
    for key in ("family_kana", "given_kana"):
        if key in kept and not is_kana(kept[key]):
            raise InvalidInput("フリガナは、かなで入力してください。", code="identity.profile_kana", key=key)
    if "birth_date" in kept and not day_of(kept["birth_date"]):
        raise InvalidInput("生年月日を、年・月・日で入力してください。", code="identity.profile_day", key="birth_date")
    profile, _ = ResidentProfile.objects.update_or_create(
        account_id=int(actor.id), defaults={"values": kept, "updated_at": at}
    )
    audit.record(actor=actor, action="identity.profile_saved", subject=actor.ref, payload={"keys": sorted(kept)}, at=at)
    return profile
