"""Payment providers as books in memory, one for each shape there is: what they collected and gave back is the truth.

Every call may go unanswered, before or after it was done, or the ward's process may die on it (``Crash``). What a book has to
say lies in ``said`` until the history delivers it: once, twice, late, in any order or never; what comes by file, by file.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar

from madoguchi.engines.payments.providers.base import (
    BadRow,
    BadSignature,
    KeyUsed,
    ProviderUnreachable,
    Report,
    ReportKind,
    Settled,
    Started,
    StartOrder,
)
from madoguchi.kernel import clock

T = TypeVar("T")
Shape = Literal["steps", "once", "till", "paper"]
SHAPES: Mapping[str, Shape] = {
    "stripe": "steps",
    "payjp": "steps",
    "local": "steps",
    "paypay": "once",
    "konbini": "till",
    "jpqr": "paper",
    "el": "paper",
}
CALLS = ("answer",) * 7 + ("dead", "silent", "crash")


class Crash(BaseException):
    """The ward's process died here: nothing of its transaction is kept."""


@dataclass(slots=True)
class Page:
    """A payment as the provider knows it."""

    ref: str
    key: str
    yen: int
    state: str = "open"


@dataclass(slots=True)
class Back:
    """A refund as the provider knows it."""

    ref: str
    page: Page
    yen: int
    state: str = "done"


@dataclass
class Book:
    """One provider. ``calm`` lets every call be answered."""

    id: str
    dice: random.Random
    shape: Shape
    pages: dict[str, Page] = field(default_factory=dict)
    backs: dict[str, Back] = field(default_factory=dict)
    said: list[Report] = field(default_factory=list)
    rows: list[tuple[str, Report]] = field(default_factory=list)
    calm: bool = False
    count: int = 0

    @property
    def title(self) -> str:
        return self.id

    @property
    def gives_back(self) -> bool:
        return self.shape in ("steps", "once")

    @property
    def methods(self) -> Mapping[str, str]:
        return {"any": self.id}

    @property
    def held_yen(self) -> int:
        paid = sum(page.yen for page in self.pages.values() if page.state == "collected")
        return paid - sum(back.yen for back in self.backs.values() if back.state == "done")

    def start(self, order: StartOrder) -> Started:
        return self._called(lambda: self._start(order))

    def _start(self, order: StartOrder) -> Started:
        if self.shape in ("till", "paper"):
            digits = 21 if self.shape == "till" else 20
            ref = f"{int(hashlib.sha256(order.key.encode()).hexdigest(), 16) % 10**digits:0{digits}}"
            self.pages.setdefault(ref, Page(ref, order.key, order.amount_yen))
            return Started(ref)
        if self.shape == "once":
            if order.key in self.pages:
                raise KeyUsed(order.key)
            self.pages[order.key] = Page(order.key, order.key, order.amount_yen)
            return Started(order.key, "https://pay/")
        known = next((page for page in self.pages.values() if page.key == order.key), None)
        page = known or Page(f"{self.id}_{self._number()}_{order.key[-12:]}", order.key, order.amount_yen)
        self.pages[page.ref] = page
        if page.state != "open":
            raise KeyUsed(page.ref)
        return Started(page.ref, "https://pay/")

    def keep(self, ref: str, key: str, yen: int) -> None:
        """Know a number that was issued elsewhere."""
        self.pages[ref] = Page(ref, key, yen)

    def confirm(self, ref: str, *, amount_yen: int, key: str) -> Report:
        return self._called(lambda: self._confirm(ref, amount_yen, key))

    def _confirm(self, ref: str, amount_yen: int, key: str) -> Report:
        page = self.pages[ref]
        if self.shape == "steps" and page.state == "authorised" and page.yen == amount_yen:
            if self.dice.random() < 0.05 and not self.calm:
                page.state = "cancelled"
                return Report(f"{key}:answer", "refuse", ref, page.yen, clock.now())
            self._move(page, "collected", "pay")
        return self._answer(page, key)

    def cancel(self, ref: str, *, key: str) -> Report:
        return self._called(lambda: self._cancel(ref, key))

    def _cancel(self, ref: str, key: str) -> Report:
        page = self.pages[ref]
        if self.shape == "steps" and page.state in ("open", "authorised"):
            self._move(page, "cancelled", "cancel")
        return self._answer(page, key)

    def refund(self, ref: str, *, amount_yen: int, key: str) -> Report:
        return self._called(lambda: self._refund(ref, amount_yen, key))

    def _refund(self, ref: str, amount_yen: int, key: str) -> Report:
        page, back = self.pages[ref], self.backs.get(key)
        given = [item for item in self.backs.values() if item.page is page and item.state != "failed"]
        no_more = not self.gives_back or (self.shape == "once" and bool(given))
        if back is None and (
            no_more or sum(item.yen for item in given) + amount_yen > page.yen or page.state != "collected"
        ):
            return Report(f"{key}:answer", "refund_refuse", key, amount_yen, clock.now(), key=key)
        if back is None:
            slow = self.shape == "steps" and self.dice.random() < 0.3
            back = self.backs[key] = Back(
                f"re_{self.id}_{self._number()}_{key[-12:]}", page, amount_yen, "pending" if slow else "done"
            )
            if not slow:
                self._say(Report(f"{back.ref}:done", "refund_done", back.ref, back.yen, clock.now(), key=key))
        kinds: dict[str, ReportKind] = {"done": "refund_done", "pending": "refund_sent", "failed": "refund_fail"}
        return Report(f"{key}:answer", kinds[back.state], back.ref, back.yen, clock.now(), key=key)

    def end_refunds(self) -> None:
        """Let what was on its way arrive, or fail; some of what arrived comes back later, which the file says too."""
        for key, back in self.backs.items():
            if back.state == "pending":
                back.state = "failed" if self.dice.random() < 0.3 else "done"
                self._end(key, back)
            elif back.state == "done" and self.shape == "steps" and not self.calm and self.dice.random() < 0.1:
                back.state = "failed"
                self._end(key, back)
                self.rows.append(("返金失敗", replace(self.said[-1], message_id=f"file:{back.ref}")))

    def _end(self, key: str, back: Back) -> None:
        kind: ReportKind = "refund_done" if back.state == "done" else "refund_fail"
        self._say(Report(f"{back.ref}:{kind}", kind, back.ref, back.yen, clock.now(), key=key))

    def look_up(self, ref: str) -> Report | None:
        if self.shape in ("till", "paper"):
            return None
        return self._called(lambda: self._report(self.pages[ref], f"{ref}:look_up") if ref in self.pages else None)

    def payer(self, ref: str, action: str) -> None:
        """Do what a payer does: ``pay``, ``fail`` or ``leave`` (until it expires)."""
        page = self.pages[ref]
        if page.state != "open":
            return
        if action == "pay":
            self._pay(page)
        elif action == "fail" and self.shape == "once":
            self._move(page, "refused", "refuse")
        elif action == "leave" and self.shape in ("steps", "once"):
            self._move(page, "expired", "expire")

    def _pay(self, page: Page) -> None:
        if self.shape == "steps":
            self._move(page, "authorised", "authorise")
        elif self.shape == "once":
            self._move(page, "collected", "pay")
        elif self.shape == "till":
            self._file(page, "速報", "authorise")
            if self.dice.random() < 0.3:  # the till takes it back; the payer may come again
                self._file(page, "取消", "cancel")
            else:
                page.state = "collected"
                self._file(page, "確報", "pay")
        else:
            page.state = "collected"
            self._file(page, "支払", "pay")

    def read_notification(self, headers: Mapping[str, str], body: bytes, *, at: dt.datetime) -> list[Report]:
        if headers.get("Signature") != self.id:
            raise BadSignature(self.id)
        return [self.said[int(body)]]

    def read_settlement(self, data: bytes) -> tuple[list[Settled], list[BadRow]]:
        rows = [self.rows[place] for place in json.loads(data)["rows"]]
        kinds: Mapping[str, Literal["payment", "returned"]] = {
            "確報": "payment", "支払": "payment", "返金失敗": "returned",
        }  # fmt: skip
        return [
            Settled(place, kinds[word], report.ref, report.amount_yen or 0, 0, report.happened_at.date())
            for place, (word, report) in enumerate(rows, start=2)
            if word in kinds
        ], []

    def reports_in(self, data: bytes) -> list[Report]:
        return [self.rows[place][1] for place in json.loads(data)["rows"]]

    def _file(self, page: Page, word: str, kind: ReportKind) -> None:
        self.rows.append((word, Report(f"{word}:{page.ref}:{self._number()}", kind, page.ref, page.yen, clock.now())))

    def _move(self, page: Page, state: str, kind: ReportKind) -> None:
        page.state = state
        name: dict[str, Any] = {"ref": page.ref, "key": page.key}
        if self.shape == "steps" and kind == "pay" and self.dice.random() < 0.5:
            name = {"ref": "", "key": page.key, "also": f"pi_{page.ref}"}
        self._say(Report(f"{page.ref}:{kind}", kind, amount_yen=page.yen, happened_at=clock.now(), **name))

    def _say(self, report: Report) -> None:
        self.said.append(report)

    def _report(self, page: Page, message_id: str) -> Report | None:
        kinds: dict[str, ReportKind] = {
            "authorised": "authorise", "collected": "pay", "cancelled": "cancel", "expired": "expire", "refused": "refuse",
        }  # fmt: skip
        kind = kinds.get(page.state)
        return Report(f"{message_id}:{kind}", kind, page.ref, page.yen, clock.now()) if kind else None

    def _answer(self, page: Page, key: str) -> Report:
        said = None if self.shape in ("till", "paper") else self._report(page, f"{key}:answer")
        if said is None:
            raise ProviderUnreachable(page.ref)
        return said

    def _called(self, act: Callable[[], T]) -> T:
        """Do what is asked, or not, and answer, or not."""
        mood = "answer" if self.calm else self.dice.choice(CALLS)
        if mood == "dead":
            raise ProviderUnreachable(self.id)
        answer = act()
        if mood == "silent":
            raise ProviderUnreachable(self.id)
        if mood == "crash":
            raise Crash
        return answer

    def _number(self) -> int:
        self.count += 1
        return self.count
