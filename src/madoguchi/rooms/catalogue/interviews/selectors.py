"""Reads of interviews: from memory, refreshed when another folder is loaded. No SQL when warm."""

from __future__ import annotations

from madoguchi.kernel import municipality
from madoguchi.kernel.errors import NotFound
from madoguchi.rooms.catalogue.interviews.deciding import CompiledRow, compile_rows
from madoguchi.rooms.catalogue.interviews.schema import Interview


@municipality.per_generation
def interviews() -> dict[str, Interview]:
    """Return the interviews and guides by id, in their order."""
    rows = [Interview.model_validate(row) for row in municipality.current().section("interviews")]
    return {item.id: item for item in sorted(rows, key=lambda item: (item.order, item.id))}


def get_interview(interview_id: str) -> Interview:
    """Return an interview. Raises NotFound."""
    found = interviews().get(interview_id)
    if found is None:
        raise NotFound(
            "この聞き取りは見つかりません。",
            code="no_interview",
            mend="ライフイベントの一覧から選んでください。",
        )
    return found


@municipality.per_generation
def table_of(interview_id: str) -> tuple[CompiledRow, ...]:
    """Return the decision table of an interview, compiled once. Raises NotFound."""
    return compile_rows(get_interview(interview_id))
