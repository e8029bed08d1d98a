"""Places of a document in words: 「申請者 › 『お名前』 › 説明（日本語）」, and what lies there as people read it.

Owns the words of paths and values, for conflicts, faults and the history. No storage.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from madoguchi.engines.forms.api import TYPES, FormDefinition, describe_rule
from madoguchi.kernel.l10n import LANGUAGES
from madoguchi.rooms.studio.documents import Document, Path, step_into
from madoguchi.rooms.studio.merging import GONE

BETWEEN = " › "
NOTHING = "（なし）"
WORDS = {
    "procedure": "手続", "form": "様式", "fees": "手数料", "steps": "", "fields": "", "papers": "書類", "examples": "例",
    "title": "見出し", "label": "質問の文", "help": "説明", "intro": "はじめの説明", "options": "選択肢", "required": "必須",
    "shown_if": "表示の条件", "needed_if": "必要な条件", "when": "条件", "quantity": "数", "rate": "手数料の種類",
    "reduction": "減免", "exemption": "減免の種類", "type": "種類", "unit": "単位", "min": "最小", "max": "最大",
    "min_length": "短くて", "max_length": "長くて", "summary": "概要", "official_name": "正式名称", "kana": "ふりがな",
    "department": "担当課", "who": "申請できる方", "channels": "受付方法", "fee": "費用", "text": "文", "kind": "区分",
    "payment": "支払時期", "workflow": "業務の流れ", "standard_days": "標準処理日数", "legal_basis": "根拠",
    "keywords": "検索の言葉", "life_events": "ライフイベント", "online": "オンライン対応", "status": "状態", "since": "開始",
    "how": "出し方", "field": "添付する質問", "note": "注意書き", "why": "聞く理由", "article": "根拠の条項",
    "readonly_if": "変えられない条件", "compute": "計算", "valid_from": "使い始め", "minutes": "入力の目安",
    "source": "根拠", "answers": "答え", "expect": "期待する結果", "amount_yen": "額", "exemptions": "減免", "rates": "額",
    "assurance": "本人確認", "identity": "身元確認", "authentication": "当人認証", "reason": "理由", "papers_list": "必要なもの",
    "cashless": "キャッシュレス", "due_days": "納期限の日数", "audience": "対象", "accept": "ファイルの種類",
    "max_files": "ファイルの数", "max_mb": "大きさの上限", "wareki": "和暦", "layout": "並べ方", "repeat": "繰り返し",
    "item": "一つの呼び名", "default": "初めの値", "checks": "答えどうしの検査", "retention_years": "保存年限",
}  # fmt: skip
"""What the keys of a definition are called."""
RULES = frozenset({"shown_if", "needed_if", "when", "required", "readonly_if"})


def words_of(path: Path, *documents: Document) -> str:
    """Return a path in words; the documents are asked for the names of what the path goes through."""
    parts: list[str] = []
    values: list[Any] = list(documents)
    for depth, key in enumerate(path):
        values = [_inside(value, key) for value in values]
        if key == "form" and depth == 0 and path[1:2] in {("steps",), ("papers",), ("fees",), ("examples",)}:
            continue
        name = next((name for value in values if (name := _name(value))), "")
        if any(isinstance(value, dict) for value in values) and name:
            parts.append(f"『{name}』")
        elif key in LANGUAGES:
            parts.append(LANGUAGES[key])
        elif word := WORDS.get(key, key):
            parts.append(word)
    return BETWEEN.join(parts)


def when(rule: Any, definition: FormDefinition, ending: str) -> str:
    """Return when something happens: 「『申請者』が『代理人』のときに表示」, 「いつも表示」. *ending* begins with に."""
    if rule is None or rule is True:
        return f"いつも{ending.removeprefix('に')}"
    return f"{describe_rule(rule, definition)}{ending}"


def _inside(value: Any, key: str) -> Any:
    try:
        return step_into(value, key)
    except (KeyError, TypeError):
        return None


def _name(value: Any) -> str:
    """Return how a part calls itself: its label, title or question."""
    if not isinstance(value, Mapping):
        return ""
    for key in ("label", "title"):
        text = value.get(key)
        if isinstance(text, Mapping) and text.get("ja") and ("id" in value or "value" in value):
            return str(text["ja"])
    return ""


def shown(value: Any, path: Path, definition: FormDefinition | None) -> str:
    """Return a value as people read it."""
    if value is GONE:
        return NOTHING
    last = path[-1] if path else ""
    if last in RULES and definition is not None:
        return (
            {True: "いつも", False: "いいえ"}.get(value, "")
            if isinstance(value, bool)
            else describe_rule(value, definition)
        )
    if last == "type" and isinstance(value, str):
        return TYPES.get(value, value)
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, Mapping):
        return (
            _name(value)
            or str(value.get("ja") or "")
            or "、".join(
                f"{WORDS.get(str(key), key)}：{shown(inner, (str(key),), None)}" for key, inner in value.items()
            )
        )
    if isinstance(value, list):
        return "、".join(shown(item, (), None) for item in value) or NOTHING
    return str(value)
