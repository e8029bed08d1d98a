"""減免の確認: staff look at what proves an exemption. When it is refused, the fee is corrected by a further line, never edited."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db import transaction

from madoguchi.kernel.access import Actor
from madoguchi.kernel.audit import record
from madoguchi.kernel.errors import Conflict, InvalidInput
from madoguchi.kernel.registry import Registry

from ..models import ChargeLine, ExemptionCheck
from .charging import lock_charge

ChargedListener = Callable[[ChargeLine, datetime], None]
on_charged_more: Final[Registry[ChargedListener]] = Registry("追加の調定の受け手")
"""Called in the transaction in which a line was added that makes the payer owe more."""


def needs_check(line: ChargeLine) -> bool:
    """Tell whether a line was reduced and nobody has looked at the proof yet."""
    return bool(line.exemption_id) and line.percent_off > 0 and not hasattr(line, "exemption_check")


@transaction.atomic
def check_exemption(line: ChargeLine, *, accepted: bool, reason: str, actor: Actor, at: datetime) -> ExemptionCheck:
    """Note that an exemption was accepted, or refuse it with a reason and charge what was taken off.

    Raises Conflict (nothing to check, or checked already), InvalidInput (refused without a reason), NotAllowed.
    """
    actor.demand("payments.reduce")
    charge = lock_charge(line.charge)
    line = ChargeLine.objects.select_related("exemption_check").get(pk=line.pk)
    if not needs_check(line):
        raise Conflict(
            "この減免は、すでに確認されているか、確認するものではありません。", code="payments.exemption_checked"
        )
    if not accepted and not reason.strip():
        raise InvalidInput(
            "認めない理由を入力してください。", code="payments.exemption_reason", mend="例：書類の期限切れ"
        )
    check = ExemptionCheck.objects.create(
        line=line, accepted=accepted, reason=reason.strip()[:200], at=at, by=actor.ref
    )
    if not accepted:
        yen = line.unit_yen * line.quantity - line.amount_yen
        further = ChargeLine.objects.create(
            charge=charge, seq=charge.lines.count() + 1, case_number=line.case_number, section=line.section,
            title=f"減免を認めない：{line.exemption_title}"[:200], account=line.account, rate_id=line.rate_id, unit_yen=yen,
            quantity=1, exemption_source=line.exemption_source, amount_yen=yen, added_at=at, added_by=actor.ref,
        )  # fmt: skip
        for listener in on_charged_more.all():
            listener(further, at)
    record(
        actor=actor,
        action="payments.accept_exemption" if accepted else "payments.refuse_exemption",
        subject=f"charge:{charge.id}",
        payload={"case": line.case_number or charge.case_number, "line": line.seq},
        at=at,
    )
    return check
