"""``madoguchi retention``: count what may go on a day (``--dry-run``), or erase it as the night's work does."""

from __future__ import annotations

import argparse
import datetime as dt
import json

from madoguchi.cli.main import setup_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--dry-run", action="store_true", help="数えるだけで、何も消さない")
    parser.add_argument(
        "--as-of", type=dt.date.fromisoformat, metavar="YYYY-MM-DD", help="この日に廃棄できるもの（既定：今日）"
    )
    parser.add_argument("--json", action="store_true")


def run(options: argparse.Namespace) -> int:
    """Count or erase; exit code 1 when something refused, 2 when a day in the future was to be erased."""
    setup_django()
    from madoguchi.engines.records.api import plan_retention, run_retention
    from madoguchi.kernel import clock

    as_of = options.as_of or clock.today()
    if options.dry_run:
        plan = plan_retention(as_of=as_of)
        _print(
            plan.as_dict(), options.json, f"{as_of} に廃棄できるもの {len(plan.due)}件（廃棄を停止中 {plan.held}件）"
        )
        return 0
    if as_of > clock.today():
        print("先の日付では廃棄できません。--dry-run を付けると、その日に廃棄できるものを数えます。")
        return 2
    result = run_retention(as_of=as_of, at=clock.now())
    refused = [{"subject": subject, "error": error} for subject, error in result.refused]
    facts = {"as_of": as_of.isoformat(), "erased": result.erased, "counts": result.counts, "refused": refused}
    _print(facts, options.json, f"{result.erased}件を廃棄しました（廃棄できなかったもの {len(refused)}件）")
    return 1 if refused else 0


def _print(facts: dict[str, object], as_json: bool, line: str) -> None:
    if as_json:
        print(json.dumps(facts, ensure_ascii=False))
        return
    print(line)
    counts = facts["counts"]
    if isinstance(counts, list):
        for row in counts:
            print(f"  {row['count']:>7,}件  {row['procedure']}  {row['rule']}")
