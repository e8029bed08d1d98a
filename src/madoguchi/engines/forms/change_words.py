"""How the parts of a form read in a list of changes: places, attributes of a question, papers, fees.

Owns the words. What counts as a change is in ``comparison``. No storage.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from madoguchi.engines.forms.condition_words import quoted, show_number
from madoguchi.engines.forms.conditions import describe_requirement, describe_rule, describe_value
from madoguchi.engines.forms.schema import FieldDef, FormDefinition
from madoguchi.kernel import calendar
from madoguchi.kernel.l10n import LocalText

NOTHING = "（なし）"
STEP_BETWEEN = " › "
FORM = "様式の全体"

TYPES: dict[str, str] = {
    "text": "文字", "textarea": "長い文", "person_name": "氏名", "latin_name": "ローマ字の氏名", "kana": "フリガナ",
    "address": "住所", "date": "日付", "year_month": "年月", "time": "時刻", "integer": "整数", "decimal": "小数",
    "yen": "金額", "choice": "一つ選ぶ", "choices": "いくつでも選ぶ", "yes_no": "はい・いいえ", "phone": "電話番号",
    "email": "メールアドレス", "file": "ファイル", "consent": "同意", "relationship": "続柄", "bank_account": "口座",
    "insured_number": "被保険者番号", "my_number": "個人番号", "corporate_number": "法人番号", "computed": "計算した値",
    "note": "案内の文", "group": "まとまり",
}  # fmt: skip
"""What the types of questions are called."""

HOW = {"upload": "添付する", "post": "郵送する", "show": "見せる", "omitted": "省略できる"}
_FORMATS = {"text": "文字", "integer": "整数", "yen": "金額", "date": "日付"}
_LAYOUTS = {"radio": "並べて選ぶ", "select": "一覧から選ぶ"}
_LANGUAGES = {"ja": "", "easy": "（やさしい日本語）", "en": "（英語）", "zh": "（中国語）", "ko": "（韓国語）"}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two definitions that are compared, with the titles of fees by id."""

    definition: FormDefinition
    fees: Mapping[str, str] = field(default_factory=dict)

    def rule(self, value: Any) -> str:
        """Return when a rule holds."""
        return describe_rule(value, self.definition, fees=self.fees)

    def when(self, value: Any, does: str) -> str:
        """Return when something *does* what it does: 「…のときに表示」."""
        return f"いつも{does}" if value is None or value is True else f"{self.rule(value)}に{does}"

    def demand(self, value: Any) -> str:
        """Return what a check demands."""
        return describe_requirement(value, self.definition, fees=self.fees)

    def computed(self, value: Any, *, beside: str = "") -> str:
        """Return what a rule computes."""
        return describe_value(value, self.definition, fees=self.fees, beside=beside)

    def fee(self, rate: str) -> str:
        """Return the title of a fee."""
        return quoted(self.fees.get(rate, rate))

    def question(self, field_id: str | None) -> str:
        """Return the label of a question by id."""
        for step in self.definition.steps:
            for item in step.fields:
                for each in (item, *(item.fields or ())):
                    if each.id == field_id:
                        return quoted(str(each.label))
        return NOTHING if field_id is None else quoted(field_id)


def texts(before: LocalText | None, after: LocalText | None) -> list[tuple[str, str, str]]:
    """Return (mark of the language, before, after) for every language whose text differs."""
    old, new = dict(before or {}), dict(after or {})
    return [
        (mark, old.get(lang) or NOTHING, new.get(lang) or NOTHING)
        for lang, mark in _LANGUAGES.items()
        if old.get(lang) != new.get(lang)
    ]


def _required(side: Side, fd: FieldDef) -> str:
    if isinstance(fd.required, bool):
        return "必須" if fd.required else "任意"
    return f"{side.rule(fd.required)}は必須"


def _default(side: Side, fd: FieldDef) -> str:
    return side.computed(fd.default, beside=fd.id)


def _why(side: Side, fd: FieldDef) -> str:
    if fd.why is None:
        return NOTHING
    return f"{fd.why.text}（{fd.why.article}）" if fd.why.article else str(fd.why.text)


def _repeat(side: Side, fd: FieldDef) -> str:
    return f"{quoted(str(fd.repeat.item))}を{fd.repeat.min}〜{fd.repeat.max}件" if fd.repeat else "繰り返さない"


def _bound(key: str) -> Callable[[Side, FieldDef], str]:
    def show(side: Side, fd: FieldDef) -> str:
        value = getattr(fd, key)
        return NOTHING if value is None else side.computed(value, beside=fd.id)

    return show


def _counted(key: str, unit: str) -> Callable[[Side, FieldDef], str]:
    def show(side: Side, fd: FieldDef) -> str:
        value = getattr(fd, key)
        return NOTHING if value is None else f"{show_number(value)}{unit}"

    return show


def _named(key: str, names: Mapping[str, str]) -> Callable[[Side, FieldDef], str]:
    return lambda side, fd: names.get(getattr(fd, key), str(getattr(fd, key)))


def _plain(key: str) -> Callable[[Side, FieldDef], str]:
    return lambda side, fd: str(getattr(fd, key) or NOTHING)


FIELD_TEXTS = {"label": "質問の文", "help": "説明", "unit": "単位", "pattern_message": "書き方の説明"}
"""The texts of a question by key; each language is compared on its own."""

FIELD_ATTRIBUTES: dict[str, tuple[str, Callable[[Side, FieldDef], str]]] = {
    "type": ("質問の種類", _named("type", TYPES)),
    "why": ("なぜ聞くか", _why),
    "required": ("必須", _required),
    "shown_if": ("表示の条件", lambda side, fd: side.rule(fd.shown_if)),
    "readonly_if": (
        "変更できない条件",
        lambda side, fd: NOTHING if fd.readonly_if is None else side.rule(fd.readonly_if),
    ),
    "default": ("初めの値", lambda side, fd: NOTHING if fd.default is None else _default(side, fd)),
    "autocomplete": ("自動入力", _plain("autocomplete")),
    "min_length": ("文字数の下限", _counted("min_length", "文字")),
    "max_length": ("文字数の上限", _counted("max_length", "文字")),
    "pattern": ("書き方の決まり", _plain("pattern")),
    "min": ("下限", _bound("min")),
    "max": ("上限", _bound("max")),
    "wareki": ("和暦での入力", lambda side, fd: "できる" if fd.wareki else "できない"),
    "layout": ("選択肢の見せ方", _named("layout", _LAYOUTS)),
    "min_items": ("選ぶ数の下限", _counted("min_items", "個")),
    "max_items": ("選ぶ数の上限", _counted("max_items", "個")),
    "accept": ("受け付けるファイル", lambda side, fd: "・".join(fd.accept or ()) or NOTHING),
    "max_files": ("ファイルの数", _counted("max_files", "個")),
    "max_mb": ("ファイルの大きさ", _counted("max_mb", "MB")),
    "max_pages": ("PDF のページ数", _counted("max_pages", "ページ")),
    "digits": ("桁数", _counted("digits", "桁")),
    "compute": ("計算", _bound("compute")),
    "format": ("計算結果の表し方", _named("format", _FORMATS)),
    "repeat": ("繰り返し", _repeat),
}
"""The other attributes of a question by key: what they are called, and how a value reads."""


def step_place(title: LocalText) -> str:
    """Return the place of a step."""
    return f"ステップ{quoted(str(title))}"


def field_place(place: str, fd: FieldDef) -> str:
    """Return the place of a question inside *place*."""
    kind = "まとまり" if fd.type == "group" else "計算" if fd.type == "computed" else "質問"
    return f"{place}{STEP_BETWEEN}{kind}{quoted(str(fd.label))}"


def field_summary(side: Side, fd: FieldDef) -> str:
    """Return a question in one line, for what came or went as a whole."""
    parts = [TYPES[fd.type]]
    if fd.type not in {"note", "computed", "group"}:
        parts.append(_required(side, fd))
    if fd.options:
        parts.append("選択肢：" + "・".join(quoted(str(option.label)) for option in fd.options))
    if fd.compute is not None:
        parts.append(side.computed(fd.compute))
    if fd.shown_if is not None:
        parts.append(side.when(fd.shown_if, "表示"))
    return "、".join(parts)


def form_facts(side: Side) -> dict[str, tuple[str, str]]:
    """Return the plain facts of a form by key: what they are called, and how they read."""
    form = side.definition
    return {
        "minutes": ("かかる時間", f"{form.minutes}分" if form.minutes else NOTHING),
        "valid_from": ("使い始める日", calendar.wareki(form.valid_from)),
        "source": ("出典", form.source or NOTHING),
    }
