"""``madoguchi bench NAME``: measure one thing and print one flat object."""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[3] / "bench"


def names() -> list[str]:
    """Return the benchmarks there are."""
    return sorted(path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_"))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("name", help="、".join(names()))
    parser.add_argument("--seconds", type=float, default=15.0, help="測る長さ")
    parser.add_argument("--clients", type=int, default=8, help="同時に使う人の数")
    parser.add_argument("--histories", type=int, help="ledger：無作為の歴史だけを、この数だけ確かめる")
    parser.add_argument("--payments", type=int, help="ledger：この数の収納を作って測る（ふつうは100万件）")
    parser.add_argument("--json", action="store_true")


def run(options: argparse.Namespace) -> int:
    """Run the benchmark; exit code 2 when there is none of that name."""
    path = FOLDER / f"{options.name}.py"
    if options.name not in names():
        print(f"「{options.name}」という計測はありません。ある計測: {'、'.join(names())}", file=sys.stderr)
        return 2
    sys.path.insert(0, str(FOLDER.parent))
    spec = importlib.util.spec_from_file_location(f"bench.{options.name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    asked = {"histories": options.histories, "payments": options.payments}
    only = {name: count for name, count in asked.items() if count is not None}
    result = module.run(seconds=options.seconds, clients=options.clients, **only)
    if options.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        width = max(len(key) for key in result)
        for key, value in result.items():
            print(f"{key:<{width}}  {value}")
    return 0
