"""``madoguchi manage …``: Django's own commands, with the database started first."""

from __future__ import annotations

import argparse
import sys

from madoguchi.cli.main import setup_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Accept anything; Django parses it."""
    parser.add_argument("arguments", nargs=argparse.REMAINDER)


def run(options: argparse.Namespace) -> int:
    """Run Django's command line."""
    return run_raw(options.arguments)


def run_raw(arguments: list[str]) -> int:
    """Run Django's command line on raw arguments."""
    setup_django()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["madoguchi manage", *arguments])
    return 0


if __name__ == "__main__":
    sys.exit(run_raw(sys.argv[1:]))
