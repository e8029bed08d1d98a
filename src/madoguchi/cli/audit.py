"""``madoguchi audit verify``: recompute the chain of the audit log."""

from __future__ import annotations

import argparse
import json

from madoguchi.cli.main import setup_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the sub-command."""
    sub = parser.add_subparsers(dest="action", required=True, metavar="verify")
    verify = sub.add_parser("verify", help="連鎖を先頭から計算し直す")
    verify.add_argument(
        "--noted", metavar="件数:ハッシュ", help="前に控えた末尾。そこまでが変わっていないことも確かめる"
    )
    verify.add_argument("--json", action="store_true")


def run(options: argparse.Namespace) -> int:
    """Verify; exit code 1 when the chain is broken."""
    setup_django()
    from madoguchi.kernel import audit

    report = audit.verify(noted=audit.Anchor.parse(options.noted) if options.noted else None)
    anchor = f"{report.anchor.count}:{report.anchor.hash}" if report.anchor else ""
    if options.json:
        result = {
            "ok": report.ok,
            "count": report.count,
            "first_bad": report.first_bad,
            "message": report.message,
            "anchor": anchor,
        }
        print(json.dumps(result, ensure_ascii=False))
    else:
        print(report.message)
        print(f"末尾の控え {anchor}")
    return 0 if report.ok else 1
