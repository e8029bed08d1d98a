"""What is printed inside a blank or a line: boxes to tick, dates to fill, brackets, units.

Owns the parsing of one text into the answers it asks for. Knows nothing of tables or neighbours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from madoguchi.engines.forms.importing.lexicon import fold, lexicon, says, tidy, type_of, unit_of

BOX = "□☐☑◻◯❏"
_SPACE = r"[ \u3000\t]"
_GAP = r"[ \u3000_＿\n]*"
_ERA = r"令和|平成|昭和|大正|明治|西暦|[令平昭大明]"
_DATE = re.compile(rf"(?P<era>(?:{_ERA}|[・･/／. \u3000_＿\n])*)年[ \u3000_＿\n]+月(?P<day>{_GAP}日(?!間))?")
_TIME = re.compile(r"(?:午前|午後|[・･ \u3000_＿\n])*時(?:[ \u3000_＿\n]*分)?")
_BRACKET = re.compile(r"[(（](?=[^()（）]*?(?:[ \u3000]{2}|[＿_]{2}))(?P<inside>[^()（）]*)[)）]")
_LONG_RUN = re.compile(r"([ \u3000])[ \u3000]{11,}|([_＿])[_＿]{11,}")
MAX_TEXT = 1500
"""Longer texts are explanations; runs of blanks are cut to twelve, so that no pattern can take long."""
_NUMBERED = re.compile(r"(?:^|[\s\u3000])(?:[0-9０-９]{1,2}[\s\u3000.．、)）]+|[①-⑳]\s*|[ア-ケ][.．、]\s*)(?=\S)")
_UNDERSCORE = re.compile(r"[＿_]{2,}")


@dataclass(slots=True)
class Ask:
    """One answer a text asks for. ``label`` is its own words when it has any, ``of`` the option it belongs to."""

    kind: str
    """choice, choices, date, year_month, time, text, bracket, number, address, phone, consent, blank, my_number"""
    label: str = ""
    options: tuple[str, ...] = ()
    unit: str = ""
    era: bool = False


def parse(printed: str) -> list[Ask]:
    """Return the answers a printed text asks for; nothing when it is only words."""
    body = _LONG_RUN.sub(lambda run: (run[1] or run[2]) * 12, printed[:MAX_TEXT]).strip("\n")
    if not body.strip(" \u3000\n"):
        return []
    if re.match(rf"\s*[{BOX}]", body) and says("consent", body) and body.count("□") <= 1:
        return [Ask("consent", tidy(re.sub(rf"[{BOX}]", "", body)))]
    if re.fullmatch(rf"(?:[{BOX}][ \u3000\t－-]*){{4,}}", body):
        return [Ask("blank")]
    lines = [line for line in body.split("\n") if line.strip(" \u3000")]
    if len(lines) >= 2 and all(re.fullmatch("|".join(lexicon()["sublabels"]), fold(line)) for line in lines):
        return [Ask("blank", tidy(line)) for line in lines]
    for reader in (_boxes, _numbered, _weekdays, _circled):
        found = reader(body)
        if found:
            return found
    return _dates(body) or _dots(body) or _plain(body)


def _options(pieces: list[str]) -> tuple[tuple[str, ...], list[Ask]]:
    """Return the options and the blanks in their brackets."""
    options: list[str] = []
    extra: list[Ask] = []
    for piece in pieces:
        bracket = _BRACKET.search(piece)
        name = tidy(_BRACKET.sub("", piece) if bracket else piece).strip("、。，・/／ ")
        name = re.sub(r"[(（]$", "", name)
        if not name:
            continue
        options.append(name)
        for match in _BRACKET.finditer(piece):
            extra += _inside(match["inside"], name)
    return tuple(dict.fromkeys(options)), extra


def _inside(inside: str, owner: str) -> list[Ask]:
    """Return what a bracket with a blank asks for."""
    words = re.split(r"[ \u3000_＿]{2,}", inside.strip(" \u3000_＿"))
    name = tidy(words[0]).strip(":： ") if words and words[0] else ""
    unit = unit_of(name)
    if unit is not None:
        return (
            [Ask("number", "" if owner else name, unit=unit.unit)]
            if owner == ""
            else [Ask("number", f"{owner}の{_counted(unit.unit)}", unit=unit.unit)]
        )
    if not name or fold(name) in {"-", "曜日", "曜"}:
        return [Ask("bracket", owner)] if not name else []
    if fold(name) in {"年度"}:
        return [Ask("bracket", "年度")]
    return [Ask("bracket", name)]


def _counted(unit: str) -> str:
    return "額" if unit == "円" else f"{unit}数"


def _boxes(body: str) -> list[Ask]:
    flat = re.sub(
        rf"[(（]([^()（）]*[{BOX}][^()（）]*)[)）]", lambda m: "（" + re.sub(rf"[{BOX}]", "・", m[1]) + "）", body
    )
    parts = re.split(rf"[{BOX}]+", flat)
    if len(parts) < 2:
        return []
    pieces = [part for part in parts[1:] if part.strip(" \u3000\n")]
    options, extra = _options(pieces)
    if not options:
        return []
    lead = parts[0].strip(" \u3000\n:：")
    kind = "choices" if says("multiple", body) else "choice"
    if len(options) == 1:
        kind = "tick"
    before = [ask for ask in _plain(parts[0]) if ask.kind != "bracket"] if _UNDERSCORE.search(parts[0]) else []
    return [*before, Ask(kind, tidy(lead), options), *extra]


def _numbered(body: str) -> list[Ask]:
    marks = list(_NUMBERED.finditer(body))
    if len(marks) < 2 or marks[0].start() > 0 or re.search(r"[1１①ア]", marks[0].group()) is None:
        return []
    ends = [mark.start() for mark in marks[1:]] + [len(body)]
    options, extra = _options([body[mark.end() : end] for mark, end in zip(marks, ends, strict=True)])
    return [Ask("choice", "", options), *extra] if len(options) >= 2 else []


def _weekdays(body: str) -> list[Ask]:
    """Read 「月　火　水 …（定休日　　）」: days to circle."""
    plain = _BRACKET.sub("", body)
    days = re.findall(r"[月火水木金土日祝]", plain)
    if len(days) < 5 or re.sub(r"[月火水木金土日祝・･,、/／\s\u3000]", "", plain):
        return []
    return [
        Ask("choices", "", tuple(days)),
        *[ask for match in _BRACKET.finditer(body) for ask in _inside(match["inside"], "")],
    ]


def _circled(body: str) -> list[Ask]:
    """Read 「該当に○（甲・乙・丙）」: options in a bracket."""
    match = re.fullmatch(r"[^()（）]{0,16}(?:○|該当|選)[^()（）]{0,8}[(（](?P<inside>[^()（）]+)[)）]", body.strip())
    parts = [tidy(part) for part in re.split("[・･／/]", match["inside"])] if match else []
    return [Ask("choice", "", tuple(parts))] if len(parts) >= 2 and all(parts) else []


def _dates(body: str) -> list[Ask]:
    found = list(_DATE.finditer(body))
    if not found:
        return []
    lead = tidy(body[: found[0].start()])
    lead = "" if "。" in lead or len(lead) > 20 else lead
    asks = [
        Ask("date" if match["day"] else "year_month", lead, era=bool(match["era"].strip(" \u3000\n")) or True)
        for match in found[:2]
    ]
    rest = body[found[-1].end() :]
    if len(asks) == 2:
        asks[0].label, asks[1].label = f"{lead}（開始）", f"{lead}（終了）"
    if re.search(r"第[ \u3000_＿]*号", body[: found[0].start()]):
        for ask in asks:
            ask.label = ""
        asks.insert(0, Ask("text", "（番号）"))
        lead = ""
    times = list(_TIME.finditer(rest))
    if len(times) >= 2:
        asks += [Ask("time", f"{lead}（開始時刻）"), Ask("time", f"{lead}（終了時刻）")]
    return asks


def _dots(body: str) -> list[Ask]:
    """Read 「男・女」 and 「有（　円）・無」: short words between dots."""
    plain = _BRACKET.sub("", body).strip(" \u3000\n")
    known = set(lexicon()["content"]["option_words"])
    lead = ""
    gap = re.match(r"([^・･／/ \u3000]+)[:： \u3000]{2,}(\S.*)$", plain, re.S)
    if gap and re.search(r"[・･／/]", gap[2]) and gap[1] not in known:
        lead, plain = gap[1], gap[2]
    parts = [part.strip(" \u3000\n") for part in re.split(r"[・･／/]|[ \u3000]{2,}", plain)]
    parts = [part for part in parts if part]
    if len(parts) < 2 or any(len(part) > 14 for part in parts):
        return []
    spread = len(re.findall(rf"{_SPACE}[・･／/]{_SPACE}", body)) >= len(parts) - 1
    if not (sum(part in known for part in parts) >= 2 or spread or (len(parts) >= 3 and "・" in body)):
        return []
    if any(type_of(part) is not None and part not in known for part in parts) and not spread:
        return []
    options, _ = _options(parts)
    extra = [ask for match in _BRACKET.finditer(body) for ask in _inside(match["inside"], parts[0])]
    return [Ask("choice", tidy(lead), options), *extra] if len(options) >= 2 else []


def _plain(body: str) -> list[Ask]:
    """Read units, postal marks, brackets and underscores; several labelled blanks in one text."""
    asks: list[Ask] = []
    for line in body.split("\n"):
        asks += _labelled(line)
    return asks


def _labelled(line: str) -> list[Ask]:
    text = line.strip("\n")
    if not text.strip(" \u3000"):
        return []
    times = list(_TIME.finditer(text))
    if len(times) >= 2 and re.search("から|[～~〜-]", text):
        lead = tidy(text[: times[0].start()])
        return [Ask("time", f"{lead}（開始時刻）"), Ask("time", f"{lead}（終了時刻）")]
    if says("content", text, below="address") and not re.match(r"\s*電話", text):
        head, _, tail = text.partition("電話")
        more = [Ask("phone", "電話番号")] if tail and head.strip() else []
        lead = (
            tidy(re.split(r"〒|[ \u3000]{2,}|[(（]", head.strip(" \u3000"))[0])
            if type_of(tidy(re.split(r"〒|[ \u3000]{2,}|[(（]", head.strip(" \u3000"))[0]))
            else ""
        )
        return [Ask("address", lead), *more]
    unit = re.fullmatch(r"(?P<lead>.*?)(?:金)?[ \u3000_＿]*(?P<unit>[^ \u3000_＿()（）]+)", text)
    blank_before = re.search(r"[ \u3000_＿]{2,}\S+$", text) is not None or len(text.strip(" \u3000")) <= 3
    if unit and blank_before:
        word = unit_of(unit["unit"])
        spread = re.search(r"[ \u3000_＿]{2,}\S+$", text) is not None
        if word is not None and (spread or not unit["lead"].strip(" \u3000")):
            return [Ask("number", tidy(re.sub(r"[_＿]", "", unit["lead"])).removesuffix("金"), unit=word.unit)]
    return _segments(text)


_SEGMENT = re.compile(
    r"(?P<label>[^()（）＿_ \u3000:：][^()（）＿_\u3000]*?)?[ \u3000:：]*"
    r"(?:(?P<bracket>[(（][ \u3000_＿]*[)）][ \u3000－\-‐()（）]*)|(?P<under>[＿_]{2,})|(?P<gap>[ \u3000]{3,}|[:：][ \u3000]*$))"
)


def _segments(text: str) -> list[Ask]:
    asks: list[Ask] = []
    for match in _SEGMENT.finditer(text):
        label = tidy(match["label"] or "")
        word = type_of(label) if label else None
        if match["bracket"] and (re.search("[－-]", match["bracket"]) or (word and word.type == "phone")):
            asks.append(Ask("phone", label))
        elif match["bracket"] or match["under"] or (label and (says("sublabels", label) or word) and len(label) <= 12):
            asks.append(Ask("blank", label))
    tail = re.search(r"[ \u3000]{3,}(\S+)$", text)
    if tail and asks and len(tail[1]) <= 8 and re.fullmatch("|".join(lexicon()["sublabels"]), fold(tail[1])):
        asks.append(Ask("blank", tidy(tail[1])))
    return asks


def is_stamp(printed: str) -> bool:
    """Tell whether a text is only the mark of a seal."""
    return says("stamps", printed) and len(fold(printed)) <= 6


def without_stamp(printed: str) -> str:
    """Return a text without the mark of a seal at its end."""
    return re.sub(r"[ \u3000]*(?:㊞|[(（]印[)）]|(?<=[ \u3000])印)[ \u3000]*$", "", printed)
