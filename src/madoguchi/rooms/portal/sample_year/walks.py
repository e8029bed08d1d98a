"""When and by whom the arrows of a case are taken: events, corrections, notes on the office's own days.

Owns the times and the actors. Promised dates and columns are not made here: casework computes them from these events.
"""

from __future__ import annotations

import datetime as dt
import random
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from madoguchi.engines.casework.api import PastCorrection, PastEvent, TransitionDefinition, WorkflowDefinition
from madoguchi.kernel.calendar import OfficeCalendar
from madoguchi.kernel.clock import TOKYO

OPENS, CLOSES = dt.time(8, 35), dt.time(17, 5)
CORRECTION_DAYS = 10
RESIDENT = "guest:anonymous"
OTHER_CLERK = ("system:sample", "担当（サンプル）")
PHRASES = {
    "reason": ("要件に合わないため（サンプル）", "書類の確認ができたため（サンプル）", "申出による（サンプル）"),
    "note": (
        "関係課に確認した（サンプル）",
        "現地の確認日を調整した（サンプル）",
        "記載の内容を台帳と照合した（サンプル）",
    ),
}
Asked = tuple[list[str], list[dict[str, Any]]]
"""The questions a correction asks about, and how the resident will mend them."""

NOTES = (
    "電話で内容を確認済み（サンプル）", "添付書類は原本と照合済み（サンプル）", "隣の係にも関係あり。写しを共有（サンプル）",
    "来庁の希望あり。日程を調整中（サンプル）",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clerk:
    """A member of the section's sample staff."""

    ref: str
    name: str
    role: str


@dataclass(slots=True)
class Walk:
    """What happened to a case after its opening."""

    events: list[PastEvent] = field(default_factory=list)
    corrections: list[PastCorrection] = field(default_factory=list)


class OfficeDays:
    """The open days of a period, by number."""

    def __init__(self, calendar: OfficeCalendar, first: dt.date, last: dt.date) -> None:
        span = (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
        self.days = [day for day in span if calendar.is_open(day)]
        self.calendar = calendar

    def number(self, day: dt.date) -> int:
        """Return the number of the first open day on or after *day*."""
        return bisect_left(self.days, day)

    def __getitem__(self, number: int) -> dt.date:
        return self.days[min(number, len(self.days) - 1)]


class Walker:
    """Walks one case along its arrows until *until*."""

    def __init__(
        self,
        workflow: WorkflowDefinition,
        *,
        days: OfficeDays,
        staff: Sequence[Clerk],
        until: dt.datetime,
        ask: Callable[[], Asked],
        rng: random.Random,
    ) -> None:
        self.workflow, self.days, self.staff = workflow, days, staff
        self.until, self.ask, self.rng = until, ask, rng
        self.at_once = False
        """Take the steps within minutes of each other: a case that must have got somewhere by now."""
        self.assignee: Clerk | None = None
        self._mended: list[dict[str, Any]] = []

    def walk(self, path: Sequence[TransitionDefinition], *, received_at: dt.datetime, office_days: int) -> Walk:
        """Return the events of a path that takes *office_days* in the office's hands, cut off at ``until``."""
        walk, now = Walk(), received_at
        places = [*sorted(self.rng.random() ** 1.3 for _ in path[1:]), 1.0]
        first, waited = self.days.number(received_at.date()), 0
        for place, step in zip(places, path, strict=False):
            if self._waits(step):
                waited += self._wait(step, walk)
            number = first + round(place * office_days) + waited
            now = (
                now + dt.timedelta(minutes=self.rng.randint(4, 30)) if self.at_once else self._moment(number, after=now)
            )
            if now > self.until:
                break
            self._take(step, walk, now)
        self._leave_with_somebody(walk, received_at)
        return walk

    def _waits(self, step: TransitionDefinition) -> bool:
        return any(self.workflow.by_state[state].kind == "waiting_resident" for state in step.from_)

    def _wait(self, step: TransitionDefinition, walk: Walk) -> int:
        if not walk.corrections or walk.corrections[-1].answered_at or walk.corrections[-1].closed_at:
            return self.rng.randint(1, 8)
        return self.rng.randint(1, 8) if step.by_resident else CORRECTION_DAYS + self.rng.randint(1, 3)

    def _moment(self, number: int, *, after: dt.datetime) -> dt.datetime:
        """Return a moment in office hours on the open day *number*, later than *after*."""
        day = self.days[number]
        moment = dt.datetime.combine(day, OPENS, TOKYO) + dt.timedelta(minutes=self.rng.randint(0, 505))
        if moment > after:
            return moment
        later = after + dt.timedelta(minutes=self.rng.randint(3, 40))
        if self.days.calendar.is_open(later.date()) and OPENS <= later.timetz().replace(tzinfo=None) <= CLOSES:
            return later
        following = self.days[self.days.number(after.date() + dt.timedelta(days=1))]
        return dt.datetime.combine(following, OPENS, TOKYO) + dt.timedelta(minutes=self.rng.randint(0, 200))

    def _take(self, step: TransitionDefinition, walk: Walk, now: dt.datetime) -> None:
        waiting = next((item for item in walk.corrections if not item.answered_at and not item.closed_at), None)
        if self._waits(step) and waiting is not None:
            if step.by_resident and step.outcome is None:
                self._answer(step, walk, waiting, now)
                return
            _replace(walk, waiting, closed_at=now)
        if step.by_resident and (step.outcome == "withdrawn" or self._waits(step)):
            payload = {"reason": "申請者の申出による（サンプル）"} if step.requires else {}
            walk.events.append(PastEvent(step.event or "advanced", now, RESIDENT, "", step.id, payload))
            return
        clerk = self._clerk(step, walk, now)
        if step.is_correction:
            self._ask(step, walk, clerk, now)
            return
        walk.events.append(PastEvent(step.event or "advanced", now, *clerk, step.id, self._payload(step, now)))
        if self.staff and self.rng.random() < 0.05:
            walk.events.append(PastEvent("noted", now, *clerk, note=self.rng.choice(NOTES)))

    def _clerk(self, step: TransitionDefinition, walk: Walk, now: dt.datetime) -> tuple[str, str]:
        """Return who takes the step; the first one of the section takes the case on."""
        if self.assignee is None and self.staff and self.rng.random() < 0.9:
            self._assign(walk, now)
        if self.assignee is not None and self.assignee.role in step.who:
            return self.assignee.ref, self.assignee.name
        able = [clerk for clerk in self.staff if clerk.role in step.who]
        if not able:
            return OTHER_CLERK
        chosen = self.rng.choice(able)
        return chosen.ref, chosen.name

    def _assign(self, walk: Walk, now: dt.datetime) -> None:
        clerks = [clerk for clerk in self.staff if clerk.role == "clerk"] or list(self.staff)
        self.assignee = self.rng.choice(clerks)
        payload = {"assignee_ref": self.assignee.ref, "assignee_name": self.assignee.name}
        walk.events.append(PastEvent("assigned", now, self.assignee.ref, self.assignee.name, payload=payload))

    def _leave_with_somebody(self, walk: Walk, received_at: dt.datetime) -> None:
        """Give some of the untouched cases to somebody all the same."""
        if walk.events or not self.staff or self.rng.random() > 0.35:
            return
        now = self._moment(self.days.number(received_at.date()) + self.rng.randint(0, 2), after=received_at)
        if now <= self.until:
            self._assign(walk, now)

    def _payload(self, step: TransitionDefinition, now: dt.datetime) -> dict[str, Any]:
        payload: dict[str, Any] = {name: self.rng.choice(PHRASES[name]) for name in step.requires if name in PHRASES}
        if "due" in step.requires:
            payload["due_on"] = self._due(now).isoformat()
        return payload

    def _due(self, now: dt.datetime) -> dt.date:
        return self.days.calendar.add_office_days(now.date(), CORRECTION_DAYS)

    def _ask(self, step: TransitionDefinition, walk: Walk, clerk: tuple[str, str], now: dt.datetime) -> None:
        fields, self._mended = self.ask()
        reasons = self.workflow.correction_reasons
        reason = self.rng.choice(reasons) if reasons else None
        message = reason.message.get("ja") if reason else "次の項目を確かめて、直してください。"
        correction = PastCorrection(fields, reason.id if reason else "", message, self._due(now), now, *clerk)
        walk.corrections.append(correction)
        payload = {
            "fields": fields, "reason": message, "reason_id": correction.reason_id, "due_on": correction.due_on.isoformat(),
        }  # fmt: skip
        walk.events.append(PastEvent("correction_requested", now, *clerk, step.id, payload))

    def _answer(self, step: TransitionDefinition, walk: Walk, correction: PastCorrection, now: dt.datetime) -> None:
        _replace(walk, correction, answered_at=now, changes=self._mended)
        payload = {"fields": [change["field"] for change in self._mended]}
        walk.events.append(PastEvent("correction_answered", now, RESIDENT, "", step.id, payload))


def _replace(walk: Walk, correction: PastCorrection, **values: Any) -> None:
    walk.corrections[walk.corrections.index(correction)] = replace(correction, **values)
