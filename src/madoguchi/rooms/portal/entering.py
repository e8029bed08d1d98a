"""What the clerk who asks and writes needs on the residents' pages: spoken questions, and the confirmation at the end.

Owns the words. The prompts are made from the label and the kind of a question, so that every form has them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from madoguchi.engines.forms.api import hands_of
from madoguchi.kernel import clock
from madoguchi.kernel.access import Actor
from madoguchi.kernel.clock import TOKYO
from madoguchi.kernel.errors import InvalidInput
from madoguchi.rooms.catalogue.api import CHANNEL_LABELS
from madoguchi.rooms.portal.acting import ENTRY
from madoguchi.rooms.portal.counter import papers_on

CONFIRMED = {"read": "読み上げて確認", "screen": "画面を見せて確認", "print": "印刷して確認"}
_BY_TYPE = {
    "person_name": "「{label}を教えてください。漢字はどう書きますか」",
    "kana": "「{label}の読み方を教えてください」",
    "latin_name": "「{label}のつづりを、在留カードのとおりに教えてください」",
    "address": "「{label}を、郵便番号からお願いします」",
    "date": "「{label}は、何年何月何日ですか」",
    "year_month": "「{label}は、何年何月ですか」",
    "time": "「{label}は、何時ですか」",
    "phone": "「{label}をお願いします。復唱します」",
    "email": "「{label}があれば、一文字ずつ教えてください」",
    "yes_no": "「{label}　はい、いいえ、どちらですか」",
    "integer": "「{label}は、いくつですか」",
    "decimal": "「{label}は、いくつですか」",
    "yen": "「{label}は、何円ですか」",
    "consent": "「{label}　よろしいですか」",
    "file": "書類を見せてもらうか、後で送ってもらいます。",
    "group": "「続いて、{label}についてうかがいます」",
    "note": "説明を読み上げます。",
    "computed": "",
    "my_number": "番号は声に出さず、書いて示してもらいます。",
    "bank_account": "「{label}を、銀行と支店の名前からお願いします」",
}
MANY = 5
_SILENT = frozenset({"file", "note", "computed", "my_number"})


def spoken(field: Any) -> str:
    """Return how to ask a question aloud; "" when there is nothing to ask."""
    label = str(getattr(field, "label", "") or "").rstrip("？?。")
    options = [str(each[1]) for each in getattr(field, "options", None) or []]
    if field.type in {"choice", "choices", "relationship"} and 0 < len(options) <= MANY:
        ending = "のどれにあてはまりますか" if field.type == "choices" else "のどれですか"
        link = "。" if label.endswith("か") else "は、"
        return f"「{label}{link}{'、'.join(options)}、{ending}」"
    if label.endswith("か") and field.type not in _SILENT:
        return f"「{label}」"
    return _BY_TYPE.get(field.type, "「{label}を教えてください」").format(label=label)


def channel_of(actor: Actor) -> str:
    """Return counter or phone, where the clerk asks."""
    assert actor.mandate is not None
    return actor.mandate.ref.removeprefix(ENTRY)


def entry_choices(actor: Actor) -> dict[str, Any]:
    """Return what the summary asks the clerk before handing in."""
    papers = papers_on(clock.today(), channel_of(actor))
    return {"before_submit": ["portal/parts/entry_confirm.html"], "papers_seen": papers, "confirmed": CONFIRMED}


def entry_details(actor: Actor, post: Mapping[str, str], draft_id: Any) -> dict[str, Any]:
    """Return what is kept of how the application was taken in. Raises InvalidInput when the clerk left something out."""
    papers = papers_on(clock.today(), channel_of(actor))
    paper, how = post.get("paper", ""), post.get("confirmed", "")
    if papers and paper not in papers:
        raise InvalidInput("本人をどう確かめたかを選んでください。", code="portal.entry_paper")
    if how not in CONFIRMED:
        raise InvalidInput("内容を本人がどう確かめたかを選んでください。", code="portal.entry_confirmed")
    moves = [
        f"{CHANNEL_LABELS.get(each.channel, each.channel)} {each.at.astimezone(TOKYO):%H:%M}"
        for each in hands_of(draft_id)
    ]
    note = f"本人の確認：{papers.get(paper, '―')}／内容：{CONFIRMED[how]}"
    return {
        "note": f"{note}／受け渡し：{'→'.join(moves)}" if len(moves) > 1 else note,
        "paper": paper,
        "confirmed": how,
    }
