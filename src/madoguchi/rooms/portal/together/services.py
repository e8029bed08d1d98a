"""Writes of handing in together: start an interview, confirm the choice, hand in.

Owns the order of engines within one transaction: the interview's submission → bundle → each part's submission and case →
one charge → one letter.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from madoguchi.engines.casework.api import Bundle, Case, bundle_of_submission, open_bundle
from madoguchi.engines.forms import api as forms
from madoguchi.engines.payments.api import raise_charge
from madoguchi.kernel.access import Actor
from madoguchi.kernel.clock import TOKYO
from madoguchi.kernel.errors import InvalidInput
from madoguchi.rooms.catalogue.api import Interview, form_of
from madoguchi.rooms.portal import services
from madoguchi.rooms.portal.together.naming import PREFIX
from madoguchi.rooms.portal.together.planning import CHOICE, Part, Plan, plan_of


@dataclass(frozen=True, slots=True)
class BundleReceipt:
    """What the resident gets for what was handed in together."""

    bundle: Bundle
    code: str
    is_new: bool


def start_interview(
    interview: Interview, *, actor: Actor, lang: str, channel: str, at: dt.datetime, for_resident: bool = False
) -> forms.LoadedDraft:
    """Open a draft of an interview's questions (one SQL statement; two for a resident whom staff ask, *for_resident*)."""
    return forms.start_draft(
        form_id=interview.form_id,
        procedure_id=PREFIX + interview.id,
        actor=actor,
        lang=lang,
        channel=channel,
        at=at,
        for_resident=for_resident,
    )


@transaction.atomic
def confirm_choice(plan: Plan, ticked: Collection[str], *, actor: Actor, at: dt.datetime) -> None:
    """Keep which optional procedures are wanted and open a draft for each part. Raises InvalidInput when none is left."""
    optional = {one.key: one.key in ticked for one in plan.decisions if one.applies and one.row.row.optional}
    forms.merge_answers(plan.loaded, {CHOICE: optional}, at=at)
    wanted = [one for one in plan.decisions if plan.is_chosen(one)]
    if not wanted:
        raise InvalidInput("まとめて申請する手続を、一つ以上選んでください。", code="portal.together_none")
    after = plan_of(plan.loaded, actor=actor, at=at)
    forms.start_parts(plan.loaded.draft, {one.procedure.id: form_of(one.procedure) for one in after.parts}, at=at)


@transaction.atomic
def submit_together(
    draft_id: uuid.UUID, *, actor: Actor, at: dt.datetime, details: Mapping[str, Any] | None = None
) -> BundleReceipt:
    """Hand an interview and all its parts in, in one transaction; sending twice gives the same bundle.

    *details* of how it came in are kept with every case. Raises InvalidInput when something is missing anywhere, NotFound or
    Conflict when it is in other hands; then nothing was handed in.
    """
    submission, evaluation, is_new = forms.submit_draft(draft_id, actor=actor, at=at)
    services.demand_hands(submission, actor)
    code = forms.draft_code(draft_id)
    if not is_new:
        return BundleReceipt(bundle_of_submission(submission.id), code, False)
    loaded = forms.load_draft(draft_id, at=at)
    plan = plan_of(loaded, actor=actor, at=at)
    if not plan.is_confirmed or plan.first_incomplete is not None:
        raise InvalidInput("入力の足りないところがあります。", code="forms.incomplete")
    bundle = open_bundle(
        submission=submission,
        title=plan.interview.title.get("ja"),
        applicant_ref=services.applicant_ref(actor),
        language=submission.lang,
        lookup_secret=code,
        actor=actor,
        at=at,
    )
    cases = [_hand_in_part(part, bundle, code=code, actor=actor, at=at, details=details) for part in plan.parts]
    _charge_together(bundle, list(zip(plan.parts, cases, strict=True)), actor=actor, at=at)
    services.tell_bundle(bundle, cases, evaluation=evaluation, at=at)
    return BundleReceipt(bundle, code, True)


def _hand_in_part(
    part: Part, bundle: Bundle, *, code: str, actor: Actor, at: dt.datetime, details: Mapping[str, Any] | None
) -> Case:
    assert part.loaded is not None
    forms.merge_answers(part.loaded, part.answers, at=at)
    submission, evaluation, _ = forms.submit_draft(part.loaded.draft.id, actor=actor, at=at)
    opened = services.open_for(submission, evaluation, actor=actor, code=code, bundle=bundle, at=at, details=details)
    return opened.case


def _charge_together(bundle: Bundle, handed: list[tuple[Part, Case]], *, actor: Actor, at: dt.datetime) -> None:
    """Charge what is paid with the application as one charge, each line naming its case and section."""
    due = [
        (part.procedure.payment, case)
        for part, case in handed
        if part.procedure.payment is not None
        and part.procedure.payment.when == "submission"
        and case.submission is not None
        and case.submission.fees
    ]
    if not due:
        return
    raise_charge(
        f"bundle:{bundle.number}:fee",
        lines=[line for _, case in due for line in services.fee_lines_of(case, named=True)],
        case_number=bundle.number,
        procedure_id="",
        section=due[0][1].section,
        title=bundle.title,
        payer_ref=bundle.applicant_ref,
        due_on=at.astimezone(TOKYO).date() + dt.timedelta(days=min(payment.due_days for payment, _ in due)),
        actor=actor,
        at=at,
    )
