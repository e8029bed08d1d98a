"""Query entry points of accounts. Owns how a login name is compared; may not decide access."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.base_user import BaseUserManager

if TYPE_CHECKING:
    from .models import Account


def fold_login(login: str) -> str:
    """Return the stored shape of a login name: no outer spaces, lower case."""
    return login.strip().casefold()


class AccountManager(BaseUserManager["Account"]):
    """Creates accounts and finds them without regard to the case of the login name."""

    def get_by_natural_key(self, username: str | None) -> Account:
        """Return the account with this login name. Raises ``Account.DoesNotExist``."""
        return self.get(login=fold_login(username or ""))

    def create_staff(self, login: str, *, name: str, email: str = "", password: str | None = None) -> Account:
        """Create a member of staff; without a password the account cannot sign in until one is set."""
        account = self.model(kind="staff", login=fold_login(login), name=name, email=email)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def create_resident(self, email: str, *, name: str = "") -> Account:
        """Create a resident known by an e-mail address. Residents have no password."""
        account = self.model(kind="resident", login=f"resident:{fold_login(email)}", name=name, email=email.strip())
        account.set_unusable_password()
        account.save(using=self._db)
        return account
