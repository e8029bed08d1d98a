"""When data may go: pure decisions from a policy and the day a case ended. No Django."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from madoguchi.engines.records.schema import RetentionRule

DRAFT_DAYS = 30
CLASSES: dict[str, tuple[str, ...]] = {
    "case": (
        "drafts",
        "attachments",
        "signatures",
        "proofs",
        "correspondence",
        "notices",
        "contacts",
        "payments",
        "case",
        "answers",
    ),
    "attachments": ("attachments",),
    "correspondence": ("correspondence", "originals", "issued", "notices"),
    "drafts": ("drafts",),
}
"""Which data classes a rule's ``what`` stands for."""


def policy_of(years: int | None, rules: Sequence[RetentionRule]) -> list[RetentionRule]:
    """Return the rules of a procedure: those written, and ``retention_years`` as the rule for cases when none is written."""
    found = list(rules)
    if years is not None and not any(rule.what == "case" and not rule.outcomes for rule in found):
        found.append(RetentionRule(what="case", years=years, then="anonymise"))
    if not any(rule.what == "drafts" for rule in found):
        found.append(RetentionRule(what="drafts", days=DRAFT_DAYS, then="delete"))
    return found


def rule_for(policy: Iterable[RetentionRule], what: str, outcome: str) -> RetentionRule | None:
    """Return the rule for one kind of data and the way a case ended; the one that names the outcome goes first."""
    fitting = [rule for rule in policy if rule.what == what and (not rule.outcomes or outcome in rule.outcomes)]
    return next((rule for rule in fitting if rule.outcomes), fitting[0] if fitting else None)


def goes_on(rule: RetentionRule, ended_on: date) -> date:
    """Return the first day on which data may go: *days* after the end, or *years* after the 1st of April that follows it."""
    if rule.days is not None:
        return ended_on + timedelta(days=rule.days)
    assert rule.years is not None
    april = date(ended_on.year if ended_on.month < 4 else ended_on.year + 1, 4, 1)
    return april.replace(year=april.year + rule.years)


def ended_before(rule: RetentionRule, as_of: date) -> date:
    """Return the day before which a case must have ended for its data to go on *as_of* (the reverse of ``goes_on``)."""
    if rule.days is not None:
        return as_of - timedelta(days=rule.days - 1)
    assert rule.years is not None
    year = as_of.year if as_of.month >= 4 else as_of.year - 1
    return date(year - rule.years, 4, 1)
