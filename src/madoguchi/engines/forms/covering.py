"""Examples that show every branch of a form: found by trying answers, with what the form says as the expectation.

Owns the search. It proposes; a clerk looks whether what the form says is what the office wants. Pure: no Django, no storage.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from madoguchi.engines.forms.checks import Branch, branches
from madoguchi.engines.forms.compiler import CompiledForm, compile_form
from madoguchi.engines.forms.evaluation import Context, Evaluation, Trace, evaluate
from madoguchi.engines.forms.importing.examples import example_answers
from madoguchi.engines.forms.schema import Fee, FieldDef, FormDefinition
from madoguchi.engines.forms.types.choices import options_of
from madoguchi.kernel.folder import plain

MOST_TRIES = 400
"""How many sets of answers are tried for one branch."""
ROUNDS = 3
_DAYS = (0, -1, 1, -20, 20, -40, 40, -400, 400, -7000, -25000)
"""Days from today that a rule about dates or ages may ask about."""


def expectation_of(evaluation: Evaluation) -> dict[str, Any]:
    """Return what a form says to some answers, as the expectation of an example."""
    expect: dict[str, Any] = {
        "valid": evaluation.valid,
        "steps": [step.id for step in evaluation.steps],
        "papers": [paper.id for paper in evaluation.papers],
    }
    if evaluation.form.fees:
        expect["fee_yen"] = evaluation.fee_yen
    if evaluation.problems:
        expect["errors"] = {problem.field: problem.code for problem in reversed(evaluation.problems)}
    return expect


def cover_branches(definition: FormDefinition, fees: Mapping[str, Fee], *, at: dt.date) -> list[dict[str, Any]]:
    """Return examples (plain data) by which every branch, as far as answers can be found, is seen both ways.

    Those a definition has are kept in mind; only what is missing is added. Raises CompileError.
    """
    form = compile_form(definition)
    trace: Trace = {}
    bases: list[dict[str, Any]] = [dict(example.answers) for example in definition.examples]
    for example in definition.examples:
        evaluate(form, example.answers, Context(example.at, fees=fees), trace)
    found: list[dict[str, Any]] = []
    taken = {example.id for example in definition.examples}
    context = Context(at, fees=fees)
    whole = example_answers([plain(field) for step in definition.steps for field in step.fields])
    bases.append(whole)
    if not definition.examples:
        found.append(_example(form, whole, context, trace, "すべてに答える", taken))
    for _ in range(ROUNDS):
        progress = False
        for branch in branches(form):
            for wanted in sorted({True, False} - trace.get(branch.key, set())):
                answers = _answers_for(form, branch, wanted, bases, context)
                if answers is not None:
                    title = f"{branch.what}の条件が{'当てはまる' if wanted else '当てはまらない'}"
                    found.append(_example(form, answers, context, trace, title, taken))
                    bases.append(answers)
                    progress = True
        if not progress:
            break
    return found


def _example(
    form: CompiledForm, answers: Mapping[str, Any], context: Context, trace: Trace, title: str, taken: set[str]
) -> dict[str, Any]:
    evaluation = evaluate(form, answers, context, trace)
    number = next(n for n in range(1, 10_000) if f"case_{n}" not in taken)
    taken.add(f"case_{number}")
    kept = {name: value for name, value in answers.items() if name in evaluation.visible}
    return {
        "id": f"case_{number}",
        "title": {"ja": title},
        "at": context.today.isoformat(),
        "answers": kept,
        "expect": expectation_of(evaluation),
    }


def _answers_for(
    form: CompiledForm, branch: Branch, wanted: bool, bases: list[dict[str, Any]], context: Context
) -> dict[str, Any] | None:
    """Return answers under which a branch is *wanted*, the ones the form accepts before the others."""
    names = [
        name for name in sorted({v.lstrip("?").split(".")[0] for v in branch.rule.variables}) if name in form.fields
    ]
    second: dict[str, Any] | None = None
    tries = 0
    for base in bases:
        for values in product(*(list(_candidates(form, name, context.today)) for name in names)):
            tries += 1
            if tries > MOST_TRIES:
                return second
            answers = {**base, **dict(zip(names, values, strict=True))}
            answers = {name: value for name, value in answers.items() if value is not None}
            seen: Trace = {}
            evaluation = evaluate(form, answers, context, seen)
            if wanted in seen.get(branch.key, set()):
                if evaluation.valid:
                    return answers
                second = second or answers
    return second


def _candidates(form: CompiledForm, name: str, today: dt.date) -> Iterator[Any]:
    """Yield answers of a question that may change a rule: its options, the constants it is compared with, nothing."""
    fd = form.fields[name].fd
    if fd.type in {"choice", "relationship"}:
        yield from (option.value for option in options_of(fd))
    elif fd.type == "choices":
        yield from ([option.value] for option in options_of(fd))
    elif fd.type in {"yes_no", "consent"}:
        yield from (True, False)
    else:
        yield from _around(fd, list(_constants(form, name)))
    if fd.type == "date":
        yield from ((today + dt.timedelta(days=days)).isoformat() for days in _DAYS)
    yield None


def _around(fd: FieldDef, constants: list[Any]) -> Iterator[Any]:
    """Yield the constants and their neighbours, then an answer like any other."""
    for constant in constants:
        if isinstance(constant, bool):
            continue
        if isinstance(constant, int | float):
            numbers = (constant, constant + 1, constant - 1)
            yield from (str(number) if fd.type == "decimal" else int(number) for number in numbers)
        elif isinstance(constant, str) and fd.type == "date":
            try:
                day = dt.date.fromisoformat(constant)
            except ValueError:
                continue
            yield from ((day + dt.timedelta(days=days)).isoformat() for days in (0, 1, -1))
        elif isinstance(constant, str):
            yield constant
    if (answer := example_answers([plain(fd)]).get(fd.id)) is not None:
        yield answer


def _constants(form: CompiledForm, name: str) -> Iterator[Any]:
    """Yield what a question is compared with anywhere in a form."""
    definition = form.definition
    rules: list[Any] = [item.fd.shown_if for item in form.fields.values()]
    rules += [step.shown_if for step in definition.steps]
    rules += [paper.needed_if for paper in definition.papers]
    rules += [rule for line in definition.fees for rule in (line.when, *(cut.when for cut in line.reduction))]
    for rule in rules:
        yield from _beside(rule, name)


def _beside(rule: Any, name: str) -> Iterator[Any]:
    """Yield the constants that stand beside a variable in a rule."""
    if isinstance(rule, list):
        if {"var": name} in rule:
            for item in rule:
                yield from item if isinstance(item, list) else () if isinstance(item, dict) else (item,)
        for item in rule:
            yield from _beside(item, name)
    elif isinstance(rule, dict):
        for item in rule.values():
            yield from _beside(item, name)
