"""The one write of this room: the record that figures were taken out of the house."""

from __future__ import annotations

from datetime import datetime

from madoguchi.kernel.access import Actor
from madoguchi.kernel.audit import record
from madoguchi.kernel.errors import InvalidInput
from madoguchi.kernel.indicators import Indicator
from madoguchi.rooms.indicators.scope import Asked

PURPOSES: dict[str, str] = {
    "internal": "庁内の報告・検討",
    "assembly": "議会・委員会への報告",
    "improvement": "業務の改善",
    "publication": "公表資料の作成",
}


def record_export(
    *, actor: Actor, indicator: Indicator, asked: Asked, key: str, rows: int, purpose: str, at: datetime
) -> None:
    """Record who took which figures (with a *key*: which rows) out, for what, and how many rows.

    Raises InvalidInput for an unknown purpose.
    """
    if purpose not in PURPOSES:
        raise InvalidInput(
            "保存する目的を選んでください。", code="indicators.purpose", mend="目的を一つ選んでください。"
        )
    record(
        actor=actor,
        action="indicators.exported",
        subject=f"indicator:{indicator.id}",
        payload={
            "key": key,
            "rows": rows,
            "purpose": purpose,
            "department": asked.filters.department,
            "fiscal_year": asked.filters.fiscal_year,
            "as_of": asked.as_of,
        },
        at=at,
    )
