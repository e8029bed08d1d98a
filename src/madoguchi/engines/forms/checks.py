"""Form CI for clerks: what is wrong with a definition beyond its shape.

Owns the static analysis (unknown names, cycles, dead branches and options, fees without a rate) and the run of the
worked examples with their coverage. Pure: no Django, no storage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from madoguchi.engines.forms.compiler import CompiledForm, CompileError, Path, compile_form
from madoguchi.engines.forms.evaluation import Context, Evaluation, Trace, evaluate
from madoguchi.engines.forms.logic import CompiledRule
from madoguchi.engines.forms.schema import Example, Fee, FieldDef, FormDefinition
from madoguchi.engines.forms.types.choices import options_of

CODE_FAMILIES: dict[str, frozenset[str]] = {
    "type": frozenset({"type", "phone", "email", "kana", "latin", "postal_code", "digits"}),
    "length": frozenset({"length", "min_length", "digits"}),
    "pattern": frozenset({"pattern", "kana", "latin", "phone", "email", "postal_code", "digits"}),
    "min": frozenset({"min", "min_items", "min_rows", "min_length"}),
    "max": frozenset({"max", "max_items", "max_rows", "max_files", "length"}),
    "digit": frozenset({"digit", "digits"}),
    "option": frozenset({"option"}),
    "required": frozenset({"required", "min_rows"}),
    "file": frozenset({"file_type", "file_size", "max_files"}),
}
"""The coarse codes a clerk may write in an example and the precise codes each stands for."""


@dataclass(frozen=True, slots=True)
class FormFault:
    """A fault in a definition: where, what, how to mend it."""

    path: Path
    message: str
    mend: str = ""


def check_form(definition: FormDefinition, fees: Mapping[str, Fee]) -> list[FormFault]:
    """Return every fault of a definition, the failing examples and unreached branches included."""
    try:
        form = compile_form(definition)
    except CompileError as error:
        return [FormFault(error.path, str(error), error.mend)]
    faults = [*_check_rates(form, fees), *_check_fields(form), *_check_dead(form), *_check_backward(form)]
    trace: Trace = {}
    for i, example in enumerate(definition.examples):
        faults += _run_example(form, example, ("examples", i), fees, trace)
    if not definition.examples:
        faults.append(FormFault(("examples",), "例（examples）がありません", "住民の例を一つ以上書いてください"))
    else:
        faults += _uncovered(form, trace)
    return faults


def _check_rates(form: CompiledForm, fees: Mapping[str, Fee]) -> Iterator[FormFault]:
    for i, line in enumerate(form.definition.fees):
        fee = fees.get(line.rate)
        if fee is None:
            yield FormFault(
                ("fees", i, "rate"), f"「{line.rate}」という手数料は fees.yaml にありません", "id を確かめてください"
            )
            continue
        for j, reduction in enumerate(line.reduction):
            if fee.exemption(reduction.exemption) is None:
                yield FormFault(
                    ("fees", i, "reduction", j, "exemption"),
                    f"「{reduction.exemption}」という減免は、fees.yaml の「{line.rate}」にありません",
                    "fees.yaml の exemptions に加えるか、id を確かめてください",
                )
            if reduction.proof is not None and all(paper.id != reduction.proof for paper in form.definition.papers):
                yield FormFault(
                    ("fees", i, "reduction", j, "proof"),
                    f"「{reduction.proof}」という書類は、この様式の papers にありません",
                    "papers に加えるか、id を確かめてください",
                )
    listed = {line.rate for line in form.definition.fees}
    for rate in sorted(form.rates - listed - set(fees)):
        yield FormFault((), f"計算式が読む手数料「{rate}」は fees.yaml にありません", "id を確かめてください")


def _check_fields(form: CompiledForm) -> Iterator[FormFault]:
    for item in form.fields.values():
        fd = item.fd
        if fd.pattern is not None:
            try:
                re.compile(fd.pattern)
            except re.error as error:
                yield FormFault(
                    (*item.path, "pattern"), f"正規表現が正しくありません: {error}", "書き方を確かめてください"
                )
            if fd.pattern_message is None:
                yield FormFault(
                    (*item.path, "pattern"), "pattern には pattern_message が要ります", "直し方の文を書いてください"
                )
        low, high = fd.min, fd.max
        if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
            yield FormFault((*item.path, "min"), "min が max より大きくなっています", "値を入れ替えてください")
        values = [option.value for option in fd.options or ()]
        for value in {value for value in values if values.count(value) > 1}:
            yield FormFault((*item.path, "options"), f"選択肢「{value}」が二度あります", "一つにしてください")
        if fd.type == "file" and not any(paper.field == fd.id for paper, _ in form.papers):
            yield FormFault(
                item.path,
                "このファイルは、どの必要書類（papers）のものか書かれていません",
                "papers に field: を書いてください",
            )


def _compared(rule: Any) -> Iterator[tuple[str, Any]]:
    """Yield (question, constant) for every comparison of a question with a constant inside a rule."""
    if isinstance(rule, list):
        for item in rule:
            yield from _compared(item)
    if not isinstance(rule, dict):
        return
    for operator, raw in rule.items():
        arguments = raw if isinstance(raw, list) else [raw]
        if operator in {"==", "===", "!=", "!==", "in"} and len(arguments) == 2:
            yield from _pairs(arguments)
        for item in arguments:
            yield from _compared(item)


def _pairs(arguments: list[Any]) -> Iterator[tuple[str, Any]]:
    for this, other in (arguments, arguments[::-1]):
        if isinstance(this, dict) and set(this) == {"var"} and isinstance(this["var"], str):
            for constant in other if isinstance(other, list) else [other]:
                if isinstance(constant, str):
                    yield this["var"], constant


def _named_rules(form: CompiledForm) -> Iterator[tuple[Path, Any]]:
    for step in form.steps:
        yield (*step.path, "shown_if"), step.sd.shown_if
        for i, check in enumerate(step.sd.checks):
            yield (*step.path, "checks", i, "rule"), check.rule
    for item in form.fields.values():
        for key in ("shown_if", "required", "readonly_if", "compute"):
            yield (*item.path, key), getattr(item.fd, key)
    for i, (paper, _) in enumerate(form.papers):
        yield ("papers", i, "needed_if"), paper.needed_if
    for i, line in enumerate(form.definition.fees):
        yield ("fees", i, "when"), line.when
        yield ("fees", i, "quantity"), line.quantity
        for j, reduction in enumerate(line.reduction):
            yield ("fees", i, "reduction", j, "when"), reduction.when


def _check_dead(form: CompiledForm) -> Iterator[FormFault]:
    for path, rule in _named_rules(form):
        if rule is False and path[-1] in {"shown_if", "needed_if", "when"}:
            yield FormFault(path, "この条件はいつも偽なので、決して使われません", "条件を直すか、消してください")
        for name, constant in _compared(rule):
            fd = _choice(form, name)
            if fd is not None and constant not in {option.value for option in options_of(fd)}:
                yield FormFault(
                    path,
                    f"「{name}」に「{constant}」という選択肢はないので、この枝には誰も着きません",
                    "選択肢の値を確かめてください",
                )


def _check_backward(form: CompiledForm) -> Iterator[FormFault]:
    """Find rules that read a later step: its answer would send the resident back to a page already left."""
    number = {step.id: i for i, step in enumerate(form.steps)}
    rules = [((*step.path, "shown_if"), step.id, step.shown) for step in form.steps if step.shown]
    for item in form.fields.values():
        rules += [((*item.path, key), item.step_id, rule) for key, rule in item.rules() if key != "compute"]
    for path, step_id, rule in rules:
        for name in sorted({name.lstrip("?").split(".")[0] for name in rule.variables}):
            read = form.fields.get(name)
            if read is not None and number[read.step_id] > number[step_id]:
                yield FormFault(
                    path,
                    f"この条件は、後の画面「{read.step_id}」の質問「{name}」を読んでいます",
                    "質問を後の画面に移すか、条件を直してください",
                )


def _choice(form: CompiledForm, name: str) -> FieldDef | None:
    item = form.fields.get(name)
    return item.fd if item is not None and item.fd.type in {"choice", "choices", "relationship"} else None


def _run_example(
    form: CompiledForm, example: Example, path: Path, fees: Mapping[str, Fee], trace: Trace
) -> Iterator[FormFault]:
    known = {item.id for item in form.fields.values() if item.group is None or not form.fields[item.group].repeats}
    for name in sorted(set(example.answers) - known):
        yield FormFault((*path, "answers", name), f"「{name}」という質問はありません", "質問の id を確かめてください")
    result = evaluate(form, example.answers, Context(example.at, fees=fees), trace)
    where = f"例「{example.title.get('ja')}」"
    asked = {paper.id for paper in result.papers}
    for charged in result.fees:
        if charged.proof is not None and charged.proof not in asked:
            yield FormFault(
                path,
                f"{where}では手数料が減免されますが、それを示す書類「{charged.proof}」を求めていません",
                "書類の needed_if を減免の条件に合わせてください",
            )
    yield from _compare_example(example, result, path, where)


def _compare_example(example: Example, result: Evaluation, path: Path, where: str) -> Iterator[FormFault]:
    expect = example.expect
    found = {problem.field: problem.code for problem in reversed(result.problems)}
    groups = {
        problem.field: result.form.fields[problem.field].group for problem in result.problems if problem.row is not None
    }
    if expect.valid and result.problems:
        listed = "、".join(f"{problem.field}（{problem.code}）" for problem in result.problems[:6])
        yield FormFault(
            (*path, "expect", "valid"),
            f"{where}は正しいはずですが、誤りがあります: {listed}",
            "答えか条件を直してください",
        )
    if not expect.valid and not result.problems:
        yield FormFault(
            (*path, "expect", "valid"), f"{where}は誤りがあるはずですが、ありません", "答えか条件を直してください"
        )
    for name, code in expect.errors.items():
        codes = {found[name]} if name in found else {found[field] for field, group in groups.items() if group == name}
        if not any(actual == code or actual in CODE_FAMILIES.get(code, ()) for actual in codes):
            got = "、".join(sorted(codes)) or "誤りなし"
            yield FormFault(
                (*path, "expect", "errors"),
                f"{where}: {name} は {code} のはずですが {got} です",
                "例か条件を直してください",
            )
    if expect.errors and not expect.valid:
        extra = {name for name in found if name not in expect.errors and groups.get(name) not in expect.errors}
        if extra:
            yield FormFault(
                (*path, "expect", "errors"),
                f"{where}: ほかにも誤りがあります: {'、'.join(sorted(extra))}",
                "errors に加えてください",
            )
    pairs: tuple[tuple[str, Any, Any], ...] = (
        ("steps", expect.steps, [step.id for step in result.steps]),
        (
            "papers",
            None if expect.papers is None else sorted(expect.papers),
            sorted(paper.id for paper in result.papers),
        ),
        ("fee_yen", expect.fee_yen, result.fee_yen),
    )
    for key, wanted, actual in pairs:
        if wanted is not None and wanted != actual:
            yield FormFault(
                (*path, "expect", key),
                f"{where}: {key} は {wanted} のはずですが {actual} です",
                "例か条件を直してください",
            )
    for name, wanted in expect.computed.items():
        if result.scope.get(name) != wanted:
            yield FormFault(
                (*path, "expect", "computed"),
                f"{where}: {name} は {wanted} のはずですが {result.scope.get(name)} です",
                "計算式を直してください",
            )


def _uncovered(form: CompiledForm, trace: Trace) -> Iterator[FormFault]:
    for branch in branches(form):
        for missing in sorted({True, False} - trace.get(branch.key, set()), reverse=True):
            word = "真" if missing else "偽"
            yield FormFault(
                branch.path,
                f"{branch.what}の条件が{word}になる例がありません",
                "その場合の例を examples に加えてください",
            )


@dataclass(frozen=True, slots=True)
class Branch:
    """A condition that examples must show both ways: its key in a trace, its name, its place, its rule."""

    key: Path
    what: str
    path: Path
    rule: CompiledRule


def branches(form: CompiledForm) -> Iterator[Branch]:
    """Yield every condition of a form that is not a constant."""
    for step in form.steps:
        if step.shown is not None and not step.shown.constant:
            yield _branch((*step.path, "shown_if"), f"ステップ「{step.id}」", step.shown)
    for item in form.fields.values():
        if item.shown is not None and not item.shown.constant:
            yield _branch((*item.path, "shown_if"), f"質問「{item.id}」", item.shown)
        for value, rule in item.options:
            if not rule.constant:
                yield Branch((*item.path, "options", value), f"選択肢「{item.id}: {value}」", item.path, rule)
    for i, (paper, rule) in enumerate(form.papers):
        if not rule.constant:
            yield _branch(("papers", i, "needed_if"), f"書類「{paper.id}」", rule)
    for i, fee in enumerate(form.fees):
        if not fee.when.constant:
            yield _branch(("fees", i, "when"), f"手数料「{fee.line.id}」", fee.when)
        for j, (exemption, when) in enumerate(fee.reductions):
            if not when.constant:
                place = ("fees", i, "reduction", j, "when")
                yield _branch(place, f"手数料「{fee.line.id}」の減免「{exemption}」", when)


def _branch(place: Path, what: str, rule: CompiledRule) -> Branch:
    return Branch(place, what, place, rule)
