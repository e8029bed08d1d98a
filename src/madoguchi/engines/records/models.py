"""Records of this engine: legal holds, requests to erase, exports. What was erased is in the kernel's erasure log."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class LegalHold(models.Model):
    """A reason why nothing of a case may go (訴訟・審査請求・監査など), in force until it is lifted."""

    case_number = models.CharField("受付番号", max_length=20, db_index=True)
    reason = models.CharField("理由", max_length=300)
    at = models.DateTimeField("日時")
    by_ref = models.CharField(max_length=80)
    lifted_at = models.DateTimeField("解除日時", null=True, blank=True)
    lifted_by_ref = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        verbose_name = "廃棄の停止"
        verbose_name_plural = "廃棄の停止"
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.case_number


class ErasureRequest(models.Model):
    """A resident asks that their data go. Two members of staff look at it; the state is derived from the times."""

    id = models.UUIDField(primary_key=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="erasure_requests")
    asked_at = models.DateTimeField("受付日時")
    reviewed_at = models.DateTimeField("確認日時", null=True, blank=True)
    reviewed_by_ref = models.CharField(max_length=80, blank=True, default="")
    note = models.CharField("本人に伝えること", max_length=500, blank=True, default="")
    done_at = models.DateTimeField("実行日時", null=True, blank=True)
    done_by_ref = models.CharField(max_length=80, blank=True, default="")
    outcome = models.JSONField("結果", default=dict)

    class Meta:
        verbose_name = "消去の求め"
        verbose_name_plural = "消去の求め"
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(done_at__isnull=True), name="records_one_open_request"
            )
        ]

    def __str__(self) -> str:
        return f"erasure request {self.pk}"


class DataExport(models.Model):
    """All data of one resident as one file, made by a job, readable by who asked until it expires."""

    id = models.UUIDField(primary_key=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="data_exports")
    asked_by_ref = models.CharField(max_length=80)
    purpose = models.CharField("目的", max_length=300, blank=True, default="")
    asked_at = models.DateTimeField("受付日時")
    ready_at = models.DateTimeField("作成日時", null=True, blank=True)
    expires_at = models.DateTimeField("期限")
    stored = models.CharField(max_length=200, blank=True, default="")
    size = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = "データの書き出し"
        verbose_name_plural = "データの書き出し"
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"export {self.pk}"
