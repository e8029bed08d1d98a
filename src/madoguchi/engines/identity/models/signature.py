"""A signature as the office received it, beside the submission it belongs to. Append-only: the database refuses a change."""

from __future__ import annotations

from django.db import models


class ReceivedSignature(models.Model):
    """One upload with what was found out about it; good, bad and unconfirmed ones alike. ``serial`` in hexadecimal.

    ``content_sha256`` names what it was to cover: the canonical answers of the draft at that moment.
    """

    class Verdict(models.TextChoices):
        """What the check came to."""

        GOOD = "good", "確認できた"
        BAD = "bad", "正しくない"
        UNCONFIRMED = "unconfirmed", "確認できない"

    id = models.UUIDField(primary_key=True)
    draft_id = models.UUIDField(db_index=True)
    content_sha256 = models.CharField("署名した内容", max_length=64)
    signature = models.BinaryField("署名")
    certificate = models.TextField("証明書", blank=True, default="")
    serial = models.CharField("証明書の番号", max_length=64, blank=True, default="")
    issuer = models.CharField("発行者", max_length=300, blank=True, default="")
    subject = models.CharField("主体者", max_length=300, blank=True, default="")
    valid_to = models.DateTimeField("証明書の有効期間の満了", null=True, blank=True)
    claimed_at = models.DateTimeField("署名者のいう署名日時", null=True, blank=True)
    verdict = models.CharField("結果", max_length=12, choices=Verdict.choices)
    reasons = models.JSONField("理由", default=list)
    received_at = models.DateTimeField("受け取った日時")
    actor_ref = models.CharField(max_length=80)

    class Meta:
        verbose_name = "受け取った電子署名"
        verbose_name_plural = "受け取った電子署名"
        ordering = ["-received_at", "-id"]

    def __str__(self) -> str:
        return f"signature {self.pk}"

    @property
    def words(self) -> str:
        """Return the reasons as one Japanese text."""
        return "".join(item["message"] for item in self.reasons)
