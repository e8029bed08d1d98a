"""``python -m evals.forms_import [dev|held] [--files] [--misses] [--json]``: measure the reading of paper forms."""

from __future__ import annotations

import argparse
import json
import sys

from evals.forms_import.measure import measure_split, summary


def main(argv: list[str] | None = None) -> int:
    """Measure and print; both splits unless one is named."""
    parser = argparse.ArgumentParser(prog="evals.forms_import")
    parser.add_argument("split", nargs="?", choices=["dev", "held"])
    parser.add_argument("--files", action="store_true", help="each file")
    parser.add_argument("--misses", action="store_true", help="what was missed and what was too much (dev only)")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    found = {}
    for split in [options.split] if options.split else ["dev", "held"]:
        results = measure_split(split)
        found[split] = summary(results)
        if options.json:
            continue
        print(split, " ".join(f"{key} {value}" for key, value in found[split].items()))
        for result in results if options.files else []:
            print(
                f"  {result.name}: {result.hits}/{result.expected} of {result.proposed}; title {result.title}, to {result.addressee}"
            )
            if options.misses and split == "dev":
                print(
                    *(f"      - {text}" for text in result.missed),
                    *(f"      + {text}" for text in result.extra),
                    sep="\n",
                )
    if options.json:
        print(json.dumps(found, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
