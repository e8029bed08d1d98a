"""The share of payments without cash moves with the payments, and every number opens the payments it was counted from."""

from __future__ import annotations

import datetime as dt

import pytest

from madoguchi.engines.payments.api import Line, PastCharge, PastPayment, import_charges
from madoguchi.kernel.clock import TOKYO
from madoguchi.kernel.indicators import Filters, Indicator, indicators

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_town")]
DAY = dt.date(2026, 11, 20)
WAYS = (("2026-10-31", "jumin", "local"), ("2026-11-01", "jumin", "jpqr"), ("2026-11-02", "jumin", "cash"),
        ("2026-11-03", "kenko", "konbini"), ("2026-11-04", "kenko", "el"))  # fmt: skip


def pay(day: str, section: str, provider: str, *, is_paid: bool = True) -> None:
    at = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(10), TOKYO)
    number = f"R{day[5:]}-{provider}-{int(is_paid)}"
    paid = PastPayment(provider, "code", number, 300, at, at if is_paid else None)
    charge = PastCharge(
        number,
        number,
        "juminhyo",
        section,
        "写し",
        [Line("写し", "手数料", 300, 1)],
        at,
        None,
        "system:test",
        payments=(paid,),
    )
    import_charges([charge])


def figures(item: Indicator, filters: Filters) -> dict[str, tuple[object, ...]]:
    return {
        str(line.labels[0]): tuple(figure.value for figure in line.figures) for line in item.query(DAY, filters).lines
    }


def test_the_share_moves_with_the_payments() -> None:
    item = indicators.get("cashless_by_month")
    assert figures(item, Filters())["11月"] == (0, 0, 0, 0, 0, 0, None)
    for way in WAYS:
        pay(*way)
    pay("2026-11-05", "kenko", "local", is_paid=False)
    assert figures(item, Filters())["10月"] == (1, 0, 0, 0, 0, 1, 100.0)
    assert figures(item, Filters())["11月"] == (0, 1, 1, 1, 1, 4, 50.0)
    assert figures(item, Filters(sections=frozenset({"jumin"})))["11月"] == (0, 1, 0, 0, 1, 2, 50.0)
    total = item.query(DAY, Filters()).total
    assert total is not None
    assert total.figures[-1].value == 60.0


@pytest.mark.parametrize("name", ["cashless_by_month", "cashless_by_section"])
def test_every_number_opens_its_payments(name: str) -> None:
    for way in WAYS:
        pay(*way)
    item = indicators.get(name)
    answer = item.query(DAY, Filters())
    assert answer.total is not None
    for line in (*answer.lines, answer.total):
        for figure in line.figures[:-1]:
            assert item.rows(DAY, Filters(), figure.key, "").total == figure.value
        cashless = line.figures[-1]
        part, whole = item.rows(DAY, Filters(), cashless.key, "").total, line.figures[-2].value
        assert cashless.value == (round(part * 100 / whole, 1) if whole else None)
