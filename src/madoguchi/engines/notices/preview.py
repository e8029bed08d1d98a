"""Every letter in every language and by every way, with its example values: for staff to look at before residents do."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from madoguchi.kernel import municipality
from madoguchi.kernel.access import staff_required
from madoguchi.kernel.l10n import LANGUAGES
from madoguchi.kernel.ui.language import HTML_LANG

from .channels.line import card_of
from .letters import all_letters, delivery, letter
from .models import Notice
from .rules import render as render_letter
from .rules import render_sms, segments
from .schema import Letter

KIND_TITLES = {
    "progress": "進みぐあい",
    "action": "していただくこと",
    "result": "結果",
    "message": "やりとり",
    "account": "サインインなど",
    "staff": "職員あて",
}
CHANNEL_TITLES = {"mail": "メール", "line": "LINE", "sms": "SMS", "feed": "マイページ"}
STAGE = {"ja": "2/4 審査", "easy": "2/4 しらべています", "en": "2/4 Review", "zh": "2/4 审查", "ko": "2/4 심사"}


@require_GET
@staff_required("")
def show_letters(request: HttpRequest) -> HttpResponse:
    """List every letter with its kind, ways and missing languages."""
    rows = [
        {
            "letter": item,
            "kind": KIND_TITLES[item.kind],
            "channels": "・".join(CHANNEL_TITLES[way] for way in item.channels),
            "missing": "・".join(dict.fromkeys(LANGUAGES[lang] for _, lang in item.missing(LANGUAGES))),
        }
        for item in all_letters()
    ]
    return render(request, "notices/letters.html", {"rows": rows, "delivery": delivery()})


@require_GET
@staff_required("")
def show_letter(request: HttpRequest, letter_id: str) -> HttpResponse:
    """Show one letter as it arrives, in every language it is written in. Raises NotFound."""
    found, _ = letter(letter_id)
    languages = [lang for lang in LANGUAGES if found.body.has(lang)]
    context = {
        "letter": found,
        "kind": KIND_TITLES[found.kind],
        "versions": [_version(found, lang) for lang in languages],
        "limit": delivery().sms_max_segments,
    }
    return render(request, "notices/letter.html", context)


def _version(found: Letter, lang: str) -> dict[str, Any]:
    """Return the letter with its example values in one language, by each way."""
    values = dict(found.variables)
    if "municipality" in values:
        values["municipality"] = municipality.current().name.get(lang)
    subject, body = render_letter(found, lang, values)
    shown: dict[str, Any] = {"lang": lang, "html_lang": HTML_LANG[lang], "title": LANGUAGES[lang], "subject": subject}
    shown["body"] = _filled(body, values)
    if "sms" in found.channels:
        words = _filled(render_sms(found, lang, values), values)
        shown["sms"] = {"words": words, "length": len(words), "parts": segments(words)}
    if "line" in found.channels:
        card = {"number": values.get("number", ""), "stage": STAGE[lang], "url": values.get("url", "")}
        bubble = card_of(Notice(id=UUID(int=0), lang=lang, subject=subject, card=card))
        shown["card"] = {
            "lines": [item["text"] for item in bubble["body"]["contents"]],
            "button": bubble["footer"]["contents"][0]["action"]["label"],
        }
    return shown


def _filled(words: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        words = words.replace(f"{{{name}}}", value)
    return words
