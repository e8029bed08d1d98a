"""The parser of ``madoguchi`` and its dispatch. Each command lives in its own module and is imported only when called."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

COMMANDS: dict[str, tuple[str, str]] = {
    "up": ("madoguchi.cli.up", "データベース、移行、自治体フォルダ、サンプルの一年、画面と作業係を起動する"),
    "municipality": ("madoguchi.cli.municipality", "自治体フォルダを検査・読込・スキーマ出力する"),
    "forms": ("madoguchi.cli.forms", "紙の様式（Excel・Word・PDF）から様式の定義の案を作る"),
    "indicators": ("madoguchi.cli.indicators", "指標を計算して表示する"),
    "retention": ("madoguchi.cli.retention", "保存期間を過ぎた記録を数え、廃棄する"),
    "audit": ("madoguchi.cli.audit", "監査記録の連鎖を検証する"),
    "doctor": ("madoguchi.cli.doctor", "設定・不足・危険を点検する"),
    "bench": ("madoguchi.cli.bench", "性能を測る"),
    "worker": ("madoguchi.cli.worker", "待ち行列の作業係だけを動かす"),
    "manage": ("madoguchi.cli.manage", "Django の管理コマンドを実行する"),
}


def build_parser(selected: str | None = None) -> argparse.ArgumentParser:
    """Build the parser; only the selected command's own arguments are read in (fast start)."""
    parser = argparse.ArgumentParser(prog="madoguchi", description="Madoguchi（窓口）: デジタル区役所")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (module, help_text) in COMMANDS.items():
        sub = subparsers.add_parser(name, help=help_text, description=help_text)
        if selected in {None, name}:
            importlib.import_module(module).add_arguments(sub)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    selected = next((item for item in arguments if not item.startswith("-")), None)
    if selected == "manage":
        return int(importlib.import_module(COMMANDS["manage"][0]).run_raw(arguments[1:]))
    options = build_parser(selected if selected in COMMANDS else "").parse_args(arguments)
    try:
        code = int(importlib.import_module(COMMANDS[options.command][0]).run(options) or 0)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader went away (| head): nothing is wrong
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def setup_django(*, database: bool = True) -> None:
    """Start the embedded database when none is named, then Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.config.settings")
    if database:
        from madoguchi.config.database import ensure_database_url

        ensure_database_url()
    import django

    django.setup()
