"""The money of the sample year: who paid how and when, what was given back, the files of the providers, the tills.

Owns invented payments. The share of payments without cash grows over the year, as an office that opens new ways would see.
A few rows of the last files do not match, so that the page of differences has something to show.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from madoguchi.engines.casework import api as casework
from madoguchi.engines.forms import api as forms
from madoguchi.engines.payments import api as payments
from madoguchi.kernel.access import Actor
from madoguchi.kernel.clock import TOKYO
from madoguchi.rooms.catalogue.api import Procedure
from madoguchi.rooms.portal.services import fee_line

BY: Final = Actor(kind="system", id="sample", name="サンプル")
ONLINE_WAYS: Final = (("local", "card", 50), ("local", "code", 30), ("konbini", "slip", 14), ("jpqr", "code", 6))
DESK_WAYS: Final = (("cash", "cash", 100), ("local", "code", 30), ("jpqr", "code", 10))
SHARE_UNPAID, SHARE_BACK = 0.05, 0.03
FILES_OF: Final = ("local", "konbini", "jpqr")


@dataclass(slots=True)
class Owed:
    """What one application owes, as it came about; the receipt number is known only after the cases are written."""

    procedure: Procedure
    submission: forms.Submission
    raised_at: dt.datetime
    payment: payments.PastPayment | None = None
    reduction: payments.PastReduction | None = None


@dataclass(slots=True)
class Purse:
    """Draws the payments of a year that ends at *until*."""

    first: dt.date
    until: dt.datetime
    rng: random.Random
    owed: list[Owed] = field(default_factory=list)

    def charge(
        self, procedure: Procedure, submission: forms.Submission, events: list[casework.PastEvent], charging: set[str]
    ) -> None:
        """Draw what became of the fee of an application and put it into its history; *charging* are the arrows that charge."""
        if procedure.payment is None or submission.fee_yen <= 0:
            return
        place = -1
        if procedure.payment.when == "review":
            place = next((at for at, event in enumerate(events) if event.transition in charging), -2)
            if place == -2:
                return
            events.insert(place + 1, self._event("charged", events[place].at, submission.fee_yen))
            place += 1
        raised_at = events[place].at if place >= 0 else submission.submitted_at
        following = events[place + 1].at if place + 1 < len(events) else None
        owed = Owed(procedure, submission, raised_at)
        self.owed.append(owed)
        paid_at = self._paid_at(raised_at, following, submission.channel == "online")
        provider, method = self._way(submission.channel, raised_at)
        yen = submission.fee_yen
        if paid_at is None:
            owed.payment = None if provider == "cash" else self._payment(provider, method, yen, raised_at, None, None)
            return
        back = self._back(yen, paid_at, following)
        owed.payment = self._payment(provider, method, yen, raised_at, paid_at, back)
        events.insert(place + 1, self._event("paid", paid_at, yen))
        if back is not None:
            owed.reduction = payments.PastReduction(back[0], "1通を取り消したため（サンプル）", back[1])
            events.insert(place + 2, self._event("refunded", back[1], back[0]))

    def _paid_at(self, start: dt.datetime, following: dt.datetime | None, online: bool) -> dt.datetime | None:
        """Return when it was paid: before the next step was taken; None when it was not (yet)."""
        if following is None and self.rng.random() < 4 * SHARE_UNPAID:
            return None
        wanted = dt.timedelta(minutes=self.rng.randint(3, 40))
        if online and self.rng.random() < 0.4:
            wanted = dt.timedelta(hours=self.rng.randint(5, 120))
        latest = following or self.until
        at = start + min(wanted, (latest - start) / 2)
        return at if at < self.until else None

    def _way(self, channel: str, at: dt.datetime) -> tuple[str, str]:
        ways = ONLINE_WAYS
        if channel != "online":
            grown = (at.astimezone(TOKYO).date() - self.first).days / 600
            ways = tuple(
                (name, method, weight if name == "cash" else weight * grown) for name, method, weight in DESK_WAYS
            )  # type: ignore[assignment]
        name, method, _ = self.rng.choices(ways, [way[2] for way in ways])[0]
        return name, method

    def _back(self, yen: int, paid_at: dt.datetime, following: dt.datetime | None) -> tuple[int, dt.datetime] | None:
        at = paid_at + dt.timedelta(hours=2)
        if yen < 2 or at >= (following or self.until) or self.rng.random() > SHARE_BACK:
            return None
        return yen // 2, at

    def _payment(
        self, provider: str, method: str, yen: int, start: dt.datetime, paid_at: dt.datetime | None,
        back: tuple[int, dt.datetime] | None,
    ) -> payments.PastPayment:  # fmt: skip
        number = self.rng.getrandbits(90)
        refs = {"local": f"lp_{number:024x}", "konbini": f"{number % 10**21:021}", "jpqr": f"{number % 10**20:020}"}
        return payments.PastPayment(provider, method, refs.get(provider, ""), yen, start, paid_at, back)

    def _event(self, kind: str, at: dt.datetime, yen: int) -> casework.PastEvent:
        return casework.PastEvent(kind, at, "system:payments", "", payload={"yen": yen})

    def write(self, company_code: str) -> int:
        """Write the charges, match the files of each month, close the tills; return how many payments there are."""
        numbers = dict(
            casework.Case.objects.filter(submission_id__in=[item.submission.id for item in self.owed]).values_list(
                "submission_id", "number"
            )
        )
        written = payments.import_charges([_past(item, numbers[item.submission.id]) for item in self.owed])
        self._match(company_code)
        days = {"count": self._count, "by": BY.ref}
        payments.import_closings(self.until.astimezone(TOKYO).date() - dt.timedelta(days=1), **days)  # type: ignore[arg-type]
        return written

    def _match(self, company_code: str) -> None:
        months: dict[tuple[str, str], list[payments.PastPayment]] = defaultdict(list)
        settled_before = self.until - dt.timedelta(days=2)
        for item in self.owed:
            paid = item.payment
            if paid is not None and paid.provider in FILES_OF and paid.paid_at and paid.paid_at < settled_before:
                months[paid.provider, f"{paid.paid_at.astimezone(TOKYO):%Y-%m}"].append(paid)
        last = max((month for name, month in months if name == "local"), default="")
        for (name, month), found in sorted(months.items(), key=lambda item: item[0][1]):
            data = payments.settlement_file(name, found, company_code=company_code)
            if (name, month) == ("local", last):
                data = _with_differences(data, month)
            at = min(self.until, dt.datetime.combine(_next_month(month), dt.time(10, 30), TOKYO))
            payments.read_settlement(name, name=f"{name}_{month}（サンプル）.csv", data=data, actor=BY, at=at)

    def _count(self, section: str, day: dt.date, expected: int) -> tuple[int, str]:
        if self.rng.random() > 0.01:
            return expected, ""
        return max(0, expected - 100), "釣銭の渡し間違い（サンプル）"


def _past(owed: Owed, number: str) -> payments.PastCharge:
    assert owed.procedure.payment is not None
    kept: Sequence[dict[str, object]] = owed.submission.fees
    return payments.PastCharge(
        key=f"case:{number}:fee",
        case_number=number,
        procedure_id=owed.procedure.id,
        section=owed.procedure.department,
        title=owed.procedure.title.get("ja"),
        lines=[fee_line(item) for item in kept],
        raised_at=owed.raised_at,
        due_on=owed.raised_at.astimezone(TOKYO).date() + dt.timedelta(days=owed.procedure.payment.due_days),
        by=BY.ref,
        reduction=owed.reduction,
        payments=(owed.payment,) if owed.payment else (),
        is_sample=True,
    )


def _with_differences(data: bytes, month: str) -> bytes:
    """Return the file with a row of another amount, one nobody knows and one that cannot be read."""
    head, first, *rest = data.decode().splitlines()
    ref, kind, yen, fee, day = first.split(",")
    odd = [
        f"{ref},{kind},{int(yen) + 100},{fee},{day}",
        f"lp_unknown_sample,売上,300,9,{month}-15",
        f"lp_bad_sample,売上,三百円,9,{month}-15",
    ]
    return ("\n".join([head, *odd, *rest]) + "\n").encode()


def _next_month(month: str) -> dt.date:
    year, number = (int(part) for part in month.split("-"))
    return dt.date(year + number // 12, number % 12 + 1, 2)
