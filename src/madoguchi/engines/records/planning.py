"""What may go on a day: reads cases, drafts, holds and the log, and says which rule lets each go or keeps it.

Owns no writing: the list is the same for the dry run, for the staff's page and for the night's work.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Concat

from madoguchi.engines.casework.api import Case
from madoguchi.engines.forms.api import Draft, Submission
from madoguchi.kernel import municipality
from madoguchi.kernel.clock import TOKYO
from madoguchi.kernel.l10n import LocalText
from madoguchi.kernel.models import Erasure
from madoguchi.kernel.registry import Registry
from madoguchi.kernel.retention import Holding

from .models import LegalHold
from .rules import CLASSES, ended_before, rule_for
from .schema import HOW_LABELS, WHAT_LABELS, RetentionRule

Policies = dict[str, list[RetentionRule]]
policy_source: Registry[Callable[[], Policies]] = Registry("保存の定めの出どころ")
"""The room that knows procedures registers how to read their policies; the engine knows no procedure."""


@dataclass(frozen=True, slots=True)
class Due:
    """Something that may go: what of which case (or draft), how, and under which rule."""

    subject: str
    what: str
    how: str
    rule: str
    procedure_id: str
    section: str
    holding: Holding

    @property
    def title(self) -> str:
        """Return the name of the procedure."""
        return procedure_title(self.procedure_id)

    @property
    def reference(self) -> str:
        """Return the receipt number, or 「下書き」 for what was never handed in."""
        kind, _, number = self.subject.partition(":")
        return number if kind == "case" else "下書き"

    @property
    def classes(self) -> tuple[str, ...]:
        """Return the data classes that go."""
        return CLASSES[self.what]


@dataclass(frozen=True)
class Plan:
    """All that may go on a day, and how many cases are kept back by a hold."""

    as_of: date
    due: list[Due]
    held: int

    @cached_property
    def counts(self) -> list[dict[str, Any]]:
        """Return the counts by procedure, kind of data and way, largest first."""
        found = Counter((item.procedure_id, item.what, item.how, item.rule) for item in self.due)
        return [
            {
                "procedure": procedure,
                "title": procedure_title(procedure),
                "what": WHAT_LABELS[what],
                "how": HOW_LABELS[how],
                "rule": rule,
                "count": count,
            }
            for (procedure, what, how, rule), count in found.most_common()
        ]

    def as_dict(self) -> dict[str, Any]:
        """Return the plan as plain data: counts and the references of what would go."""
        return {
            "as_of": self.as_of.isoformat(),
            "total": len(self.due),
            "held": self.held,
            "counts": self.counts,
            "subjects": [{"subject": item.subject, "what": item.what, "how": item.how} for item in self.due],
        }


@municipality.per_generation
def _titles() -> dict[str, str]:
    return {row["id"]: LocalText(row["title"]).get("ja") for row in municipality.current().section("procedures")}


def procedure_title(procedure_id: str) -> str:
    """Return the Japanese name of a procedure, its id when the folder has it no more."""
    return _titles().get(procedure_id, procedure_id)


def policies() -> Policies:
    """Return the rules of every procedure, from whichever room registered itself."""
    return {key: rules for read in policy_source.all() for key, rules in read().items()}


def plan_retention(*, as_of: date, sections: frozenset[str] | None = None) -> Plan:
    """Return what may go on *as_of*, of some sections' cases or (None) of all; drafts belong to every section's view."""
    due: list[Due] = []
    held: set[str] = set()
    holds = set(LegalHold.objects.filter(lifted_at=None).values_list("case_number", flat=True))
    for procedure_id, policy in policies().items():
        for what in ("case", "attachments", "correspondence"):
            for item in _due_cases(procedure_id, policy, what, as_of, sections):
                number = item.subject.partition(":")[2]
                if number in holds:
                    held.add(number)
                else:
                    due.append(item)
        due += _due_drafts(procedure_id, policy, as_of)
    whole = {item.subject for item in due if item.what == "case"}
    kept = [item for item in due if item.what in {"case", "drafts"} or item.subject not in whole]
    return Plan(as_of, kept, len(held))


def _due_cases(
    procedure_id: str, policy: list[RetentionRule], what: str, as_of: date, sections: frozenset[str] | None
) -> Iterator[Due]:
    rules = [rule for rule in policy if rule.what == what]
    if not rules:
        return
    latest = max(ended_before(rule, as_of) for rule in rules)
    logged = Erasure.objects.filter(subject=OuterRef("reference"), scope__in=[what, "case"])
    rows = Case.objects.filter(procedure_id=procedure_id, closed_at__lt=_midnight(latest))
    rows = rows.annotate(reference=Concat(Value("case:"), "number")).filter(~Exists(logged))
    if sections is not None:
        rows = rows.filter(section__in=sections)
    for case in rows.select_related("submission", "bundle__submission").order_by("closed_at"):
        rule = rule_for(policy, what, case.outcome)
        assert case.closed_at is not None
        ended_on = case.closed_at.astimezone(TOKYO).date()
        if rule is not None and ended_on < ended_before(rule, as_of):
            yield Due(f"case:{case.number}", what, rule.then, rule.words, procedure_id, case.section, holding_of(case))


def holding_of(case: Case) -> Holding:
    """Return what belongs to one case: its number and the draft its submission came from.

    The interview of a まとめ申請 goes with the last of its cases that still names a person.
    """
    drafts: set[uuid.UUID] = {case.submission.draft_id} if case.submission else set()
    if case.bundle is not None:
        named = Case.objects.filter(bundle=case.bundle).exclude(applicant_name="", applicant_ref="", contact_email="")
        if not named.exclude(pk=case.pk).exists():
            drafts.add(case.bundle.submission.draft_id)
    return Holding(frozenset({case.number}), frozenset(drafts))


def _due_drafts(procedure_id: str, policy: list[RetentionRule], as_of: date) -> Iterator[Due]:
    """Yield drafts that nobody sent: changed last before the rule's day, and past their own expiry."""
    rule = rule_for(policy, "drafts", "")
    if rule is None:
        return
    sent = Submission.objects.filter(draft_id=OuterRef("pk"))
    bound = _midnight(ended_before(rule, as_of))
    old = Q(updated_at__lt=bound) & Q(expires_at__lt=_midnight(as_of + timedelta(days=1)))
    for pk in Draft.objects.filter(old, ~Exists(sent), procedure_id=procedure_id).values_list("pk", flat=True):
        yield Due(f"draft:{pk}", "drafts", "delete", rule.words, procedure_id, "", Holding(drafts=frozenset({pk})))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), tzinfo=TOKYO)
