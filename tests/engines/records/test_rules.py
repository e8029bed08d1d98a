"""When data may go: years from the April after the end, days from the end, the rule that names the outcome first."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from madoguchi.engines.records.rules import ended_before, goes_on, policy_of, rule_for
from madoguchi.engines.records.schema import RetentionRule

DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))
RULES = st.builds(RetentionRule, what=st.just("case"), days=st.integers(1, 4000)) | st.builds(
    RetentionRule, what=st.just("case"), years=st.integers(1, 30)
)


@pytest.mark.parametrize(
    ("ended_on", "first"),
    [(date(2026, 4, 1), date(2028, 4, 1)), (date(2027, 3, 31), date(2028, 4, 1)), (date(2027, 4, 1), date(2029, 4, 1))],
)
def test_a_year_is_counted_from_the_april_after_the_end(ended_on: date, first: date) -> None:
    assert goes_on(RetentionRule(what="case", years=1), ended_on) == first


@given(RULES, DAYS, st.integers(-3, 3))
def test_the_bound_of_the_query_is_the_reverse_of_the_day(rule: RetentionRule, ended_on: date, off: int) -> None:
    as_of = goes_on(rule, ended_on) + timedelta(days=off)
    assert (ended_on < ended_before(rule, as_of)) == (as_of >= goes_on(rule, ended_on))


def test_a_policy_is_whole_and_the_named_outcome_goes_first() -> None:
    named = RetentionRule(what="case", days=30, outcomes=["withdrawn"], then="delete")
    policy = policy_of(5, [named])
    assert rule_for(policy, "case", "withdrawn") == named
    general = rule_for(policy, "case", "approved")
    assert general is not None
    assert (general.years, general.then) == (5, "anonymise")
    assert rule_for(policy, "drafts", "") is not None
    assert rule_for(policy_of(None, []), "case", "approved") is None, "what no rule names never goes by itself"


@pytest.mark.parametrize(
    "data",
    [
        {"what": "case"},
        {"what": "case", "days": 1, "years": 1},
        {"what": "attachments", "days": 1},
        {"what": "drafts", "years": 1, "then": "delete"},
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        RetentionRule.model_validate(data)
