"""Reminders to residents before a day passes: a correction, a payment, a draft that will be deleted, a document that
expires or waits at a desk.

Owns when and to whom; how many office days before is data of the ward (``notices.yaml``), each is sent once.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from madoguchi.engines.casework.api import (
    Case,
    corrections_due,
    mark_original_reminded,
    mark_reminded,
    originals_due,
)
from madoguchi.engines.forms.api import compiled_version, drafts_expiring, email_of
from madoguchi.engines.issuing.api import (
    EXPIRY_TOLD,
    PICKUP_TOLD,
    IssuedDocument,
    documents_expiring,
    documents_left,
    mark_told,
)
from madoguchi.engines.notices.api import Recipient, delivery, send_notice
from madoguchi.engines.payments.api import charges_due
from madoguchi.kernel import municipality
from madoguchi.kernel.calendar import day_in_words
from madoguchi.kernel.clock import TOKYO

from .services import INTERNAL, tell


def remind_of_corrections(*, at: dt.datetime) -> int:
    """Send ``reminder_due`` once for each correction that is due within the ward's days; count them."""
    span = _span(delivery().reminders.correction, at=at)
    sent = 0
    for request in corrections_due(*span) if span else []:
        with transaction.atomic():
            if mark_reminded(request, at=at):
                case = request.case
                context = {"due_on": day_in_words(request.due_on, case.language)}
                tell(case, "reminder_due", at=at, context=context)
                sent += 1
    return sent


def remind_of_originals(*, at: dt.datetime) -> int:
    """Send ``originals_due`` once for each paper by post that is due within the days for corrections; count them."""
    span = _span(delivery().reminders.correction, at=at)
    sent = 0
    for original in originals_due(*span) if span else []:
        with transaction.atomic():
            if mark_original_reminded(original, at=at):
                case = original.case
                context = {"due_on": day_in_words(original.due_on, case.language)}
                tell(case, "originals_due", at=at, context=context, about=f"original-{original.pk}")
                sent += 1
    return sent


def remind_of_payments(*, at: dt.datetime) -> int:
    """Send ``payment_reminder`` once for each unpaid charge of a case that is due within the ward's days; count them.

    A charge for several cases (まとめ申請) is told of by its first case. Sample cases are left out.
    """
    span = _span(delivery().reminders.payment, at=at)
    due = charges_due(*span) if span else []
    first = {
        item.id: next((line.case_number for line in item.lines.all() if line.case_number), item.case_number)
        for item in due
    }
    cases = {case.number: case for case in Case.objects.filter(number__in=first.values())}
    sent = 0
    for charge in due:
        case = cases.get(first[charge.id])
        if case is None or case.is_sample or charge.due_on is None:
            continue
        context = {"due_on": day_in_words(charge.due_on, case.language)}
        tell(case, "payment_reminder", at=at, context=context, about=f"charge-{charge.id}")
        sent += 1
    return sent


def remind_of_drafts(*, at: dt.datetime) -> int:
    """Send ``draft_expiring`` once for each unsent draft whose owner gave an address and which will be deleted; count them.

    A draft that was continued lives longer and is told of again before its new day.
    """
    span = _span(delivery().reminders.draft, at=at)
    sent = 0
    for draft in drafts_expiring(*span) if span else []:
        to = _owner_of(draft.owner_ref, email_of(compiled_version(draft.form_version_id), draft.answers))
        if to is None or draft.channel == INTERNAL:
            continue
        last = draft.expires_at.astimezone(TOKYO).date()
        page = "portal:mypage" if to.account_id is not None else "portal:resume"
        send_notice(
            "draft_expiring",
            to=to,
            lang=draft.lang,
            context={"due_on": day_in_words(last, draft.lang), "url": settings.BASE_URL + reverse(page)},
            at=at,
            dedupe_key=f"draft_expiring:{draft.id}:{last}",
        )
        sent += 1
    return sent


def remind_of_documents(*, at: dt.datetime) -> int:
    """Send ``document_expiring`` and ``pickup_waiting`` once for each document, on open days only; count them."""
    today, calendar = at.astimezone(TOKYO).date(), municipality.current().calendar
    if not calendar.is_open(today):
        return 0
    days, sent = delivery().reminders, 0
    span = _span(days.expiry, at=at)
    for document in documents_expiring(*span) if span else []:
        sent += _tell_of_document(document, "document_expiring", EXPIRY_TOLD, at=at)
    if days.pickup:
        chosen_before = dt.datetime.combine(calendar.add_office_days(today, -days.pickup + 1), dt.time(), TOKYO)
        for document in documents_left(chosen_before, today=today):
            sent += _tell_of_document(document, "pickup_waiting", PICKUP_TOLD, at=at)
    return sent


def _tell_of_document(document: IssuedDocument, letter: str, kind: str, *, at: dt.datetime) -> bool:
    """Tell the applicant of a document, once; False when somebody did so or the case is gone."""
    with transaction.atomic():
        case = Case.objects.filter(number=document.case_number, is_sample=False).first()
        if case is None or not mark_told(document, kind, at=at):
            return False
        due = (
            {"due_on": day_in_words(document.expires_on, case.language)}
            if letter == "document_expiring" and document.expires_on
            else {}
        )
        tell(case, letter, at=at, context=due, about=f"document-{document.id}")
        return True


def _owner_of(owner_ref: str, email: str) -> Recipient | None:
    kind, _, number = owner_ref.partition(":")
    if kind == "resident" and number.isdigit():
        return Recipient(email=email, account_id=int(number))
    return Recipient(email=email) if email else None


def _span(days: int, *, at: dt.datetime) -> tuple[dt.date, dt.date] | None:
    """Return today and the last day that lies within *days* office days; None when the ward reminds of nothing."""
    if not days:
        return None
    today = at.astimezone(TOKYO).date()
    return today, municipality.current().calendar.add_office_days(today, days)
