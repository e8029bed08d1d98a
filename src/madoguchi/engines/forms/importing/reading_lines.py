"""Fields of free lines: title, addressee, headings, labels with room to write, papers to attach, consent.

Owns the reading of the lines between tables, in order, and what they say about the table that follows.
"""

from __future__ import annotations

import re

from madoguchi.engines.forms.importing.finding import OFFICE, STAMP, Found, LeftOut
from madoguchi.engines.forms.importing.inline import Ask, is_stamp, parse, without_stamp
from madoguchi.engines.forms.importing.lexicon import fold, gather, lexicon, says, tidy, type_of
from madoguchi.engines.forms.importing.paper import Line, PaperForm, Place

_ADDRESSEE = re.compile(
    r"^[ \u3000]*(?:[(（](?:宛先|あて先|実施機関)[)）])?[ \u3000]*(?P<who>[^ \u3000。、：:]{2,20}?)[ \u3000]*(?P<mark>宛て?|あて|様|殿|行)(?=[ \u3000]|$)"
)
_TO = re.compile(r"^[ \u3000]*[(（](?:宛先|あて先|実施機関)[)）][ \u3000]*(?P<who>[^ \u3000。、]{2,20})")
_BULLET = re.compile(
    r"^[ \u3000]*(?:[・•\-‐*●○]|[(（]?[0-9０-９①-⑳]{1,2}[)）.．、 \u3000]*|[①-⑳])[ \u3000]*(?P<name>\S.*)$"
)
_ROLE_LINE = "|".join(sorted((re.escape(role) for role in lexicon()["roles"]), key=len, reverse=True))
_ROLE = re.compile(rf"^[ \u3000]*(?P<role>{_ROLE_LINE})(?:[(（][^()（）]*[)）])?[ \u3000]+(?P<rest>\S.*)$")
_IMPLIED = frozenset(
    {"person_name", "address", "phone", "email", "kana", "postal_code", "corporate_number", "relationship", "my_number"}
)


class LineReader:
    """Reads the lines of a paper in order and keeps what they say of what follows."""

    def __init__(self, paper: PaperForm) -> None:
        self.title = self.number = self.addressee = ""
        self.heading = ""
        self.office = self.papers = False
        self.found: list[Found] = []
        self.left_out: list[LeftOut] = []
        self.pending: Found | None = None
        self.options_at: Found | None = None
        """The boxes to tick that the next line may continue."""
        self.marked = any(says("office", line.text, below="notes") for line in paper.lines())
        self._find_title(paper)

    def _find_title(self, paper: PaperForm) -> None:
        candidates = [
            line
            for line in paper.lines()
            if says("forms", re.sub(r"[\s\u3000]", "", line.text))
            and len(fold(line.text)) <= 45
            and "。" not in line.text
        ]
        best = next((line for line in candidates if line.large), candidates[0] if candidates else None)
        if best is None:
            best = next((line for line in paper.lines() if line.large), None)
        self.title_line = best
        if best is not None:
            self.title = re.sub(
                r"[\s\u3000]+", "", max(best.text.split("　　"), key=len) if "　　" in best.text else best.text
            )

    def read(self, line: Line, *, before_table: bool) -> None:
        """Read one line; ``before_table`` tells that a table follows directly."""
        if line is self.title_line:
            self.heading = ""
            return
        text = line.text
        if says("form_number", text) and len(fold(text)) <= 30:
            self.number = tidy(text)
            return
        if self._office(line, text):
            return
        text = self._strip_addressee(text)
        if not text.strip(" \u3000") and len(line.pieces) < 2:
            return
        if self._paper(line, text):
            return
        if len(line.pieces) > 1 and any(not piece.text for piece in line.pieces):
            self._pieces(line)
            return
        self._words(text, line.place, before_table=before_table)

    def _office(self, line: Line, text: str) -> bool:
        if says("office", text, below="strong") and len(fold(text)) <= 25:
            self.left_out.append(LeftOut(tidy(text), str(line.place), OFFICE))
            self.office, self.papers = True, False
            return True
        return says("office", text, below="notes")

    def _strip_addressee(self, text: str) -> str:
        match = _ADDRESSEE.match(text) or _TO.match(text)
        if (
            match is None
            or self.addressee
            or not re.search("(長|行|様|殿|宛|あて|センター)$", match["who"] + (match.groupdict().get("mark") or ""))
        ):
            return text
        self.addressee = re.sub(r"^[(（].*?[)）]", "", match["who"]).strip()
        return text[match.end() :]

    def _paper(self, line: Line, text: str) -> bool:
        """Read the list of papers to attach."""
        word = type_of(tidy(re.split("[:：]", text)[0]))
        if (
            word is not None
            and word.type == "file"
            and "。" not in text
            and len(fold(re.split("[:：]", text)[0])) <= 14
        ):
            self.papers, self.office, self.heading = True, False, "添付書類"
            _, _, rest = text.replace("：", ":").partition(":")
            for name in re.split("[、,]", rest):
                if tidy(name):
                    self._file(tidy(name), line.place)
            return True
        match = _BULLET.match(text)
        if self.papers and match and "。" not in text:
            self._file(tidy(match["name"]), line.place)
            return True
        self.papers = False
        return False

    def _file(self, name: str, place: Place) -> None:
        self.found.append(Found(name, [place], Ask("file", name), "添付書類", how="line"))

    def _pieces(self, line: Line) -> None:
        """Read words and blanks side by side."""
        waiting: list[str] = []
        for piece in line.pieces:
            words = piece.text.strip(" \u3000\n")
            if words and is_stamp(words):
                self.left_out.append(LeftOut(words, str(piece.place), STAMP))
            elif words:
                asks = parse(piece.text) if fold(words) != "〒" else []
                if asks:
                    self._add(asks, piece.place, tidy(" ".join(waiting)), piece.text)
                    waiting = []
                elif "。" in words:
                    waiting = (
                        [re.split("。", words)[-1]] if re.split("。", words)[-1].strip() else [words.split("。")[0]]
                    )
                else:
                    waiting.append(words)
            elif waiting:
                if len(waiting) > 1 or _ROLE.match(waiting[-1]):
                    self.heading = tidy(waiting[0])
                self.found.append(Found(tidy(waiting[-1]), [piece.place], None, self.heading, how="left"))
                waiting = []

    def _words(self, text: str, place: Place, *, before_table: bool) -> None:
        text, after = gather(text), "。" in text
        body = without_stamp(text)
        if body != text:
            self.left_out.append(LeftOut("印", str(place), STAMP))
        if re.fullmatch(r"[ \u3000＿_]+", body):
            self._underlined(place)
            return
        if "。" in body and not re.search("[□☐＿]", body):
            body = body.rsplit("。", 1)[1]
        role = _ROLE.match(body)
        if role and not parse(role["role"]):
            self.heading, body = role["role"], role["rest"]
        asks = parse(body)
        label = tidy(re.split(r"[ \u3000]{2,}", body.strip(" \u3000"))[0]) if body.strip(" \u3000") else ""
        self.office = self.office and not asks and not label
        if not asks or asks[0].kind != "tick":
            self.options_at = None
        if asks:
            self._add(
                asks, place, label if not any(ask.label for ask in asks) and asks[0].kind not in {"date"} else "", body
            )
            return
        if text.rstrip(" \u3000").endswith("。") and not re.match(r"[■【◆]", text.strip()):
            self.heading = ""
        if not label or len(fold(label)) > 40 or label.endswith("。") or re.match("[※注]", fold(label)):
            return
        word = type_of(label)
        if fold(label) in lexicon()["roles"]:
            word = None
        implied = (word is not None and word.type in _IMPLIED) or re.search("(団体名|名称|法人名)$", fold(label))
        if implied and (after or not before_table) and len(fold(label)) <= 20 and not re.match(r"[■【◆]", text.strip()):
            self.found.append(Found(label, [place], None, self.heading, how="line"))
            return
        self.heading, self.office = re.sub(r"[(（].*", "", label) or label, False
        self.pending = None

    def _add(self, asks: list[Ask], place: Place, label: str, printed: str) -> None:
        main = next((ask for ask in asks if ask.kind in {"choice", "choices", "tick"}), None)
        if main is not None and main.kind == "tick" and not main.label and self._more_options(main, place):
            asks = [ask for ask in asks if ask is not main]
        for ask in asks:
            name = ask.label or label
            if ask.kind == "date" and not name:
                name = self._day_name()
            extra = main is not None and ask is not main and ask.kind in {"bracket", "number"}
            if ask.kind == "tick" and ask.label:
                self.heading = ask.label
            whole = (main.label if main is not None else "") or label or self.heading
            if name.startswith("（") or (extra and whole):
                name = f"{whole}{name if name.startswith('（') else f'（{name}）'}"
            self.found.append(Found(name or self.heading, [place], ask, self.heading, printed, "line", extra=extra))
            if ask is main and ask.kind in {"tick", "choice"} and not ask.label:
                self.options_at = self.found[-1]

    def _more_options(self, tick: Ask, place: Place) -> bool:
        """Add a line that is one box to the options of the boxes right above it."""
        last = self.options_at
        self.options_at = None
        if last is None or last.ask is None:
            return False
        last.ask.kind = "choices" if says("multiple", last.label) else "choice"
        last.ask.options += tick.options
        last.places.append(place)
        self.options_at = last
        return True

    def _day_name(self) -> str:
        key = self.title
        for end, name in (
            ("届", "届出日"),
            ("請求書", "請求日"),
            ("申込書", "申込日"),
            ("委任状", "委任日"),
            ("届出書", "届出日"),
        ):
            if end in key and "申請" not in key:
                return name
        return "申請日"

    def _underlined(self, place: Place) -> None:
        """Read a line that is only room to write; several in a row are one blank."""
        last = self.found[-1] if self.found else None
        if last is not None and last is self.pending:
            last.lines += 1
            last.places.append(place)
            return
        self.pending = Found(self.heading or "記入欄", [place], None, self.heading, how="heading", lines=2)
        self.found.append(self.pending)
