"""The very rows behind the catalogue's figures: procedures with their status, or with their counts.

Owns the selection that figures and row lists share, so that a list can never differ from its number.
"""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from madoguchi.kernel import municipality
from madoguchi.kernel.errors import NotFound
from madoguchi.kernel.indicators import Filters, Row, Rows, Word, share, words, year_words
from madoguchi.kernel.l10n import LANGUAGES, LocalText
from madoguchi.rooms.catalogue.figures import Aspect, Count
from madoguchi.rooms.catalogue.models import ProcedureCount
from madoguchi.rooms.catalogue.schema import Procedure
from madoguchi.rooms.catalogue.selectors import departments, get_procedure, list_procedures


def concerned(aspect: Aspect, filters: Filters) -> list[Procedure]:
    """Return the procedures an aspect is counted over: the office's own, for residents and businesses."""
    return [item for item in list_procedures() if aspect.concerns(item) and filters.covers(item.department)]


@municipality.per_generation
def counts_by_year() -> dict[int, list[Count]]:
    """Return the yearly counts by fiscal year, by procedure within it (one SQL statement per folder loaded)."""
    found: dict[int, list[Count]] = {}
    columns = ("procedure_id", "fiscal_year", "total", "online", "is_sample")
    for row in ProcedureCount.objects.order_by("procedure_id").values_list(*columns):
        found.setdefault(row[1], []).append(Count(*row))
    return found


def group_of(section: str, chosen: str) -> str:
    """Return by what a section's figures are shown: its bureau (部), or itself once a department is *chosen*."""
    info = departments().get(section)
    return section if chosen or info is None else info.parent or section


def counted(year: int, filters: Filters) -> list[Count]:
    """Return the yearly counts of the office's own procedures, for residents and businesses."""
    sections = {item.id: item.department for item in list_procedures() if item.in_scope}
    rows = counts_by_year().get(year, [])
    return [row for row in rows if row.procedure in sections and filters.covers(sections[row.procedure])]


def status_rows(aspect: Aspect, as_of: date, filters: Filters, key: str, after: str) -> Rows:
    """Return the procedures behind a figure ``year:stage:group``. Raises NotFound for another key."""
    year, stage, group = _parts(key, 3)
    items = [item for item in concerned(aspect, filters) if _in_group(item, group, filters)]
    found = [item for item in items if _is_in(aspect, item, stage, int(year))]
    name = departments()[group].name if group in departments() else ""
    title = words("catalogue.rows.title", what=_joined(year_words(int(year)), name, _stage_word(aspect, stage)))
    heads = ("procedure", "section", "stage", "since", "plan")
    return Rows(
        title=title,
        heads=tuple(words(f"catalogue.figures.{head}") for head in heads),
        rows=tuple(_status_row(aspect, item, int(year)) for item in found),
        total=len(found),
    )


def count_rows(as_of: date, filters: Filters, key: str, after: str) -> Rows:
    """Return the counts behind a figure ``year:group`` (``year:-procedure`` leaves one out).

    Raises NotFound for another key.
    """
    year, group = _parts(key, 2)
    rows = counted(int(year), filters)
    if group.startswith("-"):
        rows = [row for row in rows if row.procedure != group[1:]]
    elif group:
        rows = [row for row in rows if group_of(get_procedure(row.procedure).department, filters.department) == group]
    rows = sorted(rows, key=lambda row: (-row.total, row.procedure))
    heads = ("procedure", "section", "total", "online", "share")
    return Rows(
        title=words("catalogue.rows.title", what=year_words(int(year))),
        heads=tuple(words(f"catalogue.figures.{head}") for head in heads),
        rows=tuple(_count_row(row) for row in rows),
        total=len(rows),
    )


def _parts(key: str, count: int) -> list[str]:
    parts = key.split(":")
    if len(parts) != count or not (parts[0].isascii() and parts[0].isdigit() and len(parts[0]) == 4):
        raise _unknown()
    return parts


def _unknown() -> NotFound:
    return NotFound("この数の内訳は見つかりません。", code="catalogue.rows", mend="指標の一覧から開き直してください。")


def _in_group(item: Procedure, group: str, filters: Filters) -> bool:
    return not group or group_of(item.department, filters.department) == group


def _is_in(aspect: Aspect, item: Procedure, stage: str, year: int) -> bool:
    """Tell whether a procedure belongs to a stage, or to one of the sets that headlines count."""
    now = aspect.stage_in(item, year)
    match stage:
        case "all":
            return True
        case "done":
            return now != "none"
        case "own":
            return now in {"full", "partial"}
        case "new":
            return aspect.reached_in(item, year)
        case "plan":
            return aspect.planned_for(item, year)
    if stage not in aspect.stages:
        raise _unknown()
    return now == stage


def _stage_word(aspect: Aspect, stage: str) -> Word:
    if stage in aspect.stages:
        return words(f"catalogue.stage.{aspect.name}.{stage}")
    whole = "all_with_fee" if aspect.name == "cashless" else "all_procedures"
    return words(f"catalogue.figures.{whole if stage == 'all' else 'set_' + stage}")


def _joined(*parts: Word) -> LocalText:
    """Join words with spaces in every language."""
    return LocalText(
        {
            lang: " ".join(filter(None, (part.get(lang) if isinstance(part, LocalText) else part for part in parts)))
            for lang in LANGUAGES
        }
    )


def _status_row(aspect: Aspect, item: Procedure, year: int) -> Row:
    side = aspect.of(item)
    cells = (
        item.title,
        _section_name(item),
        words(f"catalogue.stage.{aspect.name}.{aspect.stage_in(item, year)}"),
        year_words(side.since) if side.since else None,
        year_words(side.plan) if side.plan else None,
    )
    return Row(cells, url=reverse("portal:procedure", args=[item.id]), sample=aspect.name in item.sample)


def _count_row(row: Count) -> Row:
    item = get_procedure(row.procedure)
    cells = (item.official_name, _section_name(item), row.total, row.online, share(row.online, row.total))
    return Row(cells, url=reverse("portal:procedure", args=[item.id]), sample=row.sample)


def _section_name(item: Procedure) -> str:
    section = departments().get(item.department)
    return section.name if section else item.department
