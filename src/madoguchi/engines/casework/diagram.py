"""One picture per workflow: an accessible SVG for staff, residents and the documents.

Owns the drawing. Arrows carry numbers and a list of steps stands under the picture, so that labels never overlap;
everything is also said in ``<desc>``. Colours come from the page's custom properties, shapes do not depend on colour.
"""

from __future__ import annotations

from html import escape

from django.utils.safestring import SafeString, mark_safe

from .diagram_layout import BOX_HEIGHT, BOX_WIDTH, MARGIN, Arrow, Box, Layout, badge_width, is_drawn, lay_out
from .schema import StateDefinition, WorkflowDefinition

_LINE = 24
_PER_LINE = 9
_FONT = 'font-family="Noto Sans JP, Noto Sans CJK JP, sans-serif"'
_KINDS = {"open": "区役所で処理中", "waiting_resident": "区民の回答待ち（破線の枠）", "done": "終わり（太枠）"}
_WHO = {"resident": "区民", "system": "自動"}


def workflow_svg(
    definition: WorkflowDefinition, *, current: str = "", lang: str = "ja", role_names: dict[str, str] | None = None
) -> SafeString:
    """Return the picture of a workflow as SVG markup; *current* marks one state, *role_names* name the roles in the
    list.
    """
    layout = lay_out(definition)
    numbers = {step.id: index for index, step in enumerate(definition.transitions, start=1)}
    lines = _legend(definition, lang=lang, role_names=role_names or {})
    height = layout.height + len(lines) * _LINE + MARGIN
    width = max(layout.width, 640.0)
    key = f"wf-{definition.id}"
    parts = [
        f'<svg class="workflow" xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" role="img" '
        f'aria-labelledby="{key}-title {key}-desc" {_FONT} font-size="14">',
        f'<title id="{key}-title">{escape(definition.title.get(lang))}の流れ</title>',
        f'<desc id="{key}-desc">{escape(_described(definition, lines, current=current, lang=lang))}</desc>',
        f'<defs><marker id="{key}-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        'orient="auto-start-reverse"><path class="workflow__head" d="M0 0L8 4L0 8z" fill="currentColor"/>'
        "</marker></defs>",
        *(_draw_arrow(arrow, key=key) for arrow in layout.arrows),
        *(_draw_box(box, current=box.state.id == current, lang=lang) for box in layout.boxes),
        *(_draw_numbers(arrow, numbers) for arrow in layout.arrows),
        *_draw_withdrawals(definition, layout, numbers),
        *_draw_legend(lines, layout),
        "</svg>",
    ]
    return mark_safe("".join(parts))  # noqa: S308 - every text above is escaped


def _draw_box(box: Box, *, current: bool, lang: str) -> str:
    state = box.state
    classes = f"workflow__state workflow__state--{state.kind}" + (" workflow__state--current" if current else "")
    weight = 3 if state.kind == "done" or current else 1.5
    dash = ' stroke-dasharray="6 3"' if state.kind == "waiting_resident" else ""
    radius = BOX_HEIGHT / 2 if state.kind == "done" else 8
    text = _wrapped(state.title.get(lang))
    middle = box.left + BOX_WIDTH / 2
    first = box.top + BOX_HEIGHT / 2 + 5 - (len(text) - 1) * 9
    spans = "".join(
        f'<tspan x="{middle:.0f}" y="{first + index * 18:.0f}">{escape(line)}</tspan>'
        for index, line in enumerate(text)
    )
    mark = (
        f'<path class="workflow__here" d="M{middle - 8:.0f} {box.top - 14:.0f}h16l-8 10z" fill="currentColor"/>'
        if current
        else ""
    )
    return (
        f'<g class="{classes}">{mark}<rect x="{box.left:.0f}" y="{box.top:.0f}" width="{BOX_WIDTH}" '
        f'height="{BOX_HEIGHT}" rx="{radius:.0f}" fill="#fff" stroke="currentColor" stroke-width="{weight}"{dash}/>'
        f'<text text-anchor="middle" fill="currentColor">{spans}</text></g>'
    )


def _wrapped(text: str) -> list[str]:
    if len(text) <= _PER_LINE or (text.isascii() and len(text) <= _PER_LINE * 2):
        return [text]
    half = _PER_LINE if len(text) > _PER_LINE * 2 else (len(text) + 1) // 2
    if text.isascii() and " " in text:
        half = text.rfind(" ", 0, len(text) // 2 + 4)
    return [text[:half].strip(), text[half : half + _PER_LINE * 2].strip()]


def _draw_arrow(arrow: Arrow, *, key: str) -> str:
    (a, b), (c, d), (e, f), (g, h) = arrow.start, arrow.first, arrow.second, arrow.end
    dash = ' stroke-dasharray="5 4"' if arrow.by_resident else ""
    return (
        f'<path class="workflow__arrow" d="M{a:.0f} {b:.0f}C{c:.0f} {d:.0f} {e:.0f} {f:.0f} {g:.0f} {h:.0f}" '
        f'fill="none" stroke="currentColor" stroke-width="1.5"{dash} marker-end="url(#{key}-head)"/>'
    )


def _draw_numbers(arrow: Arrow, numbers: dict[str, int]) -> str:
    return _badge("・".join(str(numbers[step.id]) for step in arrow.steps), *arrow.label)


def _draw_withdrawals(definition: WorkflowDefinition, layout: Layout, numbers: dict[str, int]) -> list[str]:
    """Mark the corner of every box that can be withdrawn from, and the left edge of where that leads."""
    marks = []
    for step in definition.transitions:
        for box in layout.boxes if not is_drawn(step) else ():
            if box.state.id in step.from_:
                marks.append(_badge(str(numbers[step.id]), box.left + BOX_WIDTH - 6, box.top, dashed=True))
            elif box.state.id == step.to:
                marks.append(_badge(str(numbers[step.id]), box.left, box.top + BOX_HEIGHT / 2, dashed=True))
    return marks


def _badge(text: str, x: float, y: float, *, dashed: bool = False) -> str:
    width = badge_width(text)
    dash = ' stroke-dasharray="2 2"' if dashed else ""
    return (
        f'<g class="workflow__number"><rect x="{x - width / 2:.0f}" y="{y - 10:.0f}" width="{width:.0f}" height="20" '
        f'rx="10" fill="#fff" stroke="currentColor"{dash}/><text x="{x:.0f}" y="{y + 5:.0f}" text-anchor="middle" '
        f'font-size="13" fill="currentColor">{text}</text></g>'
    )


def _legend(definition: WorkflowDefinition, *, lang: str, role_names: dict[str, str]) -> list[str]:
    lines = []
    for index, step in enumerate(definition.transitions, start=1):
        who = "・".join({**_WHO, **role_names}.get(role, role) for role in step.who)
        sources = "・".join(definition.by_state[state].title.get(lang) for state in step.from_)
        lines.append(f"{index}　{step.title}（{who}）：{sources} → {definition.by_state[step.to].title.get(lang)}")
    return lines


def _draw_legend(lines: list[str], layout: Layout) -> list[str]:
    return [
        f'<text class="workflow__step" x="{MARGIN}" y="{layout.height + (index + 1) * _LINE:.0f}" '
        f'fill="currentColor">{escape(line)}</text>'
        for index, line in enumerate(lines)
    ]


def _described(definition: WorkflowDefinition, lines: list[str], *, current: str, lang: str) -> str:
    def say(state: StateDefinition) -> str:
        here = "、今ここ" if state.id == current else ""
        return f"{state.title.get(lang)}（{_KINDS[state.kind]}{here}）"

    states = "、".join(say(state) for state in definition.states)
    return f"状態：{states}。操作：{'。'.join(lines)}。"
