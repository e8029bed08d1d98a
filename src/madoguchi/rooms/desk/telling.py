"""What staff are told: that a resident wrote. Owns the letters to staff; they hold a receipt number, never what it is about."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from madoguchi.engines.casework.api import SECTION_SIDE, CaseHappening, first_unread
from madoguchi.engines.identity.api import staff_addresses
from madoguchi.engines.notices.api import Recipient, send_notice


def tell_assignee_of_message(happening: CaseHappening) -> None:
    """Tell the assignee that a resident's message waits (listener of casework); once until it is read.

    A case without an assignee is found by 「メッセージの返事待ち」 in the queue and by the daily digest.
    """
    case = happening.case
    if happening.event.kind != "message_received" or case.is_sample:
        return
    to = staff_addresses([case.assignee_ref]).get(case.assignee_ref)
    if to is None:
        return
    send_notice(
        "staff_message_waiting",
        to=Recipient(email=to.email, account_id=to.account_id, name=to.name),
        lang="ja",
        context={"number": case.number, "url": settings.BASE_URL + reverse("desk:case", args=[case.number])},
        at=happening.at,
        dedupe_key=f"staff_message_waiting:{case.number}:{first_unread(case, side=SECTION_SIDE)}",
    )
