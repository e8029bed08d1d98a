"""``madoguchi municipality check|load|schema|untranslated``."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from madoguchi.cli.main import setup_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the sub-commands."""
    sub = parser.add_subparsers(dest="action", required=True, metavar="check|load|schema|untranslated")
    for name, text in (
        ("check", "誤りを場所と直し方つきで全部示す"),
        ("load", "一つの取引で読み込む（二度目は何も変えない）"),
    ):
        item = sub.add_parser(name, help=text, description=text)
        item.add_argument("path", type=Path)
        item.add_argument("--json", action="store_true")
        if name == "check":
            item.add_argument(
                "--advice", action="store_true", help="文の分かりやすさの助言と、訳のない文の場所を一つずつ示す"
            )
    text = "訳のない文を、訳を書き込む CSV（ja, text, state, on）で出す"
    open_texts = sub.add_parser("untranslated", help=text, description=text)
    open_texts.add_argument("path", type=Path)
    open_texts.add_argument("--lang", required=True, choices=["easy", "en", "zh", "ko"])
    open_texts.add_argument("--json", action="store_true")
    schema = sub.add_parser("schema", help="JSON Schema を出力する")
    schema.add_argument("section", nargs="?")
    schema.add_argument("--out", type=Path, help="全部を書き出すフォルダ")
    schema.add_argument("--json", action="store_true")


def run(options: argparse.Namespace) -> int:
    """Dispatch to the sub-command."""
    actions = {"check": _check, "load": _load, "schema": _schema, "untranslated": _untranslated}
    return actions[options.action](options)


def _report(faults: list[Any], counts: dict[str, int], *, as_json: bool, **more: Any) -> None:
    if as_json:
        print(json.dumps({"faults": [asdict(fault) for fault in faults], "counts": counts, **more}, ensure_ascii=False))
        return
    for fault in faults:
        print(fault)
    print("、".join(f"{key} {value}" for key, value in counts.items()))
    print(f"誤り {len(faults)} 件" if faults else "誤りはありません。")


def _check(options: argparse.Namespace) -> int:
    setup_django(database=False)
    from madoguchi.kernel.folder import check_folder
    from madoguchi.kernel.folder_language import advice_on, gaps_in, missing_words

    folder, counts = check_folder(options.path)
    advice = list(advice_on(folder)) if options.advice else []
    gaps = list(gaps_in(folder))
    missing = missing_words(gaps)
    shown = gaps if options.advice else []
    _report(
        folder.faults,
        counts,
        as_json=options.json,
        advice=[asdict(each) for each in advice],
        gaps=[asdict(each) for each in shown],
        missing_words=missing,
    )
    if not options.json:
        for each in (*advice, *shown):
            print(each)
        if options.advice:
            print(f"分かりやすさの助言 {len(advice)} 件（直すかどうかは人が決めます）")
        print("訳のない文：" + "、".join(f"{lang} {count}" for lang, count in missing.items()))
    return 1 if folder.faults else 0


def _untranslated(options: argparse.Namespace) -> int:
    setup_django(database=False)
    from madoguchi.kernel.csv_files import to_csv
    from madoguchi.kernel.folder import read_folder
    from madoguchi.kernel.translations import untranslated

    found = untranslated(read_folder(options.path), options.lang)
    if options.json:
        print(json.dumps({"lang": options.lang, "texts": found}, ensure_ascii=False))
    else:
        print(to_csv(["ja", "text", "state", "on"], ([text, "", "", ""] for text in found)), end="")
    return 0


def _load(options: argparse.Namespace) -> int:
    setup_django()
    from madoguchi.kernel import clock
    from madoguchi.kernel.access import SYSTEM
    from madoguchi.kernel.folder import FolderError
    from madoguchi.kernel.municipality import load_folder

    try:
        result = load_folder(options.path, actor=SYSTEM, at=clock.now())
    except FolderError as error:
        _report(error.faults, {}, as_json=options.json)
        return 1
    if options.json:
        shown = {"changed": result.changed, "counts": result.counts, "kept": result.kept}
        print(json.dumps(shown, ensure_ascii=False))
        return 0
    print(f"{result.changed} 件を新しくしました。" if result.changed else "変わったところはありません。")
    for kept in result.kept:
        print(
            f"{kept}: 様式スタジオで公開された版を使っています: フォルダを使うには、スタジオから書き出した内容を置いてください"
        )
    return 0


def _schema(options: argparse.Namespace) -> int:
    setup_django(database=False)
    from madoguchi.kernel.folder import json_schema, sections

    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        for name, _ in sections.items():
            text = json.dumps(json_schema(name), ensure_ascii=False, indent=2) + "\n"
            (options.out / f"{name}.schema.json").write_text(text, encoding="utf-8")
        return 0
    if options.section is None:
        print("\n".join(name for name, _ in sections.items()))
        return 0
    if options.section not in sections:
        print(f"「{options.section}」という部門はありません。")
        return 2
    print(json.dumps(json_schema(options.section), ensure_ascii=False, indent=2))
    return 0
