"""The engine's kind of personal data for retention: notices with their addresses and words."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from madoguchi.kernel.retention import DataClass, Holding, How, data_classes

from .models import Choice, Contact, Notice


def register() -> None:
    """Register the class."""
    contacts = DataClass("contacts", "連絡先と届け方", _count_ways, _export_ways, _erase_ways, order=45)
    data_classes.register("contacts", contacts)
    data_classes.register("notices", DataClass("notices", "送ったお知らせ", _count, _export, _erase, order=40))


def _notices(holding: Holding) -> QuerySet[Notice]:
    mine = Q(case_number__in=holding.cases)
    return Notice.objects.filter(mine | Q(account_id=holding.account_id) if holding.account_id else mine)


def _count(holding: Holding) -> int:
    return _notices(holding).count()


def _export(holding: Holding) -> list[dict[str, Any]]:
    return [
        {
            "number": item.case_number,
            "sent_at": item.created_at.isoformat(),
            "channels": item.channels,
            "email": item.email,
            "subject": item.subject,
            "body": item.body,
        }
        for item in _notices(holding)
    ]


def _erase(holding: Holding, how: How) -> int:
    """Delete the notices either way: without address and words nothing of them would be left."""
    return _notices(holding).delete()[1].get("notices.Notice", 0)


def _owners(holding: Holding) -> set[str]:
    return {f"case:{number}" for number in holding.cases} | (
        {f"account:{holding.account_id}"} if holding.account_id else set()
    )


def _count_ways(holding: Holding) -> int:
    owners = _owners(holding)
    return Contact.objects.filter(owner__in=owners).count() + Choice.objects.filter(owner__in=owners).count()


def _export_ways(holding: Holding) -> list[dict[str, Any]]:
    owners = _owners(holding)
    rows: list[dict[str, Any]] = [
        {"kind": "contact", "channel": item.channel, "value": item.value}
        for item in Contact.objects.filter(owner__in=owners)
    ]
    return rows + [
        {"kind": "choice", "about": item.kind, "channels": item.channels}
        for item in Choice.objects.filter(owner__in=owners)
    ]


def _erase_ways(holding: Holding, how: How) -> int:
    """Delete the addresses and choices either way."""
    owners = _owners(holding)
    return Contact.objects.filter(owner__in=owners).delete()[0] + Choice.objects.filter(owner__in=owners).delete()[0]
