"""The identity engine's checks for the doctor:
second factors of staff, published demo secrets, a way in for somebody.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from madoguchi.kernel.doctor import Finding, doctor_checks

from .models import Account
from .selectors import staff_without_second_factor

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]", "testserver"})


def register() -> None:
    """Register the checks."""
    doctor_checks.register("identity.second_factor", check_second_factor)
    doctor_checks.register("identity.demo", check_demo_accounts)


def check_second_factor(at: datetime) -> list[Finding]:
    """Count the staff who can sign in and have not set up a second factor."""
    missing = staff_without_second_factor()
    if missing:
        words = f"二段階認証を登録していない職員が {missing} 人います（登録するまで、ほかの画面は開けません）。"
        return [Finding("warn", "identity.second_factor", words, "サインインして登録するよう本人に伝えてください。")]
    return [Finding("ok", "identity.second_factor", "サインインできる職員は全員、二段階認証を登録しています。")]


def check_demo_accounts(at: datetime) -> list[Finding]:
    """Outside a demo, nobody may sign in with the published secrets."""
    open_accounts = sum(
        account.has_usable_password()
        for account in Account.objects.filter(is_demo=True, is_active=True).only("password")
    )
    if open_accounts and not settings.DEMO:
        words = f"公開された合言葉でサインインできるデモ用の職員が {open_accounts} 人います。"
        return [
            Finding(
                "bad",
                "identity.demo",
                words,
                "デモのデータベースを本番に使わないでください。新しく作り直してください。",
            )
        ]
    outside = set(settings.ALLOWED_HOSTS) - LOCAL_HOSTS
    if open_accounts and outside:
        words = "デモ用の職員の合言葉は公開されていますが、このデモは外のホスト名にも答えます。"
        mend = (
            "人に見せるだけなら MADOGUCHI_HOSTS を消し、実際に使うなら MADOGUCHI_ENV=production で作り直してください。"
        )
        return [Finding("warn", "identity.demo_outside", words, mend)]
    return [Finding("ok", "identity.demo", f"デモ用の職員は {open_accounts} 人です。")]
