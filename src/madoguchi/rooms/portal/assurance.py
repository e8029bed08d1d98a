"""How surely a procedure must know who hands it in, and whether this session shows it.

Owns the decision (pure) and its enforcement at the one step where it counts: handing in online. A draft may be filled by
anybody. Staff and the counter check a person themselves and are never asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from madoguchi.engines.identity.api import proof_limit_minutes
from madoguchi.kernel.access import Actor, Proof
from madoguchi.kernel.errors import NotAllowed
from madoguchi.rooms.catalogue.api import Procedure

Lack = Literal["", "nobody", "level", "stale"]
"""What is missing: nothing, a sign-in at all, a higher level, a sign-in that is not so old."""
SHOWN_CHANNELS = frozenset({"online", "kiosk"})


@dataclass(frozen=True, slots=True)
class Need:
    """The levels that must be shown, 1 to 3."""

    identity: int = 1
    authentication: int = 1

    @property
    def is_open(self) -> bool:
        """Tell whether nothing has to be shown."""
        return self.identity == self.authentication == 1


def need_of(procedures: Iterable[Procedure]) -> Need:
    """Return what must be shown to hand these procedures in together: the highest of each level."""
    asked = [item.assurance for item in procedures if item.audience != "staff" and item.assurance.asks_sign_in]
    return Need(max([1, *(item.identity for item in asked)]), max([1, *(item.authentication for item in asked)]))


def lacking(need: Need, proof: Proof | None, *, at: dt.datetime, limit_minutes: int) -> Lack:
    """Return what a session lacks for a need; a sign-in counts for *limit_minutes* after the person was authenticated."""
    if need.is_open:
        return ""
    if proof is None:
        return "nobody"
    if proof.identity < need.identity or proof.authentication < need.authentication:
        return "level"
    return "stale" if at - proof.at > dt.timedelta(minutes=limit_minutes) else ""


def lack_of(procedures: Iterable[Procedure], channel: str, *, actor: Actor, at: dt.datetime) -> Lack:
    """Return what the actor lacks for handing these procedures in by this channel."""
    need = need_of(procedures)
    if need.is_open or channel not in SHOWN_CHANNELS:
        return ""
    return lacking(need, actor.proof, at=at, limit_minutes=proof_limit_minutes())


def demand_assurance(procedures: Iterable[Procedure], channel: str, *, actor: Actor, at: dt.datetime) -> None:
    """Raise NotAllowed unless the actor has shown enough for handing these procedures in by this channel."""
    lack = lack_of(procedures, channel, actor=actor, at=at)
    if lack:
        raise NotAllowed(
            "この手続を送るには、本人確認が要ります。",
            code="portal.assurance",
            mend="申請の確認の画面から、サインインしてください。",
            lack=lack,
        )
