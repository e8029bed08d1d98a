"""Where the boxes and arrows of a workflow picture go.

Owns a small layered layout: a column per distance from the start, finished states in the last one. Pure: numbers
in, numbers out (units are SVG user units, the origin is the upper left corner).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from .schema import StateDefinition, TransitionDefinition, WorkflowDefinition

BOX_WIDTH, BOX_HEIGHT = 148, 50
GAP_X, GAP_Y, MARGIN = 92, 46, 28

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """One state at its place."""

    state: StateDefinition
    column: int
    row: int

    @property
    def left(self) -> float:
        """Return the left edge."""
        return MARGIN + self.column * (BOX_WIDTH + GAP_X)

    @property
    def top(self) -> float:
        """Return the upper edge."""
        return MARGIN + self.row * (BOX_HEIGHT + GAP_Y)


@dataclass(frozen=True, slots=True)
class Arrow:
    """All transitions between two states, drawn as one cubic curve; their numbers stand at the share ``at`` of it."""

    steps: tuple[TransitionDefinition, ...]
    start: Point
    first: Point
    second: Point
    end: Point
    at: float = 0.42

    def point(self, t: float) -> Point:
        """Return the point of the curve at the share *t* (0 to 1)."""
        s = 1 - t
        weights = (s**3, 3 * s * s * t, 3 * s * t * t, t**3)
        points = (self.start, self.first, self.second, self.end)
        x = sum(weight * point[0] for weight, point in zip(weights, points, strict=True))
        y = sum(weight * point[1] for weight, point in zip(weights, points, strict=True))
        return x, y

    @property
    def label(self) -> Point:
        """Return the middle of the numbers' badge."""
        return self.point(self.at)

    @property
    def label_width(self) -> float:
        """Return the width of the numbers' badge."""
        return badge_width("・".join("00" for _ in self.steps))

    @property
    def by_resident(self) -> bool:
        """Tell whether only the resident walks along here."""
        return all(step.by_resident and len(step.who) == 1 for step in self.steps)


@dataclass(frozen=True, slots=True)
class Layout:
    """Boxes, arrows and the size of the picture."""

    boxes: list[Box]
    arrows: list[Arrow]
    width: float
    height: float


def badge_width(text: str) -> float:
    """Return the width of a badge that holds *text*."""
    return 12 + 9 * len(text)


def crosses(arrow: Arrow, box: Box, *, room: float = 4) -> bool:
    """Tell whether a curve comes nearer to a box than *room*."""
    return any(_inside(arrow.point(step / 60), box, room) for step in range(61))


def _inside(point: Point, box: Box, room: float, *, wide: float = 0) -> bool:
    x, y = point
    return (
        box.left - room - wide < x < box.left + BOX_WIDTH + room + wide
        and box.top - room < y < box.top + BOX_HEIGHT + room
    )


def lay_out(definition: WorkflowDefinition) -> Layout:
    """Place every state and route every arrow."""
    boxes = _place(definition)
    arrows = _spread_labels(_route(definition, boxes), list(boxes.values()))
    width = max(box.left for box in boxes.values()) + BOX_WIDTH + MARGIN
    height = max(box.top for box in boxes.values()) + BOX_HEIGHT + MARGIN
    lowest = max((arrow.point(step / 20)[1] for arrow in arrows for step in range(21)), default=0.0)
    return Layout(list(boxes.values()), arrows, width, max(height, lowest + 16))


def _place(definition: WorkflowDefinition) -> dict[str, Box]:
    depth = _depths(definition)
    last = max(depth.values()) if depth else 0
    rows: dict[int, int] = defaultdict(int)
    boxes: dict[str, Box] = {}
    for state in sorted(definition.states, key=lambda item: item.kind == "waiting_resident"):
        column = last if state.kind == "done" else depth.get(state.id, 0)
        boxes[state.id] = Box(state, column, rows[column])
        rows[column] += 1
    return boxes


def _depths(definition: WorkflowDefinition) -> dict[str, int]:
    """Return the distance of every state from the start; finished states lie beyond all others."""
    depth = {definition.initial.id: 0}
    wave = [definition.initial.id]
    while wave:
        following: list[str] = []
        for state in wave:
            for step in definition.leaving(state):
                if step.to not in depth and definition.by_state[step.to].kind != "done":
                    depth[step.to] = depth[state] + 1
                    following.append(step.to)
        wave = following
    beyond = max(depth.values()) + 1
    return {**depth, **{state.id: beyond for state in definition.states if state.kind == "done"}}


def _route(definition: WorkflowDefinition, boxes: dict[str, Box]) -> list[Arrow]:
    joined: dict[tuple[str, str], list[TransitionDefinition]] = defaultdict(list)
    for step in definition.transitions:
        for source in step.from_ if is_drawn(step) else ():
            joined[source, step.to].append(step)
    leaving: dict[str, int] = defaultdict(int)
    entering: dict[str, int] = defaultdict(int)
    arrows = []
    for (source, target), steps in joined.items():
        shift_out, shift_in = _shift(leaving[source]), _shift(entering[target])
        leaving[source] += 1
        entering[target] += 1
        plain = _curve(boxes[source], boxes[target], tuple(steps), shift_out, shift_in)
        others = [box for name, box in boxes.items() if name not in (source, target)]
        arrows.append(_around(plain, boxes[source], boxes[target], others))
    return arrows


def _around(plain: Arrow, source: Box, target: Box, others: list[Box]) -> Arrow:
    """Return the arrow, or the nearest way round that touches no other box; the plain one when there is none."""
    for arrow in (plain, *_detours(plain, source, target)):
        if min(arrow.point(step / 20)[1] for step in range(21)) < 6:
            continue
        if not any(crosses(arrow, box) for box in others):
            return arrow
    return plain


def _detours(plain: Arrow, source: Box, target: Box) -> Iterator[Arrow]:
    (x1, _), (x2, _) = plain.first, plain.second
    for size in range(20, 520, 20):
        for bend in (size, -size):
            yield replace(plain, first=(x1, plain.first[1] + bend), second=(x2, plain.second[1] + bend))
            yield replace(plain, first=(x1, plain.first[1] + bend))
            yield replace(plain, second=(x2, plain.second[1] + bend))
    middle = BOX_WIDTH / 2
    for below in (True, False):
        edge = BOX_HEIGHT if below else 0
        start, end = (source.left + middle, source.top + edge), (target.left + middle, target.top + edge)
        for size in range(40, 520, 20):
            y = max(start[1], end[1]) + size if below else min(start[1], end[1]) - size
            yield replace(plain, start=start, first=(start[0], y), second=(end[0], y), end=end)


def _spread_labels(arrows: list[Arrow], boxes: list[Box]) -> list[Arrow]:
    """Move each badge along its curve until it covers no box and no other badge."""
    placed: list[Arrow] = []
    for arrow in arrows:
        tries = [replace(arrow, at=at / 100) for at in (42, 50, 34, 58, 28, 64, 22, 70, 76, 18, 82)]
        placed.append(next((item for item in tries if _is_free(item, placed, boxes)), arrow))
    return placed


def _is_free(arrow: Arrow, placed: list[Arrow], boxes: list[Box]) -> bool:
    x, y = arrow.label
    if any(_inside((x, y), box, 10, wide=arrow.label_width / 2) for box in boxes):
        return False
    return not any(
        abs(x - other.label[0]) < (arrow.label_width + other.label_width) / 2 and abs(y - other.label[1]) < 20
        for other in placed
    )


def is_drawn(step: TransitionDefinition) -> bool:
    """Tell whether a step gets an arrow; withdrawals leave from nearly everywhere and get a mark on the box instead."""
    return step.outcome != "withdrawn"


def _shift(count: int) -> float:
    """Spread the ends of arrows along the side of a box: 0, -9, 9, -18, 18."""
    size = (count + 1) // 2 * 9.0
    return max(-20.0, -size) if count % 2 else min(20.0, size)


def _curve(
    source: Box, target: Box, steps: tuple[TransitionDefinition, ...], shift_out: float, shift_in: float
) -> Arrow:
    middle = BOX_HEIGHT / 2
    if source is target:
        x, y = source.left + BOX_WIDTH, source.top + middle
        return Arrow(steps, (x, y - 10), (x + 44, y - 26), (x + 44, y + 26), (x, y + 10))
    if target.column > source.column:
        start = (source.left + BOX_WIDTH, source.top + middle + shift_out)
        end = (target.left, target.top + middle + shift_in)
        reach = max(GAP_X * 0.6, (end[0] - start[0]) * 0.45)
        return Arrow(steps, start, (start[0] + reach, start[1]), (end[0] - reach, end[1]), end)
    down = target.top > source.top
    if target.column == source.column:
        bend = 34.0 if down else -34.0
        x = source.left + BOX_WIDTH / 2 + bend
        start = (x, source.top + (BOX_HEIGHT if down else 0))
        end = (x, target.top + (0 if down else BOX_HEIGHT))
        half = (start[1] + end[1]) / 2
        return Arrow(steps, start, (x + bend, half), (x + bend, half), end)
    start = (source.left + BOX_WIDTH / 2 + shift_out * 2, source.top + BOX_HEIGHT)
    end = (target.left + BOX_WIDTH / 2 + shift_in * 2, target.top + BOX_HEIGHT)
    sink = max(start[1], end[1]) + GAP_Y
    return Arrow(steps, start, (start[0], sink), (end[0], sink), end)
