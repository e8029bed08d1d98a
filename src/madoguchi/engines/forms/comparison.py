"""Two definitions of a form, compared for people: what was added, removed, changed or moved, where, and how.

Owns what counts as a change. Questions are matched by id, through groups and steps; rules are compared as they are
written and shown as sentences. No storage, no clock; the words are in ``change_words``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from madoguchi.engines.forms import change_words as words
from madoguchi.engines.forms.change_words import FORM, NOTHING, STEP_BETWEEN, Side
from madoguchi.engines.forms.condition_words import quoted
from madoguchi.engines.forms.conditions import as_written
from madoguchi.engines.forms.schema import FeeLine, FieldDef, FormDefinition, Option, Paper, Step
from madoguchi.kernel.l10n import LocalText

Kind = Literal["added", "removed", "changed", "moved"]
_THINGS = frozenset({"ステップ", "質問", "書類", "手数料"})


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: its place and what it concerns in Japanese, and both sides as readable text ('' = there is none)."""

    kind: Kind
    place: str
    what: str
    before: str = ""
    after: str = ""

    @property
    def whole(self) -> bool:
        """Tell whether the thing the place names came or went as a whole (a question, a step, a paper, a fee)."""
        return self.kind in {"added", "removed"} and self.what in _THINGS

    @property
    def section(self) -> str:
        """Return the outermost part of the place: a step, a paper, a fee or the whole form."""
        return self.place.split(STEP_BETWEEN)[0]

    @property
    def inner(self) -> str:
        """Return the rest of the place, '' for the section itself."""
        return self.place.partition(STEP_BETWEEN)[2]


def compare_definitions(
    old: FormDefinition, new: FormDefinition, *, fees: Mapping[str, str] | None = None
) -> list[Change]:
    """Return how *new* differs from *old*, in the order of the form. *fees* are titles of fees by id."""
    sides = Side(old, fees or {}), Side(new, fees or {})
    return [
        *_form(*sides),
        *_steps(*sides),
        *_papers(*sides),
        *_fees(*sides),
        *_examples(old, new),
    ]


@dataclass(frozen=True, slots=True)
class _Located:
    """A question with where it stands: step, group, and the question before it."""

    fd: FieldDef
    step: Step
    group: FieldDef | None

    @property
    def container(self) -> str:
        return words.field_place(words.step_place(self.step.title), self.group) if self.group else self.step_place

    @property
    def step_place(self) -> str:
        return words.step_place(self.step.title)

    @property
    def place(self) -> str:
        return words.field_place(self.container, self.fd)

    @property
    def home(self) -> tuple[str, str]:
        return self.step.id, self.group.id if self.group else ""


def _texts(place: str, what: str, before: LocalText | None, after: LocalText | None) -> Iterator[Change]:
    for mark, old, new in words.texts(before, after):
        yield _changed(place, what + mark, old, new)


def _changed(place: str, what: str, before: str, after: str) -> Change:
    kind: Kind = "added" if before == NOTHING else "removed" if after == NOTHING else "changed"
    return Change(kind, place, what, "" if kind == "added" else before, "" if kind == "removed" else after)


def _values(place: str, what: str, shown: tuple[str, str], raw: tuple[Any, Any]) -> Iterator[Change]:
    """Yield a change when *raw* differs; where both read alike, as they are written."""
    if raw[0] == raw[1] and type(raw[0]) is type(raw[1]):
        return
    before, after = shown
    if before == after:
        before, after = f"{before}　{as_written(raw[0])}", f"{after}　{as_written(raw[1])}"
    yield _changed(place, what, before, after)


def _form(old: Side, new: Side) -> Iterator[Change]:
    yield from _texts(FORM, "様式の名前", old.definition.title, new.definition.title)
    yield from _texts(FORM, "はじめの説明", old.definition.intro, new.definition.intro)
    after = words.form_facts(new)
    for key, (what, before) in words.form_facts(old).items():
        if before != after[key][1]:
            yield _changed(FORM, what, before, after[key][1])


def _steps(old: Side, new: Side) -> Iterator[Change]:
    before = {step.id: step for step in old.definition.steps}
    after = {step.id: step for step in new.definition.steps}
    fields = _located(old.definition), _located(new.definition)
    yield from _order(
        [(step.id, str(step.title), words.step_place(step.title)) for step in before.values()],
        [(step.id, str(step.title), words.step_place(step.title)) for step in after.values()],
    )
    for step in after.values():
        known = before.get(step.id)
        place = words.step_place(step.title)
        if known is None:
            yield Change("added", place, "ステップ", "", _step_summary(new, step))
        else:
            yield from _step(old, new, known, step)
        yield from _fields_of(old, new, step.id, fields)
        yield from _checks(place, old, new, known, step)
    for step in before.values():
        if step.id not in after:
            place = words.step_place(step.title)
            yield Change("removed", place, "ステップ", _step_summary(old, step), "")
            yield from _gone(old, new, step.id, fields)
            yield from _checks(place, old, new, step, None)


def _step_summary(side: Side, step: Step) -> str:
    shown = "" if step.shown_if is None else f"、{side.when(step.shown_if, '表示')}"
    return f"質問などが{len(step.fields)}個{shown}"


def _step(old: Side, new: Side, before: Step, after: Step) -> Iterator[Change]:
    place = words.step_place(after.title)
    yield from _texts(place, "ステップの名前", before.title, after.title)
    yield from _texts(place, "説明", before.help, after.help)
    shown = old.rule(before.shown_if), new.rule(after.shown_if)
    yield from _values(place, "表示の条件", shown, (before.shown_if, after.shown_if))


def _located(definition: FormDefinition) -> dict[str, _Located]:
    found = {}
    for step in definition.steps:
        for item in step.fields:
            found[item.id] = _Located(item, step, None)
            for child in item.fields or ():
                found[child.id] = _Located(child, step, item)
    return found


Both = tuple[dict[str, _Located], dict[str, _Located]]


def _fields_of(old: Side, new: Side, step_id: str, fields: Both) -> Iterator[Change]:
    """Yield what happened to the questions that stand in a step now, then to those that left it."""
    before, after = fields
    for item in after.values():
        if item.step.id != step_id:
            continue
        known = before.get(item.fd.id)
        if known is None:
            yield Change("added", item.place, "質問", "", words.field_summary(new, item.fd))
            continue
        if known.home != item.home:
            yield Change("moved", item.place, "場所", known.container, item.container)
        yield from _field(old, new, known.fd, item)
    yield from _orders_in(step_id, fields)
    yield from _gone(old, new, step_id, fields)


def _gone(old: Side, new: Side, step_id: str, fields: Both) -> Iterator[Change]:
    before, after = fields
    for item in before.values():
        if item.step.id == step_id and item.fd.id not in after:
            yield Change("removed", item.place, "質問", words.field_summary(old, item.fd), "")


def _orders_in(step_id: str, fields: Both) -> Iterator[Change]:
    """Yield the questions that changed their order inside the same step or group."""
    rows: list[dict[tuple[str, str], list[tuple[str, str, str]]]] = []
    for side in fields:
        by_home: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
        for item in side.values():
            by_home.setdefault(item.home, []).append((item.fd.id, str(item.fd.label), item.place))
        rows.append(by_home)
    for home, now in rows[1].items():
        if home[0] == step_id:
            yield from _order(rows[0].get(home, []), now)


def _order(before: Sequence[tuple[str, str, str]], after: Sequence[tuple[str, str, str]]) -> Iterator[Change]:
    """Yield the items (id, label, place) that changed their order, as few as explain the new one."""
    then = {item[0]: index for index, item in enumerate(before)}
    common = [item for item in after if item[0] in then]
    stay = _longest_rising([then[item[0]] for item in common])
    for index, (item_id, _, place) in enumerate(common):
        if index not in stay:
            yield Change("moved", place, "順序", _after_whom(before, item_id), _after_whom(after, item_id))


def _after_whom(items: Sequence[tuple[str, str, str]], item_id: str) -> str:
    index = next(i for i, item in enumerate(items) if item[0] == item_id)
    return f"{quoted(items[index - 1][1])}の次" if index else "先頭"


def _longest_rising(numbers: list[int]) -> set[int]:
    """Return the places of a longest rising part of *numbers*: what need not be said to have moved."""
    tails: list[int] = []
    ends: list[int] = []
    previous: dict[int, int] = {}
    for place, number in enumerate(numbers):
        at = bisect_left(tails, number)
        tails[at : at + 1] = [number]
        ends[at : at + 1] = [place]
        if at:
            previous[place] = ends[at - 1]
    stay: set[int] = set()
    place_or_none = ends[-1] if ends else None
    while place_or_none is not None:
        stay.add(place_or_none)
        place_or_none = previous.get(place_or_none)
    return stay


def _field(old: Side, new: Side, before: FieldDef, item: _Located) -> Iterator[Change]:
    after, place = item.fd, item.place
    for key, what in words.FIELD_TEXTS.items():
        yield from _texts(place, what, getattr(before, key), getattr(after, key))
    for key, (what, show) in words.FIELD_ATTRIBUTES.items():
        raw = getattr(before, key), getattr(after, key)
        yield from _values(place, what, (show(old, before), show(new, after)), raw)
    yield from _options(place, old, new, before, after)


def _options(place: str, old: Side, new: Side, before: FieldDef, after: FieldDef) -> Iterator[Change]:
    then = {option.value: option for option in before.options or ()}
    now = {option.value: option for option in after.options or ()}
    for option in now.values():
        if option.value not in then:
            yield Change("added", place, "選択肢", "", _option(new, option))
            continue
        known, what = then[option.value], f"選択肢{quoted(str(option.label))}"
        yield from _texts(place, f"{what}の文", known.label, option.label)
        yield from _texts(place, f"{what}の説明", known.help, option.help)
        shown = old.rule(known.shown_if), new.rule(option.shown_if)
        yield from _values(place, f"{what}の表示の条件", shown, (known.shown_if, option.shown_if))
    for option in then.values():
        if option.value not in now:
            yield Change("removed", place, "選択肢", _option(old, option), "")
    for moved in _order(_labelled(then), _labelled(now)):
        yield Change("moved", place, f"選択肢{moved.place}の順序", moved.before, moved.after)


def _option(side: Side, option: Option) -> str:
    shown = "" if option.shown_if is None else f"（{side.when(option.shown_if, '表示')}）"
    return quoted(str(option.label)) + shown


def _labelled(options: dict[str, Option]) -> list[tuple[str, str, str]]:
    return [(value, str(option.label), quoted(str(option.label))) for value, option in options.items()]


def _checks(place: str, old: Side, new: Side, before: Step | None, after: Step | None) -> Iterator[Change]:
    then = {check.id: check for check in before.checks} if before else {}
    now = {check.id: check for check in after.checks} if after else {}
    for check in now.values():
        known = then.get(check.id)
        if known is None:
            yield Change("added", place, "入力の検査", "", new.demand(check.rule))
            continue
        where = f"{place}{STEP_BETWEEN}入力の検査（{new.question(check.field)}）"
        raw = known.rule, check.rule
        yield from _values(where, "満たすべきこと", (old.demand(known.rule), new.demand(check.rule)), raw)
        asked = old.question(known.field), new.question(check.field)
        yield from _values(where, "誤りを示す質問", asked, (known.field, check.field))
        yield from _texts(where, "誤りの文", known.message, check.message)
    for check in then.values():
        if check.id not in now:
            yield Change("removed", place, "入力の検査", old.demand(check.rule), "")


def _papers(old: Side, new: Side) -> Iterator[Change]:
    then = {paper.id: paper for paper in old.definition.papers}
    now = {paper.id: paper for paper in new.definition.papers}
    for paper in now.values():
        place = _paper_place(paper)
        known = then.get(paper.id)
        if known is None:
            yield Change("added", place, "書類", "", _paper(new, paper))
            continue
        yield from _texts(place, "書類の名前", known.title, paper.title)
        needed = old.rule(known.needed_if), new.rule(paper.needed_if)
        yield from _values(place, "必要な条件", needed, (known.needed_if, paper.needed_if))
        yield from _values(place, "出し方", (words.HOW[known.how], words.HOW[paper.how]), (known.how, paper.how))
        asked = old.question(known.field), new.question(paper.field)
        yield from _values(place, "添付する質問", asked, (known.field, paper.field))
        yield from _texts(place, "注記", known.note, paper.note)
    for paper in then.values():
        if paper.id not in now:
            yield Change("removed", _paper_place(paper), "書類", _paper(old, paper), "")
    yield from _order(
        [(paper.id, str(paper.title), _paper_place(paper)) for paper in then.values()],
        [(paper.id, str(paper.title), _paper_place(paper)) for paper in now.values()],
    )


def _paper_place(paper: Paper) -> str:
    return f"書類{quoted(str(paper.title))}"


def _paper(side: Side, paper: Paper) -> str:
    return f"{side.when(paper.needed_if, '必要')}、{words.HOW[paper.how]}"


def _fees(old: Side, new: Side) -> Iterator[Change]:
    then = {line.id: line for line in old.definition.fees}
    now = {line.id: line for line in new.definition.fees}
    for line in now.values():
        place = _fee_place(new, line)
        known = then.get(line.id)
        if known is None:
            yield Change("added", place, "手数料", "", _fee(new, line))
            continue
        yield from _texts(place, "手数料の名前", known.title, line.title)
        yield from _values(place, "料金", (old.fee(known.rate), new.fee(line.rate)), (known.rate, line.rate))
        counted = old.computed(known.quantity), new.computed(line.quantity)
        yield from _values(place, "数", counted, (known.quantity, line.quantity))
        yield from _values(place, "かかる条件", (old.rule(known.when), new.rule(line.when)), (known.when, line.when))
        yield from _reductions(place, old, new, known, line)
    for line in then.values():
        if line.id not in now:
            yield Change("removed", _fee_place(old, line), "手数料", _fee(old, line), "")


def _reductions(place: str, old: Side, new: Side, before: FeeLine, after: FeeLine) -> Iterator[Change]:
    proofs = {item.exemption: item.proof or "なし" for item in before.reduction}
    for item in after.reduction:
        known = proofs.get(item.exemption, item.proof or "なし")
        words = known, item.proof or "なし"
        yield from _values(place, f"減免「{item.exemption}」を示す書類", words, words)
    then = {item.exemption: item.when for item in before.reduction}
    now = {item.exemption: item.when for item in after.reduction}
    for name in [*now, *(key for key in then if key not in now)]:
        shown = old.rule(then[name]) if name in then else NOTHING, new.rule(now[name]) if name in now else NOTHING
        yield from _values(place, f"減免「{name}」の条件", shown, (then.get(name, NOTHING), now.get(name, NOTHING)))


def _fee_place(side: Side, line: FeeLine) -> str:
    return f"手数料{quoted(str(line.title))}" if line.title else f"手数料{side.fee(line.rate)}"


def _fee(side: Side, line: FeeLine) -> str:
    when = "" if line.when is True else f"、{side.rule(line.when)}"
    return f"{side.fee(line.rate)} × {side.computed(line.quantity)}{when}"


def _examples(old: FormDefinition, new: FormDefinition) -> Iterator[Change]:
    then = {example.id: example for example in old.examples}
    now = {example.id: example for example in new.examples}
    changed = sum(1 for key in then.keys() & now.keys() if then[key] != now[key])
    added, removed = len(now.keys() - then.keys()), len(then.keys() - now.keys())
    if added or removed or changed:
        detail = f"追加{added}件、削除{removed}件、内容の変更{changed}件"
        yield Change("changed", FORM, "例（検査に使う見本の答え）", f"{len(then)}件", f"{len(now)}件（{detail}）")
