"""Tag library of every page: words, localised data, Japanese dates, money, icons, menus.

Owns the printing of values in templates. May not read the database.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from django import template
from django.template import Context, Node
from django.template.base import FilterExpression, Parser, Token, kwarg_re
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from madoguchi.kernel.clock import TOKYO
from madoguchi.kernel.l10n import FALLBACK, LANGUAGES
from madoguchi.kernel.money import yen as yen_text
from madoguchi.kernel.ui import icons, language, navigation, reading, texts

register = template.Library()

EMPTY_MARK = "―"


def context_lang(context: Context) -> str:
    """Return the language of the page being drawn: the request's, else ``lang`` of the context, else Japanese."""
    request = getattr(context, "request", None)
    if request is not None:
        return getattr(request, "lang", FALLBACK)
    lang = context.get("lang", FALLBACK)
    return lang if lang in LANGUAGES else FALLBACK


class TextNode(Node):
    """Prints one text of the frame; with ``as`` puts it into the context."""

    def __init__(self, key: str, values: dict[str, FilterExpression], target: str) -> None:
        self.key = key
        self.values = values
        self.target = target

    def render(self, context: Context) -> str:
        """Return the escaped text in the language of the page."""
        lang = context_lang(context)
        if self.values:
            shown = texts.html_text(self.key, lang, **{n: value.resolve(context) for n, value in self.values.items()})
        else:
            shown = texts.html_text(self.key, lang)
        if self.target:
            context[self.target] = shown
            return ""
        return shown


@register.tag("t")
def do_text(parser: Parser, token: Token) -> TextNode:
    """Compile ``{% t "portal.home.title" count=3 %}`` or ``{% t "…" as name %}``.

    The key is a literal, so that a test can find every use of a text.
    """
    _, key, *bits = token.split_contents()
    if key[0] not in "\"'" or key[0] != key[-1]:
        raise template.TemplateSyntaxError("t: 最初の引数は引用符で囲んだ文言の名前です")
    target = ""
    if len(bits) >= 2 and bits[-2] == "as":
        target = bits[-1]
        bits = bits[:-2]
    values = {}
    for bit in bits:
        match = kwarg_re.match(bit)
        if not match or not match[1]:
            raise template.TemplateSyntaxError(f"t: 名前=値 で書いてください: {bit}")
        values[match[1]] = parser.compile_filter(match[2])
    return TextNode(key[1:-1], values, target)


@register.filter
def l10n(value: Any, lang: str = "") -> str:
    """Print localised data (``LocalText``, a map or a plain string) in the language of the request, or in *lang*."""
    return localise(value, lang or language.current_lang())


def localise(value: Any, lang: str) -> str:
    """Return data in *lang*, falling back to Japanese; '' for nothing."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return value.get(lang) or value.get(FALLBACK) or ""
    return str(value)


@register.filter
def marked(value: Any, lang: str = "") -> str:
    """Print data like ``l10n``; Japanese on a foreign page, a plain string of the data too, stands in lang="ja"."""
    lang = lang or language.current_lang()
    words = localise(value, lang)
    is_own = isinstance(value, dict) and lang in value
    if not words or is_own or language.HTML_LANG[lang] == language.HTML_LANG[FALLBACK]:
        return words
    return format_html('<span lang="{}">{}</span>', language.HTML_LANG[FALLBACK], words)


@register.simple_tag(takes_context=True)
def wareki(context: Context, value: Any) -> str:
    """Print a day in the language of the page: 「令和8年11月23日」, "23 November 2026". Nothing gives a dash."""
    day = _day(value)
    if day is None:
        return EMPTY_MARK
    from madoguchi.kernel.calendar import day_in_words

    return day_in_words(day, context_lang(context))


@register.simple_tag(takes_context=True)
def moment(context: Context, value: datetime | None) -> str:
    """Print a moment in Japan standard time: the day as ``wareki`` does and 「14:05」."""
    if value is None:
        return EMPTY_MARK
    local = value.astimezone(TOKYO)
    return f"{wareki(context, local.date())} {local:%H:%M}"


@register.filter
def wareki_short(value: Any) -> str:
    """Print a day for tables: 「R8.11.23」. Nothing gives a dash."""
    day = _day(value)
    if day is None:
        return EMPTY_MARK
    from madoguchi.kernel.calendar import wareki_short as print_short

    return print_short(day)


@register.filter
def iso(value: Any) -> str:
    """Print a day or a moment for the ``datetime`` attribute of ``<time>``."""
    if isinstance(value, datetime):
        return value.astimezone(TOKYO).isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, date) else ""


def _day(value: Any) -> date | None:
    """Return the day of a date, an aware moment or an ISO text; None for nothing."""
    if isinstance(value, datetime):
        return value.astimezone(TOKYO).date()
    if isinstance(value, date):
        return value
    return date.fromisoformat(value) if value else None


@register.simple_tag(takes_context=True)
def yen(context: Context, value: int | None) -> str:
    """Print an amount in yen in the language of the page: 「1,234円」, "1,234 yen". Nothing gives a dash."""
    if value is None or value == "":
        return EMPTY_MARK
    return yen_text(int(value), context_lang(context))


@register.simple_tag
def icon(name: str) -> SafeString:
    """Print a line icon."""
    return icons.icon(name or icons.DEFAULT)


@register.simple_tag(takes_context=True)
def nav_items(context: Context, area: str) -> list[dict[str, Any]]:
    """Return the entries of a menu for the actor: ``label, url, icon, post, current, key``."""
    request = getattr(context, "request", None)
    path = request.path if request is not None else ""
    lang = context_lang(context)
    known = texts.all_texts()
    entries = [
        {
            "key": item.key,
            "label": texts.text(item.label, lang) if item.label in known else item.label,
            "url": url,
            "icon": item.icon,
            "post": item.method == "post",
            "current": False,
        }
        for item, url in navigation.nav_items(area, context.get("actor"))  # type: ignore[arg-type]
    ]
    here = [entry for entry in entries if path == entry["url"] or _is_under(path, str(entry["url"]))]
    if here:
        max(here, key=lambda entry: len(str(entry["url"])))["current"] = True
    return entries


@register.simple_tag(takes_context=True)
def nav_entry(context: Context, item: dict[str, Any], block: str, end: bool = False) -> SafeString:
    """Print one entry of a menu (see ``nav_items``) as ``<li>``; *end* pushes it and what follows to the far side."""
    what = (block, str(item["url"]), str(item["label"]), str(item["icon"]))
    if item["post"]:
        return _entry(*what, token=str(context.get("csrf_token", "")), end=end)
    return _link_entry(*what, current=item["current"], end=end)


@lru_cache(maxsize=1024)
def _link_entry(block: str, url: str, label: str, icon: str, *, current: bool, end: bool) -> SafeString:
    return _entry(block, url, label, icon, current=current, end=end)


def _entry(
    block: str, url: str, label: str, icon: str, *, current: bool = False, end: bool = False, token: str | None = None
) -> SafeString:
    """Return an entry: a link, or with *token* (against forged requests) a button that posts."""
    inner = format_html("{}<span>{}</span>", icons.icon(icon) if icon else "", label)
    if token is None:
        mark = SafeString(' aria-current="page"') if current else ""
        entry = format_html('<a class="{}__link" href="{}"{}>{}</a>', block, url, mark, inner)
    else:
        hidden = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token)
        button = format_html('<button class="{}__link" type="submit">{}</button>', block, inner)
        entry = format_html('<form method="post" action="{}">{}{}</form>', url, hidden, button)
    return format_html('<li class="{}__item"{}>{}</li>', block, SafeString(" data-end") if end else "", entry)


def _is_under(path: str, url: str) -> bool:
    """Tell whether a page lies below a menu entry; every page lies below the home page, so that one does not count."""
    return url != "/" and path.startswith(url.rstrip("/") + "/")


@register.simple_tag(takes_context=True)
def language_links(context: Context) -> list[dict[str, object]]:
    """Return the links of the language switch, of the languages the ward offers; none without a request."""
    request = getattr(context, "request", None)
    if request is None:
        return []
    ward = context.get("municipality")
    return language.language_links(request, ward.data["languages"] if ward else tuple(LANGUAGES))


@register.simple_tag(takes_context=True)
def furigana_switch(context: Context) -> dict[str, object] | None:
    """Return the furigana switch of the page; None without a request or in another language."""
    request = getattr(context, "request", None)
    return reading.furigana_switch(request) if request is not None else None


@cache
def _breaker() -> Any:
    """Return the Japanese phrase breaker."""
    import budoux

    return budoux.load_default_japanese_parser()


@lru_cache(maxsize=2048)
def _broken(plain: str) -> SafeString:
    return mark_safe("<wbr>".join(escape(phrase) for phrase in _breaker().parse(plain)))  # noqa: S308 - escaped


@register.filter
def budoux(value: Any) -> SafeString:
    """Let a Japanese heading break only between phrases, in browsers without ``word-break: auto-phrase`` too."""
    return _broken(str(value)) if value else SafeString("")
