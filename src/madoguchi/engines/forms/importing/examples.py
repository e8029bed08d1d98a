"""Answers of a sample resident to any definition, so that a new form starts with an example that runs. All invented."""

from __future__ import annotations

from typing import Any

_ANSWERS: dict[str, Any] = {
    "text": "サンプル",
    "textarea": "サンプルの文です。",
    "kana": "サンプル",
    "person_name": {"family": "杉並", "given": "花子", "family_kana": "スギナミ", "given_kana": "ハナコ"},
    "latin_name": {"surname": "SUGINAMI", "given_names": "HANAKO"},
    "address": {
        "postal_code": "1660000", "prefecture": "東京都", "city": "杉並区", "town": "阿佐谷南", "block": "1-0-1", "building": "",
    },
    "date": "2026-11-02",
    "year_month": "2026-11",
    "time": "13:30",
    "integer": 1,
    "decimal": "1.5",
    "yen": 1000,
    "yes_no": True,
    "phone": "03-0000-1234",
    "email": "sample@example.jp",
    "consent": True,
    "relationship": "child",
    "bank_account": {
        "bank_name": "サンプル銀行", "bank_code": "0000", "branch_name": "本店", "branch_code": "001", "kind": "ordinary",
        "number": "0000001", "holder_kana": "スギナミ ハナコ",
    },
    "insured_number": "12345678",
    "my_number": "123456789018",
    "corporate_number": "1180301018771",
}  # fmt: skip


def example_answers(fields: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a valid answer for every field given as definition data; groups get one row."""
    answers: dict[str, Any] = {}
    for item in fields:
        kind = item["type"]
        if kind == "choice":
            answers[item["id"]] = item["options"][0]["value"]
        elif kind == "choices":
            answers[item["id"]] = [item["options"][0]["value"]]
        elif kind == "file":
            answers[item["id"]] = [{"id": "f1", "name": "sample.pdf", "size": 1000, "type": "application/pdf"}]
        elif kind == "group":
            answers[item["id"]] = [example_answers(item["fields"])]
        elif kind in _ANSWERS:
            answers[item["id"]] = _ANSWERS[kind]
    return answers
