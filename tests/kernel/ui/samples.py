"""Sample contexts for the templates: a field of every type, the pages of a form. Persons and numbers are invented."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from madoguchi.kernel.clock import TOKYO

RELATIONS = [
    ("self", "本人", "", False),
    ("spouse", "配偶者", "", True),
    ("agent", "任意代理人", "委任状が要ります", False),
]

VALUES: dict[str, dict[str, Any]] = {
    "text": {"label": "勤務先の名前", "value": "見本商店", "attrs": {"maxlength": 60}},
    "textarea": {"label": "申請の理由", "value": "転勤のため", "attrs": {"maxlength": 400}},
    "person_name": {
        "label": "お名前",
        "value": {"family": "葛󠄀飾", "given": "花子", "family_kana": "カツシカ", "given_kana": "ハナコ"},
        "attrs": {"autocomplete": "name"},
        "why_text": "届出をした方を確かめるためです。",
        "why_article": "住民基本台帳法第24条",
    },
    "latin_name": {"label": "ローマ字のお名前", "value": {"surname": "KATSUSHIKA", "given_names": "HANAKO"}},
    "kana": {"label": "フリガナ", "value": "カツシカ"},
    "address": {
        "label": "新しい住所",
        "value": {"postal_code": "1660000", "prefecture": "東京都", "city": "杉並区", "town": "見本町"},
        "attrs": {"autocomplete": "street-address"},
    },
    "date": {"label": "転出する日", "value": {"era": "R", "y": "8", "m": "11", "d": "23"}, "wareki": True},
    "year_month": {"label": "開始の年月", "value": {"era": "", "y": "2026", "m": "11"}},
    "time": {"label": "希望の時刻", "value": "13:30"},
    "integer": {"label": "人数", "value": "3", "unit": "人"},
    "decimal": {"label": "広さ", "value": "1.5", "unit": "㎡"},
    "yen": {"label": "月の収入", "value": "120000"},
    "choice": {
        "label": "届出をする方",
        "options": [("one", "本人だけ", "", True), ("some", "世帯の一部", "一緒に転出する方を次で入力します", False)],
    },
    "relationship": {"label": "続柄", "layout": "select", "options": RELATIONS},
    "choices": {"label": "必要なもの", "options": [("a", "住民票", "", True), ("b", "戸籍の附票", "", False)]},
    "yes_no": {"label": "マイナンバーカードを持っていますか", "value": True},
    "phone": {"label": "電話番号", "value": "03-0000-0001", "attrs": {"autocomplete": "tel"}},
    "email": {"label": "メールアドレス", "value": "hanako@example.jp", "attrs": {"autocomplete": "email"}},
    "file": {
        "label": "本人確認書類の写し",
        "value": [{"id": "f1", "name": "カード.jpg", "size": 812_000}],
        "accept": ".pdf,.jpg,.png",
        "accept_text": "PDF・JPEG・PNG",
        "max_files": 2,
        "max_mb": 5,
    },
    "consent": {"label": "記入した内容に誤りがないことを確かめました。", "value": True},
    "bank_account": {
        "label": "振込先の口座",
        "value": {"bank_name": "見本銀行", "kind": "ordinary", "number": "0000001"},
    },
    "insured_number": {"label": "被保険者番号", "value": "00000001"},
    "my_number": {"label": "個人番号", "value": "there"},
    "corporate_number": {"label": "法人番号", "value": "1000000000000"},
    "computed": {"label": "手数料の見込み", "value": "600", "unit": "円"},
    "note": {"label": "届出は引っ越しの14日前から行えます。"},
    "group": {"label": "一緒に転出する方", "item": "転出する方", "add": True, "max_rows": 10},
}


def field(kind: str, **changes: Any) -> SimpleNamespace:
    """Return a field of *kind* as the engine hands it to its template."""
    base: dict[str, Any] = {
        "id": f"f_{kind}",
        "name": kind,
        "type": kind,
        "label": kind,
        "help": "",
        "why_text": "",
        "why_article": "",
        "required": True,
        "readonly": False,
        "value": "",
        "error": "",
        "error_part": "",
        "described_by": "",
        "options": [],
        "attrs": {},
        "unit": "",
        "accept": "",
        "accept_text": "",
        "max_files": 1,
        "max_mb": 5,
        "wareki": False,
        "layout": "radio",
        "rows": None,
        "fields": [],
        "item": "",
        "add": False,
        "max_rows": 0,
        "editing": None,
    }
    made = SimpleNamespace(**{**base, **VALUES[kind], **changes})
    ids = [f"{made.id}-hint"] if made.help else []
    if made.error:
        ids.append(f"{made.id}-error")
    made.described_by = " ".join(ids)
    return made


def rows() -> list[dict[str, str]]:
    """Return two rows of a repeating group."""
    return [
        {"summary": f"見本 {name}（{how}）", "edit": f"group:{n}", "remove": f"group:{n}"}
        for n, (name, how) in enumerate([("太郎", "配偶者"), ("さくら", "子")])
    ]


def step(**changes: Any) -> dict[str, Any]:
    """Return the context of a step with a few fields."""
    steps = [
        {"title": "届出をする方", "url": "#", "state": "done"},
        {"title": "引っ越し", "url": "#", "state": "current"},
        {"title": "一緒に転出する方", "url": "#", "state": "todo"},
        {"title": "書類と確認", "url": "#", "state": "todo"},
    ]
    return {
        "form_title": "転出届",
        "step": {"title": "引っ越しについて", "help": "引っ越す日と、新しい住所を入力してください。"},
        "progress": {"steps": steps, "number": 2, "total": 4},
        "fields": [field(kind) for kind in ("person_name", "date", "address", "choice", "phone", "yes_no", "consent")],
        "errors": [],
        "action": "",
        "back_url": "/back/",
        **changes,
    }


def summary(**changes: Any) -> dict[str, Any]:
    """Return the context of a summary page."""
    rows_ = [
        {"label": "お名前", "lines": ["葛󠄀飾 花子", "カツシカ ハナコ"], "change_url": "#"},
        {"label": "転出する日", "value": "令和8年11月23日（2026年）", "change_url": "#"},
        {"label": "連絡事項", "value": "", "change_url": "#"},
    ]
    return {
        "form_title": "転出届",
        "sections": [{"id": "s-who", "title": "届出をする方", "change_url": "#", "rows": rows_}],
        "papers": [
            {"title": "本人確認書類の写し", "how": "upload", "done": True, "note": ""},
            {"title": "委任状", "how": "post", "done": None, "note": "代理人の方だけ"},
            {"title": "在留カード", "how": "upload", "done": False, "url": "#"},
        ],
        "fees": [{"title": "住民票の写し", "unit_yen": 300, "quantity": 2, "amount_yen": 600, "sample": True}],
        "fee_total_yen": 600,
        "action": "",
        "back_url": "#",
        **changes,
    }


def answers(**changes: Any) -> dict[str, Any]:
    """Return the context of answers with a change, as staff read them."""
    rows_ = [
        {"label": "お名前", "value": "葛󠄀飾 花子", "field": "applicant"},
        {
            "label": "転出する日",
            "value": "令和8年11月23日",
            "before": "令和8年11月22日",
            "changed": True,
            "field": "move_on",
        },
        {"label": "連絡事項", "value": "", "field": "note"},
    ]
    return {"sections": [{"id": "who", "title": "届出をする方", "rows": rows_}], **changes}


AT = datetime(2026, 11, 23, 14, 5, tzinfo=TOKYO)
