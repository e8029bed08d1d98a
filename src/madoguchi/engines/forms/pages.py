"""View models: a step, a summary, answers to read, as the templates under ``templates/forms`` want them.

Owns the translation from evaluated forms to template contexts. Knows no request and no URL but those passed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from madoguchi.engines.forms.compiler import CompiledField, CompiledForm, CompiledStep
from madoguchi.engines.forms.evaluation import ChargedFee, Evaluation, open_options
from madoguchi.engines.forms.logic import is_true
from madoguchi.engines.forms.messages import message
from madoguchi.engines.forms.services import row_name
from madoguchi.engines.forms.types import Problem
from madoguchi.engines.forms.types.base import RAW, is_raw, show_raw
from madoguchi.engines.forms.types.choices import options_of
from madoguchi.engines.forms.types.files import MIME, accepted
from madoguchi.engines.forms.wording import problem_message

INPUT_MODES = {"phone": "tel", "email": "email"}
SUFFIXES = {
    "jpeg": ".jpg,.jpeg",
    "docx": ".docx",
    "xlsx": ".xlsx",
    "pdf": ".pdf",
    "png": ".png",
    "heic": ".heic",
    "csv": ".csv",
}


class FieldView:
    """One question as its template draws it."""

    __slots__ = (
        "accept", "accept_text", "add", "attrs", "described_by", "editing", "error", "error_part", "fields", "files", "help",
        "id", "item", "label", "layout", "max_files", "max_mb", "max_rows", "name", "options", "origin", "readonly", "required",
        "rows", "template", "type", "unit", "value", "wareki", "why_article", "why_text",
    )  # fmt: skip

    def __init__(self, item: CompiledField, name: str, lang: str) -> None:
        fd = item.fd
        self.type, self.name, self.id = fd.type, name, name.replace(".", "-")
        self.template = f"forms/fields/{fd.type}.html"
        self.label = fd.label.get(lang)
        self.help = fd.help.get(lang) if fd.help else ""
        self.why_text = fd.why.text.get(lang) if fd.why else ""
        self.why_article = (fd.why.article or "") if fd.why else ""
        self.unit = fd.unit.get(lang) if fd.unit else ""
        self.layout, self.wareki = fd.layout, fd.wareki
        self.max_files, self.max_mb = fd.max_files, fd.max_mb
        self.value: Any = None
        self.error = self.origin = self.error_part = self.accept = self.accept_text = self.described_by = ""
        self.required = self.readonly = False
        self.options: list[tuple[str, str, str, bool]] = []
        self.attrs: dict[str, Any] = {}
        self.rows: list[dict[str, str]] | None = None
        self.fields: list[FieldView] = []
        self.editing: dict[str, Any] | None = None
        self.add: Any = False
        self.item, self.max_rows = "", 0
        self.files: Any = None


def field_view(
    item: CompiledField,
    *,
    name: str,
    value: Any,
    scope: Mapping[str, Any],
    problems: list[Problem],
    form: CompiledForm,
    lang: str,
) -> FieldView:
    """Return the view of one question with its value as typed and its first problem."""
    view = FieldView(item, name, lang)
    fd = item.fd
    repeat = item.fd.repeat
    view.required = repeat.min > 0 if repeat is not None else item.kind.asks and is_true(item.required(scope))
    view.readonly = item.readonly is not None and is_true(item.readonly(scope))
    view.value = _shown_value(item, value if value is not None else fd.default, scope, lang)
    if problems:
        view.error = problem_message(problems[0], form, lang)
        view.error_part = problems[0].part
    view.described_by = " ".join(
        part for part, there in ((f"{view.id}-hint", fd.help), (f"{view.id}-error", view.error)) if there
    )
    _fill_special(view, item, value if value is not None else fd.default, scope, lang)
    if fd.autocomplete:
        view.attrs["autocomplete"] = fd.autocomplete
    return view


def _fill_special(view: FieldView, item: CompiledField, value: Any, scope: Mapping[str, Any], lang: str) -> None:
    fd = item.fd
    if fd.type in {"choice", "choices", "relationship"}:
        offered = open_options(item, scope) if item.options else None
        chosen = value if isinstance(value, list) else [value]
        view.options = [
            (option.value, option.label.get(lang), option.help.get(lang) if option.help else "", option.value in chosen)
            for option in options_of(fd)
            if offered is None or option.value in offered
        ]
        if fd.type == "relationship":
            view.layout = "select"
    elif fd.type == "file":
        kinds = accepted(fd)
        taken = (*kinds, *(["heic"] if "jpeg" in kinds and "heic" not in kinds else []))
        view.accept = ",".join([MIME[kind] for kind in taken] + [SUFFIXES[kind] for kind in taken])
        view.accept_text = "・".join(kind.upper() for kind in taken)
    elif fd.type == "textarea":
        view.attrs["maxlength"] = fd.max_length or 2000
    elif fd.type in INPUT_MODES:
        view.attrs["inputmode"] = INPUT_MODES[fd.type]


def _shown_value(item: CompiledField, value: Any, scope: Mapping[str, Any], lang: str) -> Any:
    kind = item.fd.type
    if kind == "my_number":
        return "there" if value else ""
    if kind == "computed":
        shown = scope.get(item.id)
        return "" if shown is None else item.kind.show(item.fd, shown, lang)[0].text
    if is_raw(value):
        return value[RAW]
    if value is None:
        return {} if item.kind.parts else ""
    if kind in {"date", "year_month"} and isinstance(value, str):
        numbers = value.split("-")
        return {"era": "", **{part: number.lstrip("0") for part, number in zip(("y", "m", "d"), numbers, strict=False)}}
    return value


def step_context(
    evaluation: Evaluation,
    step: CompiledStep,
    answers: Mapping[str, Any],
    *,
    lang: str,
    show_problems: bool,
    extra_problems: list[Problem] | None = None,
    editing: tuple[str, int] | None = None,
    step_url: Callable[[str], str] | None = None,
) -> dict[str, Any]:
    """Return the context of ``forms/step.html`` without its actions. *editing* opens a row of a repeating group."""
    found = list(evaluation.problem_steps.get(step.id, [])) if show_problems else []
    problems = [*(extra_problems or []), *found]
    by_field = _by_field(problems, editing)
    views = [
        _top_view(item, evaluation, answers, by_field, editing, lang)
        for item in step.fields
        if item.id in evaluation.visible
    ]
    shown = {view.name: view for view in flat_views(views)}
    ids = [each.id for each in evaluation.steps]
    flat = [item for item in step.flat() if item.id in evaluation.visible]
    files = [item.id for item in flat if item.fd.type == "file"]
    return {
        "form_title": evaluation.form.definition.title.get(lang),
        "step": {
            "id": step.id,
            "title": step.sd.title.get(lang),
            "help": step.sd.help.get(lang) if step.sd.help else "",
        },
        "progress": {
            "steps": progress_steps(evaluation, step.id, lang, step_url),
            "number": ids.index(step.id) + 1,
            "total": len(ids) + 1,
        },
        "fields": views,
        "errors": _error_list(problems, evaluation.form, shown, editing, lang),
        "multipart": bool(files),
        "file_names": ",".join(files),
    }


def progress_steps(
    evaluation: Evaluation, current: str, lang: str, step_url: Callable[[str], str] | None
) -> list[dict[str, str]]:
    """Return the visible steps and the summary as the progress bar shows them; *current* '' stands for the summary."""
    ids = [each.id for each in evaluation.steps]
    here = ids.index(current) if current in ids else len(ids)
    steps = [
        {
            "title": each.sd.title.get(lang),
            "url": step_url(each.id) if step_url else "",
            "state": "current" if i == here else "done" if i < here else "todo",
        }
        for i, each in enumerate(evaluation.steps)
    ]
    last = "current" if here == len(ids) else "todo"
    return [*steps, {"title": message("page.summary_title", lang), "url": "", "state": last}]


def fields_context(
    evaluation: Evaluation,
    fields: list[CompiledField],
    answers: Mapping[str, Any],
    *,
    lang: str,
    show_problems: bool,
    extra_problems: list[Problem] | None = None,
    editing: tuple[str, int] | None = None,
) -> dict[str, Any]:
    """Return the context of a page with chosen questions from several steps (a correction, what a form still asks).

    *editing* opens a row of a repeating group.
    """
    chosen = {each.id for item in fields for each in (item, *item.children)}
    found = [problem for problem in evaluation.problems if problem.field in chosen] if show_problems else []
    problems = [*(extra_problems or []), *found]
    by_field = _by_field(problems, editing)
    views = [_top_view(item, evaluation, answers, by_field, editing, lang) for item in fields]
    shown = {view.name: view for view in flat_views(views)}
    return {
        "fields": views,
        "errors": _error_list(problems, evaluation.form, shown, editing, lang),
        "multipart": any(item.fd.type == "file" for item in fields),
    }


def _by_field(problems: list[Problem], editing: tuple[str, int] | None) -> dict[str, list[Problem]]:
    by_field: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.row is None or (editing is not None and problem.row == editing[1]):
            by_field.setdefault(problem.field, []).append(problem)
    return by_field


def _top_view(
    item: CompiledField,
    evaluation: Evaluation,
    answers: Mapping[str, Any],
    by_field: Mapping[str, list[Problem]],
    editing: tuple[str, int] | None,
    lang: str,
) -> FieldView:
    view = field_view(
        item,
        name=item.id,
        value=answers.get(item.id),
        scope=evaluation.scope,
        problems=by_field.get(item.id, []),
        form=evaluation.form,
        lang=lang,
    )
    if item.repeats:
        _fill_rows(view, item, evaluation, answers.get(item.id), by_field, editing, lang)
    elif item.children:
        view.fields = [
            _top_view(child, evaluation, answers, by_field, None, lang)
            for child in item.children
            if child.id in evaluation.visible
        ]
    return view


def _fill_rows(
    view: FieldView,
    group: CompiledField,
    evaluation: Evaluation,
    stored: Any,
    by_field: Mapping[str, list[Problem]],
    editing: tuple[str, int] | None,
    lang: str,
) -> None:
    repeat = group.fd.repeat
    assert repeat is not None
    rows = stored if isinstance(stored, list) else []
    view.item, view.max_rows = repeat.item.get(lang), repeat.max
    open_row = editing[1] if editing is not None and editing[0] == group.id and 0 <= editing[1] < len(rows) else None
    view.rows = [
        {"summary": row_summary(group, row, lang) or f"{i + 1}", "edit": f"{group.id}:{i}", "remove": f"{group.id}:{i}"}
        for i, row in enumerate(rows)
        if i != open_row
    ]
    view.add = len(rows) < repeat.max
    if open_row is None:
        return
    row = rows[open_row]
    judged = evaluation.scope.get(group.id) or []
    mine = judged[open_row] if open_row < len(judged) else row  # with its computed values
    scope = {**evaluation.scope, **{child.id: None for child in group.children}, **_readable(mine)}
    children = [
        field_view(
            child,
            name=row_name(group.id, open_row, child.id),
            value=row.get(child.id),
            scope=scope,
            problems=by_field.get(child.id, []),
            form=evaluation.form,
            lang=lang,
        )
        for child in group.children
        if child.shown is None or is_true(child.shown(scope))
    ]
    view.editing = {"number": open_row + 1, "index": open_row, "value": f"{group.id}:{open_row}", "fields": children}


def _readable(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if not is_raw(value)}


def row_summary(group: CompiledField, row: Mapping[str, Any], lang: str) -> str:
    """Return a row of a repeating group in one line: its first three answers."""
    parts = []
    for child in group.children:
        value = row.get(child.id)
        if child.kind.asks and not child.kind.empty(value):
            parts.append("／".join(line.text for line in answer_parts(child, value, lang)))
        if len(parts) == 3:
            break
    return "　".join(parts)


def flat_views(views: Iterable[FieldView]) -> list[FieldView]:
    """Return the views with those of groups and of an open row among them."""
    result = []
    for view in views:
        result.append(view)
        result += flat_views(view.fields)
        if view.editing:
            result += view.editing["fields"]
    return result


def _error_list(
    problems: list[Problem],
    form: CompiledForm,
    shown: Mapping[str, FieldView],
    editing: tuple[str, int] | None,
    lang: str,
) -> list[dict[str, str]]:
    entries: list[dict[str, str]] = []
    seen_rows: set[tuple[str, int]] = set()
    for problem in problems:
        item = form.fields[problem.field]
        if problem.row is None or (editing is not None and (item.group, problem.row) == editing):
            name = problem.field if problem.row is None else row_name(str(item.group), problem.row, problem.field)
            entries.append(
                {"target": _target(shown.get(name), problem, item), "message": problem_message(problem, form, lang)}
            )
        elif item.group is not None and (item.group, problem.row) not in seen_rows:
            seen_rows.add((item.group, problem.row))
            group = form.fields[item.group]
            text = message("error.row", lang, {"label": group.fd.label.get(lang), "row": problem.row + 1})
            entries.append({"target": item.group, "message": text})
    return entries


def _target(view: FieldView | None, problem: Problem, item: CompiledField) -> str:
    """Return the id of the input a link of the error summary leads to."""
    if view is None:
        return problem.field
    if problem.part and problem.part in item.kind.parts:
        return f"{view.id}-{problem.part}"
    return view.id


def answer_parts(item: CompiledField, value: Any, lang: str) -> list[Any]:
    """Return the lines of one answer as read, what could not be understood included as typed."""
    from madoguchi.engines.forms.types.base import Part

    if is_raw(value):
        return [Part("", show_raw(value))]
    if item.kind.empty(value) or not item.kind.shaped(value):
        return []
    return [part for part in item.kind.show(item.fd, value, lang) if part.text]


def _row_values(item: CompiledField, value: Any, lang: str) -> list[str]:
    if item.repeats:
        rows = value if isinstance(value, list) else []
        return [_full_row(item, row, lang) for row in rows if isinstance(row, Mapping)]
    return [part.text for part in answer_parts(item, value, lang)]


def _full_row(group: CompiledField, row: Mapping[str, Any], lang: str) -> str:
    lines = []
    for child in group.children:
        texts = [part.text for part in answer_parts(child, row.get(child.id), lang)]
        if child.kind.asks and texts:
            lines.append(f"{child.fd.label.get(lang)}：{'、'.join(texts)}")
    return "／".join(lines)


def _readable_fields(step: CompiledStep, visible: set[str]) -> list[CompiledField]:
    """Return the questions of a step that have an answer to read, in page order."""
    return [
        item
        for item in step.flat()
        if item.id in visible and (item.kind.asks or item.repeats or item.fd.type == "computed")
    ]


def answer_sections(
    evaluation: Evaluation,
    *,
    lang: str,
    change_url: Callable[[str], str] | None = None,
    before: Mapping[str, Any] | None = None,
    only: set[str] | None = None,
) -> list[dict[str, Any]]:
    """Return all answers by step for reading (``forms/summary.html``, ``forms/answers.html``).

    *before* marks what changed against earlier answers; *only* narrows to the named questions.
    """
    sections = []
    for step in evaluation.steps:
        rows = [
            _answer_row(item, evaluation.scope, lang, before)
            for item in _readable_fields(step, evaluation.visible)
            if only is None or item.id in only
        ]
        if rows:
            url = change_url(step.id) if change_url else ""
            sections.append({"id": step.id, "title": step.sd.title.get(lang), "rows": rows, "change_url": url})
    return sections


def _answer_row(
    item: CompiledField, scope: Mapping[str, Any], lang: str, before: Mapping[str, Any] | None
) -> dict[str, Any]:
    value = scope.get(item.id, scope.get(f"@raw:{item.id}"))
    row: dict[str, Any] = {"label": item.fd.label.get(lang), "field": item.id if item.kind.asks or item.repeats else ""}
    _fill_value(row, "value", "lines", _row_values(item, value, lang))
    if before is not None and item.fd.type != "computed":
        earlier = before.get(item.id)
        row["changed"] = earlier != value
        if row["changed"]:
            _fill_value(row, "before", "before_lines", _row_values(item, earlier, lang))
    return row


def _fill_value(row: dict[str, Any], one: str, many: str, texts: list[str]) -> None:
    row[one], row[many] = (texts[0], None) if len(texts) == 1 else ("", texts or None)


def summary_context(
    evaluation: Evaluation,
    answers: Mapping[str, Any],
    *,
    lang: str,
    step_url: Callable[[str], str],
    change_url: Callable[[str], str],
) -> dict[str, Any]:
    """Return the context of ``forms/summary.html`` without its action URL; *change_url* leads back to the summary."""
    return {
        "form_title": evaluation.form.definition.title.get(lang),
        "sections": answer_sections(evaluation, lang=lang, change_url=change_url),
        "papers": papers_context(evaluation, answers, lang=lang, step_url=change_url),
        "fees": fees_context(evaluation, lang=lang),
        "fee_total_yen": evaluation.fee_yen,
        "ready": evaluation.valid,
        "errors": [
            {"url": step_url(step.id), "message": step.sd.title.get(lang)}
            for step in evaluation.steps
            if evaluation.problem_steps.get(step.id)
        ],
    }


def papers_context(
    evaluation: Evaluation, answers: Mapping[str, Any], *, lang: str, step_url: Callable[[str], str] | None = None
) -> list[dict[str, Any]]:
    """Return the needed papers with whether each is there already."""
    result = []
    for paper in evaluation.papers:
        item = evaluation.form.fields.get(paper.field) if paper.field else None
        asked = item is not None and item.id in evaluation.visible
        result.append(
            {
                "id": paper.id,
                "title": paper.title.get(lang),
                "how": paper.how,
                "note": paper.note.get(lang) if paper.note else "",
                "article": paper.article or "",
                "done": bool(answers.get(item.id)) if item is not None and asked else None,
                "url": step_url(item.step_id) if item is not None and asked and step_url else "",
            }
        )
    return result


def fees_context(evaluation: Evaluation, *, lang: str) -> list[dict[str, Any]]:
    """Return the fee lines for ``forms/fees.html``."""
    return [
        {
            "title": (charged.line.title or charged.fee.title).get(lang),
            "unit_yen": charged.unit_yen,
            "quantity": charged.quantity,
            "amount_yen": charged.amount_yen,
            "note": charged.rate.source,
            "reduced": _reduction_words(charged, lang),
            "sample": charged.rate.status != "verified",
        }
        for charged in evaluation.fees
    ]


def _reduction_words(charged: ChargedFee, lang: str) -> str:
    """Return why and by how much a fee is reduced, with the source; '' when it is not."""
    exemption = charged.exemption
    if exemption is None:
        return ""
    values = {"percent": exemption.percent, "title": exemption.title.get(lang), "source": exemption.source}
    return message("page.fee_reduced" if exemption.percent < 100 else "page.fee_waived", lang, values)
