"""What is wrong with an interview beyond its shape: unknown names, targets that do not fit, rows without a reason.

Owns the static checks and the run of the worked examples: each is decided, laid into the procedures' own forms and judged
there. Pure: no Django, no storage.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from madoguchi.engines.forms.api import (
    CompiledField,
    CompiledForm,
    CompileError,
    Context,
    Evaluation,
    Fee,
    FormDefinition,
    FormFault,
    check_form,
    compile_form,
    evaluate,
)
from madoguchi.rooms.catalogue.interviews.deciding import (
    CompiledRow,
    CompiledRows,
    RowError,
    answers_for,
    compile_rows,
    decide,
)
from madoguchi.rooms.catalogue.interviews.remaining import questions_left
from madoguchi.rooms.catalogue.interviews.schema import Interview, InterviewExample
from madoguchi.rooms.catalogue.schema import Procedure

Path = tuple[str | int, ...]

ALIKE = (
    frozenset({"text", "textarea", "kana", "phone", "email", "computed", "time"}),
    frozenset({"integer", "decimal", "yen", "computed"}),
    frozenset({"choice", "relationship", "text", "textarea", "computed"}),
    frozenset({"date", "computed"}),
    frozenset({"year_month", "computed"}),
    frozenset({"yes_no", "computed"}),
    frozenset({"choices", "computed"}),
)
"""Types between which an answer may be handed on; every type fits itself."""


@dataclass(frozen=True, slots=True)
class Targets:
    """What a table may point to: the ward's procedures, their forms by id, the fees."""

    procedures: Mapping[str, Procedure]
    forms: Mapping[str, FormDefinition]
    fees: Mapping[str, Fee]

    def form_of(self, procedure_id: str) -> FormDefinition | None:
        """Return the definition by which a procedure is asked for, or None."""
        procedure = self.procedures.get(procedure_id)
        return self.forms.get(procedure.form or "general") if procedure else None


def check_interview(interview: Interview, targets: Targets) -> list[FormFault]:
    """Return every fault of an interview, those of its questions and of its examples included."""
    faults = check_form(interview.as_form(with_examples=True), targets.fees)
    try:
        form, rows = compile_form(interview.as_form()), compile_rows(interview)
    except CompileError:
        return faults  # named by check_form
    except RowError as error:
        return [*faults, FormFault(error.path, str(error), "JSON Logic の書き方を確かめてください")]
    compiled: dict[str, CompiledForm] = {}
    for i, row in enumerate(rows):
        faults += _check_row(row, ("rows", i), form, targets, compiled, interview.answers_of(row.row))
    faults += _check_keys(interview)
    faults += _check_unread(form, rows)
    if not faults:
        faults += _run_examples(interview, form, rows, targets, compiled)
    return faults


def _check_keys(interview: Interview) -> Iterator[FormFault]:
    seen: set[str] = set()
    for i, row in enumerate(interview.rows):
        if row.key in seen:
            yield FormFault(("rows", i), f"「{row.key}」が二度あります", "id を付けて区別してください")
        seen.add(row.key)
        if interview.kind == "guide" and (row.answers or row.pattern):
            yield FormFault(("rows", i, "answers"), "案内（kind: guide）は申請しません", "answers を消してください")


def _check_unread(form: CompiledForm, rows: tuple[CompiledRow, ...]) -> Iterator[FormFault]:
    """Find questions that nothing reads, and those only the procedure that needs them may ask (個人番号, files)."""
    rules = [rule for row in rows for _, rule in row.rules()]
    rules += [rule for item in form.fields.values() for _, rule in item.rules()]
    rules += [step.shown for step in form.steps if step.shown is not None]
    rules += [rule for step in form.steps for _, rule in step.checks]
    read = {name.lstrip("?").split(".")[0] for rule in rules for name in rule.variables}
    for item in form.fields.values():
        if item.fd.type in {"my_number", "file"}:
            yield FormFault(
                item.path,
                f"「{item.id}」（{item.fd.type}）は、聞き取りでは聞けません",
                "要る手続の様式で聞きます。この質問を消してください",
            )
        elif item.kind.asks and item.fd.type != "group" and item.id not in read and not _read_with(item, read, form):
            yield FormFault(
                item.path, f"「{item.id}」の答えは、どこでも使われません", "使う行を書くか、この質問を消してください"
            )


def _read_with(item: CompiledField, read: set[str], form: CompiledForm) -> bool:
    """Tell whether a child of a repeating group is asked only to tell its rows apart (a name of a person)."""
    return item.group in read and item.fd.type == "person_name" and form.fields[str(item.group)].repeats


def _check_row(
    row: CompiledRow,
    path: Path,
    form: CompiledForm,
    targets: Targets,
    compiled: dict[str, CompiledForm],
    written: Mapping[str, Any],
) -> Iterator[FormFault]:
    source = row.row
    top = {item.id for item in form.fields.values() if item.group is None or not form.fields[item.group].repeats}
    children = set(form.fields) - top
    for place, rule in row.rules():
        inside = place[0] == "answers" and "row" in place
        for name in sorted(rule.variables):
            head, loose = name.lstrip("?").split(".")[0], name.startswith("?")
            if head.startswith("@") or head in top or ((inside or loose) and (head in children or head == "")):
                continue
            yield FormFault((*path, *place), f"「{head}」という質問はありません", "聞き取りの質問の id にしてください")
    if not row.applies.constant and not (row.grounds and row.grounds[-1][0].constant and row.grounds[-1][0]({})):
        yield FormFault(
            (*path, "not_because"),
            "当てはまらない理由が、いつも言えるとは限りません",
            "not_because の最後に、when のない理由を書いてください",
        )
    if source.procedure is None:
        return
    procedure = targets.procedures.get(source.procedure)
    if procedure is None:
        yield FormFault(
            (*path, "procedure"), f"「{source.procedure}」という手続はありません", "手続の id にしてください"
        )
        return
    if source.handed_in and (not procedure.in_scope or procedure.audience == "staff"):
        yield FormFault(
            (*path, "procedure"),
            f"「{source.procedure}」は、ここでは申請できません",
            "elsewhere に行き先を書いてください",
        )
    if source.handed_in and procedure.assurance.signature:
        yield FormFault(
            (*path, "procedure"),
            f"「{source.procedure}」は署名が要るので、まとめて申請できません",
            "elsewhere に、手続のページから申請することを書いてください",
        )
    definition = targets.form_of(source.procedure)
    if definition is None or not source.handed_in:
        return
    try:
        compiled.setdefault(source.procedure, compile_form(definition))
    except CompileError:
        return  # named by the forms' own check
    yield from _check_answers(row, path, form, compiled[source.procedure], written)


def _check_answers(
    row: CompiledRow, path: Path, form: CompiledForm, target: CompiledForm, written: Mapping[str, Any]
) -> Iterator[FormFault]:
    for name, filling in row.answers:
        place = (*path, "answers", name)
        item = target.fields.get(name)
        if item is None or (item.group is not None and target.fields[item.group].repeats) or not _fillable(item):
            yield FormFault(place, f"様式に「{name}」という質問はありません", "手続の様式の質問の id にしてください")
            continue
        if item.fd.type == "consent":
            yield FormFault(place, f"「{name}」は同意なので、代わりに答えられません", "この行を消してください")
            continue
        if isinstance(filling, CompiledRows) != item.repeats:
            yield FormFault(
                place, f"「{name}」は{'繰り返しです' if item.repeats else '繰り返しではありません'}",
                "繰り返しには row: を、ほかには規則を書いてください",
            )  # fmt: skip
            continue
        if isinstance(filling, CompiledRows):
            known = {child.id: child for child in item.children}
            for child, _ in filling.row:
                if child not in known:
                    yield FormFault(
                        (*place, "row", child), f"「{name}」の中に「{child}」はありません", "id を確かめてください"
                    )
                else:
                    rule = written[name].row[child]
                    yield from _check_value(rule, known[child], (*place, "row", child), form)
        else:
            yield from _check_value(written[name], item, place, form)


def _fillable(item: CompiledField) -> bool:
    return item.repeats or (item.kind.asks and item.fd.type not in {"file", "group"})


def _check_value(rule: Any, item: CompiledField, path: Path, form: CompiledForm) -> Iterator[FormFault]:
    """Judge what can be seen without answers: a constant against its type, a question against its kind."""
    if isinstance(rule, dict) and set(rule) == {"var"} and isinstance(rule["var"], str) and "." not in rule["var"]:
        read = form.fields.get(rule["var"])
        if read is not None and not _fits(read.fd.type, item.fd.type):
            yield FormFault(
                path,
                f"「{read.id}」（{read.fd.type}）は「{item.id}」（{item.fd.type}）に入りません",
                "型を合わせてください",
            )
        elif read is not None and read.fd.options and item.fd.options:
            offered = {option.value for option in item.fd.options}
            extra = sorted({option.value for option in read.fd.options} - offered)
            if extra:
                yield FormFault(
                    path, f"「{item.id}」にない選択肢になります: {'、'.join(extra)}", "if で読み替えてください"
                )
    elif not isinstance(rule, dict | list) and item.kind.judge(item.fd, rule, _constant_bounds(item)):
        yield FormFault(path, f"「{rule}」は「{item.id}」の答えになりません", "様式の選択肢や型に合わせてください")


def _constant_bounds(item: CompiledField) -> dict[str, Any]:
    return {"options": {option.value for option in item.fd.options}} if item.fd.options else {}


def _fits(source: str, target: str) -> bool:
    return source == target or any(source in alike and target in alike for alike in ALIKE)


def _run_examples(
    interview: Interview,
    form: CompiledForm,
    rows: tuple[CompiledRow, ...],
    targets: Targets,
    compiled: Mapping[str, CompiledForm],
) -> Iterator[FormFault]:
    said: dict[str, set[bool]] = {row.row.key: set() for row in rows}
    for i, example in enumerate(interview.examples):
        scope = evaluate(form, example.answers, Context(example.at, fees=targets.fees)).scope
        decisions = decide(rows, scope)
        for decision in decisions:
            said[decision.key].add(decision.applies)
        applying = [decision.key for decision in decisions if decision.applies]
        where = f"例「{example.title.get('ja')}」"
        if sorted(applying) != sorted(example.expect.applies):
            wanted = "、".join(sorted(example.expect.applies)) or "なし"
            yield FormFault(
                ("examples", i, "expect", "applies"),
                f"{where}: 当てはまるのは {wanted} のはずですが {'、'.join(sorted(applying)) or 'なし'} です",
                "答えか applies を直してください",
            )
        for decision in decisions:
            if decision.applies and decision.row.row.procedure in compiled:
                target = compiled[str(decision.row.row.procedure)]
                filled = answers_for(decision.row, scope)
                result = evaluate(target, filled, Context(example.at, fees=targets.fees))
                yield from _judge_filled(decision.key, filled, result, example, ("examples", i), where)
    for i, row in enumerate(rows):
        if row.applies.constant:
            continue
        for missing in sorted({True, False} - said[row.row.key], reverse=True):
            word = "当てはまる" if missing else "当てはまらない"
            yield FormFault(
                ("rows", i, "applies"), f"「{row.row.key}」が{word}例がありません", "その場合の例を加えてください"
            )


def _judge_filled(
    key: str, filled: Mapping[str, Any], result: Evaluation, example: InterviewExample, path: Path, where: str
) -> Iterator[FormFault]:
    for problem in result.problems:
        item = result.form.fields[problem.field]
        mapped = item.id in filled or item.group in filled
        if mapped and problem.code != "required":
            yield FormFault(
                (*path, "answers"), f"{where}: {key} の様式の「{problem.field}」に入る値が誤りです（{problem.code}）",
                "rows の answers を直してください",
            )  # fmt: skip
    left = [item.id for item in questions_left(result, filled, {})]
    wanted = example.expect.remaining.get(key)
    if wanted is not None and sorted(wanted) != sorted(left):
        yield FormFault(
            (*path, "expect", "remaining"),
            f"{where}: {key} の残りの質問は {'、'.join(sorted(wanted)) or 'なし'} のはずですが {'、'.join(sorted(left)) or 'なし'} です",
            "例か answers を直してください",
        )
