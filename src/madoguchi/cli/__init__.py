"""The command line ``madoguchi``. Exit codes: 0 done, 1 found faults in the input, 2 used wrongly."""

from madoguchi.cli.main import main

__all__ = ["main"]
