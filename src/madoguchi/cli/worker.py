"""``madoguchi worker``: the queue's worker on its own, on as many machines as wanted."""

from __future__ import annotations

import argparse

from madoguchi.cli.main import setup_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--concurrency", type=int, default=2, help="同時に動かす作業の数")


def run(options: argparse.Namespace) -> int:
    """Run until told to stop."""
    setup_django()
    from madoguchi.kernel.jobs import run_worker

    run_worker(concurrency=options.concurrency)
    return 0
