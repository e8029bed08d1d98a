"""Static check of a workflow: faults that show only when the whole graph is seen.

Owns the list of faults with place and mend. Pure: no Django, no file access.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from .schema import RESIDENT, SYSTEM_ROLE, WorkflowDefinition

CompileRule = Callable[[Any], Callable[[Any], Any]]


@dataclass(frozen=True, slots=True)
class WorkflowFault:
    """What is wrong, where (path inside the file) and how to mend it."""

    path: tuple[str | int, ...]
    message: str
    mend: str


def find_faults(
    definition: WorkflowDefinition, *, roles: Collection[str] | None = None, compile_rule: CompileRule | None = None
) -> list[WorkflowFault]:
    """Return every fault of the workflow; an empty list means it may be published.

    *roles* are the role ids of the municipality (unknown ones are reported when given), *compile_rule* checks the
    guards.
    """
    faults = [*_duplicates(definition), *_unknown_ids(definition, roles)]
    if not faults:
        faults += [*_graph(definition), *_requirements(definition), *_shortcuts(definition)]
    faults += _guards(definition, compile_rule)
    return faults


def _duplicates(definition: WorkflowDefinition) -> Iterator[WorkflowFault]:
    groups: list[tuple[str, str, Iterable[str]]] = [
        ("states", "状態", (item.id for item in definition.states)),
        ("transitions", "操作", (item.id for item in definition.transitions)),
        ("correction_reasons", "補正の理由", (item.id for item in definition.correction_reasons)),
    ]
    for path, word, ids in groups:
        for key, count in Counter(ids).items():
            if count > 1:
                yield WorkflowFault((path,), f"{word}「{key}」が {count} 回あります。", "どれか一つにしてください。")


def _unknown_ids(definition: WorkflowDefinition, roles: Collection[str] | None) -> Iterator[WorkflowFault]:
    states = set(definition.by_state)
    for index, item in enumerate(definition.transitions):
        for place, state in [*(("from", state) for state in item.from_), ("to", item.to)]:
            if state not in states:
                known = "、".join(definition.by_state)
                yield WorkflowFault(
                    ("transitions", index, place),
                    f"状態「{state}」はありません。",
                    f"次のどれかにしてください：{known}",
                )
        for role in item.who:
            if roles is not None and role not in roles and role not in {RESIDENT, SYSTEM_ROLE}:
                yield WorkflowFault(
                    ("transitions", index, "who"),
                    f"役割「{role}」はありません。",
                    "roles.yaml にある役割か resident・system を書いてください。",
                )


def _graph(definition: WorkflowDefinition) -> Iterator[WorkflowFault]:
    reached, queue = {definition.initial.id}, [definition.initial.id]
    while queue:
        for item in definition.leaving(queue.pop()):
            if item.to not in reached:
                reached.add(item.to)
                queue.append(item.to)
    for index, state in enumerate(definition.states):
        path: tuple[str | int, ...] = ("states", index)
        leaving = definition.leaving(state.id)
        if state.id not in reached:
            yield WorkflowFault(
                path, f"状態「{state.id}」にはどこからも進めません。", "ここへ進む操作を足すか、状態を消してください。"
            )
        if not leaving and state.kind == "open":
            yield WorkflowFault(
                path, f"状態「{state.id}」から進めません。", "操作を足すか、kind: done にしてください。"
            )
        if state.kind == "waiting_resident" and not any(item.by_resident for item in leaving):
            yield WorkflowFault(
                path,
                f"区民を待つ状態「{state.id}」から区民が進める操作がありません。",
                "who: [resident] の操作を足してください。",
            )
        if state.kind == "waiting_resident" and not any(set(item.who) - {RESIDENT} for item in leaving):
            yield WorkflowFault(
                path,
                f"区民が答えないとき、状態「{state.id}」から職員が進める操作がありません。",
                "職員の操作も足してください。",
            )
        if state.kind == "done" and state.clock != "stopped":
            yield WorkflowFault(
                (*path, "clock"), f"終わった状態「{state.id}」の時計が動いています。", "clock: stopped にしてください。"
            )
    if definition.initial.kind != "open":
        yield WorkflowFault(
            ("states", 0, "kind"),
            "最初の状態は kind: open でなければなりません。",
            "受付の状態を最初に書いてください。",
        )
    if not any(state.kind == "done" for state in definition.states):
        yield WorkflowFault(("states",), "終わりの状態がありません。", "kind: done の状態を足してください。")


def _requirements(definition: WorkflowDefinition) -> Iterator[WorkflowFault]:
    for index, item in enumerate(definition.transitions):
        target = definition.by_state[item.to]
        if item.is_correction and target.kind != "waiting_resident":
            yield WorkflowFault(
                ("transitions", index, "to"),
                "項目の補正を求める操作は、区民を待つ状態へ進みます。",
                "kind: waiting_resident の状態にしてください。",
            )
        if item.is_correction and not definition.correction_reasons:
            yield WorkflowFault(
                ("correction_reasons",),
                "補正の理由のひな形がありません。",
                "correction_reasons を一つ以上書いてください。",
            )
        if target.kind == "done" and not item.outcome:
            yield WorkflowFault(
                ("transitions", index, "outcome"), "終わりへ進む操作に結果がありません。", "outcome を書いてください。"
            )


def _shortcuts(definition: WorkflowDefinition) -> Iterator[WorkflowFault]:
    for state in definition.states:
        keys = Counter(item.shortcut for item in definition.leaving(state.id) if item.shortcut)
        for key, count in keys.items():
            if count > 1:
                yield WorkflowFault(
                    ("transitions",),
                    f"状態「{state.id}」で文字「{key}」の操作が {count} つあります。",
                    "shortcut を別の文字にしてください。",
                )
            if key in "jkx":
                yield WorkflowFault(
                    ("transitions",), f"文字「{key}」は一覧の移動に使います。", "別の文字にしてください。"
                )


def _guards(definition: WorkflowDefinition, compile_rule: CompileRule | None) -> Iterator[WorkflowFault]:
    if compile_rule is None:
        return
    for index, item in enumerate(definition.transitions):
        if item.guard is None:
            continue
        try:
            compile_rule(item.guard)
        except ValueError as error:
            yield WorkflowFault(
                ("transitions", index, "guard"), f"条件が読めません：{error}", "JSON Logic の書き方を確かめてください。"
            )
