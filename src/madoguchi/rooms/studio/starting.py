"""How a new procedure begins: a whole small document that passes the models, from a name, or from a paper form.

Owns the skeleton. Everything in it is there to be changed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from madoguchi.engines.forms.api import suggest_id
from madoguchi.kernel import municipality
from madoguchi.kernel.access import Actor
from madoguchi.kernel.errors import InvalidInput
from madoguchi.rooms.studio.documents import Document
from madoguchi.rooms.studio.models import StudioDraft
from madoguchi.rooms.studio.services import begin_draft


def skeleton(*, title: str, kana: str, department: str, form: dict[str, Any] | None = None) -> Document:
    """Return a document to begin with. *form* is the definition of a form that was read from paper."""
    procedure_id = free_procedure_id(title)
    return {
        "procedure": {
            "id": procedure_id,
            "title": {"ja": title},
            "official_name": title,
            "kana": kana or title,
            "summary": {"ja": f"{title}の手続です。"},
            "field": "そのほか",
            "department": department,
            "who": {"ja": "区内にお住まいの方" if _is_ward() else "市区町村内にお住まいの方"},
            "fee": {"kind": "free", "text": {"ja": "無料"}},
            "channels": ["online", "counter"],
            "online": {"status": "full"},
            "form": procedure_id[:60],
        },
        "form": {**(form or _first_form(title)), "id": procedure_id[:60]},
    }


def _is_ward() -> bool:
    return bool(municipality.current().data.get("kind") == "special_ward")


def free_procedure_id(title: str) -> str:
    """Return an id that no published procedure has."""
    base = (suggest_id(title) or f"p_{hashlib.sha256(title.encode()).hexdigest()[:8]}")[:50]
    name, number = base, 2
    while municipality.newest_item("procedures", name) or municipality.newest_item("forms", name):
        name, number = f"{base}_{number}", number + 1
    return name


def _first_form(title: str) -> dict[str, Any]:
    return {
        "title": {"ja": title},
        "steps": [
            {
                "id": "applicant_step",
                "title": {"ja": "申請する方"},
                "fields": [
                    {"id": "applicant", "type": "person_name", "label": {"ja": "お名前"}},
                    {"id": "address", "type": "address", "label": {"ja": "住所"}},
                    {"id": "phone", "type": "phone", "label": {"ja": "電話番号"}, "autocomplete": "tel"},
                ],
            }
        ],
    }


def begin_new(*, title: str, kana: str, department: str, actor: Actor, at: dt.datetime) -> StudioDraft:
    """Begin the working copy of a new procedure. Raises InvalidInput."""
    if not title:
        raise InvalidInput("手続の名前がありません。", code="studio.no_name", mend="名前を入力してください。")
    if department not in actor.sections:
        raise InvalidInput("担当課がありません。", code="studio.no_section", mend="自分の課を選んでください。")
    document = skeleton(title=title[:200], kana=kana[:200], department=department)
    return begin_draft(document, what="新しい手続を作り始めた", actor=actor, at=at)
