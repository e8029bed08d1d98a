"""``madoguchi forms import FILE``: read an existing paper form and propose a definition."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the sub-command."""
    sub = parser.add_subparsers(dest="action", required=True, metavar="import")
    text = "紙の様式（xlsx・docx・pdf）を読み、様式の定義の案を示す"
    item = sub.add_parser("import", help=text, description=text)
    item.add_argument("file", type=Path, metavar="FILE")
    item.add_argument("-o", "--output", type=Path, metavar="DEF.yaml", help="案を様式の定義として書き出す")
    item.add_argument("--id", default="", metavar="ID", help="定義の id（既定は題名から付ける）")
    item.add_argument("--json", action="store_true")


def run(options: argparse.Namespace) -> int:
    """Read, propose, print; exit code 1 when the file cannot be read."""
    from madoguchi.engines.forms.importing import PaperError, propose_form, read_paper_form

    try:
        proposal = propose_form(read_paper_form(options.file))
    except PaperError as error:
        _refuse(error, as_json=options.json)
        return 1
    if options.output:
        if not proposal.fields:
            print(f"{options.file.name}: 記入する欄が見つからないので、定義は書き出しません。", file=sys.stderr)
            return 1
        _write(proposal, options.output, form_id=options.id)
    data = proposal.as_dict()
    if options.json:
        print(json.dumps(data, ensure_ascii=False))
    else:
        _print(data)
        if options.output:
            print(f"\n{options.output} に書き出しました。")
    return 0


def _refuse(error: Any, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"fault": {"place": error.place, **error.as_dict()}}, ensure_ascii=False))
    else:
        print(f"{error.place}: {error.message_ja}{error.mend}", file=sys.stderr)


def _write(proposal: Any, path: Path, *, form_id: str) -> None:
    import yaml

    from madoguchi.engines.forms.importing import to_definition

    definition = to_definition(proposal, form_id=form_id or path.stem)
    path.write_text(yaml.safe_dump(definition, allow_unicode=True, sort_keys=False, width=120), encoding="utf-8")


def _print(data: dict[str, Any]) -> None:
    """Print the proposal for people: one field a line, grouped by step, tabs between."""
    print(f"{data['number']} {data['title']}".strip() + (f"（{data['addressee']} 宛）" if data["addressee"] else ""))
    step = ""
    for item in data["fields"]:
        if item["step"] != step:
            step = item["step"]
            print(f"\n■ {step}")
        for each, indent in ((item, ""), *((child, "  ") for child in item.get("fields", ()))):
            print(
                "\t".join(
                    [f"{indent}{each['id']}", each["type"], each["label"], f"{each['confidence']:.2f}", each["place"]]
                )
            )
    if data["left_out"]:
        print("\n質問にしなかったところ")
    for item in data["left_out"]:
        print("\t".join([item["label"], item["place"], item["reason"]]))
    print(
        f"\n質問 {sum(1 + len(item.get('fields', ())) for item in data['fields'])} 件、確信の低いもの（0.7 未満）"
        f" {sum(item['confidence'] < 0.7 for item in data['fields'])} 件"
    )
