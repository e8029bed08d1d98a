"""Write the generated part of ``docs/reference``: workflows with pictures, schemas, texts, the command line.

Run by hand after a change of these (``python tools/make_reference.py``); a test writes it anew and compares. The output
follows from the code and ``municipalities/suginami`` alone: no clock, no database, no machine.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
FOLDER = ROOT / "municipalities" / "suginami"
MARK = "<!-- tools/make_reference.py が書きました。手で直さないでください。 -->"
KINDS = {"open": "職員の番", "waiting_resident": "住民の番", "done": "終わり"}
CLOCKS = {"running": "進む", "paused": "止まる", "stopped": "終わり"}
NEEDS = {"reason": "理由", "note": "メモ", "fields": "項目", "due": "期限"}
PARSER_COLUMNS = 98


def write_reference(target: Path) -> list[Path]:
    """Write every generated file below *target* and return them. Django must be set up."""
    written = []
    for name, text in _files():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.rstrip() + "\n", encoding="utf-8")
        written.append(path)
    return written


def _files() -> Iterator[tuple[str, str]]:
    yield from _workflows()
    yield from _schemas()
    yield "texts.md", _texts()
    yield "cli.md", _commands()


def _workflows() -> Iterator[tuple[str, str]]:
    from madoguchi.engines.casework.api import workflow_svg
    from madoguchi.kernel.folder import read_folder

    folder = read_folder(FOLDER)
    if folder.faults:
        raise SystemExit("\n".join(str(fault) for fault in folder.faults))
    roles = {role.id: str(role.title) for role in folder.one("roles").roles}
    parts = ["# 業務の流れ", MARK, "杉並区のフォルダー（`municipalities/suginami/workflows/`）にある業務の流れです。"]
    for definition in sorted((entry.value for entry in folder.of("workflows")), key=lambda item: item.id):
        parts += _workflow(definition, roles)
        yield f"workflows/{definition.id}.svg", _on_paper(workflow_svg(definition, role_names=roles))
    yield "workflows.md", "\n\n".join(parts)


def _on_paper(svg: str) -> str:
    """Return a picture that stands alone: with a white ground, whatever the viewer's colours are."""
    return svg.replace("</desc>", '</desc><rect width="100%" height="100%" fill="#fff"/>', 1)


def _workflow(definition: Any, roles: dict[str, str]) -> list[str]:
    who = {**roles, "resident": "住民", "system": "自動"}
    titles = {state.id: str(state.title) for state in definition.states}
    states = [
        (state.stage, f"{titles[state.id]}（`{state.id}`）", KINDS[state.kind], CLOCKS[state.clock], state.public)
        for state in definition.states
    ]
    steps = [
        (
            f"{step.title}（`{step.id}`）",
            "、".join(titles[source] for source in step.from_),
            titles[step.to],
            "、".join(who.get(role, role) for role in step.who),
            "、".join(NEEDS[need] for need in step.requires),
            f"`{step.letter}`" if step.letter else "",
            step.shortcut or "",
        )
        for step in definition.transitions
    ]
    return [
        f"## {definition.title}（`{definition.id}`）",
        *([definition.note] if definition.note else []),
        f"![{definition.title}の流れの図](workflows/{definition.id}.svg)",
        _table(("段階", "状態", "だれの番", "約束日の時計", "住民が読む文"), states),
        _table(("操作", "どこから", "どこへ", "だれが", "要るもの", "文面", "キー"), steps),
    ]


def _schemas() -> Iterator[tuple[str, str]]:
    from madoguchi.kernel.folder import json_schema, sections_in_order

    for section in sections_in_order():
        text = json.dumps(json_schema(section.name), ensure_ascii=False, indent=2)
        yield f"schemas/{section.name}.schema.json", text


def _texts() -> str:
    from madoguchi.kernel.ui.texts import all_texts

    rows = [(f"`{key}`", text.get("ja"), "・".join(sorted(text))) for key, text in sorted(all_texts().items())]
    lead = "画面の文言です。自治体のフォルダーの `texts.yaml` に同じ名前で書くと、その文に替わります。"
    return "\n\n".join(["# 画面の文言", MARK, lead, _table(("名前", "日本語", "ある言語"), rows)])


def _commands() -> str:
    from madoguchi.cli.main import build_parser

    parts = ["# コマンド", MARK]
    for parser in _parsers(build_parser()):
        parser.formatter_class = partial(argparse.HelpFormatter, width=PARSER_COLUMNS)
        level = "##" if len(parser.prog.split()) < 3 else "###"
        parts += [f"{level} `{parser.prog}`", f"```text\n{parser.format_help().strip()}\n```"]
    return "\n\n".join(parts)


def _parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child in action.choices.values():
                yield from _parsers(child)


def _table(heads: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(value: Any) -> str:
    return " ".join(str(value).split()).replace("|", "\\|").replace("<", "&lt;")


def main() -> int:
    """Write the reference into ``docs/reference``."""
    os.environ.setdefault("MADOGUCHI_ENV", "test")
    from madoguchi.cli.main import setup_django

    setup_django(database=False)
    print(f"{len(write_reference(REFERENCE))} files written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
