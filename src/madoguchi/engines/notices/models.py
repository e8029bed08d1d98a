"""Records of the notices engine. What happened to a notice is derived from its attempts; there is no status column."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Notice(models.Model):
    """One message to one person.

    ``late`` names values (a sign-in token) that are put in at delivery and never stored.
    """

    id = models.UUIDField(primary_key=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="notices"
    )
    email = models.EmailField("宛先", blank=True, default="")
    case_number = models.CharField("受付番号", max_length=20, blank=True, default="")
    letter = models.CharField("文面", max_length=60)
    letter_digest = models.CharField(max_length=64)
    lang = models.CharField("言語", max_length=10)
    channels = models.JSONField("届け方")
    subject = models.CharField("件名", max_length=300)
    body = models.TextField("本文")
    late = models.JSONField("届ける時に入る値", default=dict)
    dedupe_key = models.CharField(max_length=150, null=True, blank=True, unique=True)
    created_at = models.DateTimeField("作成日時")
    read_at = models.DateTimeField("開封日時", null=True, blank=True)

    class Meta:
        verbose_name = "お知らせ"
        verbose_name_plural = "お知らせ"
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["account", "-created_at"], name="notices_feed"),
            models.Index(fields=["case_number", "-created_at"], name="notices_case"),
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"


class DeliveryAttempt(models.Model):
    """One try to deliver a notice by one channel, and how it ended."""

    class Result(models.TextChoices):
        """How a try ended: ``failed`` will be tried again, ``given_up`` will not."""

        SENT = "sent", "届けた"
        FAILED = "failed", "失敗（再試行）"
        GIVEN_UP = "given_up", "届けられない"

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="attempts")
    channel = models.CharField("届け方", max_length=20)
    at = models.DateTimeField("日時")
    result = models.CharField("結果", max_length=10, choices=Result.choices)
    error_class = models.CharField("誤りの種類", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "配達の試み"
        verbose_name_plural = "配達の試み"
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "channel"], condition=models.Q(result="sent"), name="notices_sent_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.notice_id}/{self.channel}/{self.result}"
