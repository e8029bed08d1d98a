"""What a clerk sees of who handed a case in: what was proven, where it differs from the answers, what was put in from where.

Owns the comparison. A difference is pointed out, never decided: names are written in many ways.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from madoguchi.engines.casework.api import Case
from madoguchi.engines.forms.api import Evaluation, Origin, own_fields, prefilled
from madoguchi.engines.identity.api import proofs_of
from madoguchi.kernel import text
from madoguchi.kernel.calendar import wareki

CLAIM_LABELS = {
    "name": "氏名",
    "kana": "フリガナ",
    "birth_date": "生年月日",
    "sex": "性別",
    "address": "住所",
    "company": "事業者の名称",
    "corporate_number": "法人番号",
    "role": "立場",
}
COMPARED = ("name", "birth_date", "address")
SOURCES = {"profile": "登録情報", "provider": "サインイン先の情報", "earlier": "前の申請"}


@dataclass(frozen=True, slots=True)
class Difference:
    """A claim that does not agree with the answer to the same question."""

    label: str
    proven: str
    answered: str


def proof_context(case: Case, evaluation: Evaluation | None, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return proofs, differences and origins of a resident's case (two SQL statements; none for a guest's)."""
    if not case.applicant_ref.startswith("resident:") or evaluation is None or case.submission is None:
        return {}
    proofs = [_shown(proof) for proof in proofs_of(f"case:{case.number}")]
    claims = proofs[-1]["claims"] if proofs and not case.submission.mandate else {}
    standing = prefilled(case.submission.draft_id).standing(case.submission.answers)
    return {
        "proofs": proofs,
        "differences": differences(evaluation, answers, claims),
        "origins": [
            {"label": evaluation.form.fields[key].fd.label.get("ja"), "source": _source(origin)}
            for key, origin in standing.items()
            if key in evaluation.form.fields
        ],
    }


def differences(evaluation: Evaluation, answers: Mapping[str, Any], claims: Mapping[str, str]) -> list[Difference]:
    """Return where name, birth date and address of the person differ from the claims, width and variants aside."""
    found = []
    for key, item in own_fields(evaluation.form).items():
        value, proven = answers.get(item.id), claims.get(key, "")
        if key not in COMPARED or not proven or not value or not item.kind.shaped(value):
            continue
        answered = _plain(key, value)
        if _folded(key, answered) != _folded(key, proven):
            shown = wareki(dt.date.fromisoformat(proven)) if key == "birth_date" else proven
            said = wareki(dt.date.fromisoformat(answered)) if key == "birth_date" else answered
            found.append(Difference(item.fd.label.get("ja"), shown, said))
    return found


def _plain(key: str, value: Any) -> str:
    if key == "name":
        return f"{value.get('family', '')}{value.get('given', '')}"
    if key == "address":
        return "".join(value.get(part, "") for part in ("prefecture", "city", "town", "block"))
    return str(value)


def _folded(key: str, value: str) -> str:
    if key == "address":
        return text.normalise_address(value)
    return text.fold(value).replace(" ", "")


def _shown(proof: Any) -> dict[str, Any]:
    claims: dict[str, str] = proof.claims
    lines = [
        (label, wareki(dt.date.fromisoformat(claims[key])) if key == "birth_date" else claims[key])
        for key, label in CLAIM_LABELS.items()
        if claims.get(key)
    ]
    return {"proof": proof, "claims": claims, "lines": lines}


def _source(origin: Origin) -> str:
    name = SOURCES.get(origin.source, origin.source)
    detail = [part for part in (origin.title, wareki(dt.date.fromisoformat(origin.on)) if origin.on else "") if part]
    return f"{name}（{'、'.join(detail)}）" if detail else name
