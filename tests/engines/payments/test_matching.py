"""消込, the till and the staff's pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from bench.ledger import add_paid_charges, settle
from tests.engines.payments.test_paying import begin, run

from madoguchi.engines.payments import selectors, services
from madoguchi.engines.payments.models import Charge, Payment, SettlementRow
from madoguchi.engines.payments.providers import local
from madoguchi.engines.payments.providers.settlement import read_csv
from madoguchi.kernel import clock
from madoguchi.kernel.errors import Conflict, InvalidInput, NotAllowed

from .conftest import AT, CASHIER

HEAD = "取引番号,区分,金額,手数料,処理日"


def read(*lines: str, encoding: str = "utf-8") -> Any:
    data = "\n".join([HEAD, *lines]).encode(encoding)
    return services.read_settlement("local", name="s.csv", data=data, actor=CASHIER, at=AT)


def results(file: Any) -> dict[int, str]:
    return dict(file.rows.values_list("row", "result"))


def pay(owed: Charge, traveller: Any, manner: str = "prompt") -> Payment:
    payment = begin(owed, "code")
    local.act_as_payer(payment.provider_ref or "", action="pay", manner=manner)
    run(traveller)
    return payment


def test_the_providers_own_file_matches_payment_and_refund(charge: Callable[..., Charge], ledger: Any) -> None:
    owed = charge()
    pay(owed, ledger)
    services.reduce_charge(owed, amount_yen=100, reason="更正", basis="", actor=CASHIER, at=clock.now())
    run(ledger)
    file = services.read_settlement(
        "local", name="local.csv", data=local.settlement_csv().encode(), actor=CASHIER, at=clock.now()
    )
    assert services.counts_of(file) == {"matched": 2}
    assert list(selectors.not_settled(actor=CASHIER, before=clock.now())) == []
    with pytest.raises(Conflict, match="すでに取り込まれて"):
        services.read_settlement("local", name="x", data=local.settlement_csv().encode(), actor=CASHIER, at=clock.now())


def test_every_difference_is_kept_and_explained(charge: Callable[..., Charge], ledger: Any) -> None:
    good = pay(charge(key="a"), ledger).provider_ref
    other = pay(charge(key="b"), ledger).provider_ref
    opened = begin(charge(key="c"), "code").provider_ref
    file = read(
        f"{good},売上,600,19,2026-11-24",
        f"{good},売上,600,19,2026-11-24",
        f"{other},売上,601,19,令和8年11月24日",
        f"{opened},売上,600,19,2026/11/24",
        "lp_nobody,売上,600,19,2026-11-24",
        "lp_x,売上,六百,19,2026-11-24",
        "lp_y,貸付,600,19,2026-11-24",
        "lp_z,売上",
        "",
        encoding="cp932",
    )
    assert results(file) == {
        2: "matched", 3: "doubled", 4: "amount_differs", 5: "not_paid_here", 6: "unknown", 7: "unreadable",
        8: "unreadable", 9: "unreadable",
    }  # fmt: skip
    again = read(f"{good},売上,600,19,2026-11-25")
    assert results(again) == {2: "doubled"}
    row = SettlementRow.objects.get(file=file, row=7)
    assert (row.text, "六百" in row.message) == ("lp_x,売上,六百,19,2026-11-24", True)
    assert selectors.differences(actor=CASHIER).count() == 8
    with pytest.raises(InvalidInput):
        services.explain_difference(row, note=" ", actor=CASHIER, at=AT)
    services.explain_difference(row, note="事業者に照会し、金額を訂正した", actor=CASHIER, at=AT)
    assert selectors.differences(actor=CASHIER).count() == 7
    assert selectors.settlement_files(actor=CASHIER).get(pk=file.pk).open == 6


@pytest.mark.parametrize("data", [b"", b"\x81\x00\xff", "番号,額\n1,2".encode()])
def test_what_is_no_settlement_file_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        read_csv(data, local.LAYOUT)


def test_the_till_is_closed_once_and_a_difference_needs_a_reason(charge: Callable[..., Charge], ledger: Any) -> None:
    services.take_cash(charge(), tendered_yen=1000, actor=CASHIER, at=AT)
    assert services.cash_of_day("kumin", AT.date()) == 600
    with pytest.raises(InvalidInput, match="600円と合いません"):
        services.close_day("kumin", AT.date(), counted_yen=500, note="", actor=CASHIER, at=AT)
    services.close_day("kumin", AT.date(), counted_yen=500, note="釣銭の渡し過ぎ", actor=CASHIER, at=AT)
    with pytest.raises(Conflict):
        services.close_day("kumin", AT.date(), counted_yen=600, note="", actor=CASHIER, at=AT)
    assert services.cash_of_day("kumin", AT.date() + dt.timedelta(days=1)) == 0


def test_income_adds_up_by_account(charge: Callable[..., Charge], ledger: Any) -> None:
    owed = charge()
    pay(owed, ledger)
    services.reduce_charge(owed, amount_yen=100, reason="更正", basis="", actor=CASHIER, at=clock.now())
    run(ledger)
    charge(services.Line("施設", "使用料", 1000, 1), key="other")
    begin_of, end = AT - dt.timedelta(days=1), AT + dt.timedelta(days=1)
    rows = selectors.income_by_account(begin_of, end, actor=CASHIER)
    assert [(row.account, row.charged_yen, row.collected_yen, row.refunded_yen) for row in rows] == [
        ("使用料", 1000, 0, 0),
        ("手数料", 500, 600, 100),
    ]


def test_the_ledger_shows_only_the_own_sections_money(charge: Callable[..., Charge], ledger: Any) -> None:
    from dataclasses import replace

    owed = charge()
    services.take_cash(owed, tendered_yen=600, actor=CASHIER, at=AT)
    clerk = replace(CASHIER, permissions=frozenset({"payments.view"}))
    other = replace(clerk, sections=frozenset({"kazei"}))
    query = selectors.LedgerQuery()
    assert len(selectors.ledger(query, actor=clerk).payments) == 1
    assert selectors.ledger(query, actor=other).payments == []
    with pytest.raises(Exception, match="見つかりません"):
        selectors.charge_of(owed.pk, actor=other)
    with pytest.raises(NotAllowed):
        selectors.differences(actor=clerk)


def test_100_rows_cost_as_many_statements_as_one(
    charge: Callable[..., Charge], ledger: Any, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(14):
        read("lp_1,売上,600,19,2026-11-24")
    with django_assert_max_num_queries(14):
        read(*(f"lp_{n},売上,600,19,2026-11-24" for n in range(100)))


def test_the_bench_fills_and_matches_and_finds_a_case_by_its_number(ledger: Any) -> None:
    add_paid_charges(100)
    measured = settle(100, 100)
    assert {key: count for key, count in measured.items() if key.startswith("rows_")} == {
        "rows_matched": 97, "rows_unknown": 1, "rows_amount_differs": 1, "rows_doubled": 1,
    }  # fmt: skip
    found = selectors.ledger(selectors.LedgerQuery(number="B77"), actor=CASHIER).payments
    assert [item.charge.case_number for item in found] == ["B77"]


def test_a_cell_too_long_to_read_costs_its_row_only() -> None:
    head, row = "取引番号,区分,金額,手数料,処理日", "lp_{},売上,300,9,2026-11-02"
    text = "\n".join([head, row.format(1), f'lp_2,"{"あ" * 140_000}",300,9,2026-11-02', row.format(3)])
    good, bad = read_csv(text.encode(), local.LAYOUT)
    assert [item.ref for item in good] == ["lp_1", "lp_3"]
    assert [(item.row, "長すぎて" in item.message) for item in bad] == [(3, True)]
