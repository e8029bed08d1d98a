"""The log of what was erased: ids and counts, never content. Rows are added only; the database stamps their transaction."""

from __future__ import annotations

from django.db import models


class Erasure(models.Model):
    """One lawful erasure. While its transaction runs, and only then, the triggers of immutable tables let its rows go.

    ``subject`` is a reference (``case:R08-…``, ``draft:…``, ``resident:12``), ``counts`` the rows by data class.
    """

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField("日時", db_index=True)
    actor_ref = models.CharField("行為者", max_length=100)
    subject = models.CharField("対象", max_length=100)
    scope = models.CharField("範囲", max_length=40)
    how = models.CharField("方法", max_length=10)
    reason = models.CharField("理由", max_length=40)
    rule = models.CharField("根拠の規則", max_length=200, blank=True, default="")
    counts = models.JSONField("件数", default=dict)
    xact = models.CharField(max_length=30, blank=True, default="")

    class Meta:
        app_label = "kernel"
        verbose_name = "消去の記録"
        verbose_name_plural = "消去の記録"
        indexes = [models.Index(fields=["subject", "scope"], name="kernel_erasure_subject")]

    def __str__(self) -> str:
        return f"{self.subject} {self.scope} {self.how}"
