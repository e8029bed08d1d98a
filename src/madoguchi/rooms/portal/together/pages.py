"""What the pages of handing in together show. Owns the translation from a plan to template contexts; writes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from madoguchi.engines.casework.api import Bundle, BundledCase, Case, bundled
from madoguchi.engines.forms import api as forms
from madoguchi.engines.payments.api import outstanding_of_case
from madoguchi.kernel.ui.failures import words_of
from madoguchi.kernel.ui.texts import text
from madoguchi.rooms.catalogue.api import Decision, departments, get_procedure, interviews
from madoguchi.rooms.portal.together.naming import PREFIX
from madoguchi.rooms.portal.together.planning import Part, Plan


def result_context(plan: Plan, *, lang: str, today: dt.date) -> dict[str, Any]:
    """Return the context of the result: what applies and is handed in, what only the principal may hand in, what is done
    elsewhere, what does not apply."""
    applying = [one for one in plan.decisions if one.applies]
    handed_in = [one for one in applying if one.row.row.handed_in]
    here = [_row(one, plan, lang, today) for one in handed_in if plan.refusal(one) is None]
    return {
        "interview": plan.interview,
        "here": here,
        "refused": [
            {**_row(one, plan, lang, today), "words": words_of(refusal, lang)}
            for one in handed_in
            if (refusal := plan.refusal(one)) is not None
        ],
        "elsewhere": [_row(one, plan, lang, today) for one in applying if not one.row.row.handed_in],
        "not_applying": [_row(one, plan, lang, today) for one in plan.decisions if not one.applies],
        "sections": len({row["department"] for row in here}),
        "is_guide": plan.interview.kind == "guide",
        "may_choose": any(row["optional"] for row in here),
    }


def _row(decision: Decision, plan: Plan, lang: str, today: dt.date) -> dict[str, Any]:
    row = decision.row.row
    procedure = get_procedure(row.procedure) if row.procedure else None
    department = departments().get(procedure.department) if procedure else None
    title = row.elsewhere.title if row.elsewhere else procedure.title if procedure else row.because
    return {
        "key": row.key,
        "title": title.get(lang),
        "url": reverse("portal:procedure", args=[procedure.id]) if procedure and procedure.audience != "staff" else "",
        "department": department.name if department else "",
        "reason": decision.reason.get(lang),
        "fee": procedure.fee.text.get(lang) if procedure else "",
        "papers": [paper.get(lang) for paper in procedure.papers] if procedure else [],
        "deadline": row.deadline,
        "due_on": decision.due_on,
        "is_late": decision.due_on is not None and decision.due_on < today,
        "optional": row.optional,
        "ticked": plan.is_chosen(decision),
        "elsewhere": row.elsewhere,
    }


def summary_context(plan: Plan, *, lang: str) -> dict[str, Any]:
    """Return the context of the one summary: the interview, each procedure, papers without doubles, fees together."""
    draft_id = plan.loaded.draft.id

    def step_url(step_id: str) -> str:
        return reverse("portal:step", args=[draft_id, step_id])

    return {
        "interview": plan.interview,
        "common": forms.answer_sections(plan.evaluation, lang=lang, change_url=step_url),
        "parts": [_part(part, plan, lang) for part in plan.parts],
        "papers": _papers(plan.parts, lang),
        "fees": [
            row for part in plan.parts if part.evaluation for row in forms.fees_context(part.evaluation, lang=lang)
        ],
        "fee_total_yen": sum(part.evaluation.fee_yen for part in plan.parts if part.evaluation),
        "sections": len({part.procedure.department for part in plan.parts}),
    }


def _part(part: Part, plan: Plan, lang: str) -> dict[str, Any]:
    assert part.evaluation is not None
    own = {item.id for item in part.left}
    rows = forms.answer_sections(part.evaluation, lang=lang, only=own)
    return {
        "key": part.key,
        "title": part.procedure.title.get(lang),
        "department": department_name(part),
        "deadline": part.decision.row.row.deadline,
        "due_on": part.decision.due_on,
        "rows": [row for section in rows for row in section["rows"]],
        "sections": forms.answer_sections(part.evaluation, lang=lang),
        "change_url": reverse("portal:together_more", args=[plan.loaded.draft.id, part.key]) if own else "",
    }


def _papers(parts: Iterable[Part], lang: str) -> list[dict[str, Any]]:
    """Return the papers of all parts, the same paper once, with the procedures it is for."""
    merged: dict[tuple[str, str], dict[str, Any]] = {}
    for part in parts:
        if part.evaluation is None:
            continue
        for paper in forms.papers_context(part.evaluation, part.answers, lang=lang):
            known = merged.setdefault((paper["title"], paper["how"]), {**paper, "for": [], "url": ""})
            known["for"].append(part.procedure.title.get(lang))
            if paper["done"] is False:
                known["done"] = False
    return [{**paper, "note": _paper_note(paper, lang)} for paper in merged.values()]


def _paper_note(paper: dict[str, Any], lang: str) -> str:
    names = text("portal.together.paper_for", lang, names=text("portal.together.and", lang).join(paper["for"]))
    return f"{paper['note']}\n{names}" if paper["note"] else names


def more_steps(plan: Plan, current: str, lang: str) -> dict[str, Any]:
    """Return the progress through the remaining pages: one per procedure that still asks, then the summary."""
    pages = plan.asking
    keys = [part.key for part in pages]
    here = keys.index(current) if current in keys else len(keys)
    steps = [
        {
            "title": part.procedure.title.get(lang),
            "url": reverse("portal:together_more", args=[plan.loaded.draft.id, part.key]),
            "state": "current" if i == here else "done" if i < here else "todo",
        }
        for i, part in enumerate(pages)
    ]
    last = {
        "title": text("forms.page.summary_title", lang),
        "url": "",
        "state": "current" if here == len(keys) else "todo",
    }
    return {"steps": [*steps, last], "number": here + 1, "total": len(keys) + 1}


def title_of(bundle: Bundle, lang: str) -> str:
    """Return the title of what was handed in together, in the reader's language while the ward offers the interview."""
    found = interviews().get(bundle.submission.procedure_id.removeprefix(PREFIX))
    return found.title.get(lang) if found is not None else bundle.title


def department_name(part: Part) -> str:
    """Return the name of the section that will handle a part."""
    found = departments().get(part.procedure.department)
    return found.name if found else ""


def unpaid(bundle: Bundle) -> int:
    """Return what is still to be paid for everything handed in together, in yen (four SQL statements)."""
    return outstanding_of_case(bundle.number)


def bundle_rows(cases: Iterable[Case], lang: str) -> list[dict[str, Any]]:
    """Return the cases of a bundle as its page lists them (no SQL when their corrections are at hand)."""
    known = departments()
    return [
        _bundle_row(bundled(case), known[case.section].name if case.section in known else "", lang) for case in cases
    ]


def _bundle_row(view: BundledCase, department: str, lang: str) -> dict[str, Any]:
    case = view.case
    return {
        "case": case,
        "title": get_procedure(case.procedure_id).title.get(lang),
        "department": department,
        "public": view.public.get(lang),
        "promised_on": None if view.is_done else view.promised_on,
        "kind": "done" if view.is_done else "waiting" if view.correction or view.steps else "progress",
        "correction": view.correction,
        "steps": view.steps,
    }


def receipt_facts(cases: Iterable[Case]) -> list[dict[str, Any]]:
    """Return each case of a bundle as a line of the receipt: number, procedure, section."""
    known = departments()
    return [
        {
            "label": case.number,
            "value": f"{case.procedure_title}　{known[case.section].name if case.section in known else ''}".strip(),
        }
        for case in cases
    ]
