"""From a definition to a form that can be evaluated: rules compiled once, evaluation order fixed, cycles refused.

Owns ``CompiledForm``. Pure: no Django, no storage.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any

from madoguchi.engines.forms.logic import CompiledRule, RuleError, compile_rule
from madoguchi.engines.forms.schema import FeeLine, FieldDef, FormDefinition, Paper, Step
from madoguchi.engines.forms.types import FieldKind, kind_of

Path = tuple[str | int, ...]


class CompileError(ValueError):
    """A definition that cannot be compiled; ``path`` leads to the wrong place in it."""

    def __init__(self, message: str, path: Path, mend: str = "") -> None:
        super().__init__(message)
        self.path, self.mend = path, mend


@dataclass(slots=True)
class CompiledField:
    """A question with its rules compiled."""

    fd: FieldDef
    kind: FieldKind
    step_id: str
    path: Path
    shown: CompiledRule | None
    required: CompiledRule
    readonly: CompiledRule | None
    low: CompiledRule | None
    high: CompiledRule | None
    compute: CompiledRule | None
    options: tuple[tuple[str, CompiledRule], ...]
    group: str | None = None
    children: tuple[CompiledField, ...] = ()

    @property
    def id(self) -> str:
        return self.fd.id

    @property
    def repeats(self) -> bool:
        """Tell whether this is a repeating group (its answer is a list of rows)."""
        return self.fd.repeat is not None

    def rules(self) -> Iterator[tuple[str, CompiledRule]]:
        """Yield every compiled rule of the field by its key."""
        named = {
            "shown_if": self.shown, "required": self.required, "readonly_if": self.readonly,
            "min": self.low, "max": self.high, "compute": self.compute,
        }  # fmt: skip
        yield from ((key, rule) for key, rule in named.items() if rule is not None)
        yield from (("options", rule) for _, rule in self.options)


@dataclass(slots=True)
class CompiledStep:
    """A page of questions with its rules compiled."""

    sd: Step
    path: Path
    shown: CompiledRule | None
    fields: tuple[CompiledField, ...]
    checks: tuple[tuple[Any, CompiledRule], ...]

    @property
    def id(self) -> str:
        return self.sd.id

    def flat(self) -> Iterator[CompiledField]:
        """Yield the step's questions, those of plain groups included, rows of repeating groups not."""
        for item in self.fields:
            yield item
            if not item.repeats:
                yield from item.children


@dataclass(slots=True)
class CompiledFee:
    """A fee line with its rules compiled; ``reductions`` pairs the id of an exemption with its condition."""

    line: FeeLine
    when: CompiledRule
    quantity: CompiledRule
    reductions: tuple[tuple[str, CompiledRule], ...]


@dataclass(slots=True)
class CompiledForm:
    """A form ready to evaluate."""

    definition: FormDefinition
    steps: tuple[CompiledStep, ...]
    papers: tuple[tuple[Paper, CompiledRule], ...]
    fees: tuple[CompiledFee, ...]
    order: tuple[CompiledStep | CompiledField, ...] = ()
    fields: dict[str, CompiledField] = field(default_factory=dict)

    @property
    def rates(self) -> frozenset[str]:
        """Return the fee ids this form refers to, in rules and fee lines."""
        named = {fee.line.rate for fee in self.fees}
        for item in self.fields.values():
            for _, rule in item.rules():
                named |= rule.rates
        return frozenset(named)

    def step(self, step_id: str) -> CompiledStep | None:
        """Return a step by id, or None."""
        return next((step for step in self.steps if step.id == step_id), None)


def compile_form(definition: FormDefinition) -> CompiledForm:
    """Compile a definition. Raises CompileError (double id, unknown name, wrong rule, cycle) with the path."""
    steps = tuple(_compile_step(step, ("steps", i)) for i, step in enumerate(definition.steps))
    papers = tuple(
        (paper, _rule(paper.needed_if, ("papers", i, "needed_if"))) for i, paper in enumerate(definition.papers)
    )
    fees = tuple(_compile_fee(line, ("fees", i)) for i, line in enumerate(definition.fees))
    form = CompiledForm(definition, steps, papers, fees)
    _index(form)
    _check_names(form)
    form.order = _order(form)
    return form


def _rule(rule: Any, path: Path) -> CompiledRule:
    try:
        return compile_rule(rule)
    except RuleError as error:
        raise CompileError(str(error), (*path, *error.path), "JSON Logic の書き方を確かめてください") from error


def _optional(rule: Any, path: Path) -> CompiledRule | None:
    return None if rule is None else _rule(rule, path)


def _compile_fee(line: FeeLine, path: Path) -> CompiledFee:
    reductions = tuple(
        (item.exemption, _rule(item.when, (*path, "reduction", i, "when"))) for i, item in enumerate(line.reduction)
    )
    return CompiledFee(line, _rule(line.when, (*path, "when")), _rule(line.quantity, (*path, "quantity")), reductions)


def _compile_step(step: Step, path: Path) -> CompiledStep:
    fields = tuple(_compile_field(fd, (*path, "fields", i), step.id, None) for i, fd in enumerate(step.fields))
    checks = tuple((check, _rule(check.rule, (*path, "checks", i, "rule"))) for i, check in enumerate(step.checks))
    return CompiledStep(step, path, _optional(step.shown_if, (*path, "shown_if")), fields, checks)


def _compile_field(fd: FieldDef, path: Path, step_id: str, group: str | None) -> CompiledField:
    children = tuple(
        _compile_field(child, (*path, "fields", i), step_id, fd.id) for i, child in enumerate(fd.fields or ())
    )
    return CompiledField(
        fd=fd,
        kind=kind_of(fd),
        step_id=step_id,
        path=path,
        shown=_optional(fd.shown_if, (*path, "shown_if")),
        required=_rule(fd.required, (*path, "required")),
        readonly=_optional(fd.readonly_if, (*path, "readonly_if")),
        low=_optional(fd.min, (*path, "min")),
        high=_optional(fd.max, (*path, "max")),
        compute=_optional(fd.compute, (*path, "compute")),
        options=tuple(
            (option.value, _rule(option.shown_if, (*path, "options", i, "shown_if")))
            for i, option in enumerate(fd.options or ())
            if option.shown_if is not None
        ),
        group=group,
        children=children,
    )


def _index(form: CompiledForm) -> None:
    step_ids: set[str] = set()
    for step in form.steps:
        if step.id in step_ids:
            raise CompileError(
                f"ステップの id「{step.id}」が二度使われています", (*step.path, "id"), "別の id にしてください"
            )
        step_ids.add(step.id)
        for item in step.fields:
            for each in (item, *item.children):
                if each.id in form.fields:
                    raise CompileError(
                        f"質問の id「{each.id}」が二度使われています",
                        (*each.path, "id"),
                        "様式の中で重ならない id にしてください",
                    )
                form.fields[each.id] = each


def _row_children(form: CompiledForm) -> frozenset[str]:
    return frozenset(child.id for item in form.fields.values() if item.repeats for child in item.children)


def _heads(rule: CompiledRule) -> set[tuple[str, bool]]:
    """Return (name, may be a row's own) of everything a rule reads, without context variables."""
    heads = set()
    for name in rule.variables:
        loose = name.startswith("?")
        head = name.lstrip("?").split(".")[0]
        if not head.startswith("@"):
            heads.add((head, loose))
    return heads


_ROW_WORDS = frozenset({"", "current", "accumulator"})


def _check_names(form: CompiledForm) -> None:
    in_rows = _row_children(form)
    top = frozenset(form.fields) - in_rows

    def check(rule: CompiledRule, path: Path, own: frozenset[str] = frozenset()) -> None:
        for head, loose in _heads(rule):
            if head in top or head in own or (loose and (head in in_rows or head in _ROW_WORDS)):
                continue
            if head in in_rows:
                raise CompileError(
                    f"「{head}」は繰り返しの中の質問なので、外からは読めません",
                    path,
                    "some・all・map などで繰り返しごと読んでください",
                )
            raise CompileError(f"「{head}」という質問はありません", path, "質問の id を確かめてください")

    for step in form.steps:
        if step.shown:
            check(step.shown, (*step.path, "shown_if"))
        for i, (definition, rule) in enumerate(step.checks):
            check(rule, (*step.path, "checks", i, "rule"))
            if definition.field not in form.fields:
                raise CompileError(f"「{definition.field}」という質問はありません", (*step.path, "checks", i, "field"))
        for item in step.fields:
            for each in (item, *item.children):
                own = (
                    frozenset(child.id for child in item.children) if item.repeats and each is not item else frozenset()
                )
                for key, rule in each.rules():
                    check(rule, (*each.path, key), own)
    for i, (paper, rule) in enumerate(form.papers):
        check(rule, ("papers", i, "needed_if"))
        if paper.field and (paper.field not in form.fields or form.fields[paper.field].fd.type != "file"):
            raise CompileError(f"「{paper.field}」というファイルの質問はありません", ("papers", i, "field"))
    for i, fee in enumerate(form.fees):
        check(fee.when, ("fees", i, "when"))
        check(fee.quantity, ("fees", i, "quantity"))
        for j, (_, rule) in enumerate(fee.reductions):
            check(rule, ("fees", i, "reduction", j, "when"))


def _order(form: CompiledForm) -> tuple[CompiledStep | CompiledField, ...]:
    """Order steps and top-level questions so that what a rule reads is known before it runs."""
    nodes: dict[str, CompiledStep | CompiledField] = {}
    sorter: TopologicalSorter[str] = TopologicalSorter()
    in_rows = _row_children(form)
    for step in form.steps:
        name = f"step:{step.id}"
        nodes[name] = step
        sorter.add(name, *_reads(step.shown, form, in_rows))
        for item in step.flat():
            nodes[item.id] = item
            parent = {item.group} if item.group else set()
            sorter.add(item.id, name, *parent, *_reads(item.shown, form, in_rows), *_reads(item.compute, form, in_rows))
    try:
        return tuple(nodes[name] for name in sorter.static_order())
    except CycleError as error:
        loop = [name.removeprefix("step:") for name in reversed(error.args[1])]
        first = nodes[error.args[1][0]]
        raise CompileError(
            f"条件が輪になっています: {' → '.join(loop)}", first.path, "どこかの shown_if か compute を外してください"
        ) from error


def _reads(rule: CompiledRule | None, form: CompiledForm, in_rows: frozenset[str]) -> set[str]:
    if rule is None:
        return set()
    return {head for head, _ in _heads(rule) if head in form.fields and head not in in_rows}
