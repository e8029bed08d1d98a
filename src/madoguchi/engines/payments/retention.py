"""The engine's kind of personal data for retention: who paid. The books themselves stay (地方自治法の会計の記録)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet, Sum

from madoguchi.kernel.retention import DataClass, Holding, How, data_classes

from .models import Charge


def register() -> None:
    """Register the class."""
    data_classes.register("payments", DataClass("payments", "納付した方の名寄せ", _count, _export, _erase, order=60))


def _charges(holding: Holding) -> QuerySet[Charge]:
    mine = Q(case_number__in=holding.cases)
    return Charge.objects.filter(mine | Q(payer_ref=holding.account) if holding.account else mine)


def _count(holding: Holding) -> int:
    return _charges(holding).exclude(payer_ref="").count()


def _export(holding: Holding) -> list[dict[str, Any]]:
    rows = _charges(holding).annotate(total_yen=Sum("lines__amount_yen"))
    return [
        {
            "number": item.case_number,
            "title": item.title,
            "raised_at": item.raised_at.isoformat(),
            "yen": item.total_yen,
        }
        for item in rows
    ]


def _erase(holding: Holding, how: How) -> int:
    """Take the payer off the charges; amounts and accounts stay, whichever way is asked."""
    return _charges(holding).exclude(payer_ref="").update(payer_ref="")
