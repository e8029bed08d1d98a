"""The local provider: behaves as a real one does (own page, two steps, signed notifications that come late, twice, out of
order or never, refusals, calls without an answer). The default in demo and tests; it moves no money.

Its own side of the story is in ``LocalSession`` and ``LocalRefund``; the ward's services learn of it only through the calls
of the interface and through notifications over HTTP.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from madoguchi.kernel import clock, jobs
from madoguchi.kernel.ids import uuid7

from ..models import LocalRefund, LocalSession
from . import signing
from .base import BadRow, ProviderUnreachable, Report, ReportKind, Settled, Started, StartOrder
from .settlement import Layout, read_csv

HEADER: Final = "Madoguchi-Pay-Signature"
MANNERS: Final[dict[str, str]] = {
    "prompt": "すぐに知らせる",
    "late": "2分遅れて知らせる",
    "doubled": "同じ通知を2回送る",
    "reordered": "順序を入れ替えて送る",
    "doubled_late": "2分遅れて2回送る",
    "never": "知らせない",
}
LATE: Final = timedelta(minutes=2)
LAYOUT: Final = Layout(
    {"ref": "取引番号", "kind": "区分", "gross": "金額", "fee": "手数料", "on": "処理日"},
    frozenset({"売上"}),
    frozenset({"返金"}),
)
_AS_REPORT: Final[dict[str, ReportKind]] = {
    "authorised": "authorise",
    "collected": "pay",
    "refused": "refuse",
    "cancelled": "cancel",
    "expired": "expire",
}


class LocalProvider:
    """See the module."""

    id = "local"
    title = "試験用の決済"
    gives_back = True
    methods: Mapping[str, str] = {"card": "クレジットカード（試験用）", "code": "コード決済（試験用）"}

    def start(self, order: StartOrder) -> Started:
        """Open a payment page; the same key opens the same page."""
        now = clock.now()
        session, _ = LocalSession.objects.get_or_create(
            key=order.key,
            defaults={
                "ref": f"lp_{uuid7().hex[:24]}", "method": order.method, "amount_yen": order.amount_yen,
                "title": order.title, "return_url": order.return_url, "cancel_url": order.cancel_url,
                "opened_at": now, "changed_at": now,
            },
        )  # fmt: skip
        return Started(session.ref, reverse("payments:local", args=[session.ref]))

    def confirm(self, ref: str, *, amount_yen: int, key: str) -> Report:
        """Collect an approved payment."""
        session = _locked(ref)
        if session.state == "authorised" and session.amount_yen == amount_yen:
            _move(session, "collected")
        _answer_or_not(session)
        return _report(session, f"{key}:answer")

    def cancel(self, ref: str, *, key: str) -> Report:
        """Give up what was not collected."""
        session = _locked(ref)
        if session.state in ("open", "authorised"):
            _move(session, "cancelled")
        _answer_or_not(session)
        return _report(session, f"{key}:answer")

    def refund(self, ref: str, *, amount_yen: int, key: str) -> Report:
        """Give back at most what was collected; the same key gives back once."""
        session = _locked(ref)
        given = sum(session.refunds.exclude(key=key).values_list("amount_yen", flat=True))
        known = session.refunds.filter(key=key).first()
        if known is None and (session.state != "collected" or given + amount_yen > session.amount_yen):
            return Report(f"{key}:answer", "refund_refuse", f"lr_refused_{key}", amount_yen, clock.now())
        refund = known or LocalRefund.objects.create(
            ref=f"lr_{uuid7().hex[:24]}", key=key, session=session, amount_yen=amount_yen, at=clock.now()
        )
        if known is None:
            notify(session, "refund_done", ref=refund.ref, yen=amount_yen)
        _answer_or_not(session)
        return Report(f"{key}:answer", "refund_done", refund.ref, amount_yen, refund.at)

    def look_up(self, ref: str) -> Report | None:
        """Return where a payment stands."""
        session = LocalSession.objects.filter(ref=ref).first()
        return _report(session, f"{ref}:look_up:{session.state}") if session and session.state != "open" else None

    def read_notification(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> list[Report]:
        """Read a signed notification."""
        signing.check(headers.get(HEADER, ""), body, secret=settings.PAYMENTS_LOCAL_SECRET, at=at)
        said: dict[str, Any] = json.loads(body)
        return [
            Report(
                str(said["id"])[:120],
                said["kind"],
                str(said["ref"])[:120],
                int(said["amount_yen"]),
                datetime.fromisoformat(said["happened_at"]),
            )
        ]

    def read_settlement(self, data: bytes) -> tuple[list[Settled], list[BadRow]]:
        """Read the CSV that ``/pay/local/settlement.csv`` gives."""
        return read_csv(data, LAYOUT)

    def reports_in(self, data: bytes) -> list[Report]:
        """Return nothing: everything was notified."""
        return []


@transaction.atomic
def act_as_payer(ref: str, *, action: str, manner: str, silent_calls: int = 0) -> LocalSession:
    """Do on the provider's page what the payer chose (``pay``, ``refuse``, ``abandon``); the notifications follow *manner*."""
    session = _locked(ref)
    session.manner, session.silent_calls = manner if manner in MANNERS else "prompt", silent_calls
    session.save(update_fields=["manner", "silent_calls"])
    if session.state == "open" and action == "pay":
        _move(session, "authorised" if session.method == "card" else "collected")
    elif session.state == "open" and action == "refuse":
        _move(session, "refused")
    return session


def notify(session: LocalSession, kind: ReportKind, *, ref: str, yen: int) -> None:
    """Queue the notification of what happened, in the manner the session was told to have."""
    if session.manner == "never":
        return
    late = session.manner in ("late", "doubled_late") or (session.manner == "reordered" and kind == "authorise")
    at = clock.now()
    body = {"id": f"{ref}:{kind}", "kind": kind, "ref": ref, "amount_yen": yen, "happened_at": at.isoformat()}
    for _ in range(2 if "doubled" in session.manner else 1):
        jobs.enqueue("payments.local_notify", not_before=at + LATE if late else None, body=body)


def _post(url: str, body: bytes, headers: Mapping[str, str]) -> None:
    request = urllib.request.Request(url, data=body, headers=dict(headers), method="POST")  # noqa: S310 - own address
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        answer.read()


post: Callable[[str, bytes, Mapping[str, str]], None] = _post


def deliver(body: Mapping[str, Any], *, at: datetime) -> None:
    """Post a signed notification to the ward's address; any fault is raised, so that the queue tries again."""
    data = json.dumps(body, sort_keys=True).encode()
    headers = {
        "Content-Type": "application/json",
        HEADER: signing.sign(data, secret=settings.PAYMENTS_LOCAL_SECRET, at=at),
    }
    post(settings.BASE_URL + reverse("payments:notify", args=["local"]), data, headers)


def settlement_csv(*, fee_permille: int = 32) -> str:
    """Return what was collected and given back as the provider's settlement file (fees: *fee_permille*, rounded down)."""
    lines = ["取引番号,区分,金額,手数料,処理日"]
    for item in LocalSession.objects.filter(state="collected").order_by("changed_at"):
        fee = item.amount_yen * fee_permille // 1000
        lines.append(f"{item.ref},売上,{item.amount_yen},{fee},{item.changed_at.astimezone(clock.TOKYO):%Y-%m-%d}")
    for back in LocalRefund.objects.order_by("at"):
        lines.append(f"{back.ref},返金,{back.amount_yen},0,{back.at.astimezone(clock.TOKYO):%Y-%m-%d}")
    return "\n".join(lines) + "\n"


def _locked(ref: str) -> LocalSession:
    return LocalSession.objects.select_for_update().get(ref=ref)


def _move(session: LocalSession, state: str) -> None:
    session.state, session.changed_at = state, clock.now()
    session.save(update_fields=["state", "changed_at"])
    notify(session, _AS_REPORT[state], ref=session.ref, yen=session.amount_yen)


def _report(session: LocalSession, message_id: str) -> Report:
    return Report(
        message_id, _AS_REPORT.get(session.state, "expire"), session.ref, session.amount_yen, session.changed_at
    )


def _answer_or_not(session: LocalSession) -> None:
    """Do what was asked but give no answer, as often as the session was told."""
    if session.silent_calls:
        session.silent_calls -= 1
        session.save(update_fields=["silent_calls"])
        raise ProviderUnreachable(session.ref)
