"""How far a procedure was online in a year, and which procedure outweighs the others."""

from __future__ import annotations

import pytest

from madoguchi.rooms.catalogue.figures import CASHLESS, ONLINE, Count, by_stage, outlier, use_of, years_to
from madoguchi.rooms.catalogue.schema import Procedure


def procedure(id: str = "p", **more: object) -> Procedure:
    return Procedure.model_validate(
        {
            "id": id, "title": "手続", "official_name": "手続", "kana": "てつづき", "summary": "説明", "field": "分野",
            "department": "kumin", "who": "だれでも", "fee": {"text": "無料"}, "online": {"status": "none"}, **more,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("online", "year", "stage"),
    [
        ({"status": "full", "since": 2025}, 2024, "none"),
        ({"status": "full", "since": 2025}, 2025, "full"),
        ({"status": "generic"}, 2020, "generic"),
        ({"status": "none", "plan": 2026}, 2026, "none"),
    ],
)
def test_before_its_year_a_procedure_is_not_online(online: dict[str, object], year: int, stage: str) -> None:
    assert ONLINE.stage_in(procedure(online=online), year) == stage


def test_new_and_planned_are_counted_in_their_year_only() -> None:
    done, planned = (
        procedure(online={"status": "partial", "since": 2025}),
        procedure(online={"status": "none", "plan": 2026}),
    )
    assert [ONLINE.reached_in(done, year) for year in (2024, 2025, 2026)] == [False, True, False]
    assert not ONLINE.reached_in(planned, 2026)
    assert [ONLINE.planned_for(planned, year) for year in (2025, 2026)] == [False, True]


def test_what_is_not_the_offices_own_is_not_counted() -> None:
    other = procedure(online={"status": "out_of_scope", "authority": "都", "note": "都の事務"})
    assert not ONLINE.concerns(other)
    assert not CASHLESS.concerns(procedure(cashless={"status": "free"}))
    assert CASHLESS.concerns(procedure(cashless={"status": "partial", "since": 2025}))


def test_every_stage_is_named_even_when_empty() -> None:
    assert {key: len(found) for key, found in by_stage(ONLINE, [procedure()], 2026).items()} == {
        "full": 0,
        "partial": 0,
        "generic": 0,
        "none": 1,
    }


def test_the_procedure_that_outweighs_the_others_is_found() -> None:
    rows = [Count("library", 2026, 900, 800, True), *(Count(f"p{n}", 2026, 30, 3, False) for n in range(10))]
    assert outlier(rows) == "library"
    assert outlier(rows[1:]) == ""
    assert outlier(rows[:1]) == ""
    assert outlier([Count("a", 2026, 0, 0, True), Count("b", 2026, 0, 0, True)]) == ""
    assert use_of(rows).sample
    assert not use_of(rows[1:]).sample


def test_four_years_stand_side_by_side() -> None:
    assert list(years_to(2026)) == [2023, 2024, 2025, 2026]
