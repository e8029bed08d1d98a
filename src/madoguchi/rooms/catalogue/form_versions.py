"""What the staff's pages show of forms: whose procedures a form serves, its versions, how two of them differ.

Owns the search among forms and the reading of version numbers. Reads only; definitions come from the forms engine.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from madoguchi.engines.forms.api import (
    Change,
    FormVersions,
    VersionFacts,
    compare_definitions,
    compiled_version,
    current_fees,
    published_forms,
    versions_of,
)
from madoguchi.kernel import municipality
from madoguchi.kernel.errors import InvalidInput, NotFound
from madoguchi.kernel.text import fold, normalise_width
from madoguchi.rooms.catalogue.schema import Procedure
from madoguchi.rooms.catalogue.selectors import departments, form_of, list_procedures

NAMED = 3
"""As many procedures of a form are named in the list; the others are counted."""

KINDS = {"added": ("＋", "追加"), "removed": ("－", "削除"), "changed": ("±", "変更"), "moved": ("→", "移動")}
"""Sign and word of each kind of change."""


@dataclass(frozen=True, slots=True)
class ShownForm:
    """A form as the list prints it."""

    form_id: str
    title: str
    procedures: tuple[str, ...]
    others: int
    sections: tuple[str, ...]
    versions: int
    in_force_since: dt.date | None
    next_from: dt.date | None


@dataclass(frozen=True, slots=True)
class ShownSection:
    """The changes of one part of a form (a step, a paper …)."""

    title: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions of a form and how they differ."""

    old: VersionFacts
    new: VersionFacts
    sections: tuple[ShownSection, ...]
    counts: tuple[tuple[str, str, int], ...]


@municipality.per_generation
def procedures_by_form() -> dict[str, list[Procedure]]:
    """Return the procedures that each form serves, by id of the form; those of other authorities have none."""
    found: dict[str, list[Procedure]] = {}
    for procedure in [*list_procedures(), *list_procedures(staff=True)]:
        if procedure.in_scope:
            found.setdefault(form_of(procedure), []).append(procedure)
    return found


def section_names(procedures: Sequence[Procedure]) -> tuple[str, ...]:
    """Return the names of the sections that answer for *procedures*, each once."""
    known = departments()
    names = (known[item.department].name if item.department in known else item.department for item in procedures)
    return tuple(dict.fromkeys(names))


def list_forms(query: str, *, day: dt.date) -> list[ShownForm]:
    """Return the forms whose names, procedures or sections hold every word of *query*, by title (one SQL statement)."""
    words = fold(query)[:200].split()
    served = procedures_by_form()
    found = [
        _shown(form, served.get(form.form_id, []), day) for form in published_forms() if _answers(form, served, words)
    ]
    return sorted(found, key=lambda item: (item.title, item.form_id))


def _answers(form: FormVersions, served: Mapping[str, list[Procedure]], words: list[str]) -> bool:
    procedures = served.get(form.form_id, [])
    names = [name for item in procedures for name in (item.official_name, item.kana, str(item.title), item.id)]
    text = fold(" ".join([form.form_id, form.title, *names, *section_names(procedures)]))
    return all(word in text for word in words)


def _shown(form: FormVersions, procedures: list[Procedure], day: dt.date) -> ShownForm:
    names = [item.official_name for item in procedures]
    return ShownForm(
        form_id=form.form_id,
        title=form.title,
        procedures=tuple(names[:NAMED]),
        others=max(len(names) - NAMED, 0),
        sections=section_names(procedures),
        versions=len(form.valid_from),
        in_force_since=form.in_force_since(day),
        next_from=next((first for first in form.valid_from if first > day), None),
    )


def known_versions(form_id: str) -> list[VersionFacts]:
    """Return the versions of a form, newest first. Raises NotFound when there is no such form."""
    found = versions_of(form_id)
    if not found:
        raise NotFound("この様式は見つかりません。", code="catalogue.no_form", mend="様式の一覧から選んでください。")
    return found


def in_force(versions: Sequence[VersionFacts], *, day: dt.date) -> VersionFacts | None:
    """Return the version in force on *day* among *versions* (newest first), None when none is yet."""
    return next((version for version in versions if version.valid_from <= day), None)


def read_number(text: str | None, versions: Sequence[VersionFacts], *, default: VersionFacts) -> VersionFacts:
    """Return the version of a number in the address; *default* when none is given. Raises InvalidInput or NotFound."""
    if not text:
        return default
    digits = normalise_width(text).strip()
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 9:
        raise InvalidInput(
            "比べる版の番号を読み取れません。",
            code="catalogue.no_version",
            mend="版の番号を、1、2のような数字で指定してください。",
        )
    found = next((version for version in versions if version.number == int(digits)), None)
    if found is None:
        raise NotFound(
            f"この様式に第{int(digits)}版はありません。",
            code="catalogue.no_version",
            mend=f"第1版から第{versions[0].number}版までの中から選んでください。",
        )
    return found


def compare_versions(old: VersionFacts, new: VersionFacts) -> Comparison:
    """Return how version *new* differs from *old* (two SQL statements at most; versions are kept once read)."""
    before, after = compiled_version(old.id).definition, compiled_version(new.id).definition
    titles = {fee.id: str(fee.title) for fee in current_fees().values()}
    changes = compare_definitions(before, after, fees=titles)
    ordered: dict[str, list[Change]] = {}
    for change in changes:
        ordered.setdefault(change.section, []).append(change)
    counted: Counter[str] = Counter(change.kind for change in changes)
    return Comparison(
        old=old,
        new=new,
        sections=tuple(ShownSection(title, tuple(found)) for title, found in ordered.items()),
        counts=tuple((*KINDS[kind], counted[kind]) for kind in KINDS if counted[kind]),
    )


def form_title(version: VersionFacts) -> str:
    """Return the Japanese title of a version."""
    return str(compiled_version(version.id).definition.title)


def neighbours(versions: Sequence[VersionFacts]) -> list[tuple[VersionFacts, VersionFacts | None]]:
    """Return each version (newest first) with the one before it."""
    return [(new, old) for new, old in itertools.zip_longest(versions, versions[1:]) if new is not None]
