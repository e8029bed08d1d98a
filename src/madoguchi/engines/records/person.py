"""One resident: what may go now at their request, and what must stay by which rule until when. Reads only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, Q

from madoguchi.engines.casework.api import Case
from madoguchi.engines.forms.api import Draft, Submission
from madoguchi.kernel.calendar import wareki
from madoguchi.kernel.clock import TOKYO
from madoguchi.kernel.models import Erasure
from madoguchi.kernel.retention import Holding

from .models import LegalHold
from .planning import Policies, holding_of, policies
from .rules import CLASSES, goes_on, rule_for


@dataclass(frozen=True, slots=True)
class PersonItem:
    """One thing that goes or stays: a case, unsent drafts, the account; *why* in Japanese, *until* when known."""

    subject: str
    title: str
    scope: str
    classes: tuple[str, ...]
    holding: Holding
    how: str = "anonymise"
    why: str = ""
    code: str = ""
    until: date | None = None


@dataclass(slots=True)
class PersonPlan:
    """What goes now and what stays."""

    goes: list[PersonItem] = field(default_factory=list)
    stays: list[PersonItem] = field(default_factory=list)


def cases_of(ref: str) -> list[Case]:
    """Return the cases a resident asked for (not those filed for others), newest first."""
    return list(
        Case.objects.filter(applicant_ref=ref)
        .select_related("submission", "bundle__submission")
        .order_by("-received_at")
    )


def whole_holding(ref: str) -> Holding:
    """Return everything of a resident: cases, their drafts, unsent drafts, the account."""
    cases = cases_of(ref)
    drafts = {case.submission.draft_id for case in cases if case.submission}
    drafts |= set(Draft.objects.filter(owner_ref=ref).values_list("pk", flat=True))
    return Holding(frozenset(case.number for case in cases), frozenset(drafts), ref)


def plan_person(ref: str, *, as_of: date) -> PersonPlan:
    """Judge everything of a resident as of a day.

    A case that is over goes once its period is over; an open one, one within its period and one under a hold stay. The account
    goes when nothing else stays.
    """
    plan = PersonPlan()
    held = set(LegalHold.objects.filter(lifted_at=None).values_list("case_number", flat=True))
    rules = policies()
    for case in cases_of(ref):
        item = _case_item(case, held, rules, as_of)
        (plan.stays if item.why else plan.goes).append(item)
    sent = Submission.objects.filter(draft_id=OuterRef("pk"))
    unsent = frozenset(Draft.objects.filter(Q(owner_ref=ref), ~Exists(sent)).values_list("pk", flat=True))
    if unsent:
        plan.goes.append(
            PersonItem(
                ref, f"送信していない下書き {len(unsent)}件", "drafts", ("drafts",), Holding(drafts=unsent), "delete"
            )
        )
    account = Holding(account=ref)
    title = "アカウントと届いたお知らせ"
    if plan.stays:
        why = "残っている手続の記録を見るために要ります。"
        plan.stays.append(PersonItem(ref, title, "account", (), account, why=why, code="account"))
    elif not Erasure.objects.filter(subject=ref, scope="account").exists():
        plan.goes.append(
            PersonItem(
                ref, title, "account", ("notices", "contacts", "payments", "delegations", "account"), account, "delete"
            )
        )
    return plan


def _case_item(case: Case, held: set[str], rules: Policies, as_of: date) -> PersonItem:
    why, code, until = "", "", None
    rule = rule_for(rules.get(case.procedure_id, []), "case", case.outcome)
    if case.closed_at is None:
        why, code = "手続が続いています。", "open"
    elif case.number in held:
        why, code = "調査や審査請求などのため、廃棄を止めています。", "hold"
    elif rule is None:
        why, code = "保存期間の定めを確かめています。", "unknown"
    else:
        until = goes_on(rule, case.closed_at.astimezone(TOKYO).date())
        if until > as_of:
            source = f"（{rule.source}）" if rule.source else ""
            why, code = f"{wareki(until)}まで、公文書として保存する定めがあります{source}。", "period"
    title = f"{case.procedure_title}（{case.number}）"
    how = rule.then if rule else "anonymise"
    return PersonItem(
        f"case:{case.number}", title, "case", CLASSES["case"], holding_of(case), how, why, code, until if why else None
    )
