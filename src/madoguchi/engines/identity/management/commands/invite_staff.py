"""``madoguchi manage invite_staff LOGIN``: print the one-time address with which a member of staff sets a password."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from madoguchi.engines.identity.invitations import invitation_url
from madoguchi.kernel import clock
from madoguchi.kernel.access import SYSTEM
from madoguchi.kernel.errors import DomainError


class Command(BaseCommand):
    """Invite a member of staff whom the ward folder names."""

    help = "職員の最初のパスワードを決めるための、1回だけ使える住所を作ります（本人に直接渡してください）。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the login name."""
        parser.add_argument("login", help="staff.yaml のログインID")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the address, or say who is not known."""
        try:
            self.stdout.write(invitation_url(options["login"], actor=SYSTEM, at=clock.now()))
        except DomainError as error:
            raise CommandError(str(error)) from error
