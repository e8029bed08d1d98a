"""Pure decisions of the notices engine: the words of a notice and what its attempts amount to. No Django."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from madoguchi.kernel.errors import InvalidInput

from .schema import PLACEHOLDER, Letter

State = Literal["in_feed", "waiting", "sent", "given_up"]
MAX_ATTEMPTS = 8
"""Tries of one mail: with the queue's waits (20 s, 80 s … 6 h) about fourteen hours."""


def render(letter: Letter, lang: str, context: Mapping[str, str]) -> tuple[str, str]:
    """Return subject and body with every value filled in but the late ones.

    A line of the body that holds a value which is empty (no name, no date set) is left out. The context may hold more
    than this letter uses. Raises InvalidInput for a missing value and for a name that no letter may use.
    """
    wanted = set(letter.variables) - letter.late
    missing, extra = sorted(wanted - set(context)), sorted(set(context) - letter.allowed)
    if missing or extra:
        raise InvalidInput(
            f"文面「{letter.id}」に差し込む値が合いません。",
            code="notices.context",
            mend=f"足りない値: {', '.join(missing) or 'なし'}、使えない値: {', '.join(extra) or 'なし'}",
        )
    subject = fill(letter.subject.get(lang), context)
    lines = [line for line in letter.body.get(lang).splitlines() if _is_filled(line, context)]
    return " ".join(subject.split()), fill("\n".join(lines).strip(), context) + "\n"


def _is_filled(line: str, context: Mapping[str, str]) -> bool:
    return all(context.get(name, "late") for name in PLACEHOLDER.findall(line))


def fill(words: str, values: Mapping[str, str]) -> str:
    """Put values into ``{placeholders}`` once;
    names without a value stay, and values are never read as placeholders.
    """
    return PLACEHOLDER.sub(lambda match: values.get(match.group(1), match.group(0)), words)


def state_of(channels: Iterable[str], results: Iterable[str]) -> State:
    """Derive what became of a notice from its channels and the results of its attempts."""
    if "mail" not in set(channels):
        return "in_feed"
    ended = set(results)
    if "sent" in ended:
        return "sent"
    return "given_up" if "given_up" in ended else "waiting"
