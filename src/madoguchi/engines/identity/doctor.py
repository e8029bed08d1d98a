"""The identity engine's checks for the doctor: second factors of staff, published demo secrets, providers of sign-in."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from madoguchi.kernel.doctor import Finding, doctor_checks

from .models import Account
from .outside.schema import OidcProvider
from .outside.section import file_in_force, usable
from .selectors import staff_without_second_factor

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]", "testserver"})


def register() -> None:
    """Register the checks."""
    doctor_checks.register("identity.second_factor", check_second_factor)
    doctor_checks.register("identity.demo", check_demo_accounts)
    doctor_checks.register("identity.providers", check_providers)


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


def check_providers(at: datetime) -> list[Finding]:
    """Look at the providers of the folder: the demo's own ones, missing secrets, levels nobody has confirmed.

    Asks no provider: whether it answers is seen at the first sign-in, and a doctor must not wait for the network.
    """
    providers = file_in_force().providers
    findings: list[Finding] = []
    local = [item.id for item in providers if isinstance(item, OidcProvider) and item.is_local]
    if local and not settings.DEMO:
        findings.append(
            Finding(
                "warn",
                "identity.providers_local",
                f"試験用の提供者（{'、'.join(local)}）はデモの外では使えません。",
                "identity_providers.yaml の issuer を、実際の提供者の住所にしてください。",
            )
        )
    missing = [item.id for item in providers if item.id not in local and not usable(item)]
    if missing:
        findings.append(
            Finding(
                "bad",
                "identity.providers_secret",
                f"秘密または証明書が設定されていない提供者があります（{'、'.join(missing)}）。",
                "identity_providers.yaml が名前を挙げた環境変数を設定してください。",
            )
        )
    unsure = [item.id for item in providers if item.status == "unverified" and item.id not in local]
    if unsure:
        findings.append(
            Finding(
                "warn",
                "identity.providers_unverified",
                f"本人確認の度合いを提供者の資料で確かめていない提供者があります（{'、'.join(unsure)}）。",
                "資料と照らし、identity_providers.yaml の status を verified にしてください。",
            )
        )
    return findings or [Finding("ok", "identity.providers", f"サインインの提供者は {len(providers)} 件です。")]
