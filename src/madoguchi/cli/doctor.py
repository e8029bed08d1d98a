"""``madoguchi doctor``: what is set, missing or unsafe, each with its mend."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from madoguchi.cli.main import setup_django

MARKS = {"ok": "○", "warn": "△", "bad": "×"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--json", action="store_true")


def run(options: argparse.Namespace) -> int:
    """Run every check; exit code 1 when one is bad."""
    setup_django()
    from madoguchi.kernel.doctor import examine

    findings = examine()
    if options.json:
        print(json.dumps({"findings": [asdict(item) for item in findings]}, ensure_ascii=False))
    else:
        for item in findings:
            print(f"{MARKS[item.level]} {item.id}: {item.message_ja}" + (f" → {item.mend_ja}" if item.mend_ja else ""))
    return 1 if any(item.level == "bad" for item in findings) else 0
