"""What staff are told: that a resident wrote, and every morning which promised days are near.

Owns the letters to staff; they hold a receipt number or counts, never a name or what a case is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from madoguchi.engines.casework.api import SECTION_SIDE, AlarmCounts, CaseHappening, alarms_by, first_unread
from madoguchi.engines.identity.api import StaffAddress, staff_addresses, staff_in_roles
from madoguchi.engines.notices.api import Recipient, delivery, send_notice
from madoguchi.kernel import municipality
from madoguchi.kernel.clock import TOKYO
from madoguchi.rooms.catalogue.api import departments


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


def tell_of_the_day(*, at: datetime) -> int:
    """Tell assignees, and nearer the day the chiefs of their sections, what waits today; return how many were told.

    Once a day for each person, on days on which the office is open. What is told is counts; who has nothing to do is not
    told anything. How many office days before is data of the ward (``notices.yaml``, ``alarms``).
    """
    today, calendar = at.astimezone(TOKYO).date(), municipality.current().calendar
    if not calendar.is_open(today):
        return 0
    alarms = delivery().alarms
    told = 0
    if alarms.assignee_days:
        near = calendar.add_office_days(today, alarms.assignee_days)
        mine = alarms_by("assignee_ref", today=today, due_by=near)
        for ref, to in staff_addresses(mine).items():
            _send("staff_digest", f"{ref}:{today}", to, mine[ref], page="?assignee=me&order=due", at=at)
            told += 1
    if alarms.chief_days or alarms.unassigned_days:
        told += _tell_chiefs(at=at)
    return told


def _tell_chiefs(*, at: datetime) -> int:
    """Tell the chiefs of each section; one who looks after several sections gets a letter for each."""
    alarms, calendar = delivery().alarms, municipality.current().calendar
    today = at.astimezone(TOKYO).date()
    near = calendar.add_office_days(today, alarms.chief_days) if alarms.chief_days else today
    old = calendar.add_office_days(today, -alarms.unassigned_days) if alarms.unassigned_days else None
    sections = alarms_by("section", today=today, due_by=near, received_by=old)
    chiefs = staff_in_roles(alarms.chief_roles, at=at)
    names: Mapping[str, str] = {key: item.name for key, item in departments().items()}
    people = staff_addresses({ref for section in sections for ref in chiefs.get(section, [])})
    told = 0
    for section, counts in sections.items():
        if not (counts.due or counts.late or counts.unassigned):
            continue
        for ref in chiefs.get(section, []):
            if ref in people:
                page = f"?section={section}&order=due"
                about = f"{ref}:{section}:{today}"
                _send("staff_chief_alarm", about, people[ref], counts, office=names[section], page=page, at=at)
                told += 1
    return told


def _send(
    letter: str, about: str, to: StaffAddress, counts: AlarmCounts, *, at: datetime, page: str, office: str = ""
) -> None:
    """Send counts; a line whose count is 0 is left out."""
    numbers = {
        "due_count": counts.due,
        "late_count": counts.late,
        "reply_count": counts.reply,
        "unassigned_count": counts.unassigned,
    }
    send_notice(
        letter,
        to=Recipient(email=to.email, account_id=to.account_id, name=to.name),
        lang="ja",
        context={
            "url": settings.BASE_URL + reverse("desk:queue") + page,
            "office": office,
            **{name: str(count) if count else "" for name, count in numbers.items()},
        },
        at=at,
        dedupe_key=f"{letter}:{about}",
    )
