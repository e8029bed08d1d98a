"""What residents do through the portal: hand in an application, answer a correction, withdraw.

Owns the order of engines within one transaction: forms → casework → notices. Nothing here knows a page.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from madoguchi.engines.casework.api import (
    RESIDENT_SIDE,
    Applicant,
    Bundle,
    Case,
    CaseHappening,
    CorrectionRequest,
    OpenedCase,
    answer_correction,
    current_answers,
    definition_of,
    first_unread,
    note_money,
    open_case,
    stage_titles,
    take_own_step,
)
from madoguchi.engines.forms.api import (
    CompiledField,
    Evaluation,
    LoadedDraft,
    Submission,
    answer_words,
    compiled_version,
    context_at,
    draft_code,
    email_of,
    evaluate,
    person_of,
    start_draft,
    submit_draft,
    take_over_held,
)
from madoguchi.engines.identity.api import demand_signature, keep_proof, resident_email, told_of
from madoguchi.engines.notices.api import Recipient, has_contact, owner_of, send_notice
from madoguchi.engines.payments.api import Line, charges_of_case, raise_charge, refresh_payment, start_payment
from madoguchi.kernel import municipality
from madoguchi.kernel.access import SYSTEM, Actor
from madoguchi.kernel.calendar import day_in_words
from madoguchi.kernel.clock import TOKYO
from madoguchi.kernel.errors import Conflict, InvalidInput, NotFound
from madoguchi.rooms.catalogue.api import Procedure, facts_of, form_of, get_procedure
from madoguchi.rooms.portal.acting import ENTRY, ENTRY_CHANNELS, is_delegated
from madoguchi.rooms.portal.assurance import demand_assurance
from madoguchi.rooms.portal.signing import needs_signature, submission_to_sign

INTERNAL = "internal"
"""The channel of what staff ask for themselves (庁内手続)."""
MONEY_LETTERS = {"charged": "payment_due", "paid": "payment_received", "refunded": "refund_made"}
"""The letter that follows what happened to the fee of a case."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the resident gets for a handed-in application."""

    case: Case
    number: str
    code: str
    is_new: bool


def start_application(
    procedure: Procedure,
    *,
    actor: Actor,
    lang: str,
    at: dt.datetime,
    channel: str = "online",
    for_resident: bool = False,
) -> LoadedDraft:
    """Open a draft of a procedure's form. Raises NotFound for what the actor cannot ask for here.

    Procedures for staff (庁内手続) are opened by staff only, under the channel ``internal``. *for_resident*: staff ask and
    write for somebody at the counter or on the phone.
    """
    refuse_closed(procedure)
    internal = procedure.audience == "staff"
    if not procedure.in_scope or (internal and not actor.is_staff):
        raise NotFound(
            "この手続は、ここでは申請できません。",
            code="portal.not_here",
            mend="手続のページで窓口を確かめてください。",
        )
    loaded = start_draft(
        form_id=form_of(procedure),
        procedure_id=procedure.id,
        actor=actor,
        lang=lang,
        channel=INTERNAL if internal else channel,
        at=at,
        for_resident=for_resident,
    )
    take_over_held(loaded, at=at)
    return loaded


def refuse_closed(procedure: Procedure) -> None:
    """Raise Conflict when a procedure no longer accepts applications."""
    if procedure.closed is not None:
        raise Conflict(
            "この手続の受付は終了しました。",
            code="portal.closed",
            mend="担当の課に問い合わせてください。",
        )


@transaction.atomic
def submit_application(
    draft_id: uuid.UUID, *, actor: Actor, at: dt.datetime, details: Mapping[str, Any] | None = None
) -> Receipt:
    """Hand a draft in and open its case; sending twice gives the same receipt.

    Raises InvalidInput when it is incomplete or lacks the signature that the procedure asks for, NotAllowed when the
    procedure must know more surely who hands it in.
    """
    submission, evaluation, is_new = submit_draft(draft_id, actor=actor, at=at)
    internal = submission.channel == INTERNAL
    if internal and submission.owner_ref != actor.ref:
        raise NotFound("この申請の下書きは見つかりません。", code="portal.no_draft")
    demand_hands(submission, actor)
    code = draft_code(draft_id)
    if not is_new:
        case = Case.objects.get(submission_id=submission.id)
        return Receipt(case, case.number, code, False)
    opened = open_for(submission, evaluation, actor=actor, code=code, at=at, details=details)
    procedure = get_procedure(submission.procedure_id)
    if procedure.payment is not None and procedure.payment.when == "submission":
        charge_fee(opened.case, procedure, actor=actor, at=at)
    tell(opened.case, "application_received", at=at)
    return Receipt(opened.case, opened.number, code, True)


def demand_hands(submission: Submission, actor: Actor) -> None:
    """Raise when an application is handed in by other hands than those it is in: the clerk's, the representative's."""
    held = actor.mandate.ref if actor.mandate else ""
    if is_delegated(submission.mandate) and submission.mandate != held:
        raise NotFound("この申請の下書きは見つかりません。", code="portal.no_draft")
    if submission.channel in ENTRY_CHANNELS and held != f"{ENTRY}{submission.channel}":
        raise Conflict(
            "この申請は、いま職員が聞き取っています。",
            code="portal.other_hands",
            mend="ここで続けるときは、「申請の続きをする」に再開コードを入力してください。",
        )


def open_for(
    submission: Submission,
    evaluation: Evaluation,
    *,
    actor: Actor,
    code: str,
    at: dt.datetime,
    bundle: Bundle | None = None,
    details: Mapping[str, Any] | None = None,
) -> OpenedCase:
    """Open the case of a submission for the person it names, alone or as one of a *bundle*.

    Raises InvalidInput when the procedure needs a signature and there is none over these answers, NotAllowed when it must
    know more surely who hands in.
    """
    procedure = get_procedure(submission.procedure_id)
    refuse_closed(procedure)
    demand_assurance([procedure], submission.channel, actor=actor, at=at)
    if needs_signature(procedure, submission.channel):
        demand_signature(submission.draft_id, submission_to_sign(submission), at=at)
    internal = submission.channel == INTERNAL
    name, kana = person_of(evaluation.form, submission.answers)
    email = email_of(evaluation.form, submission.answers)
    opened = open_case(
        submission=submission,
        procedure=facts_of(procedure),
        applicant=Applicant(
            name=name or (actor.name if internal else ""),
            kana=kana,
            email=email,
            ref=applicant_ref(actor, internal=internal),
            filer_ref=actor.ref if actor.mandate and actor.kind == "resident" else "",
            language=submission.lang,
        ),
        actor=actor,
        channel=submission.channel,
        at=at,
        calendar=municipality.current().calendar,
        lookup_secret=code,
        bundle=bundle,
        details=details,
    )
    keep_proof(f"case:{opened.number}", actor=actor, at=at)
    return opened


def applicant_ref(actor: Actor, *, internal: bool = False) -> str:
    """Return the account that applies: the principal's when somebody acts for them, '' for who has none."""
    if actor.mandate is not None:
        return actor.mandate.principal_ref
    return actor.ref if internal or actor.kind == "resident" else ""


def charge_fee(case: Case, procedure: Procedure, *, actor: Actor, at: dt.datetime) -> bool:
    """Charge the fee lines of a case's application, once; tell whether there is anything to pay."""
    if procedure.payment is None or case.submission is None or not case.submission.fees:
        return False
    raise_charge(
        f"case:{case.number}:fee",
        lines=fee_lines_of(case),
        case_number=case.number,
        procedure_id=case.procedure_id,
        section=case.section,
        title=case.procedure_title,
        payer_ref=case.applicant_ref,
        due_on=at.astimezone(TOKYO).date() + dt.timedelta(days=procedure.payment.due_days),
        actor=actor,
        at=at,
        is_sample=case.is_sample,
    )
    return case.submission.fee_yen > 0


def fee_lines_of(case: Case, *, named: bool = False) -> list[Line]:
    """Return the fee lines of a case's application as they are charged; *named*: each says whose case it is."""
    assert case.submission is not None
    return [fee_line(item, case if named else None) for item in case.submission.fees]


def fee_line(kept: Mapping[str, Any], case: Case | None = None) -> Line:
    """Return a fee line of a submission as it is charged: the words in Japanese, as the ledger keeps them."""
    exemption = kept["exemption"] or {}
    title = kept["title"]
    return Line(
        title=title["ja"],
        account=kept.get("account", ""),
        unit_yen=kept["unit_yen"],
        quantity=kept["quantity"],
        rate_id=kept["rate"],
        exemption_id=exemption.get("id", ""),
        exemption_title=(exemption.get("title") or {}).get("ja", ""),
        exemption_source=exemption.get("source", ""),
        exemption_proof=kept.get("proof", ""),
        percent_off=exemption.get("percent", 0),
        case_number=case.number if case else "",
        section=case.section if case else "",
    )


def charge_after_review(happening: CaseHappening) -> None:
    """Charge the fee when a step of the workflow asks for it and the procedure is paid after review (listener)."""
    case, step = happening.case, happening.transition
    if step is None or not step.charge:
        return
    procedure = get_procedure(case.procedure_id)
    if procedure.payment is None or procedure.payment.when != "review":
        return
    if charge_fee(case, procedure, actor=happening.actor, at=happening.at):
        assert case.submission is not None
        calendar = municipality.current().calendar
        note_money(
            case.number, "charged", yen=case.submission.fee_yen, actor=SYSTEM, at=happening.at, calendar=calendar
        )


def begin_payment(case: Case | Bundle, charge_id: str, way: str, *, actor: Actor, at: dt.datetime) -> str:
    """Begin to pay a charge of a case by *way* (``provider:method``); return the address of the provider's page.

    Raises NotFound (no such charge), Conflict (nothing due, provider silent), InvalidInput (no such way).
    """
    provider, _, method = way.partition(":")
    if not method:
        raise InvalidInput("支払方法を選んでください。", code="portal.way")
    view = next((item for item in charges_of_case(case.number) if str(item.charge.id) == charge_id), None)
    if view is None:
        raise NotFound("この支払いは見つかりません。", code="portal.no_charge")
    if not view.is_due:
        raise Conflict("すでに支払いが済んでいます。", code="portal.paid")
    back = settings.BASE_URL + reverse("portal:pay_back", args=[case.number])
    return start_payment(
        view.charge, provider_id=provider, method=method, return_url=back, cancel_url=back, actor=actor, at=at
    )[1]


def look_after_payments(case: Case | Bundle, *, at: dt.datetime) -> None:
    """Ask the providers about the payments of a case that are still open (the payer came back)."""
    for view in charges_of_case(case.number):
        for payment in view.payments:
            refresh_payment(payment, at=at)


def status_url(case: Case) -> str:
    """Return the full address of a case's status page."""
    return f"{settings.BASE_URL}{reverse('portal:status', args=[case.number])}"


def bundle_url(bundle: Bundle) -> str:
    """Return the full address of the status page of what was handed in together."""
    return f"{settings.BASE_URL}{reverse('portal:bundle', args=[bundle.number])}"


def tell_bundle(bundle: Bundle, cases: list[Case], *, evaluation: Evaluation, at: dt.datetime) -> None:
    """Send one letter for everything that was handed in together, if there is a way to reach the person."""
    answers = evaluation.effective_answers()
    name, _ = person_of(evaluation.form, answers)
    email = email_of(evaluation.form, answers) or next((case.contact_email for case in cases if case.contact_email), "")
    account = _account_of(bundle.applicant_ref)
    found = [("", Recipient(email=email, account_id=account, name=name))] if email or account else []
    mandate = bundle.submission.mandate
    filer_ref = bundle.submission.owner_ref if is_delegated(mandate) else ""
    for part, to in _with_filer(found, filer_ref, mandate, name=name, at=at):
        send_notice(
            "application_received",
            to=to,
            lang=bundle.language,
            context={"number": bundle.number, "url": bundle_url(bundle)},
            at=at,
            case_number=bundle.number,
            dedupe_key=f"application_received:{bundle.number}{part}",
        )


def tell(
    case: Case, letter: str, *, at: dt.datetime, context: Mapping[str, str] | None = None, about: str = ""
) -> None:
    """Send a letter to a case's applicant, if there is a way to reach them; once for each *about* (default: the event)."""
    key = f"{letter}:{case.number}:{about or case.event_count}"
    for part, to in _recipients(case, letter, at=at):
        send_notice(
            letter,
            to=to,
            lang=case.language,
            context={
                "number": case.number,
                "url": status_url(case),
                "stage": stage_in_words(case, case.language),
                **(context or {}),
            },
            at=at,
            case_number=case.number,
            dedupe_key=key + part,
        )


def _recipients(case: Case, letter: str, *, at: dt.datetime) -> list[tuple[str, Recipient]]:
    """Return who is told of a case, each with what sets their notices apart: the applicant, and who acts for them."""
    to = recipient_of(case)
    found: list[tuple[str, Recipient]] = []
    guest = to.case_number and letter != "application_received"  # a guest's own ways are given after that
    if to.email or to.account_id is not None or (guest and has_contact(owner_of(case_number=to.case_number))):
        found.append(("", to))
    return _with_filer(found, case.filer_ref, case.mandate, name=case.applicant_name, at=at)


def _with_filer(
    found: list[tuple[str, Recipient]], filer_ref: str, mandate: str, *, name: str, at: dt.datetime
) -> list[tuple[str, Recipient]]:
    """Return who is told, by what the kind of the delegation says; *found* when nobody acts for somebody else."""
    filer = _account_of(filer_ref)
    if filer is None:
        return found
    told = told_of(mandate, at=at)
    principal = found if "principal" in told else []
    return [*principal, (":filer", Recipient(account_id=filer, name=name))] if "delegate" in told else principal


def _account_of(ref: str) -> int | None:
    return int(ref.removeprefix("resident:")) if ref.startswith("resident:") else None


def recipient_of(case: Case) -> Recipient:
    """Return how a case's applicant is reached: by the account's ways, or by those a guest gave for the case."""
    account = _account_of(case.applicant_ref)
    return Recipient(
        email=case.contact_email or ("" if account is None else resident_email(account)),
        account_id=account,
        name=case.applicant_name,
        case_number="" if account is not None or case.channel == INTERNAL else case.number,
    )


def stage_in_words(case: Case, lang: str) -> str:
    """Return where a case stands, 「2/4 審査」: a word of the workflow, which tells nothing of what was applied for."""
    titles = stage_titles(definition_of(case.workflow_version_id))
    return f"{case.stage}/{len(titles)} {titles[case.stage - 1].get(lang)}"


def tell_of_happening(happening: CaseHappening) -> None:
    """Send the letter a workflow names for a step (listener of casework).

    The letter that a review began names the promised day; a case without one gets no such letter. Messages that follow an
    unread one are told of once.
    """
    case, letter = happening.case, happening.letter
    if happening.event.kind == "message_sent":
        waiting = first_unread(case, side=RESIDENT_SIDE)
        tell(case, "message_waiting", at=happening.at, about=f"message-{waiting}")
        return
    if happening.event.kind in MONEY_LETTERS:
        tell(case, MONEY_LETTERS[happening.event.kind], at=happening.at)
        return
    if happening.event.kind == "document_issued" and not happening.payload.get("auto"):
        tell(
            case, "document_issued", at=happening.at
        )  # what a decision brings with it, the letter of the decision says
        return
    if not letter or happening.transition is None or (letter == "in_review" and case.promised_on is None):
        return
    context = {}
    if due := happening.payload.get("due_on"):
        context["due_on"] = day_in_words(dt.date.fromisoformat(due), case.language)
    if case.promised_on is not None:
        context["promised_on"] = day_in_words(case.promised_on, case.language)
    tell(case, letter, at=happening.at, context=context)


def address_of(case: Case) -> str:
    """Return the first address in the answers of a case as one line, '' when there is none."""
    if case.submission is None:
        return ""
    evaluation = evaluate_correction(case, {})
    words = answer_words(evaluation)
    asked = [item.id for item in evaluation.form.fields.values() if item.fd.type == "address"]
    return next((words[name] for name in asked if words.get(name)), "")


def asked_fields(case: Case, request: CorrectionRequest) -> list[CompiledField]:
    """Return the questions of a correction, in the order of the form."""
    assert case.submission is not None
    form = compiled_version(case.submission.form_version_id)
    return [item for item in form.fields.values() if item.id in request.fields]


def evaluate_correction(case: Case, patch: Mapping[str, Any]) -> Evaluation:
    """Evaluate the case's answers with *patch* laid over them, as of the day they were handed in."""
    assert case.submission is not None
    form = compiled_version(case.submission.form_version_id)
    answers = {**current_answers(case), **patch}
    return evaluate(form, answers, context_at(case.submission.submitted_at, channel=case.submission.channel))


@transaction.atomic
def send_correction(case: Case, patch: Mapping[str, Any], *, actor: Actor, at: dt.datetime) -> CorrectionRequest:
    """Hand in the corrected answers. Raises InvalidInput when one of the asked questions still has a problem."""
    evaluation = evaluate_correction(case, patch)
    if any(problem.field in patch for problem in evaluation.problems):
        raise InvalidInput(
            "直していただく項目に、まだ入力の足りないところがあります。", code="portal.correction_incomplete"
        )
    answers = {key: value for key, value in patch.items() if key in evaluation.visible}
    done = answer_correction(case, answers=answers, actor=actor, at=at, calendar=municipality.current().calendar)
    case.refresh_from_db()
    tell(case, "correction_received", at=at)
    return done


def take_step(case: Case, step_id: str, *, note: str, actor: Actor, at: dt.datetime) -> Case:
    """Take a step that the workflow leaves to the resident, with an optional note to the section.

    Raises Conflict (no such step now, a guard) or InvalidInput (the step needs words and none are given).
    """
    calendar = municipality.current().calendar
    return take_own_step(case, step_id, actor=actor, at=at, calendar=calendar, note=note)
