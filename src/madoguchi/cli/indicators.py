"""``madoguchi indicators``: every figure of the house as of a day, to read or as JSON."""

from __future__ import annotations

import argparse
import json
from datetime import date
from typing import Any

from madoguchi.cli.main import setup_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "--as-of", type=_day, metavar="DATE", help="基準日（2026-06-11、令和8年6月11日など。既定は今日）"
    )
    parser.add_argument("--department", default="", metavar="ID", help="部・課の id（既定は全体）")
    parser.add_argument("--fiscal-year", type=int, metavar="YEAR", help="年度（西暦。既定は基準日の年度）")
    parser.add_argument("--json", action="store_true")


def run(options: argparse.Namespace) -> int:
    """Compute and print."""
    setup_django()
    from madoguchi.kernel import clock
    from madoguchi.rooms.indicators.api import compute

    as_of = options.as_of or clock.today()
    found = compute(as_of, department=options.department, fiscal_year=options.fiscal_year)
    if options.json:
        print(json.dumps({"as_of": as_of.isoformat(), "indicators": found}, ensure_ascii=False))
        return 0
    for item in found:
        _print(item)
    return 0


def _day(text: str) -> date:
    from madoguchi.kernel.calendar import parse_date_ja
    from madoguchi.kernel.errors import InvalidInput

    try:
        return parse_date_ja(text)
    except InvalidInput as error:
        raise argparse.ArgumentTypeError(f"{error.message_ja}{error.mend}") from error


def _print(item: dict[str, Any]) -> None:
    """Print one indicator: its title, the numbers that stand out, its lines with tabs between."""
    print(f"\n■ {item['title']}{'［サンプル］' if item['sample'] else ''}（{item['id']}）")
    for each in item["headlines"]:
        print(f"  {each['label']}：{_number(each['value'])}{each['unit'] if each['value'] is not None else ''}")
    print("\t".join([*item["heads"], *(f"{each['label']}（{each['unit']}）" for each in item["columns"])]))
    for line in [*item["lines"], *([item["total"]] if item["total"] else [])]:
        print("\t".join([*line["labels"], *(_number(value) for value in line["values"].values())]))


def _number(value: float | None) -> str:
    return "―" if value is None else f"{value:,}"
