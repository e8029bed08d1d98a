"""The notices engine's check for the doctor: mail that should have left long ago."""

from __future__ import annotations

from datetime import datetime

from madoguchi.kernel.doctor import Finding, doctor_checks

from .selectors import overdue_mail


def register() -> None:
    """Register the check."""
    doctor_checks.register("notices.mail", check_overdue_mail)


def check_overdue_mail(at: datetime) -> list[Finding]:
    """Count mail of the last week that is neither sent nor given up after 15 minutes."""
    waiting = overdue_mail(at=at)
    if waiting:
        mend = "ワーカーが動いているか、メールサーバーにつながるかを確かめてください。自動で送り直します。"
        return [Finding("warn", "notices.mail", f"15分以上送れていないメールが {waiting:,} 通あります。", mend)]
    return [Finding("ok", "notices.mail", "送れずに残っているメールはありません。")]
