"""Until when somebody may act for another, and what for; whatever is not plainly allowed is refused."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.engines.identity.delegation_rules import (
    Terms,
    add_months,
    comes_of_age_on,
    covers,
    faults_of,
    last_day,
    may_act,
    number_fits,
    state_of,
)
from madoguchi.engines.identity.delegation_schema import DelegationKind

TODAY = date(2026, 11, 2)


def kind(**more: object) -> DelegationKind:
    given = {
        "id": "voluntary",
        "title": "任意代理人",
        "capacity": "任意代理人として",
        "way": "given",
        "grounds": ["委任"],
        "max_months": 12,
        "valid_from": date(2020, 1, 1),
        "status": "sample",
        "source": "見本",
    }
    return DelegationKind.model_validate({**given, **more})


PARENT = kind(id="parental", way="statutory", ends_at_age=18, max_months=None)


def terms(**more: object) -> Terms:
    given = {
        "kind": "voluntary",
        "scope": "list",
        "values": ("juminhyo",),
        "valid_from": TODAY,
        "valid_to": date(2027, 3, 31),
        "offered_on": TODAY,
    }
    return Terms(**{**given, **more})  # type: ignore[arg-type]


def code(
    events: list[str],
    *,
    of: DelegationKind | None = None,
    day: date = TODAY,
    forbidden: tuple[str, ...] = (),
    **more: object,
) -> str:
    verdict = may_act(
        terms(**more), events, kind=of or kind(), procedure_id="juminhyo", field="証明", forbidden=forbidden, day=day
    )
    assert verdict.allowed is (verdict.code == "")
    return verdict.code


ACCEPTED = ["offered", "accepted"]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        (ACCEPTED, ""),
        (["requested", "approved"], ""),
        ([], "offered"),
        (["offered"], "offered"),
        (["requested"], "requested"),
        (["offered", "declined"], "declined"),
        (["requested", "refused"], "refused"),
        ([*ACCEPTED, "revoked"], "revoked"),
        ([*ACCEPTED, "resigned"], "resigned"),
        ([*ACCEPTED, "revoked", "accepted"], "revoked"),
    ],
)
def test_only_what_was_accepted_and_not_ended_holds(events: list[str], expected: str) -> None:
    assert code(events) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2026, 11, 1), "not_yet"), (TODAY, ""), (date(2027, 3, 31), ""), (date(2027, 4, 1), "ended")],
)
def test_both_days_of_the_period_belong_to_it(day: date, expected: str) -> None:
    assert code(ACCEPTED, day=day) == expected


def test_an_invitation_lapses_after_two_weeks() -> None:
    assert state_of(terms(), ["offered"], kind=kind(), day=date(2026, 11, 16)) == "offered"
    assert state_of(terms(), ["offered"], kind=kind(), day=date(2026, 11, 17)) == "lapsed"


def test_the_procedure_and_its_field_decide_what_is_covered() -> None:
    assert code(ACCEPTED, values=("tenshutsu",)) == "out_of_scope"
    assert code(ACCEPTED, scope="field", values=("証明",)) == ""
    assert code(ACCEPTED, scope="field", values=("税",)) == "out_of_scope"
    assert code(ACCEPTED, scope="all", values=()) == ""
    assert not covers(terms(scope="list", values=()), procedure_id="juminhyo", field="証明")


def test_a_procedure_may_refuse_kinds() -> None:
    assert code(ACCEPTED, forbidden=("voluntary",)) == "forbidden"
    assert code(ACCEPTED, forbidden=("*",)) == "forbidden"
    assert code(ACCEPTED, forbidden=("gyoseishoshi",)) == ""


def test_a_kind_the_ward_no_longer_knows_opens_nothing() -> None:
    verdict = may_act(terms(), ACCEPTED, kind=None, procedure_id="juminhyo", field="", forbidden=(), day=TODAY)
    assert (verdict.allowed, verdict.code) == (False, "unknown_kind")
    assert code(ACCEPTED, of=kind(valid_to=date(2026, 11, 1))) == "ended"


@pytest.mark.parametrize(
    ("born_on", "last"),
    [
        (date(2008, 11, 3), date(2026, 11, 2)),
        (date(2008, 11, 2), date(2026, 11, 1)),
        (date(2008, 2, 29), date(2026, 2, 28)),
    ],
)
def test_a_parent_represents_until_the_day_before_the_eighteenth_birthday(born_on: date, last: date) -> None:
    mine = terms(kind="parental", born_on=born_on, valid_to=None)
    assert last_day(mine, PARENT) == last
    expected = "" if last >= TODAY else "ended"
    assert code(["requested", "approved"], of=PARENT, born_on=born_on, valid_to=None) == expected


@given(st.dates(date(1950, 1, 1), date(2080, 12, 31)), st.integers(15, 30))
def test_coming_of_age_is_never_a_day_early(born_on: date, age: int) -> None:
    day = comes_of_age_on(born_on, age)
    assert day.year - born_on.year == age
    assert (day.month, day.day) >= (born_on.month, born_on.day)


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"valid_from": date(2026, 11, 1)}, "starts_in_past"),
        ({"valid_to": date(2026, 11, 1)}, "ends_before_start"),
        ({"valid_to": None}, "too_long"),
        ({"valid_to": date(2027, 11, 2)}, "too_long"),
        ({"values": ()}, "scope_values"),
    ],
)
def test_terms_that_cannot_be_are_named(more: dict[str, object], fault: str) -> None:
    assert faults_of(terms(), kind(), today=TODAY) == []
    assert faults_of(terms(valid_to=date(2027, 11, 1)), kind(), today=TODAY) == []
    assert fault in faults_of(terms(**more), kind(), today=TODAY)


def test_a_narrow_kind_takes_no_wide_scope_and_a_minor_needs_a_birthday() -> None:
    assert faults_of(terms(scope="all"), kind(scopes=["list"]), today=TODAY) == ["scope"]
    assert faults_of(terms(valid_to=None), PARENT, today=TODAY) == ["born_on"]


def test_months_end_the_day_before_the_same_date() -> None:
    assert add_months(date(2026, 11, 2), 12) == date(2027, 11, 1)
    assert add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert add_months(date(2026, 12, 1), 1) == date(2026, 12, 31)


def test_a_registration_number_looks_like_one() -> None:
    scrivener = kind(number={"label": "登録番号", "pattern": "[0-9]{8}"})
    assert number_fits(scrivener, "12345678")
    assert not number_fits(scrivener, "1234-5678")
    assert number_fits(kind(), "")
