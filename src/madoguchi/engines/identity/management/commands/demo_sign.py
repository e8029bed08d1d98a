"""Sign a file with one of the demo's cards: what a resident's signing software does, for trying it out."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from madoguchi.kernel import clock

from ...demo_cards import CARDS, sign_with


class Command(BaseCommand):
    """``madoguchi manage demo_sign FILE --card good -o FILE.p7s``."""

    help = "見本のカードでファイルに署名する（見本の環境だけ）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, the card and where to write."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--card", choices=list(CARDS), default="good")
        parser.add_argument("-o", "--output", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the detached signature beside the file."""
        source: Path = options["file"]
        target: Path = options["output"] or source.with_name(source.name + ".p7s")
        target.write_bytes(sign_with(options["card"], source.read_bytes(), at=clock.now()))
        self.stdout.write(f"{target} に署名を書きました。")
