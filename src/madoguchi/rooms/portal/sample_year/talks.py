"""Messages in the sample year: some applicants ask something, most get an answer, so that no page of messages is empty.

Owns the words and how often. Has dice of its own, so that everything else of the sample year stays as it was.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence

from madoguchi.engines.casework.api import PastEvent
from madoguchi.kernel.clock import TOKYO

from .walks import OPENS, OTHER_CLERK, RESIDENT, Clerk, OfficeDays, Walk

SHARE, SHARE_ANSWERED = 0.05, 0.75
TALKS = {
    "ja": (
        ("いつごろ終わりますか。（サンプル）", "予定日はこのページの「今の状況」のとおりです。（サンプル）"),
        ("引っ越しで電話番号が変わりました。（サンプル）", "承知しました。新しい番号に直しました。（サンプル）"),
        ("書類の写真は、これで読めますか。（サンプル）", "はい、読めました。このまま進めます。（サンプル）"),
    ),
    "easy": (("いつ おわりますか。（サンプル）", "この ページの「いま」を 見て ください。（サンプル）"),),
    "en": (("When will it be done? (sample)", "The expected date is under “Now” on this page. (sample)"),),
}


class Talker:
    """Adds messages to the history of some cases."""

    def __init__(self, *, days: OfficeDays, until: dt.datetime, seed: int) -> None:
        self.days, self.until = days, until
        self.dice = random.Random(seed)  # noqa: S311 - sample data, not secrets

    def talk(self, walk: Walk, *, received_at: dt.datetime, lang: str, staff: Sequence[Clerk]) -> None:
        """Let the applicant of a case ask something after what happened last, and somebody answer, before ``until``."""
        if self.dice.random() >= SHARE:
            return
        question, answer = self.dice.choice(TALKS.get(lang, TALKS["ja"]))
        asked_at = self._later(walk.events[-1].at if walk.events else received_at)
        if asked_at >= self.until:
            return
        walk.events.append(PastEvent("message_received", asked_at, RESIDENT, note=question))
        answered_at = self._later(asked_at)
        if self.dice.random() < SHARE_ANSWERED and answered_at < self.until:
            clerk = self.dice.choice(staff) if staff else None
            who = (clerk.ref, clerk.name) if clerk else OTHER_CLERK
            walk.events.append(PastEvent("message_sent", answered_at, *who, note=answer))

    def _later(self, at: dt.datetime) -> dt.datetime:
        """Return a moment of office hours on the next open day after a moment."""
        day = self.days[self.days.number(at.astimezone(TOKYO).date() + dt.timedelta(days=1))]
        return dt.datetime.combine(day, OPENS, TOKYO) + dt.timedelta(minutes=self.dice.randint(0, 500))
