"""The state machines and the sums, without a database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.engines.payments.rules import (
    PAYMENT_LABELS,
    PAYMENT_STEPS,
    REFUND_EVENT_LABELS,
    REFUND_LABELS,
    REFUND_STEPS,
    TRANSFER_LABELS,
    Paid,
    balance,
    next_payment_state,
    next_refund_state,
    reduced_yen,
    share_of_next,
    share_out,
    share_refund,
)

KINDS = ["authorise", "pay", "refuse", "cancel", "expire"]


def test_every_state_has_a_label() -> None:
    assert {state for pair in PAYMENT_STEPS.items() for state in (pair[0][0], pair[1])} == set(PAYMENT_LABELS)
    assert {state for pair in REFUND_STEPS.items() for state in (pair[0][0], pair[1])} == set(REFUND_LABELS)
    assert {kind for _, kind in REFUND_STEPS} == set(REFUND_EVENT_LABELS)
    assert set(TRANSFER_LABELS) < set(REFUND_LABELS)


@given(st.permutations(KINDS * 2))
def test_money_that_arrived_counts_in_any_order_and_is_never_taken_back(kinds: list[str]) -> None:
    state = "started"
    for kind in kinds:
        after = next_payment_state(state, kind) or state
        assert not (state == "paid" and after != "paid")
        state = after
    assert state == "paid"


def test_a_refund_that_was_done_is_not_undone_by_a_refusal() -> None:
    assert next_refund_state("done", "refuse") is None
    assert next_refund_state("refused", "done") == "done"


@given(st.permutations(["send", "done", "refuse", "fail"] * 2))
def test_a_refund_that_came_back_is_not_given_in_whatever_order_that_is_learnt(kinds: list[str]) -> None:
    state = "asked"
    for kind in kinds:
        state = next_refund_state(state, kind) or state
    assert state == "failed"
    assert Paid(600, "paid", ((600, state),)).kept_yen == 600
    assert Paid(600, "paid", ((600, state),)).refundable_yen == 600


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**8), max_size=8))
def test_a_refund_is_shared_without_losing_a_yen(excess: int, available: list[int]) -> None:
    if excess > sum(available):
        with pytest.raises(ValueError, match="more"):
            share_refund(excess, available)
        return
    shares = share_refund(excess, available)
    assert sum(shares) == excess
    assert all(0 <= share <= room for share, room in zip(shares, available, strict=True))


@given(st.integers(0, 10**6), st.integers(1, 100), st.integers(0, 100))
def test_a_reduction_drops_fractions_of_a_yen(unit: int, quantity: int, percent: int) -> None:
    amount = reduced_yen(unit, quantity, percent)
    exact = unit * quantity * (100 - percent)
    assert amount * 100 <= exact < (amount + 1) * 100


def test_a_balance_counts_refunds_on_their_way_once() -> None:
    due = balance(
        [600, -300], [Paid(600, "paid", ((100, "done"), (50, "asked"), (70, "refused"))), Paid(600, "refused")]
    )
    assert (due.total_yen, due.kept_yen, due.promised_yen) == (300, 500, 450)
    assert (due.outstanding_yen, due.excess_yen, due.is_settled) == (0, 150, False)


LINES = st.lists(st.tuples(st.sampled_from("abc"), st.integers(-2_000, 3_000)), min_size=1)


@given(amount=st.integers(0, 10_000), lines=LINES)
def test_shares_add_up_and_a_sum_paid_in_full_gives_each_its_own(amount: int, lines: list[tuple[str, int]]) -> None:
    shares = share_out(amount, lines)
    assert sum(shares.values()) == amount
    assert all(yen > 0 for yen in shares.values())
    owed = {whose: sum(yen for one, yen in lines if one == whose) for whose, _ in lines}
    if all(yen >= 0 for yen in owed.values()) and all(yen > 0 for _, yen in lines):
        assert share_out(sum(owed.values()), lines) == {whose: yen for whose, yen in owed.items() if yen}


@given(before=st.integers(0, 6_000), amount=st.integers(1, 6_000), lines=LINES)
def test_a_payment_on_top_is_shared_to_the_last_yen(before: int, amount: int, lines: list[tuple[str, int]]) -> None:
    shares = share_of_next(amount, before, lines)
    assert sum(shares.values()) == amount


def test_what_was_added_later_is_paid_later_and_what_was_taken_off_is_off_its_own() -> None:
    lines = [("a", 600), ("b", 3000)]
    assert share_of_next(3600, 0, lines) == {"a": 600, "b": 3000}
    assert share_of_next(300, 3600, [*lines, ("a", 300)]) == {"a": 300}
    assert share_out(2600, [*lines, ("b", -1000)]) == {"a": 600, "b": 2000}
