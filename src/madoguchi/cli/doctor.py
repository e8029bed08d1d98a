"""``madoguchi doctor``: what is set, missing or unsafe, each with its mend."""

from __future__ import annotations

import argparse
import json

from madoguchi.cli.main import setup_django

MARKS = {"ok": "○", "warn": "△", "bad": "×"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--json", action="store_true")


def run(options: argparse.Namespace) -> int:
    """Run every check; exit code 1 when one is bad."""
    setup_django()
    from madoguchi.kernel import clock, doctor

    findings = doctor.run_checks(at=clock.now())
    if options.json:
        print(json.dumps(doctor.as_dict(findings), ensure_ascii=False))
    else:
        for item in findings:
            print(f"{MARKS[item.level]} {item.message_ja}" + (f" → {item.mend_ja}" if item.mend_ja else ""))
    return 1 if doctor.worst(findings) == "bad" else 0
