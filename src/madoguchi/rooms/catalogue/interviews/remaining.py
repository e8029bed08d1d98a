"""Which questions of a procedure's form are still open after an interview's answers are laid into it.

Owns that choice: required questions, what was asked here before, and what is wrong with a value laid in. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from madoguchi.engines.forms.api import CompiledField, Evaluation
from madoguchi.kernel.l10n import LocalText

Signature = tuple[Any, ...]


def questions_left(
    evaluation: Evaluation, filled: Mapping[str, Any], own: Mapping[str, Any], *, asked: Collection[Signature] = ()
) -> list[CompiledField]:
    """Return the questions to ask, in the order of the form.

    *evaluation* is of the form with *filled* (from the interview) and *own* (typed for this form) laid in; *asked* are the
    signatures of questions that another form of the same interview asks already.
    """
    wrong = {problem.field for problem in evaluation.problems}
    groups = {evaluation.form.fields[field].group for field in wrong}
    return [
        item
        for item in _asking(evaluation)
        if signature(item) not in asked and _is_open(item, evaluation, filled, own, wrong, groups)
    ]


def _asking(evaluation: Evaluation) -> Iterator[CompiledField]:
    for step in evaluation.steps:
        for item in step.fields:
            if item.repeats:
                if item.id in evaluation.visible:
                    yield item
                continue
            for each in (item, *item.children):
                if each.id in evaluation.visible and each.kind.asks and each.fd.type != "group":
                    yield each


def _is_open(
    item: CompiledField,
    evaluation: Evaluation,
    filled: Mapping[str, Any],
    own: Mapping[str, Any],
    wrong: Collection[str],
    groups: Collection[str | None],
) -> bool:
    if item.id in own and own[item.id] is not None:
        return True
    if item.repeats:
        return item.id in wrong or item.id in groups
    if item.id in wrong:
        return True
    return item.id not in filled and item.fd.default is None and bool(item.required(evaluation.scope))


def signature(item: CompiledField) -> Signature:
    """Return what makes two questions of different forms the same: id, type, words, options."""
    fd = item.fd
    options = tuple((option.value, _words(option.label)) for option in fd.options or ())
    return (item.id, fd.type, _words(fd.label), options)


def _words(text: LocalText) -> str:
    return text.get("ja")
