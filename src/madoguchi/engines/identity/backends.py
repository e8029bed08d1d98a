"""Ways to prove who one is. Own the check only; rights are worked out later from posts. OIDC backends join here."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from .managers import fold_login
from .models import Account


class _AccountBackend(BaseBackend):
    """Loads the account of a session; an account that was switched off loses its session at once."""

    kind: str

    def get_user(self, user_id: int) -> Account | None:
        """Return the active account of this backend's kind, or ``None``."""
        account = Account.objects.filter(pk=user_id).first()
        return account if account and account.is_active and account.kind == self.kind else None


class StaffPasswordBackend(_AccountBackend):
    """Staff by login name and password. Costs one hash whether or not the name exists (OWASP:
    no enumeration by time).
    """

    kind = "staff"

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Account | None:
        """Return the member of staff whose password this is, or ``None``."""
        if not username or not password:
            return None
        account = Account.objects.filter(login=fold_login(username), kind=self.kind).first()
        if account is None:
            get_user_model()().set_password(password)
            return None
        return account if account.check_password(password) and account.is_active else None


class ResidentLinkBackend(_AccountBackend):
    """Residents whose mailed link was confirmed; the check itself is ``services.confirm_link``."""

    kind = "resident"


STAFF_BACKEND = f"{StaffPasswordBackend.__module__}.{StaffPasswordBackend.__qualname__}"
RESIDENT_BACKEND = f"{ResidentLinkBackend.__module__}.{ResidentLinkBackend.__qualname__}"
