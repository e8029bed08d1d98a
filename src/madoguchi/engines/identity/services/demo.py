"""Demo sign-ins with published secrets. Owns the refusal to make them anywhere but in a demo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from madoguchi.kernel import audit
from madoguchi.kernel.access import SYSTEM
from madoguchi.kernel.errors import NotAllowed

from ..models import Account, StaffPost

DEMO_PASSWORD = "madoguchi-demo-2026"  # noqa: S105 - published on purpose; made only in a demo
DEMO_TOTP_SECRET = "MADOGUCHIDEMOSECRET234567ABCDEFG"  # noqa: S105 - published on purpose


@dataclass(frozen=True, slots=True)
class DemoSignIn:
    """One demo account as ``madoguchi up`` prints it."""

    login: str
    name: str
    title: str
    password: str
    totp_secret: str


def seed_demo_staff(*, demo: bool, at: datetime) -> list[DemoSignIn]:
    """Give the accounts marked ``demo: true`` in the ward folder the published password and TOTP secret.

    Idempotent. Raises NotAllowed unless the caller says that this database is a demo.
    """
    if not demo:
        raise NotAllowed(
            "デモ用の職員は、デモ以外では作れません。",
            code="identity.demo",
            mend="municipality.yaml で demo: true と書いたフォルダーだけで使ってください。",
        )
    accounts = list(Account.objects.filter(is_demo=True, kind=Account.Kind.STAFF, is_active=True).order_by("login"))
    with transaction.atomic():
        changed = [account for account in accounts if _equip(account)]
        if changed:
            logins = [account.login for account in changed]
            audit.record(
                actor=SYSTEM, action="identity.demo_seeded", subject="staff:demo", payload={"logins": logins}, at=at
            )
    return [
        DemoSignIn(account.login, account.name, _title(account), DEMO_PASSWORD, DEMO_TOTP_SECRET)
        for account in accounts
    ]


def demo_totp_code(*, at: datetime) -> str:
    """Return the six digits that the demo secret shows at this moment (RFC 6238, SHA-1, 30 seconds)."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return format_hotp_value(hotp_value(DEMO_TOTP_SECRET, int(at.timestamp()) // 30))


def _equip(account: Account) -> bool:
    """Set password and second factor where they are missing; tell whether anything changed."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP

    changed = False
    if not account.has_usable_password():
        account.set_password(DEMO_PASSWORD)
        account.save(update_fields=["password"])
        changed = True
    if not Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(account, DEMO_TOTP_SECRET)
        changed = True
    return changed


def _title(account: Account) -> str:
    posts = StaffPost.objects.filter(account=account).select_related("role", "department")
    return "、".join(f"{post.department.name} {post.role.title}" for post in posts)
