"""What a form says to given answers: what is shown, what is wrong, which papers, which fee.

Owns ``evaluate``. Pure and fast (60 questions with 30 rules in under a millisecond): no Django, no storage, no clock.

The stages, in this order:
1. walk steps and questions in the compiled order; what is hidden has no value for any rule (but its typed answer stays
   in the draft, so nothing typed is lost when a branch is left and entered again);
2. judge the visible questions: required, shape, bounds, options, rows of repeating groups;
3. judge cross-field checks whose operands are all there;
4. list the needed papers and the fee lines.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from madoguchi.engines.forms.compiler import CompiledFee, CompiledField, CompiledForm, CompiledStep
from madoguchi.engines.forms.logic import is_true
from madoguchi.engines.forms.schema import Fee, FeeExemption, FeeLine, FeeRate, Paper
from madoguchi.engines.forms.types import Problem
from madoguchi.engines.forms.types.base import is_raw

MAX_ROWS = 200


@dataclass(frozen=True, slots=True)
class Context:
    """What a form may know besides the answers: the day, the channel, the fees in force."""

    today: dt.date
    channel: str = "online"
    fees: Mapping[str, Fee] = field(default_factory=dict)

    def amount(self, fee_id: str) -> int | None:
        """Return the amount in yen of a fee on the day and channel, or None when there is none."""
        rate = self.rate(fee_id)
        return rate.channels.get(self.channel, rate.amount_yen) if rate else None

    def rate(self, fee_id: str) -> FeeRate | None:
        """Return the rate in force on the day, or None."""
        fee = self.fees.get(fee_id)
        return fee.rate_on(self.today) if fee else None


@dataclass(frozen=True, slots=True)
class ChargedFee:
    """A fee line as it applies: integer yen after the reduction, with the rate and the exemption it came from."""

    line: FeeLine
    fee: Fee
    rate: FeeRate
    quantity: int
    unit_yen: int
    amount_yen: int
    exemption: FeeExemption | None = None

    @property
    def proof(self) -> str | None:
        """Return the id of the paper that shows the exemption applies, None when there is none."""
        used = self.exemption.id if self.exemption else None
        return next((item.proof for item in self.line.reduction if item.exemption == used), None)


Trace = dict[tuple[Any, ...], set[bool]]


@dataclass(slots=True)
class Evaluation:
    """What a form says to given answers."""

    form: CompiledForm
    context: Context
    scope: dict[str, Any]
    steps: list[CompiledStep]
    visible: set[str]
    problems: list[Problem]
    problem_steps: dict[str, list[Problem]]
    papers: list[Paper]
    fees: list[ChargedFee]

    @property
    def valid(self) -> bool:
        """Tell whether the form could be submitted."""
        return not self.problems

    @property
    def fee_yen(self) -> int:
        """Return the whole fee in yen."""
        return sum(charged.amount_yen for charged in self.fees)

    @property
    def first_incomplete(self) -> CompiledStep | None:
        """Return the first visible step with a problem, or None."""
        return next((step for step in self.steps if self.problem_steps.get(step.id)), None)

    def next_step(self, step_id: str) -> CompiledStep | None:
        """Return the visible step after *step_id*, or None when the summary comes next."""
        ids = [step.id for step in self.steps]
        if step_id not in ids:
            return self.first_incomplete
        index = ids.index(step_id) + 1
        return self.steps[index] if index < len(ids) else None

    def previous_step(self, step_id: str) -> CompiledStep | None:
        """Return the visible step before *step_id*, or None."""
        ids = [step.id for step in self.steps]
        index = ids.index(step_id) if step_id in ids else 0
        return self.steps[index - 1] if index else None

    def may_visit(self, step_id: str) -> bool:
        """Tell whether every visible step before this one is complete."""
        for step in self.steps:
            if step.id == step_id:
                return True
            if self.problem_steps.get(step.id):
                return False
        return False

    def open_step(self, step_id: str) -> CompiledStep | None:
        """Return a visible step that may be visited now, or None."""
        return self.form.step(step_id) if self.may_visit(step_id) else None

    def effective_answers(self) -> dict[str, Any]:
        """Return the answers that count: visible questions and computed values."""
        return {key: value for key, value in self.scope.items() if not key.startswith("@")}


def evaluate(
    form: CompiledForm, answers: Mapping[str, Any], context: Context, trace: Trace | None = None
) -> Evaluation:
    """Evaluate *answers*. ``trace`` collects which branches were true and false (for the checks of examples)."""
    scope: dict[str, Any] = {
        "@today": context.today.isoformat(),
        "@fiscal_year": context.today.year if context.today.month >= 4 else context.today.year - 1,
        "@channel": context.channel,
        "@rates": context.amount,
    }
    shown_steps, visible = _walk(form, answers, scope, trace)
    steps = [step for step in form.steps if step.id in shown_steps]
    problems: list[Problem] = []
    by_step: dict[str, list[Problem]] = {}
    for step in steps:
        found = [problem for item in step.flat() if item.id in visible for problem in _judge(item, scope, trace)]
        found += _judge_checks(step, scope, visible, trace)
        if found:
            by_step[step.id] = found
            problems += found
    papers = _needed_papers(form, scope, trace)
    return Evaluation(
        form, context, scope, steps, visible, problems, by_step, papers, _charge(form, scope, context, trace)
    )


def _note(trace: Trace | None, key: tuple[Any, ...], value: bool) -> bool:
    if trace is not None:
        trace.setdefault(key, set()).add(value)
    return value


def _walk(
    form: CompiledForm, answers: Mapping[str, Any], scope: dict[str, Any], trace: Trace | None
) -> tuple[set[str], set[str]]:
    shown_steps: set[str] = set()
    visible: set[str] = set()
    for node in form.order:
        if isinstance(node, CompiledStep):
            if node.shown is None or _note(trace, (*node.path, "shown_if"), is_true(node.shown(scope))):
                shown_steps.add(node.id)
            continue
        if node.step_id not in shown_steps or (node.group is not None and node.group not in visible):
            continue
        if node.shown is not None and not _note(trace, (*node.path, "shown_if"), is_true(node.shown(scope))):
            continue
        visible.add(node.id)
        value = node.compute(scope) if node.compute is not None else answers.get(node.id)
        if value is None and node.fd.default is not None:
            value = node.fd.default
        if value is not None and not is_raw(value):
            scope[node.id] = value if not node.repeats else _visible_rows(node, value, scope, trace)
        elif value is not None:
            scope[f"@raw:{node.id}"] = value
    return shown_steps, visible


def _visible_rows(group: CompiledField, rows: Any, scope: dict[str, Any], trace: Trace | None) -> list[dict[str, Any]]:
    result = []
    for row in rows[:MAX_ROWS] if isinstance(rows, list) else []:
        kept: dict[str, Any] = {}
        for child in group.children:
            row_scope = {**scope, **kept}
            if child.shown is not None and not _note(trace, (*child.path, "shown_if"), is_true(child.shown(row_scope))):
                continue
            typed = row.get(child.id) if isinstance(row, Mapping) else None
            value = child.compute(row_scope) if child.compute is not None else typed
            if value is None:
                value = child.fd.default
            if value is not None:
                kept[child.id] = value
        result.append(kept)
    return result


def _judge(item: CompiledField, scope: dict[str, Any], trace: Trace | None) -> list[Problem]:
    if item.repeats:
        return _judge_rows(item, scope, trace)
    value = scope.get(item.id)
    if value is None:
        value = scope.get(f"@raw:{item.id}")
    return _judge_value(item, value, scope, trace)


def _judge_value(item: CompiledField, value: Any, scope: Mapping[str, Any], trace: Trace | None) -> list[Problem]:
    if not item.kind.asks:
        return []
    if item.kind.empty(value):
        required = is_true(item.required(scope))
        if not item.required.constant:
            _note(trace, (*item.path, "required"), required)
        return [Problem(item.id, "required")] if required else []
    if not item.required.constant:
        _note(trace, (*item.path, "required"), is_true(item.required(scope)))
    bounds: dict[str, Any] = {}
    if item.low is not None:
        bounds["min"] = item.low(scope)
    if item.high is not None:
        bounds["max"] = item.high(scope)
    if item.options:
        bounds["options"] = open_options(item, scope, trace)
    return item.kind.judge(item.fd, value, bounds)


def open_options(item: CompiledField, scope: Mapping[str, Any], trace: Trace | None = None) -> set[str]:
    """Return the values of the options that are offered now."""
    closed = set()
    for value, rule in item.options:
        if not _note(trace, (*item.path, "options", value), is_true(rule(scope))):
            closed.add(value)
    return {option.value for option in item.fd.options or ()} - closed


def _judge_rows(group: CompiledField, scope: dict[str, Any], trace: Trace | None) -> list[Problem]:
    rows = scope.get(group.id) or []
    repeat = group.fd.repeat
    assert repeat is not None
    problems: list[Problem] = []
    low = repeat.min
    if low == 0 and is_true(group.required(scope)) and not group.required.constant:
        low = 1
    if len(rows) < low:
        problems.append(Problem(group.id, "min_rows", params={"min": low}))
    if len(rows) > repeat.max:
        problems.append(Problem(group.id, "max_rows", params={"max": repeat.max}))
    for index, row in enumerate(rows):
        problems += judge_row(group, row, scope, index, trace)
    return problems


def judge_row(
    group: CompiledField, row: Mapping[str, Any], scope: Mapping[str, Any], index: int, trace: Trace | None = None
) -> list[Problem]:
    """Judge one row of a repeating group; problems carry the row's index."""
    row_scope = {**scope, **{child.id: None for child in group.children}, **row}
    found: list[Problem] = []
    for child in group.children:
        if child.shown is not None and not is_true(child.shown(row_scope)):
            continue
        for problem in _judge_value(child, row.get(child.id), row_scope, trace):
            found.append(
                Problem(problem.field, problem.code, problem.part, problem.params, row=index, text=problem.text)
            )
    return found


def _judge_checks(step: CompiledStep, scope: dict[str, Any], visible: set[str], trace: Trace | None) -> list[Problem]:
    found = []
    for check, rule in step.checks:
        names = [name.split(".")[0] for name in rule.variables if not name.startswith("?")]
        if any(scope.get(name) is None for name in names):
            continue
        if not _note(trace, (*step.path, "checks", check.id), is_true(rule(scope))):
            found.append(Problem(check.field, f"check:{check.id}", text=check.message))
    return found


def _needed_papers(form: CompiledForm, scope: dict[str, Any], trace: Trace | None) -> list[Paper]:
    needed = []
    for i, (paper, rule) in enumerate(form.papers):
        answer = is_true(rule(scope))
        if not rule.constant:
            _note(trace, ("papers", i, "needed_if"), answer)
        if answer:
            needed.append(paper)
    return needed


def _charge(form: CompiledForm, scope: dict[str, Any], context: Context, trace: Trace | None) -> list[ChargedFee]:
    charged = []
    for i, fee in enumerate(form.fees):
        applies = is_true(fee.when(scope))
        if not fee.when.constant:
            _note(trace, ("fees", i, "when"), applies)
        exemption = _exemption(fee, i, scope, context, trace)
        line = fee.line
        quantity = fee.quantity(scope) if applies else 0
        rate, unit = context.rate(line.rate), context.amount(line.rate)
        if not isinstance(quantity, int | float) or not 0 < quantity < math.inf or rate is None or unit is None:
            continue
        count = int(quantity)
        amount = unit * count * (100 - (exemption.percent if exemption else 0)) // 100
        charged.append(ChargedFee(line, context.fees[line.rate], rate, count, unit, amount, exemption))
    return charged


def _exemption(
    fee: CompiledFee, index: int, scope: dict[str, Any], context: Context, trace: Trace | None
) -> FeeExemption | None:
    """Return the exemption that takes off the most of those that apply; reductions are never added up."""
    found: list[FeeExemption] = []
    for j, (exemption_id, when) in enumerate(fee.reductions):
        applies = is_true(when(scope))
        if not when.constant:
            _note(trace, ("fees", index, "reduction", j, "when"), applies)
        table = context.fees.get(fee.line.rate)
        exemption = table.exemption(exemption_id) if table and applies else None
        if exemption is not None:
            found.append(exemption)
    return max(found, key=lambda item: item.percent, default=None)
