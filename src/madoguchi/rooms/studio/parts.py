"""The parts of a document that have a page of their own, and the controls of each page.

Owns which places are offered for editing and in what words. What is not offered (a computation, a check across answers) is kept
as it is. No storage.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from madoguchi.engines.forms.api import ALLOWED_KEYS, TYPES
from madoguchi.rooms.catalogue.api import CASHLESS_LABELS, CHANNEL_LABELS, ONLINE_LABELS
from madoguchi.rooms.studio.controls import Control
from madoguchi.rooms.studio.documents import Document, fields_of
from madoguchi.rooms.studio.surroundings import Surroundings

Controls = list[Control]
NAMES = {
    "basics": "手続の基本",
    "form": "様式の全体",
    "step": "画面",
    "field": "質問",
    "paper": "必要書類",
    "fee": "手数料",
    "rate": "手数料の額",
    "example": "例",
}
"""The kinds of parts."""
OFFERED_TYPES = [(kind, label) for kind, label in TYPES.items() if kind != "computed"]
FILES = [(kind, kind.upper()) for kind in ("pdf", "jpeg", "png", "heic", "docx", "xlsx", "csv")]
HOW = [
    ("upload", "添付する"),
    ("post", "郵送する"),
    ("show", "窓口で見せる"),
    ("omitted", "省略できる（法令などにより）"),
]
LEVELS = [("1", "1　不要"), ("2", "2　本人確認書類など"), ("3", "3　マイナンバーカードなど")]
AUDIENCES = [("resident", "住民"), ("business", "事業者"), ("staff", "職員（庁内手続）")]
RULE_SLOTS: dict[str, dict[str, tuple[str, str]]] = {
    "step": {"shown_if": ("この画面を表示する条件", "に表示")},
    "field": {"shown_if": ("この質問を表示する条件", "に表示"), "required": ("必須になる条件", "に必須")},
    "paper": {"needed_if": ("この書類が必要な条件", "に必要")},
    "fee": {"when": ("この手数料がかかる条件", "にかかる")},
    "reduction": {"when": ("この減免が当てはまる条件", "に当てはまる")},
}
"""The rules of each kind of part: name of the page, and how the sentence ends."""


def controls_of(part: str, data: Mapping[str, Any], document: Document, here: Surroundings) -> Controls:
    """Return the controls of a part."""
    return _BUILDERS[part](data, document, here)


def _basics(data: Mapping[str, Any], document: Document, here: Surroundings) -> Controls:
    return [
        Control("title.ja", "手続の名前", required=True, hint="住民に伝わる言葉で書きます。"),
        Control("official_name", "正式名称", required=True),
        Control("kana", "ふりがな", required=True, hint="並べ替えと検索に使います。"),
        Control("summary.ja", "概要", "area", required=True, hint="どんなときの手続か、2〜3文で書きます。"),
        Control("field", "分野", required=True, hint="例：道路、公園、子育て"),
        Control("department", "担当課", "select", choices=list(here.departments.items()), required=True),
        Control("audience", "対象", "select", choices=AUDIENCES, default="resident"),
        Control("who.ja", "申請できる方", "area", required=True, rows=2),
        Control("papers", "必要なもの（手続の案内に載せる）", "textlines", hint="1行に一つ書きます。"),
        Control("channels", "受付方法", "many", choices=list(CHANNEL_LABELS.items())[:6], default=["counter"]),
        Control("standard_days", "標準処理日数", "int", hint="開庁日で数えます。"),
        Control("workflow", "業務の流れ", "select", choices=list(here.workflows.items()), default="general"),
        Control("fee.text.ja", "費用の説明", required=True, hint="額は「手数料」で決めます。ここは案内の文です。"),
        Control(
            "fee.kind", "費用の区分", "select", choices=[("free", "無料"), ("fixed", "定額"), ("varies", "場合による")],
            default="free",
        ),
        Control(
            "fee.rate", "案内に載せる手数料", "select",
            choices=[("", "載せない"), *((fee.id, str(fee.title)) for fee in here.fees.values())],
        ),
        Control(
            "payment.when", "支払の時期（オンラインで納めるとき）", "select",
            choices=[("", "オンラインでは納めない"), ("submission", "申請のとき"), ("review", "審査のあと")],
        ),
        Control("payment.due_days", "納期限までの日数", "int", default=14),
        Control("online.status", "オンライン対応", "select", choices=list(ONLINE_LABELS.items()), required=True),
        Control("cashless.status", "キャッシュレス対応", "select", choices=list(CASHLESS_LABELS.items()), default="free"),
        Control("assurance.identity", "身元確認の段階", "select", choices=LEVELS, default=1),
        Control("assurance.authentication", "当人認証の段階", "select", choices=LEVELS, default=1),
        Control("assurance.reason", "その段階にした理由", "area", rows=2),
        Control("legal_basis", "根拠となる法令・条例", "lines", hint="1行に一つ書きます。"),
        Control("life_events", "ライフイベント", "many", choices=list(here.life_events.items())),
        Control("keywords", "検索の言葉", "lines", hint="住民が使いそうな言葉を、1行に一つ書きます。"),
        Control("retention_years", "保存年限（年）", "int"),
    ]  # fmt: skip


def _form(data: Mapping[str, Any], document: Document, here: Surroundings) -> Controls:
    return [
        Control("title.ja", "様式の名前", required=True),
        Control("intro.ja", "はじめの説明", "area"),
        Control("minutes", "入力の目安（分）", "int"),
        Control("source", "様式の根拠", hint="例：○○要綱 第1号様式"),
    ]


def _step(data: Mapping[str, Any], document: Document, here: Surroundings) -> Controls:
    return [
        Control("title.ja", "画面の見出し", required=True),
        Control("help.ja", "画面の説明", "area"),
    ]


def _field(data: Mapping[str, Any], document: Document, here: Surroundings) -> Controls:
    inside_group = data["type"] != "group"
    types = [(kind, label) for kind, label in OFFERED_TYPES if kind != "group" or not inside_group]
    if data["type"] == "computed":
        types = [("computed", TYPES["computed"])]
    controls = [
        Control("label.ja", "質問の文", required=True),
        Control("type", "質問の種類", "select", choices=types, required=True),
        Control("help.ja", "説明・記入例", "area", rows=2),
    ]
    understood = ALLOWED_KEYS.get(data["type"], frozenset())
    controls += [control for key, own in _SPECIAL.items() if key in understood for control in own]
    return [
        *controls,
        Control("why.text.ja", "聞く理由", "area", rows=2, hint="住民に見えます。"),
        Control("why.article", "根拠の条項"),
        Control("autocomplete", "自動入力の手がかり", "select", choices=_AUTOCOMPLETE),
    ]


_AUTOCOMPLETE = [("", "なし"), ("name", "氏名"), ("tel", "電話番号"), ("email", "メールアドレス"), ("bday", "生年月日")]
_SPECIAL: dict[str, Controls] = {
    "options": [Control("options", "選択肢", "options", hint="空欄にすると消えます。")],
    "layout": [Control("layout", "並べ方", "select", choices=[("radio", "並べて選ぶ"), ("select", "一覧から選ぶ")], default="radio")],
    "min_items": [Control("min_items", "少なくともいくつ選ぶか", "int")],
    "max_items": [Control("max_items", "いくつまで選べるか", "int")],
    "min_length": [Control("min_length", "短くて何文字", "int")],
    "max_length": [Control("max_length", "長くて何文字", "int")],
    "pattern": [Control("pattern", "書き方の決まり（正規表現）")],
    "pattern_message": [Control("pattern_message.ja", "書き方が違うときの文")],
    "unit": [Control("unit.ja", "単位", hint="例：m、枚、円")],
    "min": [],
    "max": [],
    "wareki": [Control("wareki", "和暦でも入力できる", "flag")],
    "accept": [Control("accept", "受け付けるファイルの種類", "many", choices=FILES)],
    "max_files": [Control("max_files", "ファイルの数の上限", "int", default=5)],
    "max_mb": [Control("max_mb", "1ファイルの大きさの上限（MB）", "int", default=10)],
    "max_pages": [Control("max_pages", "PDF のページ数の上限", "int")],
    "digits": [Control("digits", "桁数", "int")],
    "repeat": [
        Control("repeat.item.ja", "一つの呼び名（繰り返すとき）", hint="例：同居の家族。空欄なら繰り返しません。"),
        Control("repeat.min", "少なくともいくつ", "int", default=0),
        Control("repeat.max", "いくつまで", "int", default=10),
    ],
    "format": [],
    "compute": [],
    "fields": [],
}  # fmt: skip
NUMERIC = frozenset({"integer", "decimal", "yen"})


def _bounds(data: Mapping[str, Any]) -> Controls:
    """Return the controls of smallest and largest number; a bound that is a rule is not offered."""
    if data["type"] not in NUMERIC:
        return []
    names = (("min", "最小"), ("max", "最大"))
    return [Control(key, label, "int") for key, label in names if not isinstance(data.get(key), dict | list)]


def _whole_field(data: Mapping[str, Any], document: Document, here: Surroundings) -> Controls:
    return [*_field(data, document, here), *_bounds(data)]


def _paper(data: Mapping[str, Any], document: Document, here: Surroundings) -> Controls:
    files = [(field["id"], field["label"]["ja"]) for _, field in fields_of(document) if field["type"] == "file"]
    return [
        Control("title.ja", "書類の名前", required=True),
        Control("how", "出し方", "select", choices=HOW, default="upload"),
        Control("field", "添付する質問", "select", choices=[("", "なし"), *files]),
        Control("note.ja", "注意書き", "area", rows=2),
    ]


def _fee(data: Mapping[str, Any], document: Document, here: Surroundings) -> Controls:
    fees = [(fee.id, str(fee.title)) for fee in here.fees.values()]
    return [
        Control("rate", "手数料の種類", "select", choices=fees, required=True),
        Control("title.ja", "住民に見せる名前", hint="空欄なら手数料の名前を使います。"),
    ]


def _rate(data: Mapping[str, Any], document: Document, here: Surroundings) -> Controls:
    return [
        Control("title.ja", "手数料の名前", required=True),
        Control("unit.ja", "単位", hint="例：通、件"),
        Control("account", "歳入科目", required=True),
    ]


def _example(data: Mapping[str, Any], document: Document, here: Surroundings) -> Controls:
    return [Control("title.ja", "例の名前", required=True)]


Builder = Callable[[Mapping[str, Any], Document, Surroundings], Controls]
_BUILDERS: dict[str, Builder] = {
    "basics": _basics,
    "form": _form,
    "step": _step,
    "field": _whole_field,
    "paper": _paper,
    "fee": _fee,
    "rate": _rate,
    "example": _example,
}


def fit_type(field: dict[str, Any], before: str) -> None:
    """Take away what the new type of a question does not understand, and give it what it needs, in place."""
    kind = field["type"]
    if kind == before:
        if kind == "group" and "item" not in field.get("repeat", {"item": 1}):
            del field["repeat"]
        return
    special = {key for keys in ALLOWED_KEYS.values() for key in keys}
    for key in special - ALLOWED_KEYS.get(kind, frozenset()):
        field.pop(key, None)
    if kind in {"choice", "choices"} and not field.get("options"):
        field["options"] = [{"value": f"o{n}", "label": {"ja": f"選択肢{n}"}} for n in (1, 2)]
    if kind == "group" and not field.get("fields"):
        field["fields"] = [{"id": f"{field['id'][:50]}_1", "type": "text", "label": {"ja": "中の質問"}}]
