"""The notices engine's checks for the doctor: mail that should have left long ago, ways set by halves."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from madoguchi.kernel.doctor import Finding, doctor_checks

from .channels import CHANNELS
from .selectors import WAY_LABELS, overdue_mail


def register() -> None:
    """Register the check."""
    doctor_checks.register("notices.mail", check_overdue_mail)
    doctor_checks.register("notices.ways", check_ways)


def check_overdue_mail(at: datetime) -> list[Finding]:
    """Count mail of the last week that is neither sent nor given up after 15 minutes."""
    waiting = overdue_mail(at=at)
    if waiting:
        mend = "ワーカーが動いているか、メールサーバーにつながるかを確かめてください。自動で送り直します。"
        return [Finding("warn", "notices.mail", f"15分以上送れていないメールが {waiting:,} 通あります。", mend)]
    return [Finding("ok", "notices.mail", "送れずに残っているメールはありません。")]


def check_ways(at: datetime) -> list[Finding]:
    """Say by which ways residents can be reached here, and what is set by halves."""
    line, sms = settings.LINE, settings.SMS
    found = []
    if bool(line["token"]) != bool(line["secret"]):
        mend = "MADOGUCHI_LINE_TOKEN と MADOGUCHI_LINE_SECRET の両方を設定してください。"
        found.append(Finding("warn", "notices.ways", "LINE の設定が片方だけです。", mend))
    if sms["url"] and not sms["secret"]:
        mend = "事業者から届いた SMS の結果を受け取るには MADOGUCHI_SMS_SECRET を設定してください。"
        found.append(Finding("warn", "notices.ways", "SMS の配達の報告を受け取れません。", mend))
    ready = "・".join(title for way, title in WAY_LABELS.items() if CHANNELS[way].is_ready())
    return [*found, Finding("ok", "notices.ways", f"お知らせの届け方：{ready}")]
